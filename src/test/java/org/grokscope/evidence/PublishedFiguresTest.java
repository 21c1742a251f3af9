package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.grokscope.claim.EvidenceFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** published.csv from the committed evidence, and its lines on numbers counted by hand. */
class PublishedFiguresTest {
  private static final String COLUMNS =
      "paper,place,quantity,published,scale,comparable,file,experiment,moment,reading,reducer,"
          + "formula\n";

  @TempDir Path folder;

  @BeforeEach
  void three_seeds() throws IOException {
    EvidenceRows rows = new EvidenceRows("three seeds", 0);
    EvidenceRows second = new EvidenceRows("three seeds", 1);
    EvidenceRows third = new EvidenceRows("three seeds", 2);
    rows.add("last", 1, "x", "", 1);
    second.add("last", 1, "x", "", 2);
    third.add("last", 1, "x", "", 3);
    Files.writeString(folder.resolve("own.csv"), EvidenceRows.HEADER + rows + second + third);
  }

  private List<String> lines(String... figures) {
    return PublishedFigures.lines(
        PublishedFigures.table(new StringReader(COLUMNS + String.join("\n", figures) + "\n")),
        EvidenceFolder.of(folder.toString()));
  }

  @Test
  void the_committed_evidence_gives_the_committed_file() throws IOException {
    Path out = folder.resolve("published.csv");
    EvidenceFile.named("published").make(KeptRuns.inHome(), out, said -> {});
    assertEquals(
        Files.readString(EvidenceFile.FOLDER.resolve("published.csv")),
        Files.readString(out),
        "make it again: environment/grokscope evidence published");
  }

  @Test
  void each_figure_stands_once_with_its_source_and_what_differs() throws IOException {
    Table table =
        Table.read()
            .usingOptions(
                CsvReadOptions.builder(EvidenceFile.FOLDER.resolve("published.csv").toFile())
                    .missingValueIndicator("")
                    .columnTypes(name -> ColumnType.STRING)
                    .build());
    Set<String> seen = new HashSet<>();
    Set<String> papers = new HashSet<>();
    for (Row row : table) {
      papers.add(row.getString("paper"));
      String line = "line " + (row.getRowNumber() + 2);
      String figure = row.getString("quantity") + row.getString("place") + row.getString("where");
      assertTrue(seen.add(figure), line + " says what another says");
      assertEquals(
          row.getString("where").isEmpty(), row.getString("own").isEmpty(), line + " has no place");
    }
    assertEquals(
        Set.of(
            "Nanda et al. 2023",
            "Varma et al. 2023",
            "Zhong et al. 2023",
            "Prieto et al. 2025",
            "Morris et al. 2025"),
        papers);
  }

  /** Mean 2, deviation 1: the interval is 2 ± 4.30265 / √3. */
  @Test
  void a_number_has_a_ratio_a_range_and_nothing_have_within() {
    String start = "A 2023,Table 1,";
    String end = ",same,own,three seeds,last,x,value,";
    assertEquals(
        List.of(
            start + "a,4,2,3,-0.484138,4.48414,0.5,,same,own; three seeds; last; x; value; x\n",
            start
                + "b,1 to 2,2,3,-0.484138,4.48414,,yes,same,own; three seeds; last; x; value; x\n",
            start
                + "c,3e-4 to 0.5,2,3,-0.484138,4.48414,,no,same,"
                + "own; three seeds; last; x; value; x\n",
            start + "d,0,2,3,-0.484138,4.48414,,no,same,own; three seeds; last; x; value; x\n",
            start + "e,7,,,,,,,\"none, yet\",\n"),
        lines(
            start + "a,4,linear" + end,
            start + "b,1 to 2,linear" + end,
            start + "c,3e-4 to 0.5,linear" + end,
            start + "d,0,linear" + end,
            start + "e,7,linear,\"none, yet\",,,,,,"));
  }

  @Test
  void one_seed_has_no_interval_and_a_small_number_an_exponent() throws IOException {
    Files.writeString(folder.resolve("one.csv"), EvidenceRows.HEADER + "a,0,last,1,x,,,1.5E-7\n");
    assertEquals(
        List.of("A,1,a,3e-7,1.5e-7,1,,,0.5,,same,one; a; last; x; value; x\n"),
        lines("A,1,a,3e-7,log,same,one,a,last,x,value,"));
  }

  @Test
  void a_line_that_is_none_or_names_what_is_not_there_is_named() {
    String good = "A,1,a,4,linear,same,own,three seeds,last,x,value,";
    refused("line 3: evidence own: there is no y", good, good.replace(",x,", ",y,"));
    refused("line 2: evidence own: got the experiment 'two seeds'", good.replace("three", "two"));
    refused("line 2: java.io.IOException: evidence: there is no file", good.replace("own", "no"));
    refused("line 2: reducer: got 'median'", good.replace("value", "median"));
    refused("line 2: got 'about 4' as published", good.replace("4", "about 4"));
    refused("line 2: got '4 to 3' as published", good.replace("4", "4 to 3"));
    refused("line 2: scale: got 'square'", good.replace("linear", "square"));
    refused("line 2: got an empty cell", good.replace("same", ""));
    String columns =
        assertThrows(
                IllegalArgumentException.class,
                () -> PublishedFigures.table(new StringReader("paper,place\na,b\n")))
            .getMessage();
    assertTrue(columns.contains("expected [paper, place, quantity"), columns);
  }

  private void refused(String expected, String... figures) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> lines(figures)).getMessage();
    assertTrue(message.startsWith("published-figures.csv, " + expected), message);
  }
}
