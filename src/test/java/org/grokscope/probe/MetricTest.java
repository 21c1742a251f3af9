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
import java.util.Set;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.NpyArray;
import org.grokscope.checkpoint.Npz;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;
import org.grokscope.task.ModularTask;
import org.grokscope.task.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class MetricTest {
  private final Checkpoint addition = SmallModel.of(Operation.ADD);
  private final KeyFrequencies keys = KeyFrequencies.given(7, 2);

  @Test
  void the_catalogue_explains_every_metric() {
    assertEquals(53, Metric.all().size());
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
    for (Metric metric : Metric.all()) {
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
  void other_operations_have_losses_norms_and_margins_only() {
    List<ModularTask> others =
        List.of(
            ModularTask.of(Operation.SUM_OF_SQUARES, 7),
            ModularTask.of(Operation.DIVIDE, 7),
            ModularTask.of(Operation.ADD, 7).withRandomLabels(0),
            ModularTask.of(Operation.MULTIPLY, 9));
    for (ModularTask task : others) {
      Checkpoint checkpoint = SmallModel.of(SmallModel.SHAPE, task);
      List<String> working = new ArrayList<>();
      for (Metric metric : Metric.all()) {
        if (metric.refusal(checkpoint).isEmpty()) {
          working.add(metric.name());
          metric.readings(checkpoint).forEach(r -> assertTrue(Double.isFinite(r.value())));
        }
      }
      assertEquals(
          List.of(
              "loss",
              "accuracy",
              "squared_norm",
              "wl_rank_2pct",
              "attention_to_equals",
              "margin.min",
              "margin.mean"),
          working);
      String message = refusal(() -> Metric.named("embedding_gini").readings(checkpoint));
      assertTrue(message.contains("not those of a+b, a-b or (p prime) a*b"), message);
    }
  }

  @Test
  void an_even_modulus_has_no_fourier_measures() {
    Checkpoint even = SmallModel.of(SmallModel.SHAPE, ModularTask.of(Operation.ADD, 8));
    String message = refusal(() -> Metric.named("embedding_norm").readings(even));
    assertTrue(message.contains("embedding_norm: Fourier measures: got p = 8"), message);
    assertEquals(3, Metric.named("loss").readings(even).size());
    assertTrue(refusal(() -> KeyFrequencies.of(even, KeyRule.ENERGY)).contains("p = 8"));
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
