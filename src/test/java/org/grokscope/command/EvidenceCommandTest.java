package org.grokscope.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.checkpoint.NpyArray;
import org.grokscope.checkpoint.Npz;
import org.grokscope.claim.Evidence;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.Metric;
import org.grokscope.probe.Part;
import org.grokscope.probe.RestrictedLoss;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code grokscope evidence} on a run of two checkpoints of one small grokked model. */
class EvidenceCommandTest {
  private static final Path MODEL =
      Path.of("src/test/resources/org/grokscope/probe/add-29.npz"); // keys 3 and 7
  private static final String PROVENANCE =
      "{\"task\": \"a+b mod 29\", \"training\": {\"seed\": 5}}";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path run;

  @BeforeEach
  void a_run() throws IOException {
    run = Files.createDirectory(folder.resolve("run"));
    keep(0, PROVENANCE);
    keep(500, PROVENANCE);
  }

  private void keep(long epoch, String provenance) {
    LinkedHashMap<String, NpyArray> arrays = Checkpoint.load(MODEL).arrays();
    arrays.put("epoch", NpyArray.ofLong(epoch));
    arrays.put("provenance", NpyArray.ofString(provenance));
    Npz.write(CheckpointStore.in(run).path(epoch), arrays);
  }

  private int evidence(String... arguments) {
    return Grokscope.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(
            Stream.concat(Stream.of("evidence"), Arrays.stream(arguments)).toArray(String[]::new));
  }

  @Test
  void a_notebook_reads_what_the_metrics_give() {
    Path csv = folder.resolve("small.csv");
    assertEquals(0, evidence(run.toString(), "--out", csv.toString(), "--at", "0"), err::toString);
    assertTrue(err.toString().contains("a+b mod 29, seed 5: keys [3, 7]"), err.toString());

    Evidence all = Evidence.read(csv.toString()).of("a+b mod 29").seed(5);
    Checkpoint model = Checkpoint.load(MODEL);
    KeyFrequencies keys = KeyFrequencies.of(model, KeyRule.ENERGY);
    double restricted =
        new RestrictedLoss(RestrictedLoss.Projection.LOGITS, Part.TEST, keys)
            .measure(model)
            .get("restricted.logits[test]");
    for (String at : List.of("0", "last")) {
      Evidence moment = all.at(at);
      assertEquals(restricted, moment.values("restricted.logits[test]")[0]);
      assertEquals(2, moment.count("key_frequency.energy")[0]);
      assertEquals(10, moment.count("control.removed[test]")[0]);
      assertEquals(
          Metric.named("margin.min").readings(model).get(0).value(),
          moment.values("margin.min")[0]);
    }
    assertEquals(0, all.at("run").values("phase.in_order")[0]); // two equal checkpoints
  }

  @Test
  void says_beside_the_csv_how_each_run_came_to_be() throws IOException {
    Path csv = folder.resolve("small.csv");
    assertEquals(0, evidence(run.toString(), "--out", csv.toString(), "--controls", "2"));
    JsonNode json = new ObjectMapper().readTree(folder.resolve("small.json").toFile());
    assertEquals("energy", json.get("key_rule").asText());
    assertEquals(2, json.get("controls").asInt());
    assertEquals("a+b mod 29", json.at("/runs/0/task").asText());
    assertFalse(json.at("/java/version").isMissingNode());
  }

  @Test
  void what_cannot_be_measured_is_refused_and_nothing_is_written() {
    String csv = folder.resolve("small.csv").toString();
    refused("expected a folder", folder.resolve("absent").toString(), "--out", csv);
    refused("ends in .csv", run.toString(), "--out", folder.resolve("small.txt").toString());
    refused("expected at least 1", run.toString(), "--out", csv, "--controls", "0");
    refused("best", run.toString(), "--out", csv, "--key-rule", "best");
    keep(1000, "{}");
    refused("does not say its task and seed", run.toString(), "--out", csv);
    assertFalse(Files.exists(folder.resolve("small.csv")));
  }

  @Test
  void the_list_says_of_every_file_what_from_which_runs_and_how_long() {
    assertEquals(0, evidence("--list"));
    String list = out.toString();
    assertTrue(list.contains("circuit (circuit.csv)\n    Every metric of models"), list);
    assertTrue(
        list.contains("from a+b mod 113, 30 % of the pairs, 40,000 epochs, seeds 0, 1, 2, 3, 4"));
    assertTrue(list.contains("from given, 2,000 steps, seeds 0, 1, 2"), list);
    assertTrue(list.contains("takes about 2 hours of training"), list);
  }

  @Test
  void a_file_is_made_by_its_name_and_names_that_do_not_fit_are_refused() throws IOException {
    Path csv = folder.resolve("two.csv");
    String runs = folder.resolve("runs").toString();
    assertEquals(
        0,
        evidence("narrow-models", "--quick", "--runs", runs, "--out", csv.toString()),
        err::toString);
    Evidence made = Evidence.read(csv.toString()).of("a+b mod 59, width 16").at("last");
    assertEquals(4_592, made.values("parameters")[0]);
    assertTrue(out.toString().contains("written to " + csv), out.toString());
    refused("one of circuit", "circus", "--out", csv.toString());
    refused("one of circuit", "circuit", "circus");
    refused("start twice", "circuit", run.toString());
    refused("expected it with one", "decay", "rote", "--out", csv.toString());
    refused("ends in .npz", "seed-1-step-040000", "--out", csv.toString());
    refused("--list", "--out", csv.toString());
    refused("expected where the CSV", run.toString());
    refused("leave them out", run.toString(), "--quick", "--out", csv.toString());
    refused("leave them out", run.toString(), "--weights", runs, "--out", csv.toString());
    refused("got no folder", "published-weights", "--out", csv.toString());
    refused(
        "got " + run + " without published-decay-0.1.npz",
        "published-weights",
        "--weights",
        run.toString(),
        "--out",
        csv.toString());
  }

  private void refused(String message, String... arguments) {
    err.getBuffer().setLength(0);
    assertEquals(2, evidence(arguments));
    assertTrue(err.toString().contains(message), err.toString());
  }
}
