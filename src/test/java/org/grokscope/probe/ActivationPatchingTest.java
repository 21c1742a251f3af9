package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.probe.ActivationPatching.Site;
import org.grokscope.task.Batch;
import org.grokscope.task.ModularAddition;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import tech.tablesaw.api.Table;

class ActivationPatchingTest {
  /** Float64 sums of a few terms, of float32 weights that are exact. */
  private static final double FLOAT64 = 1e-12;

  /**
   * Tokens 0 and 1 are unit vectors, '=' is nothing; two heads attend evenly and copy what they
   * read, the second three times as loud; no neuron speaks. So logits = 4/3 (e_a + e_b).
   */
  @Nested
  class ByHand {
    private final ModelConfig config =
        new ModelConfig(ModelShape.uniform(1, 2, 2, 2, 1, Activation.RELU, false, true), 3, 2, 3);
    private final Parameters weights = Parameters.zeros(config.layout());
    private final Batch clean = questions(0, 0, 0);
    private final Batch corrupted = questions(1, 1, 1);

    private Batch questions(int a, int b, int label) {
      return Batch.ofQuestions(3, new int[] {a, b, 2}, new int[] {label});
    }

    private ActivationPatching patching(Batch from, Batch to) {
      set("W_E", 1, 0, 0, 1, 0, 0);
      set("W_V", 1, 0, 0, 1, 1, 0, 0, 1);
      set("W_O", 1, 0, 0, 1, 3, 0, 0, 3);
      set("W_U", 1, 0, 0, 1);
      return ActivationPatching.of(
          ReferenceTransformer.of(config, weights, DataType.DOUBLE), from, to);
    }

    private void set(String name, double... values) {
      long[] shape = config.layout().slot(name).dimensions();
      weights.set(name, Nd4j.createFromArray(values).reshape('c', shape));
    }

    @Test
    void nothing_patched_recovers_nothing_and_everything_recovers_all() {
      ActivationPatching patching = patching(clean, corrupted);
      assertEquals(8 / 3.0, patching.cleanDifference(), FLOAT64);
      assertEquals(-8 / 3.0, patching.corruptedDifference(), FLOAT64);
      assertEquals(0, patching.recovered());
      assertEquals(1, patching.recovered(Site.of("hook_embed")), FLOAT64);
    }

    @Test
    void each_of_two_tokens_brings_half_of_the_answer() {
      ActivationPatching patching = patching(clean, corrupted);
      Site embed = Site.of("hook_embed");
      assertEquals(0.5, patching.recovered(embed.atPosition(0)), FLOAT64);
      assertEquals(0.5, patching.recovered(embed.atPosition(1)), FLOAT64);
      assertEquals(0, patching.recovered(embed.atPosition(2)), FLOAT64);
      assertEquals(1, patching.recovered(embed.atPosition(0), embed.atPosition(1)), FLOAT64);
    }

    @Test
    void each_head_brings_its_share_at_the_last_position_only() {
      ActivationPatching patching = patching(clean, corrupted);
      Site z = Site.of("blocks.0.attn.hook_z");
      assertEquals(0.25, patching.recovered(z.ofHead(0)), FLOAT64);
      assertEquals(0.75, patching.recovered(z.ofHead(1).atPosition(2)), FLOAT64);
      assertEquals(0, patching.recovered(z.ofHead(1).atPosition(0)), FLOAT64);
    }

    @Test
    void attention_that_is_even_in_both_brings_nothing() {
      Table table =
          patching(clean, corrupted).table(List.of(Site.of("blocks.0.attn.hook_pattern")));
      assertEquals(0, table.doubleColumn("recovered").get(0), FLOAT64);
      assertTrue(table.intColumn("position").isMissing(0));
      assertTrue(table.intColumn("head").isMissing(0));
    }

    @Test
    void attention_to_another_token_is_patched_by_head_and_query() {
      set("W_pos", 0, 0, 0, 0, 1, 1); // '=' asks
      set("W_Q", 9, 0, 0, 9, 0, 0, 0, 0); // head 0 alone asks,
      set("W_K", 9, 0, 0, 0, 0, 0, 0, 0); // for token 0
      // 0 stands first in the clean question and second in the corrupted one
      Batch first = questions(0, 1, 0);
      Batch second = questions(1, 0, 1);
      set("W_E", 1, 0, 0, 1, 0, 0);
      set("W_V", 1, 0, 0, 1, 1, 0, 0, 1);
      set("W_O", 1, 0, 0, 1, 3, 0, 0, 3);
      set("W_U", 1, 0, 0, 1);
      try (ReferenceTransformer model = ReferenceTransformer.of(config, weights, DataType.DOUBLE)) {
        // head 0 reads token 0 in either, so the model answers the same to both
        var error =
            assertThrows(
                IllegalArgumentException.class, () -> ActivationPatching.of(model, first, second));
        assertTrue(error.getMessage().contains("does not tell"), error.getMessage());
        ActivationPatching patching = ActivationPatching.of(model, first, questions(1, 1, 1));
        Site pattern = Site.of("blocks.0.attn.hook_pattern");
        double byHead = patching.difference(pattern.ofHead(1).atPosition(2));
        assertEquals(patching.corruptedDifference(), byHead, FLOAT64); // even in both
        double moved = patching.difference(pattern.ofHead(0).atPosition(2));
        assertTrue(Math.abs(moved - patching.corruptedDifference()) > 0.1, "moved " + moved);
        assertEquals(
            patching.corruptedDifference(),
            patching.difference(pattern.ofHead(0).atPosition(0)),
            FLOAT64);
      }
    }

