package org.grokscope.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
   * @param p the modulus, 0 where there is none
   * @param medianMs median over the rounds of a round's median step, milliseconds; of a sweep, of
   *     the whole of it
   * @param minMs the fastest round's, milliseconds
   * @param rounds how many
   */
  record Row(String variant, int threads, int p, double medianMs, double minMs, int rounds) {}

  private static final String HEADER = "variant,threads,p,median_ms,min_ms,rounds";

  private final List<Row> rows = new ArrayList<>();

  void add(String variant, int threads, int p, List<Double> milliseconds) {
    rows.add(
        new Row(
            variant,
            threads,
            p,
            median(milliseconds),
            Collections.min(milliseconds),
            milliseconds.size()));
  }

  /** The median of some numbers. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** How long something takes. */
  static double milliseconds(Runnable deed) {
    long start = System.nanoTime();
    deed.run();
    return (System.nanoTime() - start) / 1e6;
  }

  List<Row> rows() {
    return List.copyOf(rows);
  }

  /** The median of one row over that of another, if both are there. */
  OptionalDouble ratio(String variant, String baseline, int threads) {
    return over(medianOf(variant, threads), medianOf(baseline, threads));
  }

  /** The median of one row over that of the same variant with other threads, if both are there. */
  OptionalDouble ratioOfThreads(String variant, int threads, int baseline) {
    return over(medianOf(variant, threads), medianOf(variant, baseline));
  }

  /** The median of one row over that of the same variant at another modulus, if both are there. */
  OptionalDouble ratioOfModuli(String variant, int p, int baseline) {
    return over(medianAt(variant, p), medianAt(variant, baseline));
  }

  private static OptionalDouble over(OptionalDouble above, OptionalDouble below) {
    return above.isPresent() && below.isPresent()
        ? OptionalDouble.of(above.getAsDouble() / below.getAsDouble())
        : OptionalDouble.empty();
  }

  private OptionalDouble medianAt(String variant, int p) {
    return rows.stream()
        .filter(row -> row.variant().equals(variant) && row.p() == p)
        .mapToDouble(Row::medianMs)
        .findFirst();
  }

  /** The median of a row, if it is there. */
  OptionalDouble medianOf(String variant, int threads) {
    return rows.stream()
        .filter(row -> row.variant().equals(variant) && row.threads() == threads)
        .mapToDouble(Row::medianMs)
        .findFirst();
  }

  /**
   * Reads a CSV file that was written here.
   *
   * @throws IllegalArgumentException if it is not one; the message says which line
   */
  static BenchResult read(Path path) throws IOException {
    List<String> lines = Files.readAllLines(path);
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new IllegalArgumentException(
          "bench: " + path + " begins otherwise than '" + HEADER + "'; write it by bench --out");
    }
    BenchResult result = new BenchResult();
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split(",", -1);
      try {
        result.rows.add(
            new Row(
                parts[0],
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Double.parseDouble(parts[3]),
                Double.parseDouble(parts[4]),
                Integer.parseInt(parts[5])));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new IllegalArgumentException(
            "bench: " + path + ": got the line '" + line + "', expected " + HEADER, e);
      }
    }
    return result;
  }

  /** Writes the CSV file. */
  void write(Path path) {
    StringBuilder text = new StringBuilder(HEADER + "\n");
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
