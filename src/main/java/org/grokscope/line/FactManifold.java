package org.grokscope.line;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grokscope.geometry.CosineMatrix;
import org.grokscope.geometry.CosineTransform;
import org.grokscope.geometry.HelixFit;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.PrincipalComponents;
import org.grokscope.geometry.Strands;
import org.grokscope.task.LineFact;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean activation for every value of a fact: the count manifold, the width manifold, what
 * remains, the next length (E3, E4, E6, E12, E15).
 *
 * <p>a(v) of the additive model x = a(fact) + Σ b(confound) + noise of {@link Manifold}, for all
 * values that occur often enough.
 */
public final class FactManifold {
  private static final double PLANE_SHARE = 0.3; // see HelixFit: tells a helix from a line
  private static final int FEWEST = 8;

  private final String hook;
  private final LineFact fact;
  private final Confounds confounds;
  private final Manifold manifold;

  private FactManifold(String hook, LineFact fact, Confounds confounds, Manifold manifold) {
    this.hook = hook;
    this.fact = fact;
    this.confounds = confounds;
    this.manifold = manifold;
  }

  /**
   * The manifold of a fact.
   *
   * @param activations of one hook
   * @param fact whose values are the labels; rows where it is −1 (not known) are left out
   * @param confounds what is taken out
   * @param least rows that a value needs to stand on the manifold; 12 in our exploration
   * @throws IllegalArgumentException if fewer than {@value #FEWEST} values have so many rows
   */
  public static FactManifold of(
      LineActivations activations, LineFact fact, Confounds confounds, int least) {
    LineActivations known = activations.where(fact, 0, Integer.MAX_VALUE);
    List<int[]> factors = new ArrayList<>();
    switch (confounds) {
      case TOKENS_REMOVED -> factors.add(known.tokens());
      case COUNT_REMOVED -> factors.add(known.facts(LineFact.COUNT));
      case KEPT -> {
        // plain means
      }
    }
    Manifold all = Manifold.adjusted(known.values(), known.facts(fact), factors);
    return of(activations.hook(), fact, confounds, all.between(0, Integer.MAX_VALUE, least));
  }

  private static FactManifold of(
      String hook, LineFact fact, Confounds confounds, Manifold manifold) {
    int values = manifold.labels().length;
    if (values < FEWEST) {
      throw new IllegalArgumentException(
          "manifold of "
              + fact
              + " at "
              + hook
              + ": got "
              + values
              + " values with enough examples, expected at least "
              + FEWEST
              + "; read more documents or ask for fewer examples of each");
    }
    return new FactManifold(hook, fact, confounds, manifold);
  }

  /** The values in a range only, such as counts from 2 on: 0 and 1 are begun lines. */
  public FactManifold between(int first, int last) {
    return of(hook, fact, confounds, manifold.between(first, last, 0));
  }

  /** The name of the hook. */
  public String hook() {
    return hook;
  }

  /** The fact. */
  public LineFact fact() {
    return fact;
  }

  /** What was taken out. */
  public Confounds confounds() {
    return confounds;
  }

  /** The means, for figures and everything of the geometry room. */
  public Manifold manifold() {
    return manifold;
  }

  /** Its shape in numbers. */
  public Shape shape() {
    return Shape.of(manifold);
  }

  /**
   * A manifold in numbers.
   *
   * @param values of the fact that stand on it
   * @param componentsFor95 principal components that hold 95 % of the variance of the means
   * @param first share that the first one holds: near 1 for a straight line
   * @param firstThree share of the first three
   * @param firstSix share of the first six
   * @param trough of the mean cosine by distance
   * @param rise of the mean cosine after it
   * @param turns about an axis in the first three components
   * @param climb along that axis, 0 … 1
   * @param modeOverlap of the first six components with the cosine modes 1 … 6, 0 … 1 (E12)
   * @param strands of the helix (E15)
   * @param betweenShare share of the variance of single activations that lies between the values,
   *     confounds taken out
   */
  public record Shape(
      int values,
      int componentsFor95,
      double first,
      double firstThree,
      double firstSix,
      double trough,
      double rise,
      double turns,
      double climb,
      double modeOverlap,
      int strands,
      double betweenShare) {

    /** The shape of a curve of means by label. */
    static Shape of(Manifold manifold) {
      PrincipalComponents components = manifold.principalComponents();
      int six = Math.min(6, components.count());
      CosineMatrix.Ringing ringing = manifold.cosines().ringing();
      HelixFit helix = HelixFit.of(manifold.means(), PLANE_SHARE);
      int values = manifold.labels().length;
      INDArray scores = components.scores(Math.min(Math.min(6, components.rank()), values - 2));
      return new Shape(
          values,
          components.componentsFor(0.95),
          components.explained(1),
          components.explained(Math.min(3, components.count())),
          components.explained(six),
          ringing.trough(),
          ringing.rise(),
          helix.turns(),
          helix.climb(),
          CosineTransform.of(values).overlap(scores, (int) scores.size(1)),
          Strands.of(manifold.means(), PLANE_SHARE).count(),
          manifold.betweenShare());
    }

    /** Its numbers by name, in order: what is read off every curve. */
    Map<String, Double> numbers() {
      Map<String, Double> numbers = new LinkedHashMap<>();
      numbers.put("values", (double) values);
      numbers.put("components_95", (double) componentsFor95);
      numbers.put("first", first);
      numbers.put("first_six", firstSix);
      numbers.put("trough", trough);
      numbers.put("rise", rise);
      numbers.put("turns", turns);
      numbers.put("climb", climb);
      numbers.put("mode_overlap", modeOverlap);
      numbers.put("strands", (double) strands);
      return numbers;
    }
  }

  @Override
  public String toString() {
    return "manifold of " + fact + " at " + hook + ", " + manifold.labels().length + " values";
  }
}
