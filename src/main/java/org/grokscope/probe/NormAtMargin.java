package org.grokscope.probe;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.FactorisedTransformer;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.model.Transformer;
import org.grokscope.series.Probe;
import org.grokscope.task.Batch;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What an answer costs: the squared norm at which a model gives its right answers by a certain
 * margin. All weights θ are multiplied by one factor s until the margin of s·θ, L[r, y] − max over
 * c ≠ y of L[r, c], is the one asked for.
 *
 * <pre>
 *   scale         s with margin(s θ) = m
 *   squared_norm  s² Σ θ²
 *   degree        d ln margin(s θ) / d ln s at that s: logits are homogeneous of about this degree,
 *                 so that the norm s² Σ θ² grows as m^(2/degree)
 * </pre>
 *
 * <p>Columns carry the part, such as {@code squared_norm[train]}. Two models are compared at equal
 * margins, whatever theirs are as trained. Logits are those of the p residues, float32 as in
 * training. NaN where no factor between 1/16 and 16 gives the margin: of a model that does not know
 * the answers.
 *
 * @param part on which questions, train or test
 * @param statistic which margin of all questions
 * @param margin the margin m in nats, above 0
 */
public record NormAtMargin(Part part, Statistic statistic, double margin) implements Probe {

  /** Which margin of all questions is held to the one asked for. */
  public enum Statistic {
    /** The mean over questions. */
    MEAN,
    /** The smallest one: every answer has at least the margin. */
    SMALLEST
  }

  private static final double FARTHEST = 16;
  private static final double STEP = 1.1; // of the search for a bracket
  private static final int HALVINGS = 30; // of the bracket: s to a part in 10¹⁰
  private static final double NEARBY = 1.01; // of the slope

  /**
   * @throws IllegalArgumentException if the part is all questions, or the margin is not above 0
   */
  public NormAtMargin {
    if (part == Part.ALL || !(margin > 0 && Double.isFinite(margin))) {
      throw new IllegalArgumentException(
          "norm at margin: got the part "
              + part.label()
              + " and the margin "
              + margin
              + ", expected train or test and a margin above 0");
    }
  }

  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    Batch questions = part == Part.TRAIN ? checkpoint.train() : checkpoint.test();
    if (questions.size() == 0) {
      throw new IllegalArgumentException(
          "norm at margin: got a checkpoint without "
              + part.label()
              + " questions, expected some; measure the other part");
    }
    try (Scaled scaled = new Scaled(checkpoint, questions)) {
      double scale = scaled.scale();
      Map<String, Double> columns = new LinkedHashMap<>();
      columns.put(column("scale"), scale);
      columns.put(column("squared_norm"), scale * scale * checkpoint.parameters().squaredNorm());
      columns.put(column("degree"), scaled.degree(scale));
      return columns;
    }
  }

  private String column(String name) {
    return name + "[" + part.label() + "]";
  }

  @Override
  public Optional<String> identity() {
    return Optional.of(
        String.format(Locale.ROOT, "norm at margin 1: %s, %s, %s", part, statistic, margin));
  }

  /** A model whose weights are multiplied by a factor. */
  private final class Scaled implements AutoCloseable {
    private final float[] weights;
    private final Parameters live;
    private final Batch questions;
    private final int[] labels;
    private final int p;
    private final Transformer model;

    Scaled(Checkpoint checkpoint, Batch questions) {
      ModelConfig config = checkpoint.config();
      this.weights = checkpoint.parameters().values();
      this.live = checkpoint.parameters();
      this.questions = questions;
      this.labels = questions.labels();
      this.p = checkpoint.p();
      this.model =
          FactorisedTransformer.accepts(config)
              ? FactorisedTransformer.of(config, live, 1)
              : ReferenceTransformer.of(config, live);
    }

    /** The factor that gives the margin, or NaN. */
    double scale() {
      double low = 1;
      double high = 1;
      while (marginAt(low) > margin) {
        high = low;
        low /= STEP;
        if (low < 1 / FARTHEST) {
          return Double.NaN;
        }
      }
      while (!(marginAt(high) > margin)) {
        low = high;
        high *= STEP;
        if (high > FARTHEST) {
          return Double.NaN;
        }
      }
      for (int i = 0; i < HALVINGS; i++) {
        double middle = Math.sqrt(low * high);
        if (marginAt(middle) > margin) {
          high = middle;
        } else {
          low = middle;
        }
      }
      return Math.sqrt(low * high);
    }

    double degree(double scale) {
      double rise = Math.log(marginAt(scale * NEARBY) / marginAt(scale / NEARBY));
      return rise / (2 * Math.log(NEARBY));
    }

    private double marginAt(double scale) {
      float[] values = live.values();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (scale * weights[i]);
      }
      double[] logits = model.logits(questions).castTo(DataType.DOUBLE).dup('c').data().asDouble();
      int outputs = logits.length / labels.length;
      double sum = 0;
      double smallest = Double.POSITIVE_INFINITY;
      for (int i = 0; i < labels.length; i++) {
        double own = Margins.margin(logits, i * outputs, p, labels[i]);
        smallest = Math.min(smallest, own);
        sum += own;
      }
      return statistic == Statistic.MEAN ? sum / labels.length : smallest;
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
