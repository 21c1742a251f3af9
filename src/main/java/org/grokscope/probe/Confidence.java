package org.grokscope.probe;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.series.Probe;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/**
 * How sure a model is, and with what right: of the probabilities q = softmax(z) over the p residues
 * that it gives to the answers of each question,
 *
 * <ul>
 *   <li>the entropy H = −Σ q ln q, in nats: 0 for a model that is sure, ln p for one that guesses;
 *   <li>the confidence, max q;
 *   <li>the expected calibration error Σ_b (n_b/n) |accuracy_b − confidence_b| over bins of equal
 *       width of the confidence: b = ⌊bins · max q⌋, max q = 1 in the last (Guo et al. 2017, "On
 *       Calibration of Modern Neural Networks", equation 3, there with 15 bins).
 * </ul>
 *
 * <p>Works for any model and operation; the column of '=' is dropped before the softmax.
 *
 * @param bins of the calibration error, at least 1
 */
public record Confidence(int bins) implements Probe {

  /**
   * @throws IllegalArgumentException if there is no bin
   */
  public Confidence {
    if (bins < 1) {
      throw new IllegalArgumentException(
          "confidence: got " + bins + " bins, expected at least 1, such as 15");
    }
  }

  /** Entropy, confidence and calibration error of the training and of the test questions. */
  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    Map<String, Double> columns = new LinkedHashMap<>();
    for (Part part : new Part[] {Part.TRAIN, Part.TEST}) {
      Tally tally = tally(checkpoint, part);
      columns.put("entropy[" + part.label() + "]", tally.entropy / tally.count());
      columns.put("confidence[" + part.label() + "]", tally.total(tally.confidence));
      columns.put("calibration_error[" + part.label() + "]", tally.calibrationError());
    }
    return columns;
  }

  @Override
  public Optional<String> identity() {
    return Optional.of("confidence of the residues, bins " + bins + ", version 1");
  }

  /**
   * The bins that hold a question: columns confidence and accuracy (means), questions.
   *
   * @throws IllegalArgumentException if the part is empty
   */
  public Table reliability(Checkpoint checkpoint, Part part) {
    Tally tally = tally(checkpoint, part);
    Table table =
        Table.create(
            String.format(Locale.ROOT, "%s questions", part.label()),
            DoubleColumn.create("confidence"),
            DoubleColumn.create("accuracy"),
            LongColumn.create("questions"));
    for (int b = 0; b < bins; b++) {
      if (tally.questions[b] > 0) {
        table.doubleColumn(0).append(tally.confidence[b] / tally.questions[b]);
        table.doubleColumn(1).append(tally.right[b] / tally.questions[b]);
        table.longColumn(2).append(tally.questions[b]);
      }
    }
    return table;
  }

  /**
   * What a model puts into the blank of a + b = _: columns answer (0 … p−1) and probability.
   *
   * @throws IndexOutOfBoundsException if a or b is no residue
   */
  public static Table distribution(Checkpoint checkpoint, int a, int b) {
    AllPairs pairs = AllPairs.of(checkpoint);
    int p = pairs.p();
    int row = Objects.checkIndex(a, p) * p + Objects.checkIndex(b, p);
    double[] q = softmax(pairs.logitValues(), row * p, p);
    IntColumn answers = IntColumn.create("answer");
    for (int c = 0; c < p; c++) {
      answers.append(c);
    }
    return Table.create("distribution", answers, DoubleColumn.create("probability", q));
  }

  private Tally tally(Checkpoint checkpoint, Part part) {
    AllPairs pairs = AllPairs.of(checkpoint);
    int p = pairs.p();
    double[] logits = pairs.logitValues();
    Questions questions = pairs.questions();
    Tally tally = new Tally(bins);
    for (int row = 0; row < questions.size(); row++) {
      if (questions.isIn(part, row)) {
        double[] q = softmax(logits, row * p, p);
        int answer = Questions.largest(q, 0, p);
        tally.add(q, q[answer], answer == questions.label(row));
      }
    }
    if (tally.count() == 0) {
      throw new IllegalArgumentException(
          "confidence: got no "
              + part.label()
              + " questions with an answer, expected at least one");
    }
    return tally;
  }

  private static double[] softmax(double[] logits, int from, int p) {
    double[] q = Arrays.copyOfRange(logits, from, from + p);
    double largest = Arrays.stream(q).max().orElseThrow();
    double sum = 0;
    for (int c = 0; c < p; c++) {
      q[c] = Math.exp(q[c] - largest);
      sum += q[c];
    }
    for (int c = 0; c < p; c++) {
      q[c] /= sum;
    }
    return q;
  }

  /** Sums over questions, by bin. */
  private static final class Tally {
    private final long[] questions;
    private final double[] confidence;
    private final double[] right;
    private double entropy;

    Tally(int bins) {
      questions = new long[bins];
      confidence = new double[bins];
      right = new double[bins];
    }

    void add(double[] q, double largest, boolean isRight) {
      int bin = Math.min((int) (questions.length * largest), questions.length - 1);
      questions[bin]++;
      confidence[bin] += largest;
      right[bin] += isRight ? 1 : 0;
      for (double value : q) {
        entropy -= value > 0 ? value * Math.log(value) : 0;
      }
    }

    long count() {
      return Arrays.stream(questions).sum();
    }

    double total(double[] sums) {
      return Arrays.stream(sums).sum() / count();
    }

    double calibrationError() {
      double error = 0;
      for (int b = 0; b < questions.length; b++) {
        error += Math.abs(right[b] - confidence[b]) / count();
      }
      return error;
    }
  }
}
