package org.grokscope.probe.line;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.grokscope.geometry.CategoricalProbe;
import org.grokscope.geometry.Folds;
import org.grokscope.geometry.TuningCurves;
import org.grokscope.task.LineFact;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where on the line features respond, as place cells do in a room (E5).
 *
 * <p>Two kinds of features: neurons as they are, and the classes of a categorical probe, which tile
 * the labels by construction and whose width says how finely a place is known there. Our models
 * have no dictionary of features; the published curves are those of a dictionary.
 */
public final class PlaceFields {
  private PlaceFields() {}

  /**
   * The tuning of neurons that respond at all.
   *
   * @param neurons such as those of {@code blocks.0.mlp.hook_post}
   * @param fact along which they are tuned
   * @throws IllegalArgumentException if none responds, or the fact has fewer than three values
   */
  public static TuningCurves ofNeurons(LineActivations neurons, LineFact fact) {
    INDArray values = neurons.values();
    int[] alive =
        IntStream.range(0, (int) values.size(1))
            .filter(j -> values.getColumn(j).maxNumber().doubleValue() > 0)
            .toArray();
    if (alive.length == 0) {
      throw new IllegalArgumentException(
          "place fields: got no neuron above 0 at "
              + neurons.hook()
              + ", expected some; take the activations after the ReLU, mlp.hook_post");
    }
    return TuningCurves.of(values.getColumns(alive), neurons.facts(fact));
  }

  /**
   * The probability that a probe gives to each label, by the label that is true: fitted to half of
   * the documents, responding on the other half.
   *
   * @param activations of one hook
   * @param fact that is read
   * @param shrinkage of {@link CategoricalProbe}
   * @param seed of the halves
   */
  public static TuningCurves ofProbe(
      LineActivations activations, LineFact fact, double shrinkage, long seed) {
    Folds halves = Folds.byGroup(activations.documents(), 2, seed);
    int[] positions = activations.positions();
    int[] first = halves.inside(0);
    int[] second = halves.inside(1);
    LineActivations known = activations.where(among(positions, first));
    LineActivations asked = activations.where(among(positions, second));
    CategoricalProbe probe = CategoricalProbe.fit(known.values(), known.facts(fact), shrinkage);
    return TuningCurves.of(probe.probabilities(asked.values()), asked.facts(fact));
  }

  private static IntPredicate among(int[] positions, int[] rows) {
    int[] sorted = Arrays.stream(rows).map(row -> positions[row]).sorted().toArray();
    return position -> Arrays.binarySearch(sorted, position) >= 0;
  }
}
