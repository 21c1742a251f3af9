package org.grokscope.sweep;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;
import org.grokscope.train.History;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * What came of a sweep: a row a run that ended, in the order of the sweep. The columns are run (the
 * name of its folder in runs), every varied field, state (done or failed), epochs_done, train_loss
 * and test_loss (mean cross-entropy, nats), train_accuracy, test_accuracy, train_99_epoch and
 * test_99_epoch (first evaluation with 99 % right; the second is the grok; empty if never),
 * squared_norm, seconds (of training, all sessions together) and error. Of a failed run there is
 * its error alone.
 */
public final class SweepResults {
  /** The columns beside those of the varied fields. */
  private static final Map<String, ColumnType> MEASURED =
      Map.ofEntries(
          Map.entry("run", ColumnType.STRING),
          Map.entry("state", ColumnType.STRING),
          Map.entry("epochs_done", ColumnType.LONG),
          Map.entry("train_loss", ColumnType.DOUBLE),
          Map.entry("test_loss", ColumnType.DOUBLE),
          Map.entry("train_accuracy", ColumnType.DOUBLE),
          Map.entry("test_accuracy", ColumnType.DOUBLE),
          Map.entry("train_99_epoch", ColumnType.LONG),
          Map.entry("test_99_epoch", ColumnType.LONG),
          Map.entry("squared_norm", ColumnType.DOUBLE),
          Map.entry("seconds", ColumnType.DOUBLE),
          Map.entry("error", ColumnType.STRING));

  private final Path folder;
  private final List<Field> varied;
  private final List<RunPlan> plans;
  private final List<RunResult> rows;

  SweepResults(Path folder, List<Field> varied, List<RunPlan> plans, List<RunResult> rows) {
    this.folder = folder;
    this.varied = varied;
    this.plans = plans;
    this.rows = rows;
  }

  /**
   * Reads a results.csv, such as one kept as evidence, as the table that {@link #table} gave.
   *
   * @param file path of the CSV, from the notebook's folder
   * @throws UncheckedIOException if it cannot be read
   * @throws IllegalArgumentException if it has a column that no sweep has or lacks one, or a line
   *     is cut off
   */
  public static Table read(String file) {
    try {
      String header = Files.readAllLines(Path.of(file)).stream().findFirst().orElse("");
      List<String> names = List.of(header.split(","));
      if (!names.containsAll(MEASURED.keySet())) {
        throw new IllegalArgumentException(
            "sweep: got the columns " + names + " in " + file + ", expected " + MEASURED.keySet());
      }
      ColumnType[] types = names.stream().map(SweepResults::columnType).toArray(ColumnType[]::new);
      return Table.read()
          .usingOptions(
              CsvReadOptions.builder(new File(file)).columnTypes(types).tableName("sweep"));
    } catch (IOException e) {
      throw new UncheckedIOException("sweep: " + file + " cannot be read (" + e + ")", e);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) { // the CSV reader has exceptions of its own
      throw new IllegalArgumentException(
          "sweep: got lines in "
              + file
              + " that are no such CSV ("
              + e.getMessage().lines().findFirst().orElse("")
              + "), expected what a sweep writes; run it again",
          e);
    }
  }

  private static ColumnType columnType(String name) {
    if (MEASURED.containsKey(name)) {
      return MEASURED.get(name);
    }
    return switch (Field.named(name).kind()) {
      case INT, LONG, LONG_OR_NULL -> ColumnType.LONG;
      case DECIMAL -> ColumnType.DOUBLE;
      case SWITCH -> ColumnType.BOOLEAN;
      default -> ColumnType.STRING;
    };
  }

  /** How the runs ended, in the order of the sweep. */
  public List<RunResult> rows() {
    return rows;
  }

  /** How many runs are done. */
  public int done() {
    return (int) rows.stream().filter(RunResult::isDone).count();
  }

  /** How many runs failed. */
  public int failed() {
    return rows.size() - done();
  }

