package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.probe.AllPairs;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What some neurons answer to every pair (a, b), and below each map its two-dimensional Fourier
 * spectrum.
 *
 * <p>How to read it: a neuron that memorises is a cloud; one that computes cos w<sub>k</sub>(a+b)
 * is a weave of stripes, and its spectrum has marks at one frequency k only: on the two axes and
 * where both meet. Above the spectrum stands that k and the share f<sub>k</sub> of the neuron's
 * centred energy on it,
 *
 * <p>f<sub>k</sub> = (S[0,k]² + S[k,0]² + S[k,k]²) / (Σ S² − S[0,0]²).
 *
 * @param neurons their numbers, 1 to 6 of them
 * @param activations (neurons, p, p): at [i, a, b]
 * @param spectra (neurons, m+1, m+1), m = (p−1)/2: S[j, k] of a neuron is the length of its
 *     coefficients on {cos, sin} w<sub>j</sub>a times {cos, sin} w<sub>k</sub>b: of four, or two or
 *     one where a frequency is 0, the constant. In the orthonormal basis, Σ S² is Σ of squared
 *     activations
 */
public record NeuronHeatmaps(List<Integer> neurons, INDArray activations, INDArray spectra)
    implements Chart {
  private static final String OPERATION = "neuron heat maps";
  private static final int MOST = 6;

  /**
   * @throws IllegalArgumentException if there are no neurons or more than six, or the shapes do not
   *     agree
   */
  public NeuronHeatmaps {
    neurons = List.copyOf(neurons);
    int n = neurons.size();
    Inputs.count(OPERATION, "neurons", n, 1, MOST);
    Inputs.squares(OPERATION, "activations", activations, n);
    long frequencies = (activations.size(1) + 1) / 2;
    Inputs.shape(OPERATION, "spectra", spectra, n, frequencies, frequencies);
    activations = activations.dup();
    spectra = spectra.dup();
  }

  /** Some neurons of a checkpoint. */
  public static NeuronHeatmaps of(Checkpoint checkpoint, List<Integer> neurons) {
    AllPairs pairs = AllPairs.of(checkpoint);
    int p = pairs.p();
    FourierBasis basis = FourierBasis.of(p);
    INDArray all = pairs.neurons(); // (p·p, neurons)
    INDArray activations = Nd4j.zeros(DataType.DOUBLE, neurons.size(), p, p);
    INDArray spectra =
        Nd4j.zeros(
            DataType.DOUBLE, neurons.size(), basis.frequencies() + 1, basis.frequencies() + 1);
    for (int i = 0; i < neurons.size(); i++) {
      INDArray map = all.getColumn(neurons.get(i)).dup().reshape(p, p);
      activations.get(NDArrayIndex.point(i)).assign(map);
      INDArray waves = basis.matrix().mmul(map).mmul(basis.matrix().transpose()); // F A Fᵀ
      for (int row = 0; row < p; row++) {
        for (int column = 0; column < p; column++) {
          int j = (row + 1) / 2; // rows const, cos 1, sin 1, cos 2 …
          int k = (column + 1) / 2;
          double square = Math.pow(waves.getDouble(row, column), 2);
          spectra.putScalar(new int[] {i, j, k}, spectra.getDouble(i, j, k) + square);
        }
      }
    }
    return new NeuronHeatmaps(neurons, activations, Transforms.sqrt(spectra));
  }

  @Override
  public Figure figure() {
    int n = neurons.size();
    Declaration figure = Figure.declare("Neurons over all pairs", description());
    List<Attributes> titles = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String neuron = "neuron " + neurons.get(i);
      int above = 2 * i;
      INDArray map = activations.slice(i);
      String most = Digits.text(", ≤ %.3g", HeatTrace.largest(map));
      titles.add(PanelPairs.title(above, "<b>" + neuron + "</b>" + most));
      String pair = "<br>a %{y}, b %{x}: %{z}<extra></extra>";
      panel(figure, above, map, neuron + pair, "");

      int below = above + 1;
      INDArray centred = spectra.slice(i).dup();
      titles.add(PanelPairs.title(below, sentence(centred)));
      centred.putScalar(0, 0, Double.NaN); // else the constant would outshine all others
      String at = "<br>frequency %{y} in a, %{x} in b: %{z}<extra></extra>";
      panel(figure, below, centred, neuron + at, "frequency in ");
    }
    return PanelPairs.placed(figure, titles, 3, 2).figure();
  }

  /** One map, whose axes are a quantity of a and of b. */
  private static void panel(
      Declaration figure, int panel, INDArray values, String hover, String quantity) {
    figure
        .trace(HeatTrace.coloured(values, panel, hover))
        .set(
            PanelPairs.axis("x", panel),
            PanelPairs.indices("x", panel, quantity + "b", values.columns()))
        .set(
            PanelPairs.axis("y", panel),
            PanelPairs.indices("y", panel, quantity + "a", values.rows()));
  }

  private static String sentence(INDArray spectrum) {
    int k = frequency(spectrum);
    return Digits.text("k = %d holds %.0f %%", k, 100 * share(spectrum.toDoubleMatrix(), k));
  }

  /** The frequency that holds the largest share; the first of them if there are several. */
  private static int frequency(INDArray spectrum) {
    double[][] lengths = spectrum.toDoubleMatrix();
    int best = 1;
    for (int k = 2; k < lengths.length; k++) {
      best = share(lengths, k) > share(lengths, best) ? k : best;
    }
    return best;
  }

  /** f_k, or 0 for a neuron that is constant. */
  private static double share(double[][] lengths, int k) {
    double all = 0;
    for (double[] row : lengths) {
      for (double length : row) {
        all += length * length;
      }
    }
    double centred = all - lengths[0][0] * lengths[0][0];
    double own = square(lengths[0][k]) + square(lengths[k][0]) + square(lengths[k][k]);
    return centred > 0 ? own / centred : 0;
  }

  private static double square(double value) {
    return value * value;
  }

  private String description() {
    return IntStream.range(0, neurons.size())
        .mapToObj(
            i ->
                Digits.text(
                    "neuron %d, up to %.3g: %s of its centred energy",
                    neurons.get(i),
                    HeatTrace.largest(activations.slice(i)),
                    sentence(spectra.slice(i))))
        .collect(Collectors.joining("; "));
  }
}
