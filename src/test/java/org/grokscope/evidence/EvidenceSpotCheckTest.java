package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.Controls;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.Metric;
import org.grokscope.series.Reading;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * The evidence beside what is measured now on one of its checkpoints, which is kept with it: a
 * measure that was changed since the evidence was made is found here.
 */
class EvidenceSpotCheckTest {
  private static final Path EVIDENCE = Path.of("notebooks", "evidence");
  private static final double SAME = 1e-6; // relative

  @Test
  void every_number_of_a_kept_checkpoint_is_measured_again() {
    Checkpoint checkpoint = Checkpoint.load(EVIDENCE.resolve("seed-1-step-040000.npz"));
    Controls controls = Controls.random(KeyFrequencies.of(checkpoint, KeyRule.ENERGY), 10, 1);
    Map<String, Double> now = new HashMap<>();
    for (Metric metric : Metric.all()) {
      for (Reading reading : metric.readings(checkpoint, controls)) {
        now.put(reading.metric() + "," + reading.part() + "," + reading.key(), reading.value());
      }
    }
    int compared = 0;
    for (Row row : rows()) {
      if (row.getString("experiment").equals("a+b mod 113")
          && row.getString("seed").equals("1")
          && row.getString("at").equals("last")) {
        String name =
            row.getString("metric") + "," + row.getString("part") + "," + row.getString("key");
        double then = Double.parseDouble(row.getString("value"));
        assertTrue(now.containsKey(name), name + " is not measured any more");
        assertEquals(then, now.get(name), Math.abs(then) * SAME, name);
        compared++;
      }
    }
    assertTrue(compared > 200, "compared " + compared);
  }

  private static Table rows() {
    return Table.read()
        .usingOptions(
            CsvReadOptions.builder(EVIDENCE.resolve("circuit.csv").toFile())
                .columnTypes(name -> ColumnType.STRING));
  }
}
