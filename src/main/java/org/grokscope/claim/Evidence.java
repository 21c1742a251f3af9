package org.grokscope.claim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * What was measured on several trained models, run by run, from a CSV of one of two kinds.
 *
 * <ul>
 *   <li>One number a row. Columns: {@code experiment} (such as {@code a+b mod 113}), {@code seed},
 *       {@code at} (the name of the moment: {@code grok}, {@code 8000}, {@code last}, or {@code
 *       run} for a number of the whole training), {@code epoch}, {@code metric}, {@code part},
 *       {@code key}, {@code value}. A reading is named as in a probe's table, {@code
 *       metric[part][key]} without what is empty; {@code epoch} is one as well.
 *   <li>One run a row, as a sweep writes its results: {@code run}, every varied field, {@code
 *       state}, and what was measured. A reading is a column; an empty cell is none.
 * </ul>
 *
 * <pre>{@code
 * var converged = Evidence.read("evidence/circuit.csv").of("a+b mod 113").at("last");
 * converged.values("loss[test]")          // one number a seed, in the order of the file
 * converged.smallest("attention_fve")     // of all heads, one number a seed
 * Evidence.read("evidence/decay.csv").where("weight_decay=1").reached("test_99_epoch")
 * }</pre>
 *
 * <p>Immutable.
 */
public final class Evidence {
  private static final List<String> COLUMNS =
      List.of("experiment", "seed", "at", "epoch", "metric", "part", "key", "value");
  private static final List<String> MARKS = COLUMNS.subList(0, 4);
  private static final String RUN = "run";
  private static final String STATE = "state";
  private static final Set<String> WHOLE = Set.of("seed", "epoch");

  /** What tells a run from others, and what was measured of it by name. */
  private record Run(Map<String, String> marks, Map<String, Double> readings) {
    @Override
    public String toString() {
      return marks.toString();
    }
  }

  private final String name;
  private final List<String> shown; // marks, in a table
  private final Set<String> known; // readings of the whole file
  private final List<Run> runs;

  private Evidence(String name, List<String> shown, Set<String> known, List<Run> runs) {
    this.name = name;
    this.shown = shown;
    this.known = known;
    this.runs = List.copyOf(runs);
  }

