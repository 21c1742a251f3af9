package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.NpyArray;
import org.grokscope.checkpoint.Npz;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class MetricTest {
  private final Checkpoint addition = SmallModel.of(Operation.ADD);
  private final KeyFrequencies keys = KeyFrequencies.given(7, 2);

  /** Those of any table; {@link GroupSharesTest} has those of groups. */
  private static List<Metric> ofAnyTable() {
    return Metric.all().stream().filter(metric -> !metric.needs().contains(Need.GROUP)).toList();
  }

  @Test
  void the_catalogue_explains_every_metric() {
    assertEquals(72, Metric.all().size());
    for (Metric metric : Metric.all()) {
      assertEquals(metric, Metric.named(metric.name()));
      assertFalse(metric.formula().isBlank(), metric.name());
      assertFalse(metric.source().isBlank(), metric.name());
      assertTrue(metric.toString().startsWith(metric.name() + ": "));
      assertFalse(metric.needsControls() && !metric.needsKeys(), metric.name());
    }
    assertTrue(refusal(() -> Metric.named("los")).contains("got 'los', expected one of loss, "));
  }

  @Test
  void every_reading_is_finite_and_bears_its_metric() {
    Controls controls = Controls.random(keys, 2, 0);
    for (Metric metric : ofAnyTable()) {
      List<Reading> readings = metric.readings(addition, controls);
      boolean mayBeEmpty = // no frequency by some rule; no neuron of a single frequency
          metric.name().startsWith("key_frequency.") || metric.name().endsWith(".single");
      assertTrue(!readings.isEmpty() || mayBeEmpty, metric.name());
      Set<String> columns = new java.util.TreeSet<>();
      for (Reading reading : readings) {
        assertEquals(metric.name(), reading.metric());
        assertTrue(Double.isFinite(reading.value()), reading.toString());
        assertTrue(columns.add(reading.column()), reading.column() + " stands twice");
      }
    }
  }

  @Test
  void probes_have_the_columns_of_the_readings_and_lasting_identities() {
    Probe loss = Metric.named("loss").probe();
    assertEquals(
        List.of("loss[train]", "loss[test]", "loss[all]"),
        new ArrayList<>(loss.measure(addition).keySet()));
    assertEquals("loss v1", loss.identity().orElseThrow());
    assertEquals("loss v1", Metric.named("loss").probe(keys).identity().orElseThrow());
    Metric restricted = Metric.named("restricted.logits");
    assertEquals(
        "restricted.logits v1, keys 2 of p = 7", restricted.probe(keys).identity().orElseThrow());
    Controls controls = Controls.random(keys, 2, 0);
    assertEquals(restricted.probe(keys).identity(), restricted.probe(controls).identity());
    assertEquals(
        "control.kept v1, keys 2 of p = 7, beside "
            + controls.sets().get(0).text()
            + " "
            + controls.sets().get(1).text(),
        Metric.named("control.kept").probe(controls).identity().orElseThrow());
    assertEquals("accuracy v1 and loss v1", new LossAndAccuracy().identity().orElseThrow());
    assertTrue(
        controls
            .identity()
            .orElseThrow()
            .startsWith("key.kept v1, key.removed v1, control.kept v"));
    Metric along = restricted.along(Circle.SUM);
    assertEquals(
        "restricted.logits v1, keys 2 of p = 7, along a+b",
        along.probe(keys).identity().orElseThrow());
    assertEquals(along.probe(keys).identity(), restricted.probe(keys.along(Circle.SUM)).identity());
    assertEquals(
        "wl_gini v1, along a*b",
        Metric.named("wl_gini").along(Circle.PRODUCT).probe().identity().orElseThrow());
  }

  @Test
  void probes_of_a_notebook_pick_their_column() {
    Map<String, Double> all =
        Metric.columns(Metric.named("restricted.mlp").readings(addition, keys));
    RestrictedLoss demo = RestrictedLoss.demo(keys);
    assertEquals(
        Map.of("restricted.mlp[test]", all.get("restricted.mlp[test]")), demo.measure(addition));
    assertEquals(Set.of("restricted.logits[all]"), columns(RestrictedLoss.published(keys)));
    assertEquals(Set.of("excluded.logits[train]"), columns(ExcludedLoss.published(keys)));
    assertEquals(Set.of("excluded.single[train][2]"), columns(ExcludedLoss.publishedSingle(keys)));
    assertEquals(Set.of("excluded.mlp[train]"), columns(ExcludedLoss.demo(keys)));
    assertEquals(Set.of("embedding_gini"), columns(new Gini(Gini.Matrix.EMBEDDING)));
    assertEquals(Set.of("wl_gini"), columns(new Gini(Gini.Matrix.NEURON_LOGIT_MAP)));
    assertEquals(6, columns(new LossAndAccuracy()).size());
    assertEquals(12, columns(new WeightNorm()).size());
    assertEquals(12, columns(Controls.random(keys, 1, 0)).size());
    List<Probe> probes =
        List.of(
            RestrictedLoss.demo(keys),
            RestrictedLoss.published(keys),
            new RestrictedLoss(RestrictedLoss.Projection.LOGITS, Part.TEST, keys),
            RestrictedLoss.published(KeyFrequencies.given(7, 3)),
            ExcludedLoss.published(keys),
            ExcludedLoss.publishedSingle(keys),
            new Gini(Gini.Matrix.EMBEDDING),
            new LossAndAccuracy(),
            new WeightNorm(),
            Controls.random(keys, 1, 0));
    assertEquals(
        probes.size(),
        probes.stream().map(probe -> probe.identity().orElseThrow()).distinct().count());
  }

  @Test
  void squared_norms_are_sums_of_squares() {
    double total = 0;
    for (Reading reading : Metric.named("squared_norm").readings(addition)) {
      if (reading.key().equals("total")) {
        org.grokscope.TensorAssert.assertClose("total", total, reading.value(), 1e-14, 0);
        org.grokscope.TensorAssert.assertClose(
            "total", addition.parameters().squaredNorm(), reading.value(), 1e-12, 0);
      }
      total += reading.value();
    }
  }

  @Test
  void what_has_to_be_given_is_asked_for() {
    assertTrue(
        refusal(() -> Metric.named("excluded.logits").readings(addition))
            .contains("excluded.logits: got no key frequencies"));
    assertTrue(refusal(() -> Metric.named("fit.loss").probe()).contains("KeyFrequencies.of"));
    assertTrue(
        refusal(() -> Metric.named("control.kept").readings(addition, keys))
            .contains("Controls.random"));
    assertTrue(
        refusal(() -> Metric.named("key_frequency.energy").probe()).contains("no fixed columns"));
    String other =
        refusal(() -> Metric.named("fit.loss").readings(addition, KeyFrequencies.given(11, 2)));
    assertTrue(other.contains("p = 11 for a checkpoint of p = 7"), other);
  }

  @Test
  void measures_that_ask_for_no_sum_work_for_any_labels() {
    List<OperationTable> others =
        List.of(
            OperationTable.of(Operation.SUM_OF_SQUARES, 7),
            OperationTable.of(Operation.DIVIDE, 7),
            OperationTable.of(Operation.ADD, 7).withRandomLabels(0),
            OperationTable.of(Operation.MULTIPLY, 9));
    for (OperationTable task : others) {
      Checkpoint checkpoint = SmallModel.of(SmallModel.SHAPE, task);
      KeyFrequencies given = KeyFrequencies.given(task.p(), 2);
      List<String> refusing = new ArrayList<>();
      for (Metric metric : ofAnyTable()) {
        if (metric.refusal(checkpoint).isPresent()) {
          refusing.add(metric.name());
        } else {
          metric.readings(checkpoint, given).forEach(r -> assertTrue(Double.isFinite(r.value())));
        }
      }
      assertEquals(
          List.of(
              "key_frequency.energy",
              "restricted.logits",
              "restricted.mlp",
              "excluded.single",
              "excluded.logits",
              "excluded.mlp",
              "excluded.mlp_bias",
              "excluded.cosine",
              "fit.alpha",
              "fit.fve.raw",
              "fit.fve.global",
              "fit.fve.per_class",
              "fit.fve.per_input",
              "fit.fve.double",
              "fit.fve.waves",
              "fit.loss",
              "wl_direction_fve",
              "wl_direction_fve.weighted",
              "margin.ideal",
              "wave.right",
              "wave.wrong",
              "key.kept",
              "key.removed",
              "control.kept",
              "control.removed",
              "distance_irrelevance"),
          refusing);
      String message = refusal(() -> Metric.named("fit.alpha").readings(checkpoint, given));
      assertTrue(message.startsWith("fit.alpha: got labels of no circle, expected those"), message);
      assertTrue(
          refusal(() -> KeyFrequencies.of(checkpoint, KeyRule.ENERGY)).contains("of no circle"));
    }
  }

  @Test
  void every_metric_works_along_a_named_circle() {
    Controls controls = Controls.random(KeyFrequencies.given(7, 2).along(Circle.SUM), 2, 0);
    for (Operation operation : List.of(Operation.SUM_OF_SQUARES, Operation.DIVIDE)) {
      Checkpoint other = SmallModel.of(operation);
      for (Metric metric : ofAnyTable()) {
        List<Reading> readings = metric.along(Circle.SUM).readings(other, controls);
        readings.forEach(r -> assertTrue(Double.isFinite(r.value()), r.toString()));
        // keys of a named circle bring it along
        assertEquals(readings, metric.needsKeys() ? metric.readings(other, controls) : readings);
      }
    }
    for (Metric metric : ofAnyTable()) { // the task's own circle, named
      List<Reading> own = metric.readings(addition, Controls.random(keys, 2, 0));
      assertEquals(own, metric.along(Circle.SUM).readings(addition, controls), metric.name());
    }
    String two =
        refusal(() -> Metric.named("fit.loss").along(Circle.PRODUCT).readings(addition, controls));
    assertTrue(two.contains("got keys along a+b for a measure along a*b"), two);
    Checkpoint nine = SmallModel.of(SmallModel.SHAPE, OperationTable.of(Operation.MULTIPLY, 9));
    Metric gini = Metric.named("embedding_gini");
    assertTrue(gini.along(Circle.PRODUCT).refusal(nine).orElseThrow().contains("expected a prime"));
    assertEquals(Metric.named("loss"), Metric.named("loss").along(Circle.SUM));
  }

  /** The same model beside answers that it was never taught. */
  @Test
  void losses_along_a_named_circle_are_of_the_checkpoint_s_own_answers() {
    Checkpoint control = ClockModel.of(Operation.ADD).checkpoint; // of a+b mod 13
    KeyFrequencies along = KeyFrequencies.given(13, 2, 5).along(Circle.SUM);
    Checkpoint shuffled =
        Checkpoint.of(
            OperationTable.of(Operation.ADD, 13).withRandomLabels(1).split(0.5, 0),
            control.config(),
            control.parameters(),
            0,
            "{}");
    double chance = Metric.named("accuracy").readings(shuffled).get(2).value();
    assertTrue(chance < 0.2, () -> "accuracy " + chance);
    assertEquals(chance, Metric.named("key.kept").readings(shuffled, along).get(2).value());
    // what asks for no answer is the same, what asks for one is not
    for (String same : List.of("fit.alpha", "fit.fve.double", "margin.ideal", "wl_residual")) {
      assertEquals(
          Metric.named(same).readings(control, along),
          Metric.named(same).readings(shuffled, along));
    }
    for (String other : List.of("restricted.logits", "fit.loss", "wave.right", "key.kept")) {
      assertNotEquals(
          Metric.named(other).readings(control, along),
          Metric.named(other).readings(shuffled, along));
    }
  }

  @Test
  void an_even_modulus_has_no_fourier_measures() {
    Checkpoint even = SmallModel.of(SmallModel.SHAPE, OperationTable.of(Operation.ADD, 8));
    String message = refusal(() -> Metric.named("embedding_norm").readings(even));
    assertTrue(message.contains("embedding_norm: got p = 8, expected an odd p"), message);
    assertEquals(3, Metric.named("loss").readings(even).size());
    assertTrue(refusal(() -> KeyFrequencies.of(even, KeyRule.ENERGY)).contains("p = 8"));
  }

  @Test
  void what_is_no_table_of_pairs_is_told_from_one() {
    Checkpoint three = SmallModel.of(SmallModel.SHAPE, OperationTable.sum(3, 5));
    assertEquals(Optional.empty(), Metric.named("loss").refusal(three));
    assertEquals(
        Optional.of("got a table of 3 operands, expected one of two, a and b"),
        Metric.named("embedding_norm").refusal(three));
    LineBreaking task = LineBreaking.plainNewline();
    ModelConfig config = ModelConfig.of(ModelShape.lines(task), task, 0);
    Checkpoint lines = Checkpoint.of(task, config, Parameters.initial(config, 0), 0, "{}");
    assertEquals(Optional.empty(), Metric.named("squared_norm").refusal(lines));
    for (String metric : List.of("loss", "embedding_norm", "neuron_fraction_85")) {
      assertEquals(
          Optional.of("got a model that learnt from no table of questions, expected one that did"),
          Metric.named(metric).refusal(lines));
    }
  }

  @Test
  void a_metric_says_what_it_is() {
    for (Executable wrong :
        List.<Executable>of(
            () -> Metric.number(" ", 1, "f", "s", Set.of(), subject -> 0),
            () -> Metric.number("n", 0, "f", "s", Set.of(), subject -> 0),
            () -> Metric.number("n", 1, "", "s", Set.of(), subject -> 0))) {
      assertTrue(refusal(wrong).contains("expected texts and a version from 1 on"));
    }
    Metric unasked = Metric.number("n", 1, "f", "s", Set.of(), subject -> subject.keys().size());
    String message =
        assertThrows(NullPointerException.class, () -> unasked.readings(addition, keys))
            .getMessage();
    assertTrue(message.contains("has to need KEYS"), message);
  }

  @Test
  void files_with_nan_or_without_train_pairs_are_refused(@TempDir Path folder) throws IOException {
    LinkedHashMap<String, NpyArray> arrays = addition.arrays();
    NpyArray bias = arrays.get("b_in");
    float[] values = bias.floats();
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      values[3] = bad;
      arrays.put("b_in", NpyArray.ofFloats(values, values.length));
      String message = refusalOfFile(folder.resolve("bad.npz"), arrays);
      assertTrue(message.contains("b_in: got " + bad), message);
    }
    arrays.put("b_in", bias);
    arrays.remove("train_pairs");
    String message = refusalOfFile(folder.resolve("lacking.npz"), arrays);
    assertTrue(message.contains("train_pairs: missing"), message);
  }

  private static String refusalOfFile(Path file, LinkedHashMap<String, NpyArray> arrays) {
    Npz.write(file, arrays);
    return assertThrows(CheckpointException.class, () -> Checkpoint.load(file)).getMessage();
  }

  private Set<String> columns(Probe probe) {
    Map<String, Double> measured = probe.measure(addition);
    assertNotEquals(0, measured.size());
    return measured.keySet();
  }

  private static String refusal(Executable action) {
    return assertThrows(IllegalArgumentException.class, action).getMessage();
  }
}
