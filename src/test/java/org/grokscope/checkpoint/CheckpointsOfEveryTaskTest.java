package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.grokscope.checkpoint.Fixtures.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.task.Course;
import org.grokscope.task.Group;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Parity;
import org.grokscope.task.Split;
import org.grokscope.task.Task;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of what is no modular arithmetic with two operands, and of other models. */
class CheckpointsOfEveryTaskTest {
  private static final ModelShape SMALL =
      ModelShape.nanda2023().withDModel(4).withHeads(2).withDMlp(5);

  @TempDir Path folder;

  private static Checkpoint checkpoint(Task task, ModelShape shape) {
    ModelConfig config = ModelConfig.of(shape, task, task.asksEverywhere() ? 0 : 1);
    String provenance =
        Provenance.now(
                Map.of(
                    "task", task.title(),
                    "questions", task.settings(),
                    "model", ShapeJson.tree(shape)))
            .toJson();
    return Checkpoint.of(task, config, Parameters.initial(config, 5), 12, provenance);
  }

  private Checkpoint assertComesBack(Checkpoint saved) throws IOException {
    Path file = folder.resolve("a.npz");
    saved.save(file);
    Checkpoint loaded = Checkpoint.load(file);
    assertEquals(saved.config(), loaded.config());
    assertArrayEquals(saved.parameters().values(), loaded.parameters().values());
    assertEquals(OptionalLong.of(12), loaded.epoch());
    assertEquals(saved.provenance(), loaded.provenance());
    assertEquals(saved.hasTable(), loaded.hasTable());
    assertEquals(saved.toString(), loaded.toString());
    Path again = folder.resolve("again.npz");
    loaded.save(again);
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
    Path tensors = folder.resolve("a.safetensors");
    loaded.save(tensors);
    Checkpoint.load(tensors).save(again);
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
    return loaded;
  }

  @Nested
  class OfLines {
    @ParameterizedTest
    @ValueSource(strings = {"given", "inferred", "box", "box-header", "ruler"})
    void come_back_whole_and_have_no_table(String mode) throws IOException {
      LineBreaking task = LineBreaking.named(mode);
      Checkpoint loaded = assertComesBack(checkpoint(task, ModelShape.lines(task)));
      assertFalse(loaded.hasTable());
      assertTrue(loaded.toString().startsWith("checkpoint of a model of lines, " + mode + " at"));
      assertEquals(task.length(), loaded.settings().at("/questions/length").asInt());
    }

    @Test
    void say_so_when_asked_for_what_only_tables_have() {
      LineBreaking task = LineBreaking.box();
      Path file = folder.resolve("a.npz");
      checkpoint(task, ModelShape.lines(task)).save(file);
      Checkpoint loaded = Checkpoint.load(file);
      for (Runnable asked :
          List.<Runnable>of(
              loaded::p,
              loaded::table,
              loaded::labels,
              loaded::trainRows,
              loaded::testRows,
              loaded::train,
              loaded::test,
              () -> loaded.requireModulus(113))) {
        assertMessage(
            CheckpointException.class,
            asked::run,
            "checkpoint " + file,
            "got a model that learnt from no table of questions (lines, box)",
            "measure it by measures of its own task");
      }
    }

    @Test
    void keep_their_task_with_other_weights() {
      LineBreaking task = LineBreaking.box();
      Checkpoint one = checkpoint(task, ModelShape.lines(task));
      Parameters other = Parameters.initial(one.config(), 9);
      Checkpoint changed = one.withParameters(other);
      assertArrayEquals(other.values(), changed.parameters().values());
      assertEquals(one.toString(), changed.toString());
      assertFalse(changed.hasTable());
    }
  }

  @Nested
  class OfTables {
    static Stream<Split> splits() {
      return Stream.of(
          OperationTable.sum(3, 5).split(0.5, 1),
          OperationTable.sum(4, 3).split(0.5, 1),
          Parity.of(2, 5).split(0.5, 1),
          OperationTable.of("next", List.of("x", "y", "z", "w"), 1, a -> (a[0] + 1) % 4)
              .split(0.5, 1),
          Group.symmetric(3).table().split(0.5, 1),
          Group.symmetric(3).table().withRandomLabels(2).split(0.5, 1),
          ModularAddition.mod(5).withRandomLabels(2).split(0.5, 1),
          ModularAddition.mod(5).withRefusals(2).split(0.5, 1));
    }

