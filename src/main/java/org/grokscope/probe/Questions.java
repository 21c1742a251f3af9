package org.grokscope.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.grokscope.series.Reading;

/** Questions with their answers and parts, and what logits are worth on them. */
final class Questions {
  static final int NO_ANSWER = -1;

  private static final int PIECE = 512; // rows that a thread takes at a time

  private final int classes;
  private final int[] labels; // [n], or NO_ANSWER
  private final boolean[] known; // [n], trained on

  /** Writes the logits of one row; several threads ask at the same time. */
  @FunctionalInterface
  interface Logits {
    /** Overwrites all of {@code z}, [classes], by the logits of a row. */
    void write(int row, double[] z);
  }

  Questions(int classes, int[] labels, boolean[] known) {
    this.classes = classes;
    this.labels = labels;
    this.known = known;
  }

  /** Number of rows, those without an answer counted. */
  int size() {
    return labels.length;
  }

  /** The label of a row, −1 if it has no answer. */
  int label(int row) {
    return labels[row];
  }

  /** Whether a row counts in a part. */
  boolean isIn(Part part, int row) {
    return labels[row] != NO_ANSWER
        && switch (part) {
          case TRAIN -> known[row];
          case TEST -> !known[row];
          case ALL -> true;
        };
  }

  /** Cross-entropy of each row, [n]; 0 where there is no answer. */
  double[] losses(Logits logits) {
    return ofEach(
        logits,
        () -> {
          CrossEntropy loss = new CrossEntropy(classes);
          return (z, label) -> loss.of(z, 0, label);
        });
  }

  /** 1 for each row whose largest logit is the label's, else 0, [n]; of equals the first counts. */
  double[] hits(Logits logits) {
    return ofEach(logits, () -> (z, label) -> largest(z, 0, classes) == label ? 1 : 0);
  }

  /**
   * A number of each row with an answer, 0 of the others; rows in pieces, shared out to threads,
   * each piece with a function of its own.
   */
  private double[] ofEach(Logits logits, Supplier<ToDoubleBiFunction<double[], Integer>> numbers) {
    double[] ofRows = new double[labels.length];
    int pieces = (labels.length + PIECE - 1) / PIECE;
    IntStream.range(0, pieces)
        .parallel()
        .forEach(
            piece -> {
              double[] z = new double[classes];
              ToDoubleBiFunction<double[], Integer> number = numbers.get();
              int end = Math.min(labels.length, (piece + 1) * PIECE);
              for (int row = piece * PIECE; row < end; row++) {
                if (labels[row] != NO_ANSWER) {
                  logits.write(row, z);
                  ofRows[row] = number.applyAsDouble(z, labels[row]);
                }
              }
            });
    return ofRows;
  }

  /**
   * The mean over each part, train, test and all, as readings; a part without questions has none.
   *
   * @param perRow [n]
   */
  List<Reading> means(String metric, String key, double[] perRow) {
    List<Reading> readings = new ArrayList<>();
    for (Part part : Part.values()) {
      mean(part, perRow)
          .ifPresent(mean -> readings.add(new Reading(metric, part.label(), key, mean)));
    }
    return readings;
  }

  /** The mean over a part, or empty if no question is in it. */
  OptionalDouble mean(Part part, double[] perRow) {
    double sum = 0;
    int count = 0;
    for (int row = 0; row < perRow.length; row++) {
      if (isIn(part, row)) {
        sum += perRow[row];
        count++;
      }
    }
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
  }

  /** The first of the largest of z[from] … z[from + classes − 1], counted from {@code from}. */
  static int largest(double[] z, int from, int classes) {
    int largest = 0;
    double maximum = z[from];
    for (int c = 1; c < classes; c++) {
      if (z[from + c] > maximum) {
        maximum = z[from + c];
        largest = c;
      }
    }
    return largest;
  }
}
