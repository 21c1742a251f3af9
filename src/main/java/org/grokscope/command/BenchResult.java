package org.grokscope.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.grokscope.checkpoint.AtomicFile;

/** The figures of a benchmark: one row a variant and number of threads. */
final class BenchResult {
  /**
   * One row.
   *
   * @param variant what was timed
   * @param threads it was given; of a sweep, the runs side by side, one thread each
   * @param p the modulus, 0 of a model that breaks lines
   * @param medianMs median over the rounds of a round's median step, milliseconds; of a sweep, of
   *     the whole of it
   * @param minMs the fastest round's, milliseconds
   * @param rounds how many
   */
  record Row(String variant, int threads, int p, double medianMs, double minMs, int rounds) {}

  private final List<Row> rows = new ArrayList<>();

  void add(String variant, int threads, int p, List<Double> milliseconds) {
    double[] sorted = milliseconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    rows.add(new Row(variant, threads, p, median(sorted), sorted[0], sorted.length));
  }

  /** The median of some numbers. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  List<Row> rows() {
    return List.copyOf(rows);
  }

  /** The median of one row over that of another, if both are there. */
  OptionalDouble ratio(String variant, String baseline, int threads) {
    OptionalDouble above = medianOf(variant, threads);
    OptionalDouble below = medianOf(baseline, threads);
    return above.isPresent() && below.isPresent()
        ? OptionalDouble.of(above.getAsDouble() / below.getAsDouble())
        : OptionalDouble.empty();
  }

  /** The median of one row over that of the same variant with other threads, if both are there. */
  OptionalDouble ratioOfThreads(String variant, int threads, int baseline) {
    OptionalDouble above = medianOf(variant, threads);
    OptionalDouble below = medianOf(variant, baseline);
    return above.isPresent() && below.isPresent()
        ? OptionalDouble.of(above.getAsDouble() / below.getAsDouble())
        : OptionalDouble.empty();
  }

  private OptionalDouble medianOf(String variant, int threads) {
    return rows.stream()
        .filter(row -> row.variant().equals(variant) && row.threads() == threads)
        .mapToDouble(Row::medianMs)
        .findFirst();
  }

  /** Writes the CSV file. */
  void write(Path path) {
    StringBuilder text = new StringBuilder("variant,threads,p,median_ms,min_ms,rounds\n");
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s,%d,%d,%.3f,%.3f,%d%n",
              row.variant(),
              row.threads(),
              row.p(),
              row.medianMs(),
              row.minMs(),
              row.rounds()));
    }
    AtomicFile.writeText(path, text.toString());
  }
}
