package org.grokscope.compression;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.probe.AllPairs;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One way to make a model smaller, and its size: one with which it still answers, while with the
 * next smaller one it does not any more. It is found by halving, which is the least of all if
 * accuracy never falls with size.
 */
public enum Economy {
  /**
   * Directions kept of the map from neurons to logits, W_L = W_out W_U: the strongest r of its
   * singular value decomposition, 1 to p. One layer of ReLU neurons only.
   */
  RANK {
    @Override
    double size(Checkpoint checkpoint, Answers answers, double accuracy) {
      Answers.Bypass bypass = answers.bypass(directions(AllPairs.of(checkpoint).wL()));
      int p = checkpoint.p();
      return least(1, p, r -> r, bypass::accuracy, accuracy);
    }
  },
  /**
   * Bits a weight: every tensor rounded to 2^b − 1 equally spaced values from −m to m, its largest
   * size; 2 to 16.
   */
  BITS_PER_WEIGHT {
    @Override
    double size(Checkpoint checkpoint, Answers answers, double accuracy) {
      return least(
          2, 16, b -> b, b -> answers.accuracy(rounded(checkpoint, (1 << (b - 1)) - 1)), accuracy);
    }
  },
  /**
   * Share of weights kept, the others zero: those of at least t root mean squares of their tensor,
   * t from 4 down by steps of 1/16.
   */
  WEIGHTS_KEPT {
    private static final int STEPS = 64;

    @Override
    double size(Checkpoint checkpoint, Answers answers, double accuracy) {
      IntToDoubleFunction threshold = i -> (STEPS - i) / 16.0;
      return least(
          0,
          STEPS,
          i -> keptShare(pruned(checkpoint, threshold.applyAsDouble(i))),
          i -> answers.accuracy(pruned(checkpoint, threshold.applyAsDouble(i))),
          accuracy);
    }
  },
  /**
   * Frequencies kept in the embedding: the constant and the strongest waves of F W_E, 1 to ⌊p/2⌋.
   */
  FREQUENCIES {
    @Override
    double size(Checkpoint checkpoint, Answers answers, double accuracy) {
      FourierBasis basis = FourierBasis.of(checkpoint.p());
      return least(
          1,
          basis.frequencies(),
          m -> m,
          m -> answers.accuracy(withFrequencies(checkpoint, basis, m)),
          accuracy);
    }
  },
  /** All in one: the bits of the weights, rounded, as they are; see {@link WeightBasis#TOKENS}. */
  BITS {
    @Override
    double size(Checkpoint checkpoint, Answers answers, double accuracy) {
      return bits(checkpoint, answers, WeightBasis.TOKENS, accuracy);
    }
  },
  /** All in one, W_E and W_U as waves; see {@link WeightBasis#WAVES}. */
  BITS_AS_WAVES {
    @Override
    double size(Checkpoint checkpoint, Answers answers, double accuracy) {
      return bits(checkpoint, answers, WeightBasis.WAVES, accuracy);
    }
  };

  /**
   * The least size with which an accuracy is reached; NaN if not even the largest is enough.
   *
   * @param accuracy to be reached on the questions of {@code answers}
   */
  abstract double size(Checkpoint checkpoint, Answers answers, double accuracy);

  /**
   * Halves the stretch between a size that is not enough and one that is, until they are
   * neighbours; the size of the one that is, NaN if not even the last is enough.
   */
  private static double least(
      int from, int to, IntToDoubleFunction size, IntToDoubleFunction reached, double accuracy) {
    if (reached.applyAsDouble(to) < accuracy) {
      return Double.NaN;
    }
    int tooSmall = from - 1;
    int enough = to;
    while (enough - tooSmall > 1) {
      int middle = (tooSmall + enough) >>> 1;
      if (reached.applyAsDouble(middle) >= accuracy) {
        enough = middle;
      } else {
        tooSmall = middle;
      }
    }
    return size.applyAsDouble(enough);
  }

