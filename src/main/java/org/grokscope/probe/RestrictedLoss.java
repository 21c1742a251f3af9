package org.grokscope.probe;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
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

  /** What is kept; L the logits, m their mean over all questions, N the neurons. */
  public enum Projection {
    /** P_K L + m: the waves cos and sin of w_k(a+b). */
    LOGITS("restricted.logits"),
    /** m + the projection of L on {cos_k, sin_k}(a) × {cos_k, sin_k}(b), the paper's "20 terms". */
    BLOCK2X2("restricted.block2x2"),
    /** m + the projection of L on {1, cos_k, sin_k}(a) × {1, cos_k, sin_k}(b) without 1 × 1. */
    BLOCK3X3("restricted.block3x3"),
    /** (P_K N + mean N) W_L, its mean over the questions then set to m. */
    MLP("restricted.mlp");

    private final String metric;

    Projection(String metric) {
      this.metric = metric;
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

  static List<Reading> readings(AllPairs all, KeyFrequencies keys, Projection projection) {
    CirclePairs pairs = all.onCircle();
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
    return pairs.questions().means(projection.metric(), "", losses);
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
