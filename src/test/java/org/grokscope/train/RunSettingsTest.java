package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.ShapeJson;
import org.grokscope.model.Activation;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.StandardLoss;
import org.grokscope.task.Group;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.task.Task;
import org.junit.jupiter.api.Test;

class RunSettingsTest {
  private final Split split = ModularAddition.mod(113).split(0.30, 0);
  private final TrainingConfig published = TrainingConfig.nanda2023();

  private static RunSettings settings(TrainingConfig config, Task task) {
    ModelConfig model = Training.modelFor(config, task);
    return RunSettings.of(config, model, task, ComputationPath.bestFor(model));
  }

  private static JsonNode tree(RunSettings settings) {
    try {
      return new ObjectMapper().readTree(settings.json());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> names(JsonNode node) {
    return StreamSupport.stream(((Iterable<String>) node::fieldNames).spliterator(), false)
        .toList();
  }

  @Test
  void of_the_published_training_tell_the_task_and_nothing_that_is_usual() {
    JsonNode tree = tree(settings(published, split));
    assertEquals(List.of("format", "task", "model", "training", "path"), names(tree));
    assertEquals(2, tree.get("format").intValue());
    assertEquals(
        List.of("operation", "p", "labels_sha256", "fraction", "split_seed", "train_rows_sha256"),
        names(tree.get("task")));
    assertEquals(List.of("vocabulary", "outputs", "contextLength"), names(tree.get("model")));
    assertEquals(List.of("seed"), names(tree.get("training")));
    assertEquals("\"fast\"", tree.get("path").toString());
  }

  /**
   * What a later version adds is left out at its usual value as these are now, so these texts, and
   * with them the names of runs, do not change with it.
   */
  @Test
  void what_is_usual_is_left_out_one_by_one() {
    JsonNode changed =
        tree(
            settings(
                published
                    .withLearningRate(2e-3)
                    .withSchedule(new Schedule(10, 1, 1, 1))
                    .withEvaluation(Cadence.every(10).denseUntil(7))
                    .withShape(ModelShape.nanda2023().withDMlp(64)),
                split));
    assertEquals(
        "{\"learningRate\":0.002,\"schedule\":{\"first\":1},\"evaluation\":{\"denseUntil\":7},"
            + "\"seed\":0}",
        changed.get("training").toString());
    assertEquals(
        "{\"layers\":[{\"dMlp\":64}],\"vocabulary\":114,\"outputs\":114,\"contextLength\":3}",
        changed.get("model").toString());
  }

  @Test
  void of_equal_trainings_are_equal_texts() {
    RunSettings one = settings(TrainingConfig.nanda2023(), ModularAddition.mod(113).split(0.30, 0));
    assertEquals(one.json(), settings(published, split).json());
    assertEquals(one.hash(), settings(published, split).hash());
    assertEquals(
        one.hash(), settings(published.withSeed(4).withSeed(0).withEpochs(9), split).hash());
    LineBreaking lines = LineBreaking.named("box-header");
    assertEquals(
        settings(TrainingConfig.lines(lines), lines).hash(),
        settings(TrainingConfig.lines(LineBreaking.boxHeader()), LineBreaking.boxHeader()).hash());
  }

  private static Map<String, UnaryOperator<TrainingConfig>> changes() {
    Map<String, UnaryOperator<TrainingConfig>> changes = new LinkedHashMap<>();
    changes.put("shape", c -> c.withShape(c.shape().withDModel(64)));
    changes.put("outputClasses", c -> c.withOutputClasses(0));
    changes.put("optimiser", c -> c.withOptimiser(Sgd.USUAL));
    changes.put("learningRate", c -> c.withLearningRate(2e-3));
    changes.put("weightDecay", c -> c.withWeightDecay(0.5));
    changes.put("decays", c -> c.withDecays(Decays.MATRICES));
    changes.put("schedule", c -> c.withSchedule(Schedule.constant(20)));
    changes.put("clip", c -> c.withClip(1));
    changes.put("loss", c -> c.withLoss(StandardLoss.STABLEMAX));
    changes.put("filter", c -> c.withFilter(GradientFilter.PERPENDICULAR));
    changes.put("batchSize", c -> c.withBatchSize(64));
    changes.put("seed", c -> c.withSeed(1));
    changes.put("evaluation", c -> c.withEvaluation(Cadence.every(9)));
    changes.put("checkpoints", c -> c.withCheckpoints(Cadence.every(9)));
    return changes;
  }

  @Test
  void each_field_of_a_configuration_that_changes_changes_them() {
    TreeSet<String> hashes = new TreeSet<>(List.of(settings(published, split).hash()));
    changes()
        .forEach(
            (field, change) ->
                assertTrue(hashes.add(settings(change.apply(published), split).hash()), field));
    List<String> fields =
        Arrays.stream(TrainingConfig.class.getRecordComponents())
            .map(component -> component.getName())
            .filter(name -> !name.equals("epochs"))
            .toList();
    assertEquals(fields, List.copyOf(changes().keySet())); // none is forgotten
    for (Optimiser optimiser :
        List.of(
            new AdamW(0.8, 0.98, 1e-8),
            new AdamW(0.9, 0.9, 1e-8),
            new AdamW(0.9, 0.98, 1e-6),
            new Sgd(0),
            Muon.USUAL,
            new Muon(0.9, 0.9, 0.98, 1e-8))) {
      assertTrue(
          hashes.add(settings(published.withOptimiser(optimiser), split).hash()),
          optimiser.toString());
    }
  }

  @Test
  void each_part_of_a_shape_that_changes_changes_them() {
    ModelShape usual = ModelShape.nanda2023();
    LayerShape layer = usual.layers().get(0);
    TreeSet<String> hashes = new TreeSet<>(List.of(settings(published, split).hash()));
    for (ModelShape shape :
        List.of(
            usual.withLayers(2),
            usual.withLayers(3),
            usual.withLayers(List.of(layer, layer.withDMlp(0))),
            usual.withLayers(List.of(layer.withDMlp(0), layer)),
            usual.withHeads(8),
            usual.withDMlp(64),
            usual.withActivation(Activation.GELU),
            usual.withLayerNorm(true),
            usual.withPositions(false),
            usual.withCausal(false),
            usual.withoutAttention(),
            usual.withLayers(List.of(layer.withSlopes(0.0, 0.0, 0.0, 0.1))),
            usual.withLayers(List.of(layer.withSink(0, 1))),
            usual.withLayers(List.of(layer.withSink(1, 1))),
            usual.withLayers(List.of(layer.withSink(1, 2))))) {
      assertTrue(hashes.add(settings(published.withShape(shape), split).hash()), shape.toString());
    }
  }

  @Test
  void another_task_split_path_or_beginning_changes_them() {
    OperationTable table = split.table();
    TreeSet<String> hashes = new TreeSet<>(List.of(settings(published, split).hash()));
    for (Split other :
        List.of(
            table.split(0.31, 0),
            table.split(0.30, 1),
            table.splitMirrorsTogether(0.30, 0),
            table.withRandomLabels(0).split(0.30, 0),
            table.withRandomLabels(1).split(0.30, 0),
            table.withRefusals(3).split(0.30, 0),
            OperationTable.of("a+b", 113, (a, b, p) -> a + 2 * b).split(0.30, 0),
            OperationTable.of(Operation.SUBTRACT, 113).split(0.30, 0),
            ModularAddition.mod(109).split(0.30, 0),
            Group.symmetric(4).table().split(0.30, 0),
            OperationTable.sum(3, 11).split(0.30, 0))) {
      assertTrue(hashes.add(settings(published, other).hash()), other.toString());
    }
    ModelConfig model = Training.modelFor(published, split);
    assertTrue(
        hashes.add(RunSettings.of(published, model, split, ComputationPath.REFERENCE).hash()));
    for (long seed = 0; seed < 2; seed++) {
      Checkpoint start =
          Checkpoint.of(split, model, Parameters.initial(model, seed), 100, "{\"seed\": 3}");
      RunSettings begun =
          RunSettings.of(published, model, split, ComputationPath.FAST, Optional.of(start));
      assertTrue(hashes.add(begun.hash()), begun.json());
    }
  }

  @Test
  void the_budget_counts_only_where_the_rate_falls_towards_its_end() {
    assertEquals(
        settings(published, split).json(), settings(published.withEpochs(7), split).json());
    assertFalse(settings(published, split).json().contains("epochs"));
    TrainingConfig falling = published.withSchedule(new Schedule(10, 0, 0.5, 0.1));
    assertEquals(40_000, tree(settings(falling, split)).at("/training/epochs").intValue());
    assertNotEquals(settings(falling, split).hash(), settings(falling.withEpochs(7), split).hash());
  }

  @Test
  void an_optimisers_own_settings_hide_none_of_the_training() {
    record Own(double seed) implements Optimiser {
      @Override
      public String label() {
        return "own";
      }

      @Override
      public Map<String, Double> settings() {
        return Map.of("seed", seed, "learningRate", seed);
      }

      @Override
      public List<String> state() {
        return List.of();
      }

      @Override
      public void update(Update update) {}
    }

    JsonNode one = tree(settings(published.withOptimiser(new Own(1)), split));
    assertNotEquals(one, tree(settings(published.withOptimiser(new Own(2)), split)));
    assertEquals(0, one.at("/training/seed").intValue());
    assertEquals(1.0, one.at("/training/optimiser/settings/seed").doubleValue());
  }

  @Test
  void a_difference_is_told_by_its_path() {
    RunSettings one = settings(published, split);
    RunSettings two = settings(published.withSeed(3).withBatchSize(5), split);
    assertEquals("training/batchSize = as usual, now 5", two.differenceFrom(one.json()));
    assertEquals("training/batchSize = 5, now as usual", one.differenceFrom(two.json()));
    assertEquals(
        "task/split_seed = 9, now 0",
        one.differenceFrom(one.json().replace("\"split_seed\" : 0", "\"split_seed\" : 9")));
    assertEquals("the same in other words", one.differenceFrom(one.json() + "\n"));
    assertTrue(one.differenceFrom("{\"a\": ").startsWith("no JSON, "));
    assertTrue(RunSettings.isCurrent(one.json()));
    assertFalse(RunSettings.isCurrent("{\"task\" : {\"operation\" : \"a+b\"}}"));
  }

  @Test
  void a_configuration_is_read_back_from_what_is_kept_of_it() {
    changes()
        .forEach(
            (field, change) -> {
              TrainingConfig config = change.apply(published);
              assertEquals(
                  config,
                  ConfigJson.config(ConfigJson.tree(config), ShapeJson.tree(config.shape())),
                  field);
            });
    for (String mode : List.of("given", "box", "box-header")) {
      TrainingConfig lines = TrainingConfig.lines(LineBreaking.named(mode));
      assertEquals(lines, ConfigJson.config(ConfigJson.tree(lines), ShapeJson.tree(lines.shape())));
    }
  }
}
