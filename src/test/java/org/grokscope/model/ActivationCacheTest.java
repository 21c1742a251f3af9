package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.grokscope.task.Batch;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ActivationCacheTest {
  /** A few roundings of float32, on activations of the order of 10. */
  private static final double FLOAT32 = 1e-5;

  private final ModelConfig config = SmallModels.TWO_LAYERS; // d 6, 3 heads of 5, 7 neurons, T 4
  private final Parameters parameters = SmallModels.weights(config, 1);
  private final ReferenceTransformer model = ReferenceTransformer.of(config, parameters);
  private final Batch batch = SmallModels.questions(config, 9, 1);

  @AfterEach
  void close() {
    model.close();
  }

  @Nested
  class Cache {
    @Test
    void holds_every_name_in_the_order_of_computation() {
      List<String> names = model.runWithCache(batch).names();

      assertEquals(ActivationCache.names(config.shape()), names);
      assertEquals(2 + 2 * 13, names.size());
      assertEquals("hook_embed", names.get(0));
      assertEquals("blocks.1.hook_resid_post", names.get(names.size() - 1));
    }

    @Test
    void holds_the_layer_norms_of_a_model_that_has_them() {
      ModelConfig other = SmallModels.LAYER_NORM;
      try (ReferenceTransformer norm =
          ReferenceTransformer.of(other, SmallModels.weights(other, 1))) {
        ActivationCache cache = norm.runWithCache(SmallModels.questions(other, 2, 1));
        assertEquals(ActivationCache.names(other.shape()), cache.names());
        for (String name : List.of("blocks.0.ln1", "blocks.0.ln2", "ln_final")) {
          assertArrayEquals(new long[] {2, 3, 8}, cache.get(name + ".hook_normalized").shape());
        }
        INDArray last = lastOf(cache.get("ln_final.hook_normalized"));
        INDArray expected = last.mmul(norm.parameters().get("W_U"));
        assertClose("logits", expected, cache.logits(), FLOAT32, FLOAT32);
      }
    }

    @Test
    void has_one_position_after_the_embeddings_of_a_model_without_attention() {
      ModelConfig other = SmallModels.NO_ATTENTION;
      try (ReferenceTransformer sum =
          ReferenceTransformer.of(other, SmallModels.weights(other, 1))) {
        ActivationCache cache = sum.runWithCache(SmallModels.questions(other, 2, 1));
        List<String> inBlock = List.of("hook_resid_pre", "hook_resid_mid", "mlp.hook_pre");
        assertEquals(ActivationCache.names(other.shape()), cache.names());
        assertEquals(
            inBlock, cache.names().subList(2, 5).stream().map(n -> n.substring(9)).toList());
        assertArrayEquals(new long[] {2, 3, 8}, cache.get("hook_embed").shape());
        assertArrayEquals(new long[] {2, 1, 8}, cache.get("blocks.0.hook_resid_mid").shape());
        assertArrayEquals(new long[] {2, 1, 12}, cache.get("blocks.0.mlp.hook_post").shape());
        INDArray summed = cache.get("hook_embed").add(cache.get("hook_pos_embed")).sum(1);
        INDArray pre = cache.get("blocks.0.hook_resid_pre").reshape('c', 2, 8);
        assertClose("sum", summed, pre, FLOAT32, FLOAT32);
      }
    }

    @Test
    void shapes_are_by_sequence_position_and_head() {
      ActivationCache cache = model.runWithCache(batch);
      Map<String, long[]> shapes = new HashMap<>();
      for (String name : List.of("resid_pre", "attn_out", "resid_mid", "mlp_out", "resid_post")) {
        shapes.put("hook_" + name, new long[] {9, 4, 6});
      }
      for (String name : List.of("q", "k", "v", "z")) {
        shapes.put("attn.hook_" + name, new long[] {9, 4, 3, 5});
      }
      shapes.put("attn.hook_attn_scores", new long[] {9, 3, 4, 4});
      shapes.put("attn.hook_pattern", new long[] {9, 3, 4, 4});
      shapes.put("mlp.hook_pre", new long[] {9, 4, 7});
      shapes.put("mlp.hook_post", new long[] {9, 4, 7});
      assertEquals(13, shapes.size());
      shapes.forEach(
          (name, shape) -> {
            assertArrayEquals(shape, cache.get("blocks.0." + name).shape(), name);
            assertArrayEquals(shape, cache.get("blocks.1." + name).shape(), name);
          });
      assertArrayEquals(new long[] {9, 4, 6}, cache.get("hook_embed").shape());
      assertArrayEquals(new long[] {9, 4, 6}, cache.get("hook_pos_embed").shape());
    }

    @Test
    void patterns_are_distributions_over_keys_not_later_than_the_query() {
      ActivationCache cache = model.runWithCache(batch);
      INDArray pattern = cache.get("blocks.1.attn.hook_pattern");
      INDArray scores = cache.get("blocks.1.attn.hook_attn_scores");
      double[] sums = doubles(pattern.sum(3));
      assertClose("rows", IntStream.range(0, 108).mapToDouble(i -> 1).toArray(), sums, 1e-6, 0);
      for (int i = 0; i < 9; i++) {
        for (int head = 0; head < 3; head++) {
          for (int query = 0; query < 4; query++) {
            for (int key = 0; key < 4; key++) {
              double weight = pattern.getDouble(i, head, query, key);
              double score = scores.getDouble(i, head, query, key);
              assertEquals(key > query, weight == 0, "query " + query + ", key " + key);
              assertEquals(key > query, score == Double.NEGATIVE_INFINITY);
            }
          }
        }
      }
    }

    @Test
    void the_residual_stream_adds_up() {
      ActivationCache cache = model.runWithCache(batch);
      assertSum(cache, "hook_embed", "hook_pos_embed", "blocks.0.hook_resid_pre");
      for (String block : List.of("blocks.0.", "blocks.1.")) {
        String mid = block + "hook_resid_mid";
        assertSum(cache, block + "hook_resid_pre", block + "hook_attn_out", mid);
        assertSum(cache, mid, block + "hook_mlp_out", block + "hook_resid_post");
      }
      INDArray last = lastOf(cache.get("blocks.1.hook_resid_post"));
      assertClose("logits", last.mmul(parameters.get("W_U")), cache.logits(), FLOAT32, FLOAT32);
    }

    @Test
    void embeddings_are_the_tables_rows() {
      ActivationCache cache = model.runWithCache(batch);
      for (int i = 0; i < batch.size(); i++) {
        for (int t = 0; t < 4; t++) {
          INDArray row = parameters.get("W_E").getRow(batch.token(i, t));
          INDArray embed = cache.get("hook_embed").get(NDArrayIndex.point(i)).getRow(t);
          assertClose("token", doubles(row), doubles(embed), 0, 0);
          INDArray place = cache.get("hook_pos_embed").get(NDArrayIndex.point(i)).getRow(t);
          assertClose("place", doubles(parameters.get("W_pos").getRow(t)), doubles(place), 0, 0);
        }
      }
    }

    @Test
    void each_heads_values_are_its_own() {
      ActivationCache cache = model.runWithCache(batch);
      for (String letter : List.of("Q", "K", "V")) {
        INDArray all = cache.get("blocks.0.attn.hook_" + letter.toLowerCase(Locale.ROOT));
        INDArray weight = parameters.get("blocks.0.W_" + letter);
        INDArray x = cache.get("blocks.0.hook_resid_pre").reshape('c', 36, 6);
        for (int head = 0; head < 3; head++) {
          INDArray expected = x.mmul(weight.get(NDArrayIndex.point(head)));
          INDArray actual =
              all.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(head));
          assertClose(letter, doubles(expected), doubles(actual), FLOAT32, FLOAT32);
        }
      }
    }

    @Test
    void its_logits_are_the_models() {
      assertEquals(model.logits(batch), model.runWithCache(batch).logits());
    }

    @Test
    void joins_the_parts_that_a_large_batch_is_computed_in() {
      int[] many = IntStream.range(0, 2000).map(i -> i % 9).toArray();
      ActivationCache large = model.runWithCache(batch.select(many));
      ActivationCache small = model.runWithCache(batch);
      for (String name : List.of("blocks.1.attn.hook_z", "blocks.1.hook_resid_post")) {
        assertEquals(2000, large.get(name).size(0));
        for (int i : new int[] {0, 767, 768, 1535, 1536, 1999}) {
          INDArray expected = small.get(name).get(NDArrayIndex.point(i % 9));
          INDArray actual = large.get(name).get(NDArrayIndex.point(i));
          assertClose(name, doubles(expected), doubles(actual), FLOAT32, FLOAT32);
        }
      }
    }

    @Test
    void outlives_later_calls_and_the_model() {
      ActivationCache cache = model.runWithCache(batch);
      INDArray post = cache.get("blocks.1.mlp.hook_post");
      double[] before = doubles(post);

      assertFalse(post.isAttached());
      assertFalse(cache.logits().isAttached());
      model.lossAndGradients(SmallModels.questions(config, 40, 2));
      model.close();

      assertClose("post", before, doubles(post), 0, 0);
    }

    @Test
    void keeps_only_what_was_asked_for() {
      String name = "blocks.0.attn.hook_pattern";
      ActivationCache cache = model.runWithCache(batch, List.of(name));
      assertEquals(List.of(name), cache.names());
      assertEquals(model.runWithCache(batch).get(name), cache.get(name));
    }

    @Test
    void names_what_there_is_when_asked_for_what_is_not() {
      ActivationCache cache = model.runWithCache(batch);
      assertUnknown("blocks.2.hook_z", () -> cache.get("blocks.2.hook_z"));
      assertUnknown("pattern", () -> model.runWithCache(batch, List.of("pattern")));
      Map<String, UnaryOperator<INDArray>> hooks = Map.of("ln1", UnaryOperator.identity());
      assertUnknown("ln1", () -> model.logits(batch, hooks));
    }
  }

  @Nested
  class Hooks {
    @Test
    void that_change_nothing_change_nothing() {
      Map<String, UnaryOperator<INDArray>> hooks = new HashMap<>();
      ActivationCache.names(config.shape()).forEach(n -> hooks.put(n, UnaryOperator.identity()));

      assertEquals(model.logits(batch), model.logits(batch, hooks));
      assertEquals(model.logits(batch), model.logits(batch, Map.of()));
    }

    @Test
    void zeroing_what_heads_say_equals_zeroing_their_output_weights() {
      INDArray hooked = with("blocks.0.attn.hook_z", z -> Nd4j.zerosLike(z));

      parameters.set("blocks.0.W_O", Nd4j.zeros(3, 5, 6));

      assertClose("logits", model.logits(batch), hooked, FLOAT32, FLOAT32);
    }

    @Test
    void may_change_their_argument_in_place() {
      INDArray hooked = with("blocks.1.mlp.hook_post", post -> post.muli(0));

      parameters.set("blocks.1.W_out", Nd4j.zeros(7, 6));

      assertClose("logits", model.logits(batch), hooked, FLOAT32, FLOAT32);
    }

    @Test
    void may_return_another_order_or_precision() {
      INDArray hooked = with("blocks.0.mlp.hook_pre", pre -> pre.dup('f').castTo(DataType.DOUBLE));

      assertEquals(model.logits(batch), hooked);
    }

    @Test
    void patching_the_stream_of_another_batch_gives_its_answers() {
      Batch other = SmallModels.questions(config, 9, 2);
      ActivationCache clean = model.runWithCache(other);
      for (String name : List.of("blocks.0.hook_resid_pre", "blocks.1.hook_resid_mid")) {
        assertClose(name, clean.logits(), with(name, x -> clean.get(name)), FLOAT32, FLOAT32);
      }
      INDArray own = model.logits(batch);
      assertTrue(own.distance2(clean.logits()) > 1e-2, "the batches answer alike");
    }

    @Test
    void each_of_them_reaches_the_logits() {
      INDArray plain = model.logits(batch);
      for (String name : ActivationCache.names(config.shape())) {
        double change = with(name, a -> a.mul(1.5)).distance2(plain);
        assertTrue(change > 1e-3, name + " changes the logits by " + change);
      }
    }

    @Test
    void run_once_each_on_the_whole_batch_and_what_they_keep_lasts() {
      int[] many = IntStream.range(0, 2000).map(i -> i % 9).toArray();
      Map<String, INDArray> seen = new HashMap<>();
      model.logits(
          batch.select(many),
          Map.of(
              "hook_embed",
              embed -> {
                assertNull(seen.put("hook_embed", embed));
                return embed;
              }));
      INDArray embed = seen.get("hook_embed");
      assertArrayEquals(new long[] {2000, 4, 6}, embed.shape());
      assertFalse(embed.isAttached());
    }

    @Test
    void of_another_shape_are_refused() {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> with("blocks.0.attn.hook_z", z -> Nd4j.zeros(9, 4, 3)))
              .getMessage();
      assertTrue(message.contains("blocks.0.attn.hook_z"), message);
      assertTrue(message.contains("[9, 4, 3]"), message);
      assertTrue(message.contains("[9, 4, 3, 5]"), message);
      assertThrows(IllegalArgumentException.class, () -> with("hook_embed", z -> null));
      assertEquals(17, model.loss(SmallModels.questions(config, 17, 0)).size());
    }

    private INDArray with(String name, UnaryOperator<INDArray> hook) {
      return model.logits(batch, Map.of(name, hook));
    }
  }

  @Nested
  class Lines {
    private final LineBreaking task = LineBreaking.boxHeader();
    private final ModelConfig config = ModelConfig.of(ModelShape.lines(task), task, 0);
    private final LineBatch batch = task.corpus().fresh(0, 3);

    @Test
    void activations_have_names_and_can_be_exchanged() {
      try (ReferenceTransformer lines =
          ReferenceTransformer.of(config, SmallModels.shaken(config))) {
        INDArray pattern = lines.activation(batch, "blocks.0.attn.hook_pattern");
        assertArrayEquals(new long[] {3, 4, 64, 64}, pattern.shape());
        double sums = pattern.sum(3).maxNumber().doubleValue();
        assertTrue(sums < 1, "the sink takes its share: " + sums);
        INDArray last = lines.activation(batch, "blocks.2.attn.hook_pattern");
        assertEquals(1, last.sum(3).minNumber().doubleValue(), 1e-5);
        ActivationCache all = lines.runWithCache(batch, config.activations());
        assertEquals(config.activations(), all.names());
        assertFalse(all.names().contains("hook_pos_embed"), "it has no positions");
        assertFalse(all.names().contains("blocks.1.hook_attn_out"), "its layer 1 has no heads");
        assertFalse(all.names().contains("blocks.2.hook_mlp_out"), "its layer 2 has no MLP");
        assertArrayEquals(new long[] {3, 64, 48}, all.get("blocks.1.hook_resid_post").shape());
        INDArray plain = lines.logits(batch);
        INDArray same = lines.logits(batch, Map.of("blocks.1.hook_resid_post", x -> x));
        assertEquals(0, same.sub(plain).amaxNumber().doubleValue(), 1e-6);
        INDArray cut = lines.logits(batch, Map.of("blocks.1.hook_resid_post", x -> x.mul(0)));
        assertTrue(cut.sub(same).amaxNumber().doubleValue() > 0.1);
        assertRefused(
            "blocks.1.attn.hook_q", () -> lines.activation(batch, "blocks.1.attn.hook_q"));
        assertRefused(
            "blocks.7.hook_resid_post",
            () -> lines.logits(batch, Map.of("blocks.7.hook_resid_post", x -> x)));
      }
    }

    private void assertRefused(String name, Executable call) {
      String message = assertThrows(IllegalArgumentException.class, call).getMessage();
      assertTrue(message.contains("got '" + name + "', expected one of"), message);
    }
  }

  @Test
  void every_model_shows_what_its_shape_names() {
    SmallModels.all()
        .forEach(
            (name, other) -> {
              try (ReferenceTransformer any =
                  ReferenceTransformer.of(other, SmallModels.weights(other, 1))) {
                ActivationCache cache = any.runWithCache(SmallModels.batch(other, 3, 1));
                assertEquals(other.activations(), cache.names(), name);
                INDArray plain = any.logits(SmallModels.batch(other, 3, 1));
                assertClose(name, plain, cache.logits(), FLOAT32, FLOAT32);
              }
            });
  }

  private static void assertUnknown(String name, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains("'" + name + "'"), message);
    for (String known : List.of("hook_embed", "blocks.1.attn.hook_pattern")) {
      assertTrue(message.contains(known), message);
    }
  }

  private static void assertSum(ActivationCache cache, String a, String b, String sum) {
    assertClose(sum, cache.get(a).add(cache.get(b)), cache.get(sum), FLOAT32, FLOAT32);
  }

  /** The last position of (n, T, d), as (n, d). */
  private static INDArray lastOf(INDArray activation) {
    long t = activation.size(1) - 1;
    return activation.get(NDArrayIndex.all(), NDArrayIndex.point(t), NDArrayIndex.all()).dup('c');
  }
}
