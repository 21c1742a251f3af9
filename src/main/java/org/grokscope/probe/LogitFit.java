package org.grokscope.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Reading;

/**
 * The logits as the clock algorithm would have them, fitted to the model's by least squares:
 *
 * <pre>
 *   L[a, b, c] ≈ Σ_{k∈K} α_k cos(w_k(a+b−c)),   α_k = 2/p³ Σ_{a,b,c} L[a, b, c] cos(w_k(a+b−c))
 * </pre>
 *
 * <p>The waves are orthogonal over all p³ (a, b, c), so each α_k stands for itself. At the highest
 * frequency of an even circle (see a·b), where the cosine is ±1, 2/p³ is 1/m³. Source: Nanda et al.
 * (2023), section 4.3.
 */
public final class LogitFit {

  /** What the share of explained variance is a share of: which means are taken off the logits. */
  public enum Centring {
    /** Σ L². */
    RAW("L"),
    /** Σ (L − mean of all)². */
    GLOBAL("L − mean L"),
    /** Σ (L − m_c)², with m_c the mean of each class over all questions. */
    PER_CLASS("L − m_c"),
    /** Σ (L − the mean of each question over all classes)². */
    PER_INPUT("L − mean_c L"),
    /** Both of the latter. */
    DOUBLE("L − m_c − mean_c L + mean L");

    private final String total;

    Centring(String total) {
      this.total = total;
    }

    private Metric share() {
      return Metric.number(
          "fit.fve." + name().toLowerCase(Locale.ROOT),
          1,
          "(p³/2) Σα² / Σ of squares of " + total,
          Metric.PAPER,
          NEEDS,
          subject -> of(subject).explained(this));
    }
  }

  private static final Set<Need> NEEDS = Set.of(Need.SUM, Need.KEYS);

  static final List<Metric> METRICS =
      Stream.of(
              Stream.of(
                  Metric.of(
                      "fit.alpha",
                      1,
                      "α_k = 2/p³ Σ_abc L cos w_k(a+b−c)",
                      Metric.PAPER,
                      NEEDS,
                      LogitFit::alphas)),
              Arrays.stream(Centring.values()).map(Centring::share),
              Stream.of(
                  Metric.number(
                      "fit.fve.waves",
                      1,
                      "1 − Σ(R − mean_c R)² / Σ(L − mean_c L)², R = L − P_K L − m: explained by any"
                          + " waves of the sum at the keys and a constant for each answer",
                      Metric.OWN,
                      NEEDS,
                      LogitFit::explainedByWaves),
                  Metric.of(
                      "fit.loss",
                      1,
                      "loss of the logits Σ_K α_k cos w_k(a+b−c)",
                      Metric.PAPER,
                      NEEDS,
                      LogitFit::losses)))
          .flatMap(metrics -> metrics)
          .toList();

  private final CirclePairs pairs;
  private final int m;
  private final KeyFrequencies keys;
  private final double[] alphas; // [keys]

  private LogitFit(CirclePairs pairs, KeyFrequencies keys) {
    this.pairs = pairs;
    this.m = pairs.places();
    this.keys = keys;
    this.alphas = new double[keys.size()];
    double[] byDifference = byDifference(pairs.logitSums());
    for (int i = 0; i < alphas.length; i++) {
      double sum = 0;
      for (int d = 0; d < m; d++) {
        sum += byDifference[d] * cosine(keys.frequencies().get(i), d);
      }
      alphas[i] = sum / energyOfWave(keys.frequencies().get(i));
    }
  }

  /**
   * The fit of a checkpoint's logits.
   *
   * @throws IllegalArgumentException if the labels are those of no circle and the keys name none,
   *     or the keys are of another modulus
   */
  public static LogitFit of(Checkpoint checkpoint, KeyFrequencies keys) {
    Need.require("logit fit", NEEDS, checkpoint, keys.circle());
    keys.requireModulusOf(checkpoint);
    return of(AllPairs.of(checkpoint).onCircle(keys.circle()), keys);
  }

  /** The fit of what a metric is read off. */
  static LogitFit of(Subject subject) {
    return of(subject.onCircle(), subject.keys());
  }

  static LogitFit of(CirclePairs pairs, KeyFrequencies keys) {
    return new LogitFit(pairs, keys);
  }

  /** The frequencies. */
  public KeyFrequencies keys() {
    return keys;
  }

