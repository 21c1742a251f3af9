package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.grokscope.claim.Evidence;
import org.grokscope.series.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingsCsvTest {
  @Test
  void a_key_with_a_comma_is_quoted_and_read_back_as_evidence(@TempDir Path folder)
      throws Exception {
    String cells = ReadingsCsv.cells(new Reading("steer.names", "", "random 6-D, 1", 0.25));
    assertEquals("steer.names,,\"random 6-D, 1\",0.25", cells);
    Path file = folder.resolve("lines.csv");
    Files.writeString(
        file, "experiment,seed,at,epoch,metric,part,key,value\nbox,0,last,2500," + cells + "\n");
    assertArrayEquals(
        new double[] {0.25},
        Evidence.read(file.toString()).of("box").values("steer.names[random 6-D, 1]"));
  }
}
