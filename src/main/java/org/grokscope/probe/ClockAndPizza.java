package org.grokscope.probe;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.grokscope.model.ModelConfig;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Reading;

/**
 * Which of two algorithms a model of modular addition has, after Zhong, Liu, Tegmark and Andreas
 * (2023), "The Clock and the Pizza": a <b>clock</b> multiplies the waves of a and of b, so that its
 * right logit does not depend on a − b; a <b>pizza</b> takes the mean of the two embeddings, so
 * that it does, as |cos(w_k(a−b)/2)|, and both operands act on it alike.
 *
 * <ul>
 *   <li><b>Distance irrelevance</b> (their definition 4.2): how much of the spread of the right
 *       logit is left where the distance of a and b is fixed. 1 where it does not depend on the
 *       distance, 0 where it depends on nothing else.
 *   <li><b>Gradient symmetricity</b> (their definition 4.1): the cosine of the gradients of a logit
 *       by the embeddings of a and of b. 1 where a model sees only the sum of the two. They take
 *       100 random triples (a, b, c), we every pair (a, b) with one class c = a² + 2b² mod p, which
 *       is spread as evenly as by chance and the same for everyone.
 * </ul>
 *
 * <p>In the paper a model with constant attention has .17 and .99, one with learnt attention .85
 * and .33. A model without attention weights adds its embeddings, so its gradients are equal by
 * construction.
 */
final class ClockAndPizza {
  private static final String ZHONG = "Zhong et al. 2023";

  static final List<Metric> METRICS =
      List.of(
          Metric.number(
              "distance_irrelevance",
              1,
              "mean over d of the standard deviation of L[r,y] over the pairs of places (i, i+d),"
                  + " over its standard deviation over all",
              ZHONG,
              Set.of(Need.SUM),
              subject -> distanceIrrelevance(subject.onCircle())),
          Metric.of(
              "gradient_symmetricity",
              1,
              "mean over all (a, b), with c = a² + 2b² mod p, of the cosine of ∂L[r,c]/∂W_E[a] as"
                  + " first and ∂L[r,c]/∂W_E[b] as second operand; nothing of a model without"
                  + " positions",
              ZHONG + ", there 100 random (a, b, c)",
              EnumSet.of(Need.PAIR),
              ClockAndPizza::gradientSymmetricity));

  private ClockAndPizza() {}

  private static double distanceIrrelevance(CirclePairs pairs) {
    int m = pairs.places();
    double[] logits = pairs.logits();
    Spread all = new Spread();
    double sum = 0;
    int distances = 0;
    for (int d = 0; d < m; d++) {
      Spread atDistance = new Spread();
      for (int i = 0; i < m; i++) {
        int r = i * m + (i + d) % m;
        if (pairs.questions().isIn(Part.ALL, r)) {
          double right = logits[r * m + pairs.questions().label(r)];
          all.add(right);
          atDistance.add(right);
        }
      }
      if (atDistance.count > 0) {
        sum += atDistance.deviation();
        distances++;
      }
    }
    return sum / distances / all.deviation();
  }

  /** Of numbers that come one by one: Welford's sums. */
  private static final class Spread {
    private int count;
    private double mean;
    private double squares;

    void add(double value) {
      count++;
      double before = value - mean;
      mean += before / count;
      squares += before * (value - mean);
    }

    /** Of the population, as theirs. */
    double deviation() {
      return Math.sqrt(squares / count);
    }
  }

  private static List<Reading> gradientSymmetricity(Subject subject) {
    int p = subject.pairs().p();
    ModelConfig config = subject.checkpoint().config();
    if (!config.shape().positions()) {
      return List.of();
    }
    int[] classes = new int[p * p];
    for (int r = 0; r < classes.length; r++) {
      long a = r / p;
      long b = r % p;
      classes[r] = (int) ((a * a + 2 * b * b) % p);
    }
    double[][] gradients = subject.pairs().operandGradients(classes);
    int width = gradients[0].length / classes.length;
    double sum = 0;
    int count = 0;
    for (int r = 0; r < classes.length; r++) {
      double dot = 0;
      double ofA = 0;
      double ofB = 0;
      for (int i = r * width; i < (r + 1) * width; i++) {
        dot += gradients[0][i] * gradients[1][i];
        ofA += gradients[0][i] * gradients[0][i];
        ofB += gradients[1][i] * gradients[1][i];
      }
      if (ofA > 0 && ofB > 0) { // without a gradient there is no angle
        sum += dot / Math.sqrt(ofA) / Math.sqrt(ofB);
        count++;
      }
    }
    return count == 0 ? List.of() : List.of(subject.reading("", "", sum / count));
  }
}