    @ParameterizedTest
    @MethodSource("splits")
    void come_back_with_their_questions(Split split) throws IOException {
      Checkpoint loaded = assertComesBack(checkpoint(split, SMALL));
      OperationTable table = split.table();
      assertEquals(table.arity(), loaded.table().arity());
      assertEquals(table.size(), loaded.p());
      assertEquals(table.title(), loaded.table().title());
      assertEquals(table.operation(), loaded.table().operation());
      assertEquals(table.labelSeed(), loaded.table().labelSeed());
      assertArrayEquals(table.labels(), loaded.labels());
      assertArrayEquals(split.trainRows(), loaded.trainRows());
      assertArrayEquals(split.testRows(), loaded.testRows());
      assertArrayEquals(split.train().tokens(), loaded.train().tokens());
      assertArrayEquals(split.test().labels(), loaded.test().labels());
    }

    @Test
    void are_called_what_they_are() {
      assertTrue(
          text(Group.symmetric(3).table()).startsWith("checkpoint of a model of S3 at epoch"));
      assertTrue(text(OperationTable.sum(3, 5)).startsWith("checkpoint of a model of a+b+c mod 5"));
      assertTrue(
          text(ModularAddition.mod(5)).startsWith("checkpoint of a model modulo 5 at epoch"));
    }

    private String text(OperationTable table) {
      return checkpoint(table.split(0.5, 1), SMALL).toString();
    }

    @Test
    void of_models_of_another_build_are_described_whole() throws IOException {
      LayerShape layer = SMALL.layers().get(0);
      for (ModelShape shape :
          List.of(
              SMALL.withPositions(false),
              SMALL.withLayers(List.of(layer, layer.withDMlp(0))),
              SMALL.withLayers(List.of(layer.withDMlp(7), layer)),
              SMALL.withLayers(List.of(layer.withSlopes(0.5, 0.25))),
              SMALL.withLayers(List.of(layer.withSink(1, 2))))) {
        Checkpoint saved = checkpoint(ModularAddition.mod(5).split(0.5, 1), shape);
        assertTrue(saved.arrays().containsKey("model"), shape.toString());
        assertEquals(5, assertComesBack(saved).p());
      }
      assertFalse(
          checkpoint(ModularAddition.mod(5).split(0.5, 1), SMALL).arrays().containsKey("model"));
    }

    @Test
    void with_many_questions_are_small_files() throws IOException {
      Split split = Parity.of(3, 18).split(0.01, 1);
      Checkpoint saved = checkpoint(split, SMALL);
      assertEquals("|i1", saved.arrays().get("labels").dtype());
      assertEquals(1 << 18, saved.arrays().get("labels").size());
      Checkpoint loaded = assertComesBack(saved);
      assertArrayEquals(split.table().labels(), loaded.labels());
      assertArrayEquals(split.trainRows(), loaded.trainRows());
      // a byte an answer, four a known question, and a few thousand of weights and names
      long most = (1 << 18) + 4L * split.trainRows().length + 20_000;
      long size = Files.size(folder.resolve("a.npz"));
      assertTrue(size < most, size + " bytes, expected less than " + most);
    }
  }

  /** Questions that are no table of the library's. */
  private record Own(boolean asksEverywhere) implements Task {
    @Override
    public String title() {
      return "a task of one's own";
    }

    @Override
    public int vocabulary() {
      return 6;
    }

    @Override
    public int length() {
      return 3;
    }

    @Override
    public int outputs() {
      return 5;
    }

    @Override
    public Map<String, Object> settings() {
      return Map.of("name", "own");
    }

    @Override
    public Course course() {
      throw new UnsupportedOperationException("nobody trains it");
    }
  }

  @Nested
  class OfATaskOfOnesOwn {
    /**
     * Of a usual model and three tokens, so that only the task tells it from modular arithmetic.
     */
    @Test
    void come_back_and_have_no_table() throws IOException {
      Checkpoint loaded = assertComesBack(checkpoint(new Own(false), SMALL));
      assertFalse(loaded.hasTable());
      assertMessage(CheckpointException.class, loaded::p, "(a task of one's own)");
      ModelShape reading = SMALL.withAnswers(ModelShape.Answer.EVERYWHERE);
      assertFalse(assertComesBack(checkpoint(new Own(true), reading)).hasTable());
    }

    @Test
    void without_a_title_say_that_it_is_not_told() {
      ModelConfig config = ModelConfig.of(SMALL, new Own(false), 0);
      Checkpoint untold =
          Checkpoint.of(new Own(false), config, Parameters.initial(config, 0), 0, "{}");
      assertTrue(untold.toString().startsWith("checkpoint of a model of a task that is not told"));
      assertMessage(CheckpointException.class, untold::table, "(a task that is not told)");
    }
  }

  @Nested
  class Damaged {
    private void refuses(
        Checkpoint checkpoint,
        Consumer<LinkedHashMap<String, NpyArray>> change,
        String array,
        Object... parts) {
      assertRefused(folder, checkpoint, change, array, parts);
    }

    private final Checkpoint lines =
        checkpoint(LineBreaking.box(), ModelShape.lines(LineBreaking.box()));
    private final Checkpoint sums = checkpoint(OperationTable.sum(3, 5).split(0.5, 1), SMALL);