    @Test
    void a_table_has_a_row_for_each_position_and_head() {
      ActivationPatching patching = patching(clean, corrupted);
      List<Site> sites = patching.sites("blocks.0.attn.hook_z");
      assertEquals(6, sites.size());
      Table table = patching.table(sites);
      assertEquals(
          List.of("activation", "position", "head", "logit_difference", "recovered"),
          table.columnNames());
      assertEquals(2, table.intColumn("position").get(5));
      assertEquals(1, table.intColumn("head").get(5));
      assertEquals(0.75, table.doubleColumn("recovered").get(5), FLOAT64);
      assertEquals(4 / 3.0, table.doubleColumn("logit_difference").get(5), FLOAT64);
      assertEquals(6, patching.sites("blocks.0.attn.hook_pattern").size());
      assertEquals(3, patching.sites("blocks.0.hook_resid_mid").size());
    }

    @Test
    void wrong_questions_and_sites_are_named() {
      ActivationPatching patching = patching(clean, corrupted);
      assertMessage(
          "activation patching: got position 3 of hook_embed, expected 0 … 2",
          () -> patching.recovered(Site.of("hook_embed").atPosition(3)));
      assertMessage(
          "activation patching: got head 0 of hook_embed, expected none, it has no heads",
          () -> patching.recovered(Site.of("hook_embed").ofHead(0)));
      assertMessage(
          "activation patching: got head -1 of blocks.0.attn.hook_pattern, expected 0 … 1",
          () -> patching.recovered(Site.of("blocks.0.attn.hook_pattern").ofHead(-1)));
      var unknown =
          assertThrows(IllegalArgumentException.class, () -> patching.recovered(Site.of("hook_x")));
      assertTrue(unknown.getMessage().startsWith("activation: got 'hook_x'"));
      assertMessage(
          "activation patching: got the answer 0 to both questions of pair 0, expected two answers;"
              + " choose another corrupted question",
          () -> patching(clean, questions(1, 0, 0)));
      Batch two = Batch.ofQuestions(3, new int[] {0, 0, 2, 1, 1, 2}, new int[] {1, 1});
      assertMessage(
          "activation patching: got 1 clean and 2 corrupted questions, expected as many of both",
          () -> patching(clean, two));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"one layer", "two layers", "LayerNorm", "no attention"})
  void works_on_every_model_of_the_reference_path(String name) {
    ModelShape small = ModelShape.uniform(1, 8, 2, 4, 16, Activation.RELU, false, true);
    ModelShape shape =
        switch (name) {
          case "two layers" -> small.withLayers(2);
          case "LayerNorm" -> small.withLayers(2).withLayerNorm(true);
          case "no attention" -> small.withLayers(2).withoutAttention();
          default -> small;
        };
    ModelConfig config = new ModelConfig(shape, 8, 8, 3);
    Batch clean = ModularAddition.mod(7).questions(IntStream.range(0, 10).toArray());
    Batch corrupted = ModularAddition.mod(7).questions(IntStream.range(22, 32).toArray());
    assertFalse(Arrays.equals(clean.labels(), corrupted.labels()));
    try (ReferenceTransformer model =
        ReferenceTransformer.of(config, Parameters.initial(config, 3), DataType.DOUBLE)) {
      ActivationPatching patching = ActivationPatching.of(model, clean, corrupted);
      int last = shape.depth() - 1;
      assertEquals(0, patching.recovered());
      assertEquals(1, patching.recovered(Site.of("hook_embed")), FLOAT64);
      for (int layer = 0; layer <= last; layer++) {
        String block = "blocks." + layer + ".";
        assertEquals(1, patching.recovered(Site.of(block + "hook_resid_pre")), FLOAT64);
        assertEquals(1, patching.recovered(Site.of(block + "hook_resid_post")), FLOAT64);
      }
      List<Site> end = patching.sites("blocks." + last + ".hook_resid_post");
      assertEquals(1, patching.recovered(end.get(end.size() - 1)), FLOAT64);
      double inside = patching.recovered(Site.of("blocks.0.mlp.hook_post"));
      assertTrue(Math.abs(inside) > 1e-3 && Math.abs(inside - 1) > 1e-3, "recovered " + inside);
    }
  }

  private static void assertMessage(String expected, Runnable action) {
    var error = assertThrows(IllegalArgumentException.class, action::run);
    assertEquals(expected, error.getMessage());
  }
}