  /**
   * A run as it stands on disk: its history and checkpoints.
   *
   * @param row of the table, from 0
   * @throws IllegalArgumentException if that run failed
   */
  public Run run(int row) {
    RunResult result = rows.get(row);
    if (!result.isDone()) {
      throw new IllegalArgumentException(
          "sweep: row " + row + " is of a run that failed: " + result.error().orElseThrow());
    }
    RunPlan plan = plans.get(result.number());
    return Trainer.of(plan.config())
        .in(folder.resolve("runs").resolve(result.run()))
        .stopWhen(plan.stopRule())
        .train(plan.split());
  }

  /** As a Tablesaw table. */
  public Table table() {
    List<Column<?>> columns = new ArrayList<>();
    columns.add(StringColumn.create("run", rows.stream().map(RunResult::run)));
    varied.forEach(field -> columns.add(column(field)));
    columns.add(StringColumn.create("state", rows.stream().map(RunResult::state)));
    LongColumn epochs = LongColumn.create("epochs_done");
    rows.forEach(
        row -> append(epochs, row.last().stream().mapToLong(History.Row::epoch).findFirst()));
    columns.add(epochs);
    columns.add(measured("train_loss", History.Row::trainLoss));
    columns.add(measured("test_loss", History.Row::testLoss));
    columns.add(measured("train_accuracy", History.Row::trainAccuracy));
    columns.add(measured("test_accuracy", History.Row::testAccuracy));
    LongColumn memorised = LongColumn.create("train_99_epoch");
    LongColumn understood = LongColumn.create("test_99_epoch");
    rows.forEach(row -> append(memorised, row.memorised()));
    rows.forEach(row -> append(understood, row.understood()));
    columns.add(memorised);
    columns.add(understood);
    columns.add(measured("squared_norm", History.Row::squaredNorm));
    columns.add(measured("seconds", History.Row::seconds));
    columns.add(StringColumn.create("error", rows.stream().map(row -> row.error().orElse(""))));
    return Table.create("sweep", columns);
  }

  private Column<?> column(Field field) {
    List<String> texts = rows.stream().map(row -> plans.get(row.number()).text(field)).toList();
    switch (field.kind()) {
      case INT, LONG, LONG_OR_NULL:
        LongColumn whole = LongColumn.create(field.label());
        texts.forEach(
            text ->
                append(
                    whole,
                    text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text))));
        return whole;
      case DECIMAL:
        return DoubleColumn.create(
            field.label(), texts.stream().mapToDouble(Double::parseDouble).toArray());
      case SWITCH:
        BooleanColumn switches = BooleanColumn.create(field.label());
        texts.forEach(text -> switches.append(Boolean.parseBoolean(text)));
        return switches;
      default:
        return StringColumn.create(field.label(), texts);
    }
  }

  private DoubleColumn measured(String name, ToDoubleFunction<History.Row> value) {
    DoubleColumn column = DoubleColumn.create(name);
    for (RunResult row : rows) {
      if (row.last().isPresent()) {
        column.append(value.applyAsDouble(row.last().get()));
      } else {
        column.appendMissing();
      }
    }
    return column;
  }

  private static void append(LongColumn column, OptionalLong value) {
    if (value.isPresent()) {
      column.append(value.getAsLong());
    } else {
      column.appendMissing();
    }
  }

  /**
   * What results.csv holds: the columns of {@link #table}. Numbers are written with the fewest
   * digits that read back as the same double.
   */
  public String csv() {
    Table table = table();
    StringBuilder text = new StringBuilder();
    text.append(String.join(",", table.columnNames())).append('\n');
    for (int i = 0; i < table.rowCount(); i++) {
      StringJoiner line = new StringJoiner(",", "", "\n");
      for (Column<?> column : table.columns()) {
        line.add(column.isMissing(i) ? "" : quoted(String.valueOf(column.get(i))));
      }
      text.append(line);
    }
    return text.toString();
  }

  private static String quoted(String cell) {
    return cell.contains(",") || cell.contains("\"")
        ? '"' + cell.replace("\"", "\"\"") + '"'
        : cell;
  }

  /** How many runs are done, and how many failed. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "sweep: %,d of %,d runs done, %,d failed", done(), plans.size(), failed());
  }
}