    private void refusesModel(String from, String to, String array, Object... parts) {
      String model = lines.arrays().get("model").text();
      assertTrue(model.contains(from), model);
      refuses(
          lines,
          arrays -> arrays.put("model", NpyArray.ofString(model.replaceFirst(from, to))),
          array,
          parts);
    }

    @Test
    void the_model_is_named_with_what_is_wrong() {
      refuses(lines, arrays -> arrays.put("model", NpyArray.ofLong(3)), "model", "single text");
      refuses(
          lines,
          arrays -> arrays.put("model", NpyArray.ofString("a transformer")),
          "model",
          "got a text that is not JSON");
      refuses(
          lines, arrays -> arrays.put("model", NpyArray.ofString("")), "model", "got no layers");
      refuses(
          lines, arrays -> arrays.put("model", NpyArray.ofString("[1]")), "model", "got no layers");
      refusesModel("\"dModel\":48", "\"dModel\":\"wide\"", "model", "expected a whole number");
      refusesModel("\"OWN_LINE\"", "\"ALL\"", "model", "got view = \"ALL\"", "OWN_LINE");
      refusesModel("\"valueGain\":", "\"gain\":", "model", "got no valueGain");
      refusesModel("\"heads\":4", "\"heads\":-4", "model", "got -4 and");
    }

    @Test
    void a_model_of_other_widths_than_its_arrays_is_refused_by_the_array() {
      refusesModel("\"dModel\":48", "\"dModel\":47", "W_E", "expected float32", "[tokens, 47]");
      refusesModel("\"dMlp\":192", "\"dMlp\":10000000", "blocks.0.W_in", "[48, 10000000]");
      refusesModel("\"dMlp\":192", "\"dMlp\":2147483600", "model", "choose smaller widths");
      refuses(
          lines,
          arrays -> {
            String model = arrays.get("model").text();
            arrays.put(
                "model", NpyArray.ofString(model.replace("\"biases\":true", "\"biases\":false")));
            arrays.put("b_U", NpyArray.ofFloats(new float[] {0, 0.5f}, 2));
          },
          "b_U",
          "a bias that is not zero");
      refusesModel("\"positions\":false", "\"positions\":true", "W_pos", "missing, expected");
    }

    @Test
    void the_length_of_sequences_is_named() {
      for (long length : new long[] {0, -1, 1L << 40}) {
        refuses(lines, arrays -> arrays.put("context_length", NpyArray.ofLong(length)), "model");
      }
      refuses(lines, arrays -> arrays.remove("context_length"), "context_length", "missing");
    }

    @Test
    void a_model_without_description_is_asked_for_its_modulus() {
      refuses(lines, arrays -> arrays.remove("model"), "p", "missing, expected int64 of shape []");
    }

    @Test
    void operands_are_named() {
      refuses(
          sums,
          arrays -> arrays.put("operands", NpyArray.ofLong(0)),
          "operands",
          "expected 1 to 63");
      refuses(sums, arrays -> arrays.put("operands", NpyArray.ofLong(64)), "operands", "got 64");
      refuses(
          sums,
          arrays -> arrays.put("operands", NpyArray.ofLong(2)),
          "labels",
          "got <i8 [125], expected int64 of shape [25]");
      refuses(
          sums,
          arrays -> arrays.put("operands", NpyArray.ofLong(40)),
          "labels",
          "got <i8 [125], expected int64 of shape [2147483647]");
      refuses(
          sums,
          arrays -> arrays.put("operands", NpyArray.ofDoubles(new double[] {3}, 1)),
          "operands",
          "expected int64 of shape []");
      refuses(
          sums,
          arrays -> {
            arrays.remove("labels");
            arrays.remove("provenance");
          },
          "labels",
          "missing, and the file gives 3 operands",
          "expected int64 of shape [125], which only a+b may leave out");
    }

    @Test
    void a_table_and_a_model_that_do_not_fit_are_refused() {
      ModelShape shape = SMALL.withPositions(false);
      Checkpoint described = checkpoint(OperationTable.sum(3, 5).split(0.5, 1), shape);
      refuses(
          described,
          arrays -> arrays.put("context_length", NpyArray.ofLong(3)),
          "model",
          "got a model of 6 tokens, 6 answers and 3 positions, expected 6, 5 or one more, and 4");
      refuses(
          described,
          arrays -> arrays.put("W_U", NpyArray.ofFloats(new float[8], 4, 2)),
          "model",
          "got a model of 6 tokens, 2 answers and 4 positions");
      refuses(
          described,
          arrays -> arrays.put("W_E", NpyArray.ofFloats(new float[32], 8, 4)),
          "model",
          "got a model of 8 tokens");
    }
  }
}
