package org.grokscope.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.grokscope.checkpoint.AtomicFile;

/** The figures of a benchmark: one row a variant and number of threads. */
public final class BenchResult {
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

  /** The rows of another come after these. */
  public void addAll(BenchResult other) {
    rows.addAll(other.rows);
  }

  /** The median of some numbers. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static double milliseconds(Runnable deed) {
    long start = System.nanoTime();
    deed.run();
    return (System.nanoTime() - start) / 1e6;
  }

  /** How long each time takes of several, milliseconds. */
  static List<Double> milliseconds(int times, Runnable deed) {
    return Stream.generate(() -> milliseconds(deed)).limit(times).toList();
  }

  List<Row> rows() {
    return List.copyOf(rows);
  }

  /** The median of one row over that of another, if both are there. */
  OptionalDouble ratio(String variant, String baseline, int threads) {
    return ratio(of(variant).and(with(threads)), of(baseline).and(with(threads)));
  }

  /** The median of one row over that of the same variant with other threads, if both are there. */
  OptionalDouble ratioOfThreads(String variant, int threads, int baseline) {
    return ratio(of(variant).and(with(threads)), of(variant).and(with(baseline)));
  }

  /** The median of one row over that of the same variant at another modulus, if both are there. */
  OptionalDouble ratioOfModuli(String variant, int p, int baseline) {
    return ratio(of(variant).and(row -> row.p() == p), of(variant).and(row -> row.p() == baseline));
  }

  private static Predicate<Row> of(String variant) {
    return row -> row.variant().equals(variant);
  }

  private static Predicate<Row> with(int threads) {
    return row -> row.threads() == threads;
  }

  private OptionalDouble ratio(Predicate<Row> row, Predicate<Row> baseline) {
    OptionalDouble above = median(row);
    OptionalDouble below = median(baseline);
    return above.isPresent() && below.isPresent()
        ? OptionalDouble.of(above.getAsDouble() / below.getAsDouble())
        : OptionalDouble.empty();
  }

  private OptionalDouble median(Predicate<Row> row) {
    return rows.stream().filter(row).mapToDouble(Row::medianMs).findFirst();
  }

  /**
   * Reads a CSV file that was written here.
   *
   * @throws IllegalArgumentException if it is not one; the message says which line
   */
  public static BenchResult read(Path path) throws IOException {
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
  public void write(Path path) {
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
