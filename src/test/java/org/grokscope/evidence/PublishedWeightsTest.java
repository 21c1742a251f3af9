package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.claim.Evidence;
import org.grokscope.probe.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of published-weights.csv, on one small model in the place of the three. */
class PublishedWeightsTest {
  private static final Path MODEL = Path.of("src/test/resources/org/grokscope/probe/add-29.npz");
  private static final List<String> NAMES =
      List.of("published-decay-0.1", "published-low-precision", "published-no-decay");

  @TempDir Path folder;

  private Path out() {
    return folder.resolve("published-weights.csv");
  }

  private void make(KeptRuns runs) {
    new PublishedWeights().make(runs, out(), said -> {});
  }

  @Test
  void each_model_is_measured_once_by_every_metric() throws IOException {
    for (String name : NAMES) {
      Files.copy(MODEL, folder.resolve(name + ".npz"));
    }
    make(KeptRuns.inHome().withWeights(folder));
    Evidence made = Evidence.read(out().toString());
    assertEquals(NAMES, made.experiments());
    Checkpoint model = Checkpoint.load(MODEL);
    for (String name : NAMES) {
      Evidence last = made.of(name).at("last").seed(0);
      assertEquals(
          Metric.named("margin.min").readings(model).get(0).value(), last.values("margin.min")[0]);
      assertEquals(2, last.count("key_frequency.energy")[0], "keys 3 and 7");
      assertEquals(10, last.count("control.removed[test]")[0]);
    }
    assertArrayEquals(
        new double[] {107_790, 50_000, 4_999}, made.at("last").values("epoch"), "as published");
    JsonNode json = new ObjectMapper().readTree(folder.resolve("published-weights.json").toFile());
    assertEquals("energy", json.get("key_rule").asText());
    assertEquals("published-no-decay.npz", json.at("/runs/2/weights").asText());
    assertTrue(json.at("/runs/2/source").asText().endsWith("mod_addition_no_wd.pth"));
    assertTrue(json.at("/runs/2/sha256").asText().matches("[0-9a-f]{64}"));
    assertFalse(json.toString().contains(folder.toString()), "no path of this machine");
  }

  @Test
  void no_folder_and_a_folder_that_lacks_a_file_are_refused_with_where_they_come_from()
      throws IOException {
    String none = refused(KeptRuns.inHome());
    assertTrue(none.startsWith("weights: got no folder, expected a folder with"), none);
    assertTrue(none.contains("progress-measures-paper") && none.contains("--weights DIR"), none);
    Files.copy(MODEL, folder.resolve(NAMES.get(0) + ".npz"));
    String one = refused(KeptRuns.inHome().withWeights(folder));
    assertTrue(
        one.startsWith(
            "weights: got "
                + folder
                + " without published-low-precision.npz, published-no-decay.npz, expected"),
        one);
    assertTrue(refused(KeptRuns.inHome().quick()).contains("no quick scale"));
    assertFalse(Files.exists(out()));
  }

  private String refused(KeptRuns runs) {
    return assertThrows(IllegalArgumentException.class, () -> make(runs)).getMessage();
  }
}