  /** Steps from 8 root mean squares down by factors of 2^¼ to 2^-9. */
  private static double bits(
      Checkpoint checkpoint, Answers answers, WeightBasis basis, double accuracy) {
    WeightCode code = WeightCode.of(checkpoint, basis);
    IntToDoubleFunction step = i -> Math.pow(2, 3 - i / 4.0);
    return least(
        0,
        48,
        i -> code.bits(step.applyAsDouble(i)),
        i -> answers.accuracy(code.decoded(step.applyAsDouble(i))),
        accuracy);
  }

  /** Singular vectors of W_L over the answers, [r][p], strongest first. */
  private static double[][] directions(INDArray wL) {
    INDArray gram = wL.transpose().mmul(wL);
    EigenDecomposition eigen =
        new EigenDecomposition(new Array2DRowRealMatrix(gram.toDoubleMatrix(), false));
    double[] values = eigen.getRealEigenvalues();
    return IntStream.range(0, values.length)
        .boxed()
        .sorted((i, j) -> Double.compare(values[j], values[i]))
        .map(i -> eigen.getEigenvector(i).toArray())
        .toArray(double[][]::new);
  }

  private static Parameters rounded(Checkpoint checkpoint, int levels) {
    Parameters parameters = checkpoint.parameters();
    float[] values = parameters.values();
    for (ParameterLayout.Slot slot : parameters.layout().slots()) {
      int end = slot.offset() + slot.length();
      float largest = 0;
      for (int i = slot.offset(); i < end; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      for (int i = slot.offset(); largest > 0 && i < end; i++) {
        values[i] = (float) Math.rint(values[i] / largest * levels) * largest / levels;
      }
    }
    return parameters;
  }

  private static Parameters pruned(Checkpoint checkpoint, double threshold) {
    Parameters parameters = checkpoint.parameters();
    float[] values = parameters.values();
    for (ParameterLayout.Slot slot : parameters.layout().slots()) {
      int end = slot.offset() + slot.length();
      double squares = 0;
      for (int i = slot.offset(); i < end; i++) {
        squares += values[i] * (double) values[i];
      }
      double least = threshold * Math.sqrt(squares / slot.length());
      for (int i = slot.offset(); i < end; i++) {
        values[i] = Math.abs(values[i]) < least ? 0 : values[i];
      }
    }
    return parameters;
  }

  private static double keptShare(Parameters parameters) {
    int kept = 0;
    for (float value : parameters.values()) {
      kept += value == 0 ? 0 : 1;
    }
    return (double) kept / parameters.layout().size();
  }

  private static Parameters withFrequencies(Checkpoint checkpoint, FourierBasis basis, int kept) {
    int p = checkpoint.p();
    Parameters parameters = checkpoint.parameters();
    ParameterLayout.Slot slot = parameters.layout().slot("W_E");
    int columns = slot.shape().get(1);
    INDArray all = parameters.get("W_E").castTo(DataType.DOUBLE);
    double[] embedding = Arrays.copyOf(all.dup('c').data().asDouble(), p * columns);
    double[] waves = basis.transform(embedding);
    List<Integer> weakest =
        IntStream.rangeClosed(1, basis.frequencies())
            .boxed()
            .sorted((k, l) -> Double.compare(energy(waves, basis, l), energy(waves, basis, k)))
            .skip(kept)
            .toList();
    for (int k : weakest) {
      for (int row : basis.rowsOf(k)) {
        Arrays.fill(waves, row * columns, (row + 1) * columns, 0);
      }
    }
    INDArray back =
        basis.matrix().transpose().mmul(Nd4j.create(waves, new long[] {p, columns}, 'c'));
    double[] result = back.dup('c').data().asDouble();
    float[] values = parameters.values();
    for (int i = 0; i < result.length; i++) {
      values[slot.offset() + i] = (float) result[i];
    }
    return parameters;
  }

  private static double energy(double[] waves, FourierBasis basis, int k) {
    int columns = waves.length / basis.size();
    double energy = 0;
    for (int row : basis.rowsOf(k)) {
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        energy += waves[i] * waves[i];
      }
    }
    return energy;
  }
}
