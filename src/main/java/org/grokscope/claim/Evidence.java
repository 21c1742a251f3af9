package org.grokscope.claim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * What was measured on several trained models: a CSV with one number a row.
 *
 * <p>Columns: {@code experiment} (such as {@code a+b mod 113}), {@code seed}, {@code at} (the name
 * of the moment: {@code grok}, {@code 8000}, {@code last}, or {@code run} for a number of the whole
 * training), {@code epoch}, {@code metric}, {@code part}, {@code key}, {@code value}. A reading is
 * named as in a probe's table, {@code metric[part][key]} without what is empty.
 *
 * <pre>{@code
 * var converged = Evidence.read("evidence/circuit.csv").of("a+b mod 113").at("last");
 * converged.values("loss[test]")          // one number a seed, in the order of the file
 * converged.smallest("attention_fve")     // of all heads, one number a seed
 * }</pre>
 *
 * <p>Immutable.
 */
public final class Evidence {
  private static final String[] COLUMNS = {
    "experiment", "seed", "at", "epoch", "metric", "part", "key", "value"
  };
  private static final ColumnType[] TYPES = {
    ColumnType.STRING,
    ColumnType.LONG,
    ColumnType.STRING,
    ColumnType.LONG,
    ColumnType.STRING,
    ColumnType.STRING,
    ColumnType.STRING,
    ColumnType.STRING
  };

  private record Row(
      String experiment, long seed, String at, long epoch, String reading, double value) {
    Run run() {
      return new Run(experiment, seed, at, epoch);
    }
  }

  private record Run(String experiment, long seed, String at, long epoch) {}

  private final String name;
  private final List<Row> rows;

  private Evidence(String name, List<Row> rows) {
    this.name = name;
    this.rows = List.copyOf(rows);
  }

