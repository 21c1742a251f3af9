package org.grokscope.sweep;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.grokscope.train.History;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * What came of a sweep: a row a run that ended, in the order of the sweep. The columns are run (the
 * name of its folder in runs), every varied field, state (done or failed), epochs_done, the columns
 * of the history's last row, and error. Of a failed run there is its error alone.
 *
 * <p>On tables the history's are train_loss and test_loss (nats), train_accuracy, test_accuracy,
 * then train_99_epoch and test_99_epoch (first evaluation with 99 % right; the second is the grok;
 * empty if never), squared_norm and seconds (of training, all sessions together).
 */
public final class SweepResults {
  private static final String STATE = "state";
  private static final Set<String> EPOCHS =
      Set.of(RunResult.EPOCHS, RunResult.MEMORISED, RunResult.UNDERSTOOD);
  private static final List<String> LAST = List.of("squared_norm", "seconds");

  /** From run to state what was varied, then what was measured. */
  private static final Pattern COLUMNS =
      Pattern.compile("run,([^,]+,)*?state,epochs_done,([^,]+,)*squared_norm,seconds,error");

  private static final int MOST_CHARACTERS = 1 << 16; // of a cell

  private final Path folder;
  private final Path file;
  private final Shard shard;
  private final List<Field> varied;
  private final List<RunPlan> plans;
  private final List<RunResult> rows;

  /**
   * Results in a folder.
   *
   * @param plans of the whole sweep
   * @param rows of what has ended
   * @param shard of which they are, or null if of the whole sweep
   */
  SweepResults(
      SweepFolder folder,
      List<Field> varied,
      List<RunPlan> plans,
      List<RunResult> rows,
      Shard shard) {
    this.folder = folder.path();
    this.file = folder.resultsFile();
    this.shard = shard;
    this.varied = varied;
    this.plans = plans;
    this.rows = rows;
  }

  /**
   * Reads a results.csv, such as one kept as evidence, as the table that {@link #table} gave.
   *
   * @param file path of the CSV, from the notebook's folder
   * @throws UncheckedIOException if it cannot be read
   * @throws IllegalArgumentException if it has not the columns of a sweep, or a line is cut off
   */
  public static Table read(String file) {
    try {
      return parse(Files.readString(Path.of(file)), file);
    } catch (IOException e) {
      throw new UncheckedIOException("sweep: " + file + " cannot be read (" + e + ")", e);
    }
  }

  private static Table parse(String csv, String from) {
    String header = csv.lines().findFirst().orElse("");
    List<String> names = List.of(header.split(","));
    if (!COLUMNS.matcher(header).matches()) {
      throw new IllegalArgumentException(
          "sweep: got the columns %s in %s, expected what a sweep writes, from run to error"
              .formatted(names, from));
    }
    CsvReadOptions.Builder options =
        CsvReadOptions.builder(new StringReader(csv))
            .columnTypes(types(names))
            .maxCharsPerColumn(MOST_CHARACTERS)
            .tableName("sweep");
    try {
      return Table.read().usingOptions(options);
    } catch (RuntimeException e) { // the CSV reader has exceptions of its own
      throw new IllegalArgumentException(
          "sweep: got lines in %s that are no such CSV, expected what a sweep writes (%s); run it"
                  .formatted(from, String.valueOf(e.getMessage()).lines().findFirst().orElse(""))
              + " again",
          e);
    }
  }

  private static ColumnType[] types(List<String> names) {
    int state = names.indexOf(STATE);
    ColumnType[] types = new ColumnType[names.size()];
    for (int i = 0; i < types.length; i++) {
      String name = names.get(i);
      if (i == 0 || i == state || i == types.length - 1) {
        types[i] = ColumnType.STRING;
      } else if (i < state) {
        types[i] = Field.named(name).column();
      } else {
        types[i] = EPOCHS.contains(name) ? ColumnType.LONG : ColumnType.DOUBLE;
      }
    }
    return types;
  }

  /** Where the table is kept: results.csv of the sweep, or of its shard. */
  public Path file() {
    return file;
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
        .train(plan.task());
  }

  /** As a Tablesaw table. */
  public Table table() {
    return parse(csv(), "this sweep");
  }

  /**
   * What results.csv holds: the columns of {@link #table}. Numbers are written with the fewest
   * digits that read back as the same double.
   */
  public String csv() {
    Set<String> measured = measured();
    List<String> names = new ArrayList<>(List.of("run"));
    varied.forEach(field -> names.add(field.label()));
    names.addAll(List.of(STATE, RunResult.EPOCHS));
    names.addAll(measured);
    names.add("error");
    StringBuilder text = new StringBuilder(String.join(",", names)).append('\n');
    for (RunResult row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.run()));
      varied.forEach(field -> cells.add(plans.get(row.number()).text(field)));
      cells.add(row.state());
      cells.add(row.last().map(last -> String.valueOf(last.epoch())).orElse(""));
      measured.forEach(name -> cells.add(measured(row, name)));
      cells.add(row.error().orElse(""));
      text.append(cells.stream().map(SweepResults::quoted).collect(Collectors.joining(",")));
      text.append('\n');
    }
    return text.toString();
  }

  /** The names of what was measured: of tables always those of their history. */
  private Set<String> measured() {
    Set<String> names = new LinkedHashSet<>();
    if (plans.stream().anyMatch(plan -> plan.values().containsKey(Field.OPERATION))) {
      names.addAll(History.COLUMNS);
    }
    rows.forEach(row -> row.last().ifPresent(last -> names.addAll(last.columns())));
    boolean asks = names.containsAll(History.COLUMNS); // known and unknown questions
    names.remove("epoch");
    LAST.forEach(names::remove);
    if (asks) {
      names.addAll(List.of(RunResult.MEMORISED, RunResult.UNDERSTOOD));
    }
    names.addAll(LAST);
    return names;
  }

  private static String measured(RunResult row, String name) {
    return switch (name) {
      case RunResult.MEMORISED -> text(row.memorised());
      case RunResult.UNDERSTOOD -> text(row.understood());
      default ->
          row.last()
              .filter(last -> last.columns().contains(name))
              .map(last -> last.value(name))
              .filter(value -> !value.isNaN())
              .map(String::valueOf)
              .orElse("");
    };
  }

  private static String text(OptionalLong epoch) {
    return epoch.isPresent() ? String.valueOf(epoch.getAsLong()) : "";
  }

  private static String quoted(String cell) {
    return cell.contains(",") || cell.contains("\"")
        ? '"' + cell.replace("\"", "\"\"") + '"'
        : cell;
  }

  /** How many runs are done, and how many failed. */
  @Override
  public String toString() {
    int runs = shard == null ? plans.size() : shard.runs(plans).size();
    return String.format(
        Locale.ROOT,
        "sweep%s: %,d of %,d runs done, %,d failed",
        shard == null ? "" : ", shard " + shard,
        done(),
        runs,
        failed());
  }
}
