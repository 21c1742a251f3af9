package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.grokscope.checkpoint.Fixtures.assertRefused;
import static org.grokscope.checkpoint.Fixtures.numpy;
import static org.grokscope.checkpoint.Fixtures.weights;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import org.grokscope.model.ModelConfig;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way in which a checkpoint can be wrong, and what is said of it. */
class CheckpointErrorsTest {
  @TempDir Path folder;

  private void refuses(
      Consumer<LinkedHashMap<String, NpyArray>> change, String array, Object... parts) {
    assertRefused(folder, Fixtures.checkpoint(1), change, array, parts);
  }

  private void refuses(String array, NpyArray value, Object... parts) {
    refuses(arrays -> arrays.put(array, value), array, parts);
  }

  private static NpyArray floats(int... shape) {
    return NpyArray.ofFloats(new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)], shape);
  }

  private static NpyArray longs(long... values) {
    return NpyArray.ofLongs(values, values.length);
  }

  @Nested
  class Weights {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "W_E   | [4, d_model]",
          "W_pos | [3, 4]",
          "W_Q   | [heads, 4, d_head]",
          "W_K   | [2, 4, 3]",
          "W_V   | [2, 4, 3]",
          "W_O   | [2, 3, 4]",
          "W_in  | [4, d_mlp]",
          "b_in  | [5]",
          "W_out | [5, 4]",
          "b_out | [4]",
          "W_U   | [4, 3] or [4, 4]"
        })
    void missing_or_of_a_wrong_shape_or_rank_or_type(String name, String shape) {
      refuses(
          arrays -> arrays.remove(name),
          name,
          "missing, expected float32 of shape " + shape,
          "the file has W_");
      refuses(name, floats(7, 7), "got <f4 [7, 7]", "expected float32", "of shape " + shape);
      refuses(name, floats(1, 1, 1, 1), "got <f4 [1, 1, 1, 1]", "of shape " + shape);
      refuses(name, NpyArray.ofLong(1), "got <i8 []", "expected float32", "of shape " + shape);
    }

    @Test
    void with_heads_that_disagree() {
      refuses("W_K", floats(4, 4, 3), "got <f4 [4, 4, 3]", "of shape [2, 4, 3]", "heads");
      refuses("W_O", floats(2, 4, 4), "got <f4 [2, 4, 4]", "of shape [2, 3, 4]", "d_head");
    }

    @Test
    void without_entries() {
      refuses("W_Q", floats(0, 4, 3), "got <f4 [0, 4, 3]", "[heads, 4, d_head]");
    }

    @Test
    void of_another_modulus_than_the_file_says() {
      refuses(
          arrays -> arrays.put("p", NpyArray.ofLong(5)),
          "labels",
          "got <i8 [9], expected int64 of shape [25]");
      refuses(
          arrays -> {
            arrays.put("p", NpyArray.ofLong(5));
            arrays.remove("labels");
          },
          "W_E",
          "got <f4 [4, 4]",
          "of shape [6, d_model]",
          "p is read from the file");
    }

    @Test
    void that_are_not_finite() {
      for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        float[] values = new float[16];
        values[6] = value;
        refuses(
            "W_E",
            NpyArray.ofFloats(values, 4, 4),
            "got " + value + " at flat index 6",
            "expected finite float32 values of shape [4, 4]");
      }
      double[] large = new double[5];
      large[2] = 1e39;
      refuses("b_in", NpyArray.ofDoubles(large, 5), "got 1.0E39 at flat index 2", "float32");
    }

    @Test
    void of_a_layer_that_is_not_there() {
      ModelConfig deep = new ModelConfig(Fixtures.SHAPE.withLayers(2), 4, 4, 3);
      Checkpoint checkpoint = Checkpoint.of(Fixtures.split(), deep, weights(deep), 0, "{}");
      assertRefused(
          folder,
          checkpoint,
          arrays -> arrays.remove("blocks.1.W_V"),
          "blocks.1.W_V",
          "missing, expected float32 of shape [2, 4, 3]");
      assertRefused(
          folder,
          checkpoint,
          arrays -> arrays.put("blocks.3.W_Q", floats(2, 4, 3)),
          "blocks.2.W_in",
          "missing, expected layers 0 … 3");
    }

    @Test
    void of_attention_in_one_layer_only() {
      ModelConfig deep = new ModelConfig(Fixtures.SHAPE.withoutAttention().withLayers(2), 4, 4, 3);
      assertRefused(
          folder,
          Checkpoint.of(Fixtures.split(), deep, weights(deep), 0, "{}"),
          arrays -> arrays.put("blocks.1.W_V", floats(2, 4, 3)),
          "blocks.0.W_Q",
          "missing, expected float32 of shape [heads, 4, d_head]");
    }

    @Test
    void of_half_a_layer_norm() {
      refuses(
          arrays -> arrays.put("ln2.w", floats(4)),
          "ln1.w",
          "missing, expected float32 of shape [4]");
    }

    @Test
    void with_biases_that_no_model_here_has() {
      refuses(
          "b_Q",
          NpyArray.ofFloats(new float[] {0, 0.5f}, 2),
          "got <f4 [2] with a bias that is not zero",
          "zeros");
      LinkedHashMap<String, NpyArray> arrays = Fixtures.checkpoint(1).arrays();
      arrays.put("b_Q", floats(2, 3));
      Path file = folder.resolve("zero.npz");
      Npz.write(file, arrays);
      assertEquals(3, Checkpoint.load(file).p());
    }
  }

  @Nested
  class Facts {
    @Test
    void modulus() {
      refuses(arrays -> arrays.remove("p"), "p", "missing, expected int64 of shape []");
      refuses("p", NpyArray.ofLong(2), "got p = 2", "expected 3 ≤ p");
      refuses("p", NpyArray.ofLong(1L << 40), "got p = 1099511627776", "≤ 20,000");
      refuses("p", floats(), "got <f4 []", "expected int64 of shape []");
      refuses("p", longs(3, 3), "got <i8 [2]", "expected int64 of shape []");
    }

    @Test
    void modulus_whose_answers_would_not_fit_into_memory() {
      refuses(
          arrays -> {
            arrays.put("p", NpyArray.ofLong(20_000));
            arrays.remove("labels");
            arrays.put("W_E", floats(20_001, 1));
          },
          "p",
          "got p = 20000, whose p² questions need 6,103 MB",
          "give it more by -Xmx");
    }

    @Test
    void train_pairs() {
      String expected = "expected int64 of shape [train], each a·p + b";
      refuses(arrays -> arrays.remove("train_pairs"), "train_pairs", "missing, " + expected);
      refuses("train_pairs", floats(3), "got <f4 [3]", expected);
      refuses("train_pairs", NpyArray.ofLongs(new long[4], 2, 2), "got <i8 [2, 2]", expected);
      refuses("train_pairs", longs(), "got <i8 [0]", expected);
      refuses("train_pairs", longs(0, 9), "got 9 at 1", "expected a·p + b in 0 … 8");
      refuses("train_pairs", longs(-1), "got -1 at 0", "0 … 8");
      refuses("train_pairs", longs(1L << 32), "got 4294967296 at 0", "0 … 8");
      refuses("train_pairs", longs(4, 2, 4), "got 4 twice", "each pair once");
    }

    @Test
    void labels() {
      refuses("labels", longs(0, 1, 2), "got <i8 [3]", "expected int64 of shape [9]");
      refuses("labels", floats(9), "got <f4 [9]", "expected int64 of shape [9]");
      refuses("labels", longs(0, 0, 0, 0, 4, 0, 0, 0, 0), "got 4 at 4", "expected 0 … 3");
      refuses("labels", longs(0, 0, -2, 0, 0, 0, 0, 0, 0), "got -2 at 2", "expected 0 … 3");
      refuses(
          arrays -> {
            arrays.put("labels", longs(0, 0, 0, 0, -1, 0, 0, 0, 0));
            arrays.put("train_pairs", longs(1, 4));
          },
          "train_pairs",
          "got 4, whose label is −1");
    }

    @Test
    void labels_that_only_addition_may_leave_out() {
      refuses(
          arrays -> {
            arrays.remove("labels");
            arrays.put("provenance", NpyArray.ofString("{\"task\": {\"operation\": \"a*b\"}}"));
          },
          "labels",
          "missing",
          "operation a*b",
          "expected int64 of shape [9]");
    }

    @Test
    void epoch() {
      refuses("epoch", NpyArray.ofLong(-3), "got -3", "expected 0 or more");
      refuses("epoch", floats(), "got <f4 []", "expected int64 of shape []");
    }

    @Test
    void provenance() {
      refuses("provenance", NpyArray.ofLong(1), "got <i8 []", "expected a single text");
      refuses("provenance", NpyArray.ofString("{\"model\": "), "not JSON", "expected an object");
      refuses(
          "provenance",
          NpyArray.ofString("{\"model\": {\"activation\": \"SWISH\"}}"),
          "model.activation = \"SWISH\"",
          "expected one of [RELU, GELU]");
      refuses(
          "provenance",
          NpyArray.ofString("{\"model\": {\"causal\": \"no\"}}"),
          "model.causal = \"no\"",
          "expected true or false");
    }
  }

  @Nested
  class WholeFiles {
    @Test
    void that_are_not_there_or_no_zip() throws IOException {
      Path none = folder.resolve("none.npz");
      assertMessage(
          CheckpointException.class, () -> Checkpoint.load(none), "read " + none, "no such file");
      Path text = Files.writeString(folder.resolve("text.npz"), "weights");
      assertMessage(
          CheckpointException.class, () -> Checkpoint.load(text), "read " + text, "not a zip");
    }

    @Test
    void that_are_cut_off() throws IOException {
      Path file = folder.resolve("a.npz");
      Fixtures.checkpoint(0).save(file);
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length / 2));
      assertMessage(
          CheckpointException.class,
          () -> Checkpoint.load(file),
          "read " + file,
          "cut off or damaged",
          "expected a whole .npz");
    }

    @Test
    void that_hold_pickles() {
      assertMessage(
          CheckpointException.class,
          () -> Checkpoint.load(numpy("pickled.npz")),
          "array extra",
          "pickle");
    }

    @Test
    void that_hold_no_arrays_of_a_checkpoint() {
      Path file = folder.resolve("a.npz");
      LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
      arrays.put("x", NpyArray.ofLong(1));
      Npz.write(file, arrays);
      assertMessage(
          CheckpointException.class,
          () -> Checkpoint.load(file),
          "checkpoint " + file + ": array p: missing",
          "the file has x");
    }
  }
}
