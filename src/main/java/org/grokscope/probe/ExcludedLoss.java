package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.DoubleProducts;
import org.grokscope.model.DoubleProducts.Place;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;

/**
 * The loss of a model that has lost its waves of the key frequencies: how much it knows by heart.
 * Published definitions differ in what is removed, all keys together or one at a time, so it is an
 * argument, as is the part.
 *
 * @param projection what is removed
 * @param part the questions; published figures show {@link Part#TRAIN}
 * @param keys the frequencies
 */
public record ExcludedLoss(Projection projection, Part part, KeyFrequencies keys) implements Probe {
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

  /** What is removed; L the logits, N the neurons, mid the residual stream before the MLP. */
  public enum Projection {
    /** L − P_{k} L for one key k at a time. */
    SINGLE("single", "loss of L − P_{k} L for each key k", Metric.CODE, Need.SUM),
    /** L − P_K L: the waves cos and sin of w_k(a+b) of all keys together. */
    LOGITS("logits", "loss of L − P_K L", Metric.PAPER, Need.SUM),
    /** L − its projection on {cos_k, sin_k}(a) × {cos_k, sin_k}(b). */
    BLOCK2X2(
        "block2x2", "loss of L − its projection on {cos_k, sin_k}²", Metric.PAPER, Need.PLACES),
    /** L − its projection on {1, cos_k, sin_k}(a) × {1, cos_k, sin_k}(b) without 1 × 1. */
    BLOCK3X3(
        "block3x3",
        "loss of L − its projection on {1, cos_k, sin_k}² but 1·1",
        Metric.PAPER,
        Need.PLACES),
    /** ((N − P_K N) W_out + mid) W_U, without b_out. */
    MLP(
        "mlp",
        "loss of ((N − P_K N) W_out + mid) W_U, b_out left out",
        Metric.DEMO,
        Need.SUM,
        Need.NEURONS),
    /** ((N − P_K N) W_out + b_out + mid) W_U. */
    MLP_BIAS(
        "mlp_bias",
        "loss of ((N − P_K N) W_out + b_out + mid) W_U",
        Metric.DEMO,
        Need.SUM,
        Need.NEURONS),
    /** L − Σ_k α_k cos(w_k(a+b−c)), see {@link LogitFit}. */
    COSINE("cosine", "loss of L − Σ_K α_k cos w_k(a+b−c)", Metric.PAPER, Need.SUM);

    private final String metric;
    private final String formula;
    private final String source;
    private final Set<Need> needs;

    Projection(String name, String formula, String source, Need... needs) {
      this.metric = "excluded." + name;
      this.formula = formula;
      this.source = source;
      this.needs = EnumSet.of(Need.KEYS, needs);
    }

    /** The name of the metric. */
    public String metric() {
      return metric;
    }
  }

  public ExcludedLoss {
    Objects.requireNonNull(projection, "projection");
    Objects.requireNonNull(part, "part");
    Objects.requireNonNull(keys, "keys");
  }

  /**
   * As in the figure of Nanda et al. (2023): all keys together, removed from the logits, loss on
   * the training questions.
   */
  public static ExcludedLoss published(KeyFrequencies keys) {
    return new ExcludedLoss(Projection.LOGITS, Part.TRAIN, keys);
  }

  /**
   * As in the code published with Nanda et al. (2023): one key at a time, removed from the logits,
   * loss on the training questions.
   */
  public static ExcludedLoss publishedSingle(KeyFrequencies keys) {
    return new ExcludedLoss(Projection.SINGLE, Part.TRAIN, keys);
  }

  /**
   * As in the demo notebook of TransformerLens: all keys, removed from the neurons, b_out left out,
   * loss on the training questions.
   */
  public static ExcludedLoss demo(KeyFrequencies keys) {
    return new ExcludedLoss(Projection.MLP, Part.TRAIN, keys);
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
    if (projection == Projection.SINGLE) {
      SumWaves waves = SumWaves.ofLogits(pairs);
      List<Reading> readings = new ArrayList<>();
      for (int k : keys.frequencies()) {
        Questions.Logits logits = withoutSums(pairs, waves.projection(List.of(k)));
        double[] losses = pairs.questions().losses(logits);
        readings.addAll(pairs.questions().means(subject.metric(), "" + k, losses));
      }
      return readings;
    }
    Questions.Logits logits =
        switch (projection) {
          case LOGITS, SINGLE ->
              withoutSums(pairs, SumWaves.ofLogits(pairs).projection(keys.frequencies()));
          case COSINE -> withoutSums(pairs, LogitFit.of(pairs, keys).table());
          case MLP_BIAS -> withoutSums(pairs, neuronsInLogits(pairs, keys));
          case MLP -> withoutSums(pairs, plusBias(pairs, neuronsInLogits(pairs, keys)));
          case BLOCK2X2 -> withoutBlocks(pairs, LogitBlocks.of(pairs, keys, false));
          case BLOCK3X3 -> withoutBlocks(pairs, LogitBlocks.of(pairs, keys, true));
        };
    return pairs.questions().means(subject.metric(), "", pairs.questions().losses(logits));
  }

  /** P_K N W_L, a row for each sum, [m · m]: what the neurons' key waves add to the logits. */
  static double[] neuronsInLogits(CirclePairs pairs, KeyFrequencies keys) {
    double[] projected = SumWaves.ofNeurons(pairs).projection(keys.frequencies());
    int m = pairs.places();
    int neurons = projected.length / m;
    try (DoubleProducts products = new DoubleProducts()) {
      return products.product(projected, Place.of(m, neurons), pairs.wL(), Place.of(neurons, m));
    }
  }

  /** The logits minus a table by a+b, [m · m]. */
  static Questions.Logits withoutSums(CirclePairs pairs, double[] table) {
    int m = pairs.places();
    double[] logits = pairs.logits();
    double[][] ofSums = new double[m][];
    Arrays.setAll(ofSums, sum -> Arrays.copyOfRange(table, sum * m, (sum + 1) * m));
    return (row, z) -> {
      System.arraycopy(logits, row * m, z, 0, m);
      LogitBlocks.add(-1, ofSums[pairs.sum(row)], z);
    };
  }

  private static Questions.Logits withoutBlocks(CirclePairs pairs, LogitBlocks blocks) {
    double[] logits = pairs.logits();
    return (row, z) -> {
      System.arraycopy(logits, row * z.length, z, 0, z.length);
      blocks.add(row, -1, z);
    };
  }

  private static double[] plusBias(CirclePairs pairs, double[] table) {
    double[] bias = pairs.outputBias();
    double[] sums = table.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += bias[i % bias.length];
    }
    return sums;
  }
}
