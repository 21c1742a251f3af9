package org.grokscope.compression;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;

/**
 * A model's weights rounded to whole multiples of a step, and the bits that tell them.
 *
 * <pre>
 *   q = round(w / Δ),  Δ = step · √(mean of w² over the tensor),  w ≈ Δ q
 *   bits = Σ over tensors: 32 for Δ, 2 for the way, and the least of three ways to tell q:
 *          all at once, row by row, column by column, each by an enumerative code
 * </pre>
 *
 * <p>Rounding and pruning are one here: what is smaller than half a step becomes zero, and zeros
 * are cheap. The numbers can be decoded from the bits, given the model's shape.
 */
final class WeightCode {
  private static final int BITS_OF_STEP = 32;
  private static final int BITS_OF_WAY = 2;

  private final Checkpoint checkpoint;
  private final WeightBasis basis;
  private final List<Tensor> tensors = new ArrayList<>();

  /** One parameter in the basis that it is told in. */
  private record Tensor(ParameterLayout.Slot slot, double[] values, double rms) {
    int columns() {
      return slot.shape().get(slot.shape().size() - 1);
    }
  }

  private WeightCode(Checkpoint checkpoint, WeightBasis basis) {
    this.checkpoint = checkpoint;
    this.basis = basis;
    float[] all = checkpoint.parameters().values();
    for (ParameterLayout.Slot slot : checkpoint.config().layout().slots()) {
      double[] values = new double[slot.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = all[slot.offset() + i];
      }
      values = basis.turn(slot, values, checkpoint.p());
      double squares = 0;
      for (double value : values) {
        squares += value * value;
      }
      tensors.add(new Tensor(slot, values, Math.sqrt(squares / values.length)));
    }
  }

  static WeightCode of(Checkpoint checkpoint, WeightBasis basis) {
    return new WeightCode(checkpoint, basis);
  }

  /** The weights as they are decoded. */
  Parameters decoded(double step) {
    Parameters decoded = Parameters.zeros(checkpoint.config().layout());
    float[] all = decoded.values();
    for (Tensor tensor : tensors) {
      double unit = step * tensor.rms;
      int[] rounded = rounded(tensor, unit);
      double[] values = new double[rounded.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = unit * rounded[i];
      }
      values = basis.turnBack(tensor.slot, values, checkpoint.p());
      for (int i = 0; i < values.length; i++) {
        all[tensor.slot.offset() + i] = (float) values[i];
      }
    }
    return decoded;
  }

  /** The bits that tell them. */
  double bits(double step) {
    double bits = 0;
    for (Tensor tensor : tensors) {
      int[] rounded = rounded(tensor, step * tensor.rms);
      int columns = tensor.columns();
      int rows = rounded.length / columns;
      double byRow = 0;
      for (int row = 0; row < rows; row++) {
        byRow += IntegerCode.bits(rounded, row * columns, 1, columns);
      }
      double byColumn = 0;
      for (int column = 0; column < columns; column++) {
        byColumn += IntegerCode.bits(rounded, column, columns, rows);
      }
      double atOnce = IntegerCode.bits(rounded, 0, 1, rounded.length);
      bits += BITS_OF_STEP + BITS_OF_WAY + Math.min(atOnce, Math.min(byRow, byColumn));
    }
    return bits;
  }

  private static int[] rounded(Tensor tensor, double unit) {
    int[] rounded = new int[tensor.values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = unit == 0 ? 0 : (int) Math.rint(tensor.values[i] / unit);
    }
    return rounded;
  }
}