  /**
   * α of a key frequency.
   *
   * @throws IllegalArgumentException if it is not one of the keys
   */
  public double alpha(int k) {
    int at = keys.frequencies().indexOf(k);
    if (at < 0) {
      throw new IllegalArgumentException(
          "logit fit: got the frequency " + k + ", expected one of " + keys.frequencies());
    }
    return alphas[at];
  }

  /** The fitted logit of a class c at distance d = a + b − c: Σ α_k cos(w_k d). */
  public double at(int d) {
    double sum = 0;
    for (int i = 0; i < alphas.length; i++) {
      sum += alphas[i] * cosine(keys.frequencies().get(i), Math.floorMod(d, m));
    }
    return sum;
  }

  /**
   * The margin of the fitted logits at the sum, equal on all questions: Σα_k − max_{d≠0} Σα_k
   * cos(w_k d). The labels are not asked.
   */
  public double idealMargin() {
    double largest = Double.NEGATIVE_INFINITY;
    for (int d = 1; d < m; d++) {
      largest = Math.max(largest, at(d));
    }
    return at(0) - largest;
  }

  /** The fraction of the logits' variance that the fit explains, (p³/2) Σ α² / TSS. */
  public double explained(Centring centring) {
    Objects.requireNonNull(centring, "centring");
    double energy = 0;
    for (int i = 0; i < alphas.length; i++) {
      energy += energyOfWave(keys.frequencies().get(i)) * alphas[i] * alphas[i];
    }
    return energy / pairs.logitEnergy(centring);
  }

  /** The fitted logits, a row for each a + b, [m · m]. */
  double[] table() {
    double[] byDistance = new double[m];
    for (int d = 0; d < m; d++) {
      byDistance[d] = at(d);
    }
    double[] table = new double[m * m];
    for (int s = 0; s < m; s++) {
      for (int c = 0; c < m; c++) {
        table[s * m + c] = byDistance[Math.floorMod(s - c, m)];
      }
    }
    return table;
  }

  /**
   * The share of the logits, each question centred over its answers, that is explained by P_K L +
   * m: by any waves of the sum at the keys, whatever their phase and size for each answer, and a
   * constant for each answer. The fit of Σ α_k cos w_k(a+b−c) is a part of that.
   */
  private static double explainedByWaves(Subject subject) {
    CirclePairs pairs = subject.onCircle();
    KeyFrequencies keys = subject.keys();
    int m = pairs.places();
    double[] logits = pairs.logits();
    double[] waves =
        RestrictedLoss.plusMeans(pairs, SumWaves.ofLogits(pairs).projection(keys.frequencies()));
    double left = 0;
    double total = 0;
    for (int row = 0; row < m * m; row++) {
      int from = pairs.sum(row) * m;
      double sum = 0;
      double residualSum = 0;
      double squares = 0;
      double residualSquares = 0;
      for (int c = 0; c < m; c++) {
        double logit = logits[row * m + c];
        double residual = logit - waves[from + c];
        sum += logit;
        residualSum += residual;
        squares += logit * logit;
        residualSquares += residual * residual;
      }
      total += squares - sum * sum / m;
      left += residualSquares - residualSum * residualSum / m;
    }
    return 1 - left / total;
  }

  static List<Reading> alphas(Subject subject) {
    LogitFit fit = of(subject);
    return subject.keys().frequencies().stream()
        .map(k -> subject.reading("", "" + k, fit.alpha(k)))
        .toList();
  }

  private static List<Reading> losses(Subject subject) {
    CirclePairs pairs = subject.onCircle();
    double[] losses = pairs.lossesOfSums(of(subject).table());
    return pairs.questions().means(subject.metric(), "", losses);
  }

  /** Σ of the logits with a + b − c = d, [m]. */
  private double[] byDifference(double[] sums) {
    double[] byDifference = new double[m];
    for (int s = 0; s < m; s++) {
      for (int c = 0; c < m; c++) {
        byDifference[Math.floorMod(s - c, m)] += sums[s * m + c];
      }
    }
    return byDifference;
  }

  /** Σ_{a,b,c} cos²(w_k(a+b−c)): m³/2, or m³ if the cosine is ±1. */
  private double energyOfWave(int k) {
    return (2 * k == m ? 1.0 : 0.5) * m * m * m;
  }

  private double cosine(int k, int d) {
    return Math.cos(2 * Math.PI * ((long) k * d % m) / m);
  }
}
