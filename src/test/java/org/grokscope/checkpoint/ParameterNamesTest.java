package org.grokscope.checkpoint;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.grokscope.checkpoint.Fixtures.CONFIG;
import static org.grokscope.checkpoint.Fixtures.P;
import static org.grokscope.checkpoint.Fixtures.SHAPE;
import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.grokscope.checkpoint.Fixtures.numpy;
import static org.grokscope.checkpoint.Fixtures.split;
import static org.grokscope.checkpoint.Fixtures.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.Task;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Parameters under TransformerLens' names, and in both kinds of file. */
class ParameterNamesTest {
  @TempDir Path folder;

  private static Checkpoint checkpoint(ModelShape shape, int outputs) {
    ModelConfig config = new ModelConfig(shape, P + 1, outputs, 3);
    return Checkpoint.of(split(), config, weights(config), 700, "{\"author\": \"Évariste\"}");
  }

  static Stream<Checkpoint> checkpoints() {
    ModelShape deep = SHAPE.withLayers(2).withLayerNorm(true);
    return Stream.of(
        checkpoint(SHAPE, P + 1),
        checkpoint(SHAPE, P),
        checkpoint(deep, P + 1),
        checkpoint(deep.withActivation(Activation.GELU).withCausal(false), P + 1));
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void npz_to_safetensors_and_back_under_all_names_gives_the_same_bytes(Checkpoint checkpoint)
      throws IOException {
    Path first = folder.resolve("first.npz");
    checkpoint.save(first);
    for (ParameterNames names : ParameterNames.values()) {
      for (String ending : List.of(".npz", ".safetensors")) {
        Path there = folder.resolve(names + ending);
        Path back = folder.resolve("back.npz");
        Checkpoint.load(first).save(there, names);
        Checkpoint loaded = Checkpoint.load(there);
        assertEquals(List.of(), loaded.leftOut());
        loaded.save(back);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(back), there::toString);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"transformer-lens-3.safetensors, 2", "transformer-lens-4.safetensors, 0"})
  void reads_what_transformer_lens_wrote_and_computes_its_logits(String name, int buffers) {
    Path file = numpy(name);
    Checkpoint checkpoint = Checkpoint.load(file);
    assertEquals(
        new ModelConfig(ModelShape.uniform(2, 8, 2, 3, 7, Activation.GELU, true, true), 6, 6, 3),
        checkpoint.config());
    assertArrayEquals(new int[] {0, 7, 11, 23}, checkpoint.trainRows());
    List<String> left = checkpoint.leftOut();
    assertTrue(left.contains("logits"), left::toString);
    assertEquals(
        buffers, left.stream().filter(each -> each.endsWith(".IGNORE")).count(), left::toString);
    double[] expected = SafeTensors.read(file).get("logits").doubles();
    int[] rows = IntStream.range(0, 25).toArray();
    try (ReferenceTransformer model =
        ReferenceTransformer.of(checkpoint.config(), checkpoint.parameters())) {
      // float32 there, float64 here; logits up to 10
      assertClose(
          name, expected, doubles(model.logits(checkpoint.table().questions(rows))), 1e-5, 1e-5);
    }
  }

  @Test
  void version_4_has_the_layout_of_linear_layers() {
    LinkedHashMap<String, NpyArray> own = Fixtures.checkpoint(1).arrays();
    LinkedHashMap<String, NpyArray> four =
        NameTable.renamed(own, CONFIG, ParameterNames.TRANSFORMER_LENS_4);
    // W_Q [2 heads, d 4, d_head 3] → [2·3, 4]; W_O [2, 3, 4] → [4, 2·3]
    float[] q = own.get("W_Q").floats();
    float[] o = own.get("W_O").floats();
    NpyArray qThere = four.get("blocks.0.attn.q.weight");
    NpyArray oThere = four.get("blocks.0.attn.o.weight");
    assertEquals(List.of(6, 4), qThere.shape());
    assertEquals(List.of(4, 6), oThere.shape());
    for (int h = 0; h < 2; h++) {
      for (int e = 0; e < 3; e++) {
        for (int d = 0; d < 4; d++) {
          assertEquals(q[(h * 4 + d) * 3 + e], qThere.floats()[(h * 3 + e) * 4 + d]);
          assertEquals(o[(h * 3 + e) * 4 + d], oThere.floats()[d * 6 + h * 3 + e]);
        }
      }
    }
    assertEquals(List.of(4, 4), four.get("unembed.weight").shape());
    assertArrayEquals(new float[6], four.get("blocks.0.attn.q.bias").floats());
    assertArrayEquals(new long[] {2}, four.get("n_heads").longs());
  }

  @Nested
  class Refusing {
    private void assertRefused(
        ParameterNames names,
        java.util.function.Consumer<LinkedHashMap<String, NpyArray>> change,
        String... parts) {
      LinkedHashMap<String, NpyArray> arrays =
          NameTable.renamed(Fixtures.checkpoint(1).arrays(), CONFIG, names);
      change.accept(arrays);
      Path file = folder.resolve("a.safetensors");
      SafeTensors.write(file, arrays);
      assertMessage(CheckpointException.class, () -> Checkpoint.load(file), (Object[]) parts);
    }

    @Test
    void version_4_without_the_number_of_heads() {
      assertRefused(
          ParameterNames.TRANSFORMER_LENS_4,
          arrays -> arrays.remove("n_heads"),
          "array n_heads: missing, expected int64 of shape [], how many heads the model has",
          "blocks.0.attn.q.weight");
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "4294967297"})
    void a_number_of_heads_that_is_none(long heads) {
      assertRefused(
          ParameterNames.TRANSFORMER_LENS_4,
          arrays -> arrays.put("n_heads", NpyArray.ofLong(heads)),
          "array n_heads: got " + heads + ", expected 1 or more");
    }

    @Test
    void a_number_of_heads_that_does_not_fit() {
      assertRefused(
          ParameterNames.TRANSFORMER_LENS_4,
          arrays -> arrays.put("n_heads", NpyArray.ofLong(4)),
          "array blocks.0.attn.q.weight: got <f4 [6, 4], expected float32 of shape"
              + " [heads·d_head, d_model] with n_heads as the file tells");
    }

    @Test
    void a_shape_that_does_not_fit_under_the_names_of_the_file() {
      assertRefused(
          ParameterNames.TRANSFORMER_LENS_4,
          arrays -> arrays.put("blocks.0.mlp.in.weight", NpyArray.ofFloats(new float[6], 6)),
          "array blocks.0.mlp.in.weight: got <f4 [6], expected float32 of shape [b, a]");
      assertRefused(
          ParameterNames.TRANSFORMER_LENS,
          arrays -> arrays.remove("pos_embed.W_pos"),
          "array W_pos: missing, expected float32 of shape [3, 4]",
          "the file has blocks.0.attn.W_Q");
      assertRefused(
          ParameterNames.TRANSFORMER_LENS,
          arrays -> arrays.put("blocks.0.attn.W_V", NpyArray.ofFloats(new float[24], 2, 3, 4)),
          "array blocks.0.attn.W_V, here blocks.0.W_V: got <f4 [2, 3, 4]");
    }

    @Test
    void a_parameter_under_two_names() {
      assertRefused(
          ParameterNames.TRANSFORMER_LENS,
          arrays -> arrays.put("embed.weight", arrays.get("embed.W_E")),
          "array embed.weight: is there beside embed.W_E, expected one of them");
    }

    @ParameterizedTest
    @EnumSource(
        value = ParameterNames.class,
        names = {"TRANSFORMER_LENS", "TRANSFORMER_LENS_4"})
    void biases_that_models_here_have_not(ParameterNames names) {
      String bias =
          names == ParameterNames.TRANSFORMER_LENS ? "blocks.0.attn.b_V" : "blocks.0.attn.v.bias";
      assertRefused(
          names,
          arrays -> {
            float[] values = new float[6];
            values[3] = 0.5f;
            int[] shape = arrays.get(bias).shape().stream().mapToInt(Integer::intValue).toArray();
            arrays.put(bias, NpyArray.ofFloats(values, shape));
          },
          "array " + bias + ", here blocks.0.b_V: got ",
          "with a bias that is not zero",
          "train without it");
    }

    @Test
    void to_write_what_transformer_lens_does_not_compute() {
      Task lines = LineBreaking.box();
      ModelShape reader = ModelShape.lines(LineBreaking.box());
      ModelConfig config = ModelConfig.of(reader, lines, 0);
      Checkpoint ofLines = Checkpoint.of(lines, config, weights(config), 1, "{}");
      for (Checkpoint other : List.of(ofLines, checkpoint(SHAPE.withoutAttention(), P + 1))) {
        Path file = folder.resolve("none.safetensors");
        assertMessage(
            IllegalArgumentException.class,
            () -> other.save(file, ParameterNames.TRANSFORMER_LENS_4),
            "names: got transformer-lens-4 for a model that cannot go there as it is",
            "keep the names own");
        assertTrue(Files.notExists(file));
      }
    }

    @Test
    void names_that_nobody_uses() {
      assertMessage(
          IllegalArgumentException.class,
          () -> ParameterNames.named("pytorch"),
          "names: got pytorch, expected own, transformer-lens, transformer-lens-4");
      Arrays.stream(ParameterNames.values())
          .forEach(names -> assertEquals(names, ParameterNames.named(names.toString())));
    }
  }
}
