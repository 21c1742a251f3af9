package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.CONFIG;
import static org.grokscope.checkpoint.Fixtures.P;
import static org.grokscope.checkpoint.Fixtures.SHAPE;
import static org.grokscope.checkpoint.Fixtures.assertFiles;
import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.grokscope.checkpoint.Fixtures.split;
import static org.grokscope.checkpoint.Fixtures.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir Path folder;

  private Checkpoint savedAndLoaded(Checkpoint checkpoint) {
    Path file = folder.resolve("a.npz");
    checkpoint.save(file);
    return Checkpoint.load(file);
  }

  @Nested
  class RoundTrip {
    @Test
    void brings_everything_back() {
      String provenance = "{\"seed\": 0, \"author\": \"Évariste\"}";
      Checkpoint saved = Checkpoint.of(split(), CONFIG, weights(CONFIG), 1234, provenance);
      Checkpoint loaded = savedAndLoaded(saved);

      assertEquals(P, loaded.p());
      assertArrayEquals(split().trainRows(), loaded.trainRows());
      assertArrayEquals(split().testRows(), loaded.testRows());
      assertArrayEquals(split().table().labels(), loaded.labels());
      assertEquals(OptionalLong.of(1234), loaded.epoch());
      assertEquals(Optional.of(provenance), loaded.provenance());
      assertEquals(CONFIG, loaded.config());
      assertArrayEquals(weights(CONFIG).values(), loaded.parameters().values());
      assertEquals(saved.toString(), loaded.toString());
    }

    @Test
    void brings_back_every_model_that_a_config_can_tell() {
      for (int layers : List.of(1, 3)) {
        for (boolean on : List.of(true, false)) {
          for (Activation activation : Activation.values()) {
            for (int outputs : List.of(P, P + 1)) {
              ModelShape shape = ModelShape.uniform(layers, 4, 2, 3, 5, activation, on, !on);
              assertComesBack(new ModelConfig(shape, P + 1, outputs, 3));
              assertComesBack(new ModelConfig(shape.withoutAttention(), P + 1, outputs, 3));
            }
          }
        }
      }
    }

    private void assertComesBack(ModelConfig config) {
      Parameters parameters = Parameters.initial(config, 7);
      Checkpoint loaded =
          savedAndLoaded(Checkpoint.of(split(), config, parameters, 0, "{\"seed\": 7}"));
      assertEquals(config, loaded.config());
      assertArrayEquals(parameters.values(), loaded.parameters().values());
    }

    @Test
    void says_whether_the_model_has_attention() {
      ModelConfig config = new ModelConfig(SHAPE.withoutAttention(), P + 1, P + 1, 3);
      Checkpoint without = Checkpoint.of(split(), config, weights(config), 0, "{}");
      assertTrue(without.toString().contains("d_model 4, no attention, d_mlp 5"));
      assertTrue(Fixtures.checkpoint(0).toString().contains("d_model 4, heads 2, d_mlp 5"));
    }

    @Test
    void brings_back_questions_without_an_answer() {
      Split split = OperationTable.of(Operation.DIVIDE, 5).split(0.5, 1);
      ModelConfig config = new ModelConfig(SHAPE, 6, 6, 3);
      Checkpoint loaded =
          savedAndLoaded(Checkpoint.of(split, config, Parameters.initial(config, 0), 1, "{}"));
      assertArrayEquals(split.table().labels(), loaded.labels());
      assertArrayEquals(split.testRows(), loaded.testRows());
      assertEquals(OperationTable.UNDEFINED, loaded.labels()[5]); // 1/0
    }

    @Test
    void gives_the_questions_of_the_split_as_sequences() {
      Split split = split();
      Checkpoint checkpoint = Fixtures.checkpoint(1);
      assertEquals(split.train().size(), checkpoint.train().size());
      assertEquals(split.test().size(), checkpoint.test().size());
      for (int i = 0; i < split.test().size(); i++) {
        for (int t = 0; t < 3; t++) {
          assertEquals(split.test().token(i, t), checkpoint.test().token(i, t));
        }
      }
      assertArrayEquals(split.train().labels(), checkpoint.train().labels());
      assertArrayEquals(split.test().labels(), checkpoint.test().labels());
    }

    @Test
    void brings_back_the_published_size() {
      Split split = OperationTable.of(Operation.ADD, 113).split(0.30, 0);
      ModelConfig config = ModelConfig.nanda2023(113);
      Parameters parameters = Parameters.initial(config, 0);
      Checkpoint loaded = savedAndLoaded(Checkpoint.of(split, config, parameters, 25_000, "{}"));
      assertEquals(config, loaded.config());
      assertEquals(3830, loaded.trainRows().length);
      assertArrayEquals(parameters.values(), loaded.parameters().values());
    }

    @Test
    void passes_over_arrays_that_others_add() {
      var arrays = Fixtures.checkpoint(3).arrays();
      arrays.put("adam_m.W_E", NpyArray.ofFloats(new float[16], 4, 4));
      Path file = folder.resolve("resume.npz");
      Npz.write(file, arrays);
      assertEquals(OptionalLong.of(3), Checkpoint.load(file).epoch());
      assertEquals(List.of(4, 4), Npz.read(file).get("adam_m.W_E").shape());
    }
  }

  @Nested
  class Immutability {
    @Test
    void holds_against_everything_given_and_handed_out() {
      Parameters given = weights(CONFIG);
      Checkpoint checkpoint = Checkpoint.of(split(), CONFIG, given, 0, "{}");
      given.values()[0] = 99;
      checkpoint.parameters().values()[1] = 99;
      checkpoint.labels()[0] = 99;
      checkpoint.trainRows()[0] = 99;
      checkpoint.arrays().clear();

      assertArrayEquals(weights(CONFIG).values(), checkpoint.parameters().values());
      assertArrayEquals(split().table().labels(), checkpoint.labels());
      assertArrayEquals(split().trainRows(), checkpoint.trainRows());
      assertFalse(checkpoint.arrays().isEmpty());
    }
  }

  @Nested
  class ModulusGuard {
    @Test
    void lets_the_expected_modulus_pass() {
      Checkpoint checkpoint = Fixtures.checkpoint(0);
      assertSame(checkpoint, checkpoint.requireModulus(P));
    }

    @Test
    void names_the_file_and_both_moduli() {
      Path file = folder.resolve("a.npz");
      Fixtures.checkpoint(0).save(file);
      assertMessage(
          CheckpointException.class,
          () -> Checkpoint.load(file).requireModulus(113),
          file,
          "array p",
          "got p = 3, expected p = 113",
          "trained modulo 113");
      assertMessage(
          CheckpointException.class,
          () -> Fixtures.checkpoint(0).requireModulus(5),
          "got p = 3, expected p = 5");
    }
  }

  @Nested
  class Making {
    private void refuses(ModelConfig config, Parameters parameters, Object... parts) {
      assertMessage(
          IllegalArgumentException.class,
          () -> Checkpoint.of(split(), config, parameters, 0, "{}"),
          parts);
    }

    @Test
    void refuses_a_model_of_another_modulus_or_task() {
      for (ModelConfig config :
          List.of(
              new ModelConfig(SHAPE, 6, 4, 3),
              new ModelConfig(SHAPE, 4, 6, 3),
              new ModelConfig(SHAPE, 4, 4, 2))) {
        refuses(
            config, weights(config), "for a+b mod 3 vocabulary 4", "outputs 3 or 4", "length 3");
      }
    }

    @Test
    void refuses_the_parameters_of_another_model() {
      refuses(
          CONFIG, weights(new ModelConfig(SHAPE.withDMlp(6), 4, 4, 3)), "use the parameters of");
    }

    @Test
    void refuses_weights_that_are_not_finite() {
      Parameters parameters = weights(CONFIG);
      parameters.values()[CONFIG.layout().slot("b_in").offset()] = Float.NaN;
      refuses(CONFIG, parameters, "got NaN in b_in", "diverged");
    }

    @Test
    void refuses_a_negative_epoch() {
      assertMessage(
          IllegalArgumentException.class,
          () -> Checkpoint.of(split(), CONFIG, weights(CONFIG), -1, "{}"),
          "got epoch -1");
    }

    @Test
    void refuses_a_provenance_that_is_no_json_object_or_of_another_model() {
      Map<String, String> expected =
          Map.of(
              "made by me", "not JSON",
              "[1]", "no JSON object",
              "", "no JSON object",
              "{\"model\": {\"activation\": \"GELU\"}}", "expected what the model is",
              "{\"model\": {\"causal\": false}}", "activation RELU and causal true",
              "{\"model\": {\"causal\": 1}}", "expected true or false",
              "{\"model\": {\"activation\": \"TANH\"}}", "[RELU, GELU]");
      expected.forEach(
          (json, part) ->
              assertMessage(
                  IllegalArgumentException.class,
                  () -> Checkpoint.of(split(), CONFIG, weights(CONFIG), 0, json),
                  "provenance",
                  part));
      ModelConfig gelu = new ModelConfig(SHAPE.withActivation(Activation.GELU), 4, 4, 3);
      assertThrows(
          IllegalArgumentException.class,
          () -> Checkpoint.of(split(), gelu, weights(gelu), 0, "{\"model\": \"mine\"}"));
    }

    @Test
    void adds_to_the_provenance_only_what_a_reader_would_get_wrong() {
      ModelConfig gelu = new ModelConfig(SHAPE.withActivation(Activation.GELU), 4, 4, 3);
      String told = "{\"model\": {\"activation\": \"GELU\"}}";
      assertEquals(
          Optional.of(told), Checkpoint.of(split(), gelu, weights(gelu), 0, told).provenance());
      assertEquals(
          "{\"seed\":1,\"model\":{\"layers\":1,\"activation\":\"GELU\",\"causal\":true}}",
          Checkpoint.of(
                  split(), gelu, weights(gelu), 0, "{\"seed\": 1, \"model\": {\"layers\": 1}}")
              .provenance()
              .orElseThrow()
              .replaceAll("\\s", ""));
    }
  }

  @Test
  void saving_below_a_file_says_so_and_changes_nothing() throws IOException {
    Path file = Files.writeString(folder.resolve("run"), "a");
    assertMessage(
        UncheckedIOException.class,
        () -> Fixtures.checkpoint(0).save(file.resolve("a.npz")),
        "write " + file.resolve("a.npz"),
        "a file stands at " + file);
    assertFiles(folder, "run");
  }

  /** Saves and loads in a virtual machine of its own, which lists the classes it loads. */
  @Test
  void saving_and_loading_never_start_nd4j() throws IOException, InterruptedException {
    Path file = folder.resolve("a.npz");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                SavesAndLoads.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertEquals(
        1, output.lines().filter(line -> line.contains(Checkpoint.class.getName() + " ")).count());
    assertEquals(
        List.of(),
        output.lines().filter(line -> line.contains("org.nd4j.linalg.factory.Nd4j ")).toList());
    assertEquals(P, Checkpoint.load(file).p());
  }

  /** What that virtual machine runs. */
  static final class SavesAndLoads {
    private SavesAndLoads() {}

    public static void main(String[] arguments) {
      Path file = Path.of(arguments[0]);
      Fixtures.checkpoint(0).save(file);
      Checkpoint.load(file).parameters();
    }
  }

  @Test
  void equal_checkpoints_are_equal_files() throws IOException {
    Path first = folder.resolve("first.npz");
    Path second = folder.resolve("second.npz");
    Fixtures.checkpoint(5).save(first);
    Checkpoint.load(first).save(second);
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    assertEquals(9, IntStream.of(Checkpoint.load(second).labels()).count());
  }
}