  /**
   * Reads a file of evidence.
   *
   * @param file path of the CSV, from the notebook's folder
   * @throws UncheckedIOException if it cannot be read
   * @throws IllegalArgumentException if its columns are others, a line is cut off, a value is no
   *     number, or a run has a reading twice
   */
  public static Evidence read(String file) {
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      throw new UncheckedIOException(
          new IOException(
              "evidence: there is no file " + file + "; paths start at the notebook's folder"));
    }
    Table table = table(path, file);
    String name = path.getFileName().toString().replaceFirst("\\.csv$", "");
    if (table.columnNames().equals(COLUMNS)) {
      return ofReadings(name, table);
    }
    return ofResults(name, table);
  }

  private static Table table(Path path, String file) {
    try {
      String header = Files.readAllLines(path).stream().findFirst().orElse("");
      List<String> columns = List.of(header.split(","));
      if (!columns.equals(COLUMNS) && !(columns.contains(RUN) && columns.contains(STATE))) {
        throw new IllegalArgumentException(
            "evidence "
                + file
                + ": got the columns "
                + header
                + ", expected "
                + String.join(",", COLUMNS)
                + ", or those of a sweep's results");
      }
      ColumnType[] types = new ColumnType[columns.size()];
      Arrays.setAll(
          types,
          i ->
              columns.equals(COLUMNS) && WHOLE.contains(columns.get(i))
                  ? ColumnType.LONG
                  : ColumnType.STRING);
      return Table.read()
          .usingOptions(
              CsvReadOptions.builder(path.toFile()).columnTypes(types).missingValueIndicator());
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
              + "), expected as many cells each as the header has, seed and epoch whole numbers;"
              + " make the file again",
          e);
    }
  }

  private static Evidence ofReadings(String name, Table table) {
    Map<Map<String, String>, Run> runs = new LinkedHashMap<>();
    Set<String> known = new LinkedHashSet<>();
    for (Row row : table) {
      Map<String, String> marks = new LinkedHashMap<>();
      MARKS.forEach(mark -> marks.put(mark, String.valueOf(row.getObject(mark))));
      Run run = runs.computeIfAbsent(marks, own -> new Run(own, new LinkedHashMap<>()));
      run.readings().putIfAbsent("epoch", (double) row.getLong("epoch"));
      String reading =
          row.getString("metric")
              + bracketed(row.getString("part"))
              + bracketed(row.getString("key"));
      if (run.readings().put(reading, number(name, row.getString("value"))) != null) {
        throw new IllegalArgumentException(
            "evidence " + name + ": got " + reading + " of " + run + " twice, expected it once");
      }
    }
    runs.values().forEach(run -> known.addAll(run.readings().keySet()));
    return new Evidence(name, MARKS, known, List.copyOf(runs.values()));
  }

  private static String bracketed(String text) {
    return text.isEmpty() ? "" : "[" + text + "]";
  }

  private static double number(String name, String text) {
    return parsed(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "evidence " + name + ": got the value '" + text + "', expected a number"));
  }

  private static OptionalDouble parsed(String text) {
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private static Evidence ofResults(String name, Table table) {
    List<String> columns = table.columnNames();
    List<Run> runs = new ArrayList<>();
    for (Row row : table) {
      Run run = new Run(new LinkedHashMap<>(), new LinkedHashMap<>());
      for (String column : columns) {
        String text = row.getString(column);
        run.marks().put(column, text);
        if (!column.equals(RUN)) { // its name may look like a number
          parsed(text).ifPresent(value -> run.readings().put(column, value));
        }
      }
      runs.add(run);
    }
    List<String> fields = columns.subList(0, columns.indexOf(STATE));
    return new Evidence(name, fields, Set.copyOf(columns), runs);
  }

  /**
   * The runs of one experiment.
   *
   * @throws IllegalArgumentException if there is none of this name; the message lists those there
   *     are
   */
  public Evidence of(String experiment) {
    return only("experiment", experiment, "experiment");
  }

  /**
   * The runs at one moment.
   *
   * @throws IllegalArgumentException if there is none of this name; the message lists those there
   *     are
   */
  public Evidence at(String moment) {
    return only("at", moment, "moment");
  }

  /**
   * The runs of one seed.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public Evidence seed(long seed) {
    return only("seed", Long.toString(seed), "seed");
  }

  /**
   * The runs for which conditions hold.
   *
   * @param conditions such as {@code weight_decay=1; fraction=0.5}: a column and what stands in it,
   *     compared as numbers where both are; {@code =} alone for an empty cell, {@code =*} for one
   *     that is not. A condition without a sign is an experiment's name
   * @throws IllegalArgumentException if there is no such column, or no such run; the message lists
   *     what there is
   */
  public Evidence where(String conditions) {
    Evidence chosen = this;
    for (String condition : conditions.split(";")) {
      String[] sides = condition.strip().split("=", 2);
      chosen =
          sides.length == 1
              ? chosen.of(sides[0])
              : chosen.only(sides[0].strip(), sides[1].strip(), sides[0].strip());
    }
    return chosen;
  }

  private Evidence only(String mark, String wanted, String what) {
    Set<String> there =
        runs.stream()
            .flatMap(run -> Stream.ofNullable(run.marks().get(mark)))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<Run> chosen =
        runs.stream()
            .filter(run -> run.marks().containsKey(mark) && is(run.marks().get(mark), wanted))
            .toList();
    if (chosen.isEmpty()) {
      String expected =
          there.isEmpty() ? "a column of the file, one of " + columns() : "one of " + there;
      throw new IllegalArgumentException(
          "evidence " + name + ": got the " + what + " '" + wanted + "', expected " + expected);
    }
    return new Evidence(name, shown, known, chosen);
  }

  private Set<String> columns() {
    return runs.get(0).marks().keySet();
  }

  private static boolean is(String text, String wanted) {
    if (wanted.equals("*")) {
      return !text.isEmpty();
    }
    OptionalDouble number = parsed(text);
    return text.equals(wanted) || (number.isPresent() && number.equals(parsed(wanted)));
  }

  /** The experiments, in the order of the file. */
  public List<String> experiments() {
    return runs.stream()
        .flatMap(run -> Stream.ofNullable(run.marks().get("experiment")))
        .distinct()
        .toList();
  }

  /** Whether its runs are told apart by experiments, not by the fields of a sweep. */
  boolean hasExperiments() {
    return !experiments().isEmpty();
  }

  /** The seed of each run, as the file writes it; empty where it names none. */
  List<String> seeds() {
    return runs.stream().map(run -> run.marks().getOrDefault("seed", "")).toList();
  }

  /**
   * One number a run, in the order of the file.
   *
   * @param reading such as {@code loss[test]}
   * @throws IllegalArgumentException if some run has no such reading
   */
  public double[] values(String reading) {
    return reduced(reading, name -> name.equals(reading), values -> values[0]);
  }

  /**
   * One number a run, and another reading of the run where it has not the first: the length of a
   * training, {@code epochs_done}, for what never came.
   *
   * @throws IllegalArgumentException if some run has neither, or the file has no such readings
   */
  public double[] valuesOr(String reading, String otherwise) {
    double[] came = reached(reading);
    double[] values = new double[came.length];
    for (int i = 0; i < came.length; i++) {
      Evidence run = new Evidence(name, shown, known, List.of(runs.get(i)));
      values[i] = run.values(came[i] == 1 ? reading : otherwise)[0];
    }
    return values;
  }

  /**
   * For each run 1 if it has the reading, else 0: whether what the reading dates ever came.
   *
   * @throws IllegalArgumentException if no run of the file has it
   */
  public double[] reached(String reading) {
    if (!known.contains(reading)) {
      throw new IllegalArgumentException(
          "evidence " + name + ": there is no " + reading + " of any run");
    }
    return runs.stream().mapToDouble(run -> run.readings().containsKey(reading) ? 1 : 0).toArray();
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
    if (runs.size() < 2) {
      throw new IllegalArgumentException(
          "evidence " + name + ": got one run, expected at least two to compare " + reading);
    }
    List<Set<String>> keys =
        runs.stream()
            .map(
                run ->
                    run.readings().keySet().stream()
                        .filter(under(reading))
                        .collect(Collectors.toSet()))
            .toList();
    return keys.stream().mapToDouble(own -> keys.stream().allMatch(own::equals) ? 1 : 0).toArray();
  }

  private static Predicate<String> under(String reading) {
    return name -> name.equals(reading) || name.startsWith(reading + "[");
  }

  private double[] reduced(
      String reading, Predicate<String> wanted, ToDoubleFunction<double[]> how) {
    return runs.stream()
        .mapToDouble(
            run -> {
              double[] values =
                  run.readings().entrySet().stream()
                      .filter(entry -> wanted.test(entry.getKey()))
                      .mapToDouble(Map.Entry::getValue)
                      .toArray();
              if (values.length == 0) {
                throw new IllegalArgumentException(
                    "evidence " + name + ": there is no " + reading + " of " + run);
              }
              return how.applyAsDouble(values);
            })
        .toArray();
  }

  /**
   * Two samples taken together seed by seed, such as {@code each(after, before, (x, y) -> x / y)}.
   *
   * @throws IllegalArgumentException if one has more values than the other
   */
  public static double[] each(double[] first, double[] second, DoubleBinaryOperator how) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "each: got "
              + first.length
              + " and "
              + second.length
              + " values, expected one a seed of"
              + " the same seeds");
    }
    double[] together = new double[first.length];
    Arrays.setAll(together, i -> how.applyAsDouble(first[i], second[i]));
    return together;
  }

  /**
   * Some readings side by side, one row a run; what a run has not is left empty.
   *
   * @param readings such as {@code loss[test]}
   */
  public Table table(String... readings) {
    Table table = Table.create(name);
    for (String mark : shown) {
      List<String> texts = runs.stream().map(run -> run.marks().get(mark)).toList();
      table.addColumns(
          WHOLE.contains(mark)
              ? LongColumn.create(mark, texts.stream().mapToLong(Long::parseLong).toArray())
              : StringColumn.create(mark, texts));
    }
    for (String reading : readings) {
      DoubleColumn column = DoubleColumn.create(reading);
      for (Run run : runs) {
        if (run.readings().containsKey(reading)) {
          column.append(run.readings().get(reading));
        } else {
          column.appendMissing();
        }
      }
      table.addColumns(column);
    }
    return table;
  }
}
