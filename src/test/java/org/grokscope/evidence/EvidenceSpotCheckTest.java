package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.claim.Evidence;
import org.grokscope.line.LineMeasures;
import org.grokscope.line.LineSubject;
import org.grokscope.model.Blas;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.model.SmallModels;
import org.grokscope.probe.KeyRule;
import org.grokscope.sweep.Engine;
import org.grokscope.sweep.Sweep;
import org.grokscope.task.LineBreaking;
import org.grokscope.train.Run;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The evidence beside what is measured now, of every family something that is quick to make again:
 * a measure that was changed since the evidence was made is found here. Most is measured on the
 * checkpoint that is kept with the evidence.
 */
@Tag("longer")
class EvidenceSpotCheckTest {
  private static final Path EVIDENCE = Path.of("notebooks", "evidence");
  private static final Path KEPT = EVIDENCE.resolve("seed-1-step-040000.npz");
  private static final double SAME = 1e-6; // relative

  /** Metrics that came after the evidence of round one. */
  private static final List<String> SINCE =
      List.of(
          ",accuracy.strangers,",
          ",neuron_energy_85,",
          ",wl_direction_fve.weighted,",
          ",attention_fve.keys,",
          ",removed.",
          ",distance_irrelevance,",
          ",gradient_symmetricity,");

  private static final String CORE = "Zen"; // of the machine that made the evidence

  @TempDir Path folder;

  @Test
  void every_metric_of_the_kept_checkpoint() throws IOException {
    Files.copy(KEPT, folder.resolve("step-040000.npz"));
    MeasuredRun measured =
        CircuitEvidence.measure(
            CheckpointStore.in(folder), List.of(40_000L), KeyRule.ENERGY, List.of(), 10);
    compare(
        "circuit.csv",
        measured.rows(),
        row -> row.contains(",last,") && SINCE.stream().noneMatch(row::contains),
        SAME,
        200);
  }

  @Test
  void confidence_of_the_kept_checkpoint() throws IOException {
    EvidenceRows rows = new EvidenceRows("a+b mod 113", 1);
    RoteEvidence.confidence(rows, "40000", Checkpoint.load(KEPT));
    compare("rote-confidence.csv", rows.toString(), row -> true, SAME, 6);
  }

  /** Until 99 % are known; the evaluations are ten steps apart, and rounding differs by machine. */
  @Test
  void fine_tuning_of_the_kept_checkpoint() throws IOException {
    KeptRuns runs = KeptRuns.inHome().in(folder);
    Checkpoint kept = Checkpoint.load(KEPT);
    MaskEvidence mask = new MaskEvidence(runs, kept, 1);
    long steps = mask.stepsUntilKnown(kept, mask.refusals());
    assertEquals(50, steps, 10);
    assertEquals(
        50, Evidence.read(EVIDENCE + "/mask.csv").of("refusing").at("learn").values("steps")[1]);
  }

  /** What a narrow model has whatever it has learnt, made by the whole recipe from nothing. */
  @Test
  void the_size_of_a_narrow_model_and_of_its_table() throws IOException {
    Path out = folder.resolve("narrow.csv");
    KeptRuns runs = KeptRuns.inHome().in(folder.resolve("runs")).quick();
    EvidenceFile.named("narrow-models").make(runs, out, line -> {});
    Evidence now = Evidence.read(out.toString()).at("last");
    Evidence then = Evidence.read(EVIDENCE + "/narrow-models.csv").at("last");
    for (String reading : List.of("parameters", "table_bits")) {
      assertEquals(then.values(reading)[0], now.values(reading)[0], reading);
    }
    assertEquals("[a+b mod 59, width 16]", now.experiments().toString());
  }

  /** A whole file, made from nothing. */
  @Test
  void the_untrained_models() throws IOException {
    Path out = folder.resolve("untrained.csv");
    EvidenceFile.named("circuit-untrained").make(KeptRuns.inHome().in(folder), out, line -> {});
    List<String> rows = Files.readAllLines(out);
    compare(
        "circuit-untrained.csv",
        String.join("\n", rows.subList(1, rows.size())),
        row -> true,
        SAME,
        1_000);
    assertEquals(Files.readAllLines(EVIDENCE.resolve("circuit-untrained.csv")).size(), rows.size());
  }

