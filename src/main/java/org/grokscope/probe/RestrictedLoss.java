package org.grokscope.probe;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;

/**
 * The loss of a model that keeps only its waves of the key frequencies: how good the algorithm is
 * on its own. Published definitions differ in what is projected and on which questions the loss is
 * taken, so both are arguments.
 *
 * @param projection what is kept
 * @param part the questions
 * @param keys the frequencies
 */
public record RestrictedLoss(Projection projection, Part part, KeyFrequencies keys)
    implements Probe {
  static final List<Metric> METRICS =
      Arrays.stream(Projection.values())
          .map(
              projection ->
                  Metric.of(
                      projection.metric,
                      1,
                      projection.formula,
                      projection.source,
                      projection.needs,
                      subject -> readings(subject, projection)))
          .toList();

  /** What is kept; L the logits, m their mean over all questions, N the neurons. */
  public enum Projection {
    /** P_K L + m: the waves cos and sin of w_k(a+b). */
    LOGITS("logits", "loss of P_K L + m (all: the published trig_loss)", Metric.CODE, Need.SUM),
    /** m + the projection of L on {cos_k, sin_k}(a) × {cos_k, sin_k}(b), the paper's "20 terms". */
    BLOCK2X2(
        "block2x2",
        "loss of m + the projection of L on {cos_k, sin_k}² (\"20 terms\")",
        Metric.PAPER,
        Need.PLACES),
    /** m + the projection of L on {1, cos_k, sin_k}(a) × {1, cos_k, sin_k}(b) without 1 × 1. */
    BLOCK3X3(
        "block3x3",
        "loss of m + the projection of L on {1, cos_k, sin_k}² but 1·1",
        Metric.PAPER,
        Need.PLACES),
    /** (P_K N + mean N) W_L, its mean over the questions then set to m. */
    MLP(
        "mlp",
        "loss of r = (P_K N + mean N) W_L, then r += m − mean r",
        Metric.DEMO,
        Need.SUM,
        Need.NEURONS);

    private final String metric;
    private final String formula;
    private final String source;
    private final Set<Need> needs;

    Projection(String name, String formula, String source, Need... needs) {
      this.metric = "restricted." + name;
      this.formula = formula;
      this.source = source;
      this.needs = EnumSet.of(Need.KEYS, needs);
    }

    /** The name of the metric. */
    public String metric() {
      return metric;
    }
  }

  public RestrictedLoss {
    Objects.requireNonNull(projection, "projection");
    Objects.requireNonNull(part, "part");
    Objects.requireNonNull(keys, "keys");
  }

  /**
   * As in the code published with Nanda et al. (2023), there called trig_loss: projection of the
   * logits, loss on all questions.
   */
  public static RestrictedLoss published(KeyFrequencies keys) {
    return new RestrictedLoss(Projection.LOGITS, Part.ALL, keys);
  }

  /**
   * As in the demo notebook of TransformerLens: projection of the neurons, loss on the test
   * questions.
   */
  public static RestrictedLoss demo(KeyFrequencies keys) {
    return new RestrictedLoss(Projection.MLP, Part.TEST, keys);
  }

  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    return Metric.named(projection.metric()).measure(checkpoint, keys, part);
  }

  @Override
  public Optional<String> identity() {
    return Optional.of(Metric.named(projection.metric()).identity(keys) + ", " + part.label());
  }

  private static List<Reading> readings(Subject subject, Projection projection) {
    CirclePairs pairs = subject.onCircle();
    KeyFrequencies keys = subject.keys();
    double[] losses =
        switch (projection) {
          case LOGITS ->
              pairs.lossesOfSums(
                  plusMeans(pairs, SumWaves.ofLogits(pairs).projection(keys.frequencies())));
          case MLP ->
              pairs.lossesOfSums(plusMeans(pairs, ExcludedLoss.neuronsInLogits(pairs, keys)));
          case BLOCK2X2 -> losses(pairs, LogitBlocks.of(pairs, keys, false));
          case BLOCK3X3 -> losses(pairs, LogitBlocks.of(pairs, keys, true));
        };
    return pairs.questions().means(subject.metric(), "", losses);
  }

  /**
   * A table by a+b, [m · m], plus m_c. For {@link Projection#MLP} this is what the published two
   * steps come to, since waves have no mean over the questions.
   */
  static double[] plusMeans(CirclePairs pairs, double[] table) {
    double[] means = pairs.logitMeans();
    double[] kept = table.clone();
    for (int i = 0; i < kept.length; i++) {
      kept[i] += means[i % means.length];
    }
    return kept;
  }

  private static double[] losses(CirclePairs pairs, LogitBlocks blocks) {
    double[] means = pairs.logitMeans();
    return pairs
        .questions()
        .losses(
            (row, z) -> {
              System.arraycopy(means, 0, z, 0, z.length);
              blocks.add(row, 1, z);
            });
  }
}
