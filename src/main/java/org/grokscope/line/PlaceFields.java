package org.grokscope.line;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.grokscope.geometry.CategoricalProbe;
import org.grokscope.geometry.Folds;
import org.grokscope.geometry.TuningCurves;
import org.grokscope.task.LineFact;

/**
 * Where on the line features respond, as place cells do in a room (E5).
 *
 * <p>Two kinds of features: neurons as they are, and the classes of a categorical probe, which tile
 * the labels by construction and whose width says how finely a place is known there. The published
 * curves are those of a dictionary, which models of prose have: {@link ProseSubject#features}.
 */
public final class PlaceFields {
  private PlaceFields() {}

  /**
   * The tuning of neurons whose mean response varies.
   *
   * @param neurons the manifold of their activations, such as that of {@code
   *     blocks.0.mlp.hook_post}; with tokens removed, what a neuron says of single words is no part
   *     of its tuning
   * @throws IllegalArgumentException if no neuron varies
   */
  public static TuningCurves ofNeurons(FactManifold neurons) {
    TuningCurves curves = TuningCurves.of(neurons.manifold());
    if (curves.peaks().stream().noneMatch(peak -> peak.height() > 0)) {
      throw new IllegalArgumentException(
          "place fields: got no neuron at "
              + neurons.hook()
              + " whose mean varies with "
              + neurons.fact()
              + ", expected some; take the activations after the ReLU, mlp.hook_post");
    }
    return curves;
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
