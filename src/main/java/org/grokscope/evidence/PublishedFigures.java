package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.grokscope.claim.Binding;
import org.grokscope.claim.EvidenceFolder;
import org.grokscope.claim.Scale;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * The numbers of papers beside ours. What is published stands in published-figures.csv, a line a
 * number, with a {@link Binding} that says where ours is read in the other files of evidence.
 */
record PublishedFigures() implements EvidenceFile {
  private static final String FIGURES = "published-figures.csv";
  private static final List<String> COLUMNS =
      Stream.concat(
              Stream.of("paper", "place", "quantity", "published", "scale", "comparable"),
              Binding.CELLS.stream())
          .toList();

  @Override
  public String file() {
    return "published.csv";
  }

  @Override
  public String holds() {
    return "Numbers that papers publish beside ours: mean over seeds, interval, ratio, and what"
        + " differs between the settings";
  }

  @Override
  public List<String> from() {
    return List.of("no run: the other files of notebooks/evidence, make them first");
  }

  @Override
  public String takes() {
    return "about a second";
  }

  @Override
  public void make(KeptRuns runs, Path out, Consumer<String> say) {
    runs.requireWhole(this, "nothing is trained for it");
    if (!Files.isDirectory(FOLDER)) {
      throw new IllegalArgumentException(
          "evidence: no " + FOLDER + " here to read our numbers from; start it in a checkout");
    }
    List<String> lines = lines(shipped(), EvidenceFolder.of(FOLDER.toString()));
    EvidenceTable.write(
        out,
        PublishedFigure.HEADER,
        List.of(
            new MeasuredRun(
                lines.size() + " figures",
                String.join("", lines),
                new ObjectMapper().valueToTree(Map.of("figures", FIGURES)))),
        Map.of());
    say.accept(name() + ": " + lines.size() + " figures");
  }

  private static Table shipped() {
    try (InputStream bytes = PublishedFigures.class.getResourceAsStream(FIGURES)) {
      return table(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("read " + FIGURES + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads figures.
   *
   * @throws IllegalArgumentException if the columns are others
   */
  static Table table(Reader csv) {
    Table table =
        Table.read()
            .usingOptions(
                CsvReadOptions.builder(csv)
                    .missingValueIndicator("")
                    .columnTypes(name -> ColumnType.STRING)
                    .build());
    if (!table.columnNames().equals(COLUMNS)) {
      throw new IllegalArgumentException(
          FIGURES + ": got the columns " + table.columnNames() + ", expected " + COLUMNS);
    }
    return table;
  }

  /**
   * The lines of the table of comparisons, without its header.
   *
   * @param folder of the evidence
   * @throws IllegalArgumentException if a line is none, or names what is not there; the message
   *     names the line
   */
  static List<String> lines(Table figures, EvidenceFolder folder) {
    return figures.stream().map(row -> line(row, folder)).toList();
  }

  private static String line(Row row, EvidenceFolder folder) {
    try {
      return figure(row).row(folder);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new IllegalArgumentException(
          FIGURES + ", line " + (row.getRowNumber() + 2) + ": " + e.getMessage(), e);
    }
  }

  private static PublishedFigure figure(Row row) {
    List<String> cells = Binding.CELLS.stream().map(row::getString).toList();
    return new PublishedFigure(
        row.getString("paper"),
        row.getString("place"),
        row.getString("quantity"),
        row.getString("published"),
        Scale.named(row.getString("scale")),
        row.getString("comparable"),
        cells.stream().allMatch(String::isEmpty)
            ? Optional.empty()
            : Optional.of(Binding.of(cells)));
  }
}
