package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grokscope.claim.Binding;
import org.grokscope.claim.Criterion;
import org.grokscope.claim.RoundTwo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class PlateauEvidenceTest {
  @TempDir Path folder;

  /** A line that reads what its file never has would wait for ever. */
  @Test
  void every_line_that_is_registered_finds_its_number() throws IOException {
    List<String> rows = made();
    int lines = 0;
    for (Criterion line : RoundTwo.experiments().criteria()) {
      Binding.Side side = line.binding().x();
      if (side.file().equals("rote-plateau")) {
        String reading = side.reading().replace("[", ",").replace("]", ",,");
        String start = ReadingsCsv.quoted(side.experiment()) + ",20," + side.moment() + ",20,";
        assertEquals(
            1,
            rows.stream().filter(row -> row.startsWith(start + reading)).count(),
            start + reading);
        lines++;
      }
    }
    assertTrue(lines > 0);
  }

  @Test
  void bits_are_what_the_loss_saves_of_a_table() throws IOException {
    Table rows = Table.read().csv(folder.resolve(write()).toFile());
    Table wide =
        rows.where(
            rows.stringColumn("experiment").isEqualTo("random labels, width 32, 3,132 pairs"));
    double loss =
        wide.where(wide.stringColumn("metric").isEqualTo("loss")).doubleColumn("value").get(0);
    double told =
        wide.where(wide.stringColumn("metric").isEqualTo("bits_per_parameter"))
            .doubleColumn("value")
            .get(0);
    int parameters = 60 * 32 + 3 * 32 + 4 * 32 * 32 + 2 * 32 * 96 + 96 + 32 + 32 * 60;
    double expected = 3_132 * (Math.log(59) - loss) / Math.log(2) / parameters;
    assertEquals(expected, told, 0.02 * Math.abs(expected));
  }

  private List<String> made() throws IOException {
    return Files.readAllLines(write());
  }

  private Path write() {
    Path out = folder.resolve("rote-plateau.csv");
    PlateauEvidence.file()
        .make(KeptRuns.inHome().in(folder.resolve("runs")).quick(), out, line -> {});
    return out;
  }
}