  /**
   * Reads a file of evidence.
   *
   * @param file path of the CSV, from the notebook's folder
   * @throws UncheckedIOException if it cannot be read
   * @throws IllegalArgumentException if its columns are others, a line is cut off, or a value is no
   *     number
   */
  public static Evidence read(String file) {
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      throw new UncheckedIOException(
          new IOException(
              "evidence: there is no file " + file + "; paths start at the notebook's folder"));
    }
    Table table;
    try {
      String header = Files.readAllLines(path).stream().findFirst().orElse("");
      if (!header.equals(String.join(",", COLUMNS))) {
        throw new IllegalArgumentException(
            "evidence "
                + file
                + ": got the columns "
                + header
                + ", expected "
                + String.join(",", COLUMNS));
      }
      table =
          Table.read()
              .usingOptions(
                  CsvReadOptions.builder(path.toFile()).columnTypes(TYPES).missingValueIndicator());
    } catch (IOException e) {
      throw new UncheckedIOException("evidence " + file + ": cannot be read (" + e + ")", e);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) { // the CSV reader has exceptions of its own
      throw new IllegalArgumentException(
          "evidence "
              + file
              + ": got lines that are no such CSV ("
              + e.getMessage().lines().findFirst().orElse("")
              + "), expected "
              + COLUMNS.length
              + " cells each, seed and epoch whole numbers; make the file again",
          e);
    }
    List<Row> rows = new ArrayList<>();
    for (tech.tablesaw.api.Row row : table) {
      rows.add(
          new Row(
              row.getString("experiment"),
              row.getLong("seed"),
              row.getString("at"),
              row.getLong("epoch"),
              reading(row.getString("metric"), row.getString("part"), row.getString("key")),
              number(file, row.getString("value"))));
    }
    return new Evidence(path.getFileName().toString().replaceFirst("\\.csv$", ""), rows);
  }

  private static String reading(String metric, String part, String key) {
    return metric + bracketed(part) + bracketed(key);
  }

  private static String bracketed(String text) {
    return text.isEmpty() ? "" : "[" + text + "]";
  }

  private static double number(String file, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "evidence " + file + ": got the value '" + text + "', expected a number", e);
    }
  }

  /**
   * The rows of one experiment.
   *
   * @throws IllegalArgumentException if there is none of this name; the message lists those there
   *     are
   */
  public Evidence of(String experiment) {
    return only("experiment", experiment, Row::experiment);
  }

  /**
   * The rows of one moment.
   *
   * @throws IllegalArgumentException if there is none of this name; the message lists those there
   *     are
   */
  public Evidence at(String moment) {
    return only("moment", moment, Row::at);
  }

  /**
   * The rows of one seed.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public Evidence seed(long seed) {
    return only("seed", Long.toString(seed), row -> Long.toString(row.seed()));
  }

  private Evidence only(String what, String wanted, Function<Row, String> property) {
    List<Row> chosen = rows.stream().filter(row -> property.apply(row).equals(wanted)).toList();
    if (chosen.isEmpty()) {
      Set<String> there =
          rows.stream().map(property).collect(Collectors.toCollection(LinkedHashSet::new));
      throw new IllegalArgumentException(
          "evidence " + name + ": got the " + what + " '" + wanted + "', expected one of " + there);
    }
    return new Evidence(name, chosen);
  }

  /** The experiments, in the order of the file. */
  public List<String> experiments() {
    return rows.stream().map(Row::experiment).distinct().toList();
  }

  /**
   * One number a run, in the order of the file.
   *
   * @param reading such as {@code loss[test]}
   * @throws IllegalArgumentException if some run has no such reading or several
   */
  public double[] values(String reading) {
    return reduced(
        reading,
        name -> name.equals(reading),
        values -> {
          if (values.length != 1) {
            throw new IllegalArgumentException(
                "evidence "
                    + name
                    + ": "
                    + values.length
                    + " values of "
                    + reading
                    + " in one run, expected one; choose a moment by at(…)");
          }
          return values[0];
        });
  }

  /** The smallest of all readings that begin so, whatever their key; one number a run. */
  public double[] smallest(String reading) {
    return reduced(reading, under(reading), values -> DoubleStream.of(values).min().orElseThrow());
  }

  /** The largest of all readings that begin so, whatever their key; one number a run. */
  public double[] largest(String reading) {
    return reduced(reading, under(reading), values -> DoubleStream.of(values).max().orElseThrow());
  }

  /** The mean of all readings that begin so, whatever their key; one number a run. */
  public double[] mean(String reading) {
    return reduced(
        reading, under(reading), values -> DoubleStream.of(values).average().orElseThrow());
  }

  /** How many readings begin so, whatever their key; one number a run. */
  public double[] count(String reading) {
    return reduced(reading, under(reading), values -> values.length);
  }

  /**
   * Whether the keys of a reading are the same in every run: for each run 1 if its set of keys is
   * that of every other run, else 0.
   *
   * @throws IllegalArgumentException if there is only one run, which has nothing to share
   */
  public double[] shared(String reading) {
    Map<Run, Set<String>> keys = new LinkedHashMap<>();
    for (Row row : rows) {
      Set<String> ofRun = keys.computeIfAbsent(row.run(), unseen -> new LinkedHashSet<>());
      if (under(reading).test(row.reading())) {
        ofRun.add(row.reading());
      }
    }
    if (keys.size() < 2) {
      throw new IllegalArgumentException(
          "evidence " + name + ": got one run, expected at least two to compare " + reading);
    }
    return keys.values().stream()
        .mapToDouble(own -> keys.values().stream().allMatch(own::equals) ? 1 : 0)
        .toArray();
  }

  private static Predicate<String> under(String reading) {
    return name -> name.equals(reading) || name.startsWith(reading + "[");
  }

  private double[] reduced(
      String reading, Predicate<String> wanted, ToDoubleFunction<double[]> how) {
    Map<Run, List<Double>> byRun = new LinkedHashMap<>();
    for (Row row : rows) {
      List<Double> values = byRun.computeIfAbsent(row.run(), unseen -> new ArrayList<>());
      if (wanted.test(row.reading())) {
        values.add(row.value());
      }
    }
    byRun.forEach(
        (run, values) -> {
          if (values.isEmpty()) {
            throw new IllegalArgumentException(
                "evidence " + name + ": there is no " + reading + " of " + run);
          }
        });
    return byRun.values().stream()
        .mapToDouble(
            values -> how.applyAsDouble(values.stream().mapToDouble(Double::doubleValue).toArray()))
        .toArray();
  }

  /**
   * Some readings side by side, one row a run; what a run has not is left empty.
   *
   * @param readings such as {@code loss[test]}
   */
  public Table table(String... readings) {
    Map<Run, Map<String, Double>> byRun = new LinkedHashMap<>();
    for (Row row : rows) {
      byRun
          .computeIfAbsent(row.run(), unseen -> new LinkedHashMap<>())
          .putIfAbsent(row.reading(), row.value());
    }
    StringColumn experiments = StringColumn.create("experiment");
    LongColumn seeds = LongColumn.create("seed");
    StringColumn moments = StringColumn.create("at");
    LongColumn epochs = LongColumn.create("epoch");
    byRun
        .keySet()
        .forEach(
            run -> {
              experiments.append(run.experiment());
              seeds.append(run.seed());
              moments.append(run.at());
              epochs.append(run.epoch());
            });
    Table table = Table.create(name, experiments, seeds, moments, epochs);
    for (String reading : readings) {
      DoubleColumn column = DoubleColumn.create(reading);
      byRun.values().forEach(values -> append(column, values.get(reading)));
      table.addColumns(column);
    }
    return table;
  }

  private static void append(DoubleColumn column, Double value) {
    if (value == null) {
      column.appendMissing();
    } else {
      column.append(value);
    }
  }
}