  /** How many counts stand on the curve hangs on the documents alone. */
  @Test
  void the_values_of_a_curve_of_lines() throws IOException {
    MeasuredRun measured = measured(LineBreaking.given(), "given", "raw_count");
    compare("lines.csv", measured.rows(), row -> row.contains(".values"), SAME, 1);
  }

  @Nested
  @Tag("endurance")
  @EnabledIfSystemProperty(
      named = "grokscope.endurance",
      matches = "\\d{3,}",
      disabledReason = "some minutes; `mvn -Pendurance verify` has them")
  class OfWholeTrainings {
    /** The ceiling hangs on the documents alone, so any model shows it. */
    @Test
    void the_ceiling_of_lines() throws IOException {
      MeasuredRun measured = measured(LineBreaking.inferred(), "inferred", "ceiling");
      compare("lines.csv", measured.rows(), row -> row.contains("bayes_ceiling"), SAME, 1);
    }

    @Test
    void a_narrow_model() throws IOException {
      requireSameProducts();
      Measurements file = (Measurements) EvidenceFile.named("narrow-models");
      MeasuredRun measured = file.pieces().get(0).measure().apply(KeptRuns.inHome().in(folder));
      compare("narrow-models.csv", measured.rows(), row -> true, SAME, 6);
    }

    @Test
    void the_price_of_a_margin() throws IOException {
      requireSameProducts();
      ObjectNode one = SweepTable.DECAY.description().deepCopy();
      one.withArray("/grid/weight_decay").removeAll().add(3);
      one.withArray("/grid/seed").removeAll().add(1);
      Run run = Sweep.parse(one.toString()).run(Engine.local(), folder).run(0);
      EvidenceRows rows = new EvidenceRows("a+b mod 31, decay 3", 1);
      CheaperEvidence.norms(rows, run, "last", run.last());
      compare("cheaper.csv", rows.toString(), row -> true, SAME, 6);
    }

    @Test
    void fine_tuning_and_what_it_changes() throws IOException {
      requireSameProducts();
      MaskEvidence mask = new MaskEvidence(KeptRuns.inHome().in(folder), Checkpoint.load(KEPT), 1);
      compare("mask.csv", mask.all(), row -> true, SAME, 140);
    }

    /** Thousands of steps end with the same bits on the same kind of core alone. */
    private void requireSameProducts() {
      assumeTrue(Blas.coreType().equals(CORE), "the evidence is of another core: " + CORE);
    }
  }

  /** Some measures of a model with random weights, on as many documents as the evidence. */
  private MeasuredRun measured(LineBreaking task, String experiment, String... measures) {
    EvidenceRows rows = new EvidenceRows(experiment, 0);
    try (ReferenceTransformer reader = SmallModels.randomReader(task)) {
      LineSubject model = LineSubject.of(task, reader, LineSubject.DOCUMENTS, 0);
      for (String measure : measures) {
        rows.addAll("last", 2_000, LineMeasures.named(measure).readings(model));
      }
    }
    return new MeasuredRun(experiment, rows.toString(), null);
  }

  private static void compare(
      String file, String rows, Predicate<String> chosen, double tolerance, int least)
      throws IOException {
    Map<String, Double> committed = new TreeMap<>();
    Files.readAllLines(EVIDENCE.resolve(file)).stream()
        .skip(1)
        .forEach(line -> committed.put(key(line), value(line)));
    int compared = 0;
    for (String row : rows.lines().filter(chosen).toList()) {
      assertTrue(committed.containsKey(key(row)), row + " is not in " + file);
      double then = committed.get(key(row));
      assertEquals(then, value(row), Math.abs(then) * tolerance, row);
      compared++;
    }
    assertTrue(compared >= least, "compared " + compared);
  }

  private static String key(String row) {
    return row.substring(0, row.lastIndexOf(',')).replace("\"", "");
  }

  private static double value(String row) {
    return Double.parseDouble(row.substring(row.lastIndexOf(',') + 1));
  }
}
