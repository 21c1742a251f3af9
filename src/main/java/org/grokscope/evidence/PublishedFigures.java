package org.grokscope.evidence;

import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.grokscope.claim.Binding;
import org.grokscope.claim.EvidenceFolder;
import org.grokscope.claim.Scale;
import org.grokscope.claim.TextTable;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * The numbers of papers beside ours. What is published stands in published-figures.csv, a line a
 * number, with a {@link Binding} that says where ours is read in the other files of evidence.
 */
final class PublishedFigures {
  private static final String FIGURES = "published-figures.csv";
  private static final List<String> COLUMNS =
      Stream.concat(
              Stream.of("paper", "place", "quantity", "published", "scale", "comparable"),
              Binding.CELLS.stream())
          .toList();

  private PublishedFigures() {}

  static EvidenceFile file() {
    return new DerivedFile(
        "published.csv",
        "Numbers that papers publish beside ours: mean over seeds, interval, ratio, and what"
            + " differs between the settings",
        PublishedFigure.HEADER,
        evidence ->
            lines(
                TextTable.shipped(PublishedFigures.class, FIGURES, List.of(COLUMNS)),
                EvidenceFolder.of(evidence.toString())));
  }

  /**
   * Reads figures.
   *
   * @throws IllegalArgumentException if the columns are others
   */
  static Table table(Reader csv) {
    return TextTable.read(csv, FIGURES, List.of(COLUMNS));
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
