package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grokscope.claim.EvidenceFolder;
import org.grokscope.claim.RoundTwo;
import org.grokscope.sweep.Sweep;
import org.grokscope.sweep.SweepResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** Every committed file of evidence has a way in which it is made, and comes out as committed. */
class EvidenceFileTest {
  private static final Path EVIDENCE = Path.of("notebooks", "evidence");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final List<String> said = new ArrayList<>();

  private Path make(String name, KeptRuns runs) {
    Path out = folder.resolve(name + ".csv");
    EvidenceFile.named(name).make(runs.in(folder.resolve("runs")), out, said::add);
    return out;
  }

  @Test
  void every_file_that_is_committed_is_listed_once_and_no_other() throws IOException {
    List<String> listed = EvidenceFile.all().stream().map(EvidenceFile::file).sorted().toList();
    try (Stream<Path> files = Files.list(EVIDENCE)) {
      List<String> committed =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".csv") || file.endsWith(".npz"))
              .sorted()
              .toList();
      List<String> absent = listed.stream().filter(file -> !committed.contains(file)).toList();
      List<String> there = new ArrayList<>(listed);
      there.removeAll(absent);
      assertEquals(committed, there);
      assertTrue(waiting().containsAll(absent), absent + ", of which " + waiting() + " may wait");
    }
    for (EvidenceFile file : EvidenceFile.all()) {
      assertTrue(file.from().size() > 0 && file.takes().contains("about"), file.name());
    }
  }

  /** The files that lines of a registered experiment wait for. */
  private static Set<String> waiting() {
    return RoundTwo.experiments().waiting(EvidenceFolder.of(EVIDENCE.toString())).stream()
        .map(line -> line.binding().x().file() + ".csv")
        .collect(Collectors.toSet());
  }

  @Test
  void the_sweeps_are_those_of_the_committed_tables() throws IOException {
    int compared = 0;
    for (EvidenceFile file : EvidenceFile.all()) {
      if (file instanceof SweepTable table) {
        JsonNode committed = JSON.readTree(EVIDENCE.resolve(table.name() + ".json").toFile());
        assertEquals(
            Sweep.parse(committed.get("sweep").toString()).json(),
            Sweep.parse(table.description().toString()).json(),
            table.name());
        compared++;
      }
    }
    assertEquals(9, compared);
  }

  /** What a run is called holds everything that decides its numbers but the epochs. */
  @Test
  void a_sweep_from_nothing_has_the_committed_runs_and_columns() throws IOException {
    Path out = make("cheaper-random-labels", KeptRuns.inHome().quick());
    Table quick = SweepResults.read(out.toString());
    Table committed = SweepResults.read(EVIDENCE.resolve(out.getFileName()).toString());
    assertEquals(committed.columnNames(), quick.columnNames());
    for (String column : List.of("run", "random_label_seed", "seed", "state")) {
      assertEquals(committed.column(column).asList(), quick.column(column).asList(), column);
    }
    assertEquals(20, quick.longColumn("epochs_done").get(0));
    JsonNode json = JSON.readTree(folder.resolve("cheaper-random-labels.json").toFile());
    assertTrue(json.get("quick").asText().contains("at most 20 epochs"), json.toString());
  }

  @Test
  void a_training_from_nothing_begins_as_the_committed_history_does() throws IOException {
    Path out = make("rote-histories-97", KeptRuns.inHome().quick());
    List<String> quick = Files.readAllLines(out);
    List<String> committed = Files.readAllLines(EVIDENCE.resolve("rote-histories-97.csv"));
    assertEquals(committed.get(0), quick.get(0));
    assertEquals(4, quick.size(), "epochs 0, 10 and 20 of the first run");
    for (int line = 1; line < quick.size(); line++) {
      String[] then = committed.get(line).split(",");
      String[] now = quick.get(line).split(",");
      for (int i = 0; i < then.length; i++) {
        double value = Double.parseDouble(then[i]);
        assertEquals(value, Double.parseDouble(now[i]), 1e-4 * Math.abs(value), quick.get(line));
      }
    }
    JsonNode json = JSON.readTree(folder.resolve("rote-histories-97.json").toFile());
    assertEquals("a+b mod 97", json.at("/runs/0/task").asText());
    assertEquals(20, json.at("/runs/0/training/epochs").asLong());
    assertTrue(json.has("quick"));
    assertFalse(Files.exists(folder.resolve("rote-histories-97.unfinished.json")));
  }

  /** Two pieces; the second fails at first, as if the process died. */
  @Test
  void after_a_kill_it_goes_on_and_a_file_that_is_there_stays_until_all_is_measured()
      throws IOException {
    List<String> measured = new ArrayList<>();
    boolean[] dies = {true};
    Measurements file =
        new Measurements(
            "two.csv",
            "Two numbers",
            "about a second",
            EvidenceRows.HEADER,
            Map.of("controls", 3),
            List.of(
                new Measurements.Piece("a", 0, runs -> measured(measured, "a", 0.25)),
                new Measurements.Piece(
                    "b, of it",
                    7,
                    runs -> {
                      if (dies[0]) {
                        throw new IllegalStateException("killed");
                      }
                      return measured(measured, "b, of it", 0.5);
                    })),
            false);
    assertEquals(List.of("a, seed 0", "b, of it, seed 7"), file.from());
    Path out = folder.resolve("two.csv");
    Files.writeString(out, "before\n");
    KeptRuns runs = KeptRuns.inHome();
    assertThrows(IllegalStateException.class, () -> file.make(runs, out, said::add));
    assertEquals("before\n", Files.readString(out));
    dies[0] = false;
    file.make(runs, out, said::add);
    assertEquals(List.of("a", "b, of it"), measured, "each was measured once");
    assertTrue(
        said.contains(
            "two: going on after 1 of 2; without " + unfinished() + " all is" + " measured again"),
        said.toString());
    assertEquals(
        EvidenceRows.HEADER + "a,7,last,1,x,,,0.25\n\"b, of it\",7,last,1,x,,,0.5\n",
        Files.readString(out));
    JsonNode json = JSON.readTree(folder.resolve("two.json").toFile());
    assertEquals(3, json.get("controls").asInt());
    assertEquals("b, of it", json.at("/runs/1/run").asText());
    assertFalse(Files.exists(unfinished()));
    assertThrows(IllegalArgumentException.class, () -> file.make(runs.quick(), out, said::add));
  }

  private Path unfinished() {
    return folder.resolve("two.unfinished.json");
  }

  private static MeasuredRun measured(List<String> order, String experiment, double value) {
    order.add(experiment);
    EvidenceRows rows = new EvidenceRows(experiment, 7);
    rows.add("last", 1, "x", "", value);
    ObjectNode provenance = JSON.createObjectNode().put("run", experiment);
    return new MeasuredRun(experiment, rows.toString(), provenance);
  }

  @Test
  void what_is_not_made_here_is_refused_with_a_way_out() {
    refused("decay", "circus");
    refused("grokscope bench --save", "bench");
    String late =
        assertThrows(
                IllegalArgumentException.class,
                () -> make("compression", KeptRuns.inHome().quick()))
            .getMessage();
    assertTrue(late.contains("no quick scale"), late);
  }

  private void refused(String way, String name) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> make(name, KeptRuns.inHome()))
            .getMessage();
    assertTrue(message.contains(way), message);
  }
}
