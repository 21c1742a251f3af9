package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.task.Batch;
import org.grokscope.task.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Norms and noise on the residual stream, and bounded scores. */
class NoiseTest {
  private static final Noise NOISE = Noise.of(7, 11);
  private static final ModelConfig CONFIG = SmallModels.BOUNDED;

  private static float[] draw(Noise noise, int layer, int sequence, int count) {
    float[] numbers = new float[count];
    noise.addTo(numbers, 0, count, Site.normed(0.5), layer, sequence);
    return numbers;
  }

  @Test
  void it_is_normal_with_the_sites_sigma() {
    double[] numbers = doubles(draw(NOISE, 0, 0, 20_000));
    // three standard errors of 20,000 draws: .5/141 of the mean, .5/200 of the deviation
    assertClose("mean", 0, Arrays.stream(numbers).average().orElseThrow(), 0, 0.0106);
    double square = Arrays.stream(numbers).map(x -> x * x).average().orElseThrow();
    assertClose("deviation", 0.5, Math.sqrt(square), 0, 0.0075);
    double fourth = Arrays.stream(numbers).map(x -> x * x * x * x).average().orElseThrow();
    assertClose("kurtosis", 3, fourth / (square * square), 0, 0.11);
  }

  @Test
  void seed_update_layer_and_sequence_each_change_it_and_nothing_else_does() {
    float[] numbers = draw(NOISE, 1, 2, 5);
    assertArrayEquals(numbers, draw(Noise.of(7, 11), 1, 2, 5));
    for (float[] other :
        List.of(
            draw(Noise.of(8, 11), 1, 2, 5),
            draw(Noise.of(7, 12), 1, 2, 5),
            draw(NOISE, 0, 2, 5),
            draw(NOISE, 1, 3, 5))) {
      assertFalse(Arrays.equals(numbers, other));
    }
    assertArrayEquals(new float[5], draw(Noise.NONE, 1, 2, 5));
  }

  @Test
  void without_an_update_there_is_none() {
    Batch batch = SmallModels.batch(CONFIG, 11, 4);
    try (ReferenceTransformer model =
        ReferenceTransformer.of(CONFIG, SmallModels.weights(CONFIG, 1), DataType.DOUBLE)) {
      double without = model.loss(batch).loss();
      assertEquals(without, model.loss(batch, Noise.NONE).loss());
      assertNotEquals(without, model.loss(batch, NOISE).loss());
      assertNotEquals(model.loss(batch, Noise.of(7, 12)).loss(), model.loss(batch, NOISE).loss());
    }
  }

  /** 700 sequences of 5 are more positions than the reference takes at a time. */
  @ParameterizedTest
  @ValueSource(ints = {11, 700})
  void both_paths_add_the_same(int sequences) {
    Batch batch = SmallModels.batch(CONFIG, sequences, 4);
    Parameters parameters = SmallModels.shaken(CONFIG);
    try (ReferenceTransformer exact = ReferenceTransformer.of(CONFIG, parameters, DataType.DOUBLE);
        Transformer fast = PreNormTransformer.of(CONFIG, parameters, 2)) {
      double expected = exact.lossAndGradients(batch, NOISE).loss();
      assertClose("loss", expected, fast.loss(batch, NOISE).loss(), 1e-5, 0);
      assertClose("loss", expected, fast.lossAndGradients(batch, NOISE).loss(), 1e-5, 0);
      double[] gradients = exact.gradientsInDouble();
      double largest = Arrays.stream(gradients).map(Math::abs).max().orElseThrow();
      double[] own = doubles(fast.gradients().values());
      // float32 sums, and of 3,500 rows some neurons so near their kink that rounding flips them;
      // one row with the noise of another differs by more than a tenth
      double tolerance = (sequences > 100 ? 2e-3 : 2e-4) * largest;
      assertClose("gradients", gradients, own, 0, tolerance);
    }
  }

  @Test
  void results_do_not_depend_on_the_number_of_threads() {
    Batch batch = SmallModels.batch(CONFIG, 33, 4);
    Parameters parameters = SmallModels.shaken(CONFIG);
    try (Transformer one = PreNormTransformer.of(CONFIG, parameters, 1);
        Transformer three = PreNormTransformer.of(CONFIG, parameters, 3)) {
      assertEquals(one.lossAndGradients(batch, NOISE), three.lossAndGradients(batch, NOISE));
      assertArrayEquals(one.gradients().values(), three.gradients().values());
    }
  }

  @Test
  void a_normed_stream_has_rows_of_mean_square_one() {
    Batch batch = SmallModels.batch(CONFIG, 3, 4);
    try (ReferenceTransformer model =
        ReferenceTransformer.of(CONFIG, SmallModels.weights(CONFIG, 1), DataType.DOUBLE)) {
      double[] stream = doubles(model.activation(batch, "blocks.1.hook_resid_pre"));
      for (int row = 0; row < stream.length / 6; row++) {
        int from = 6 * row;
        double square =
            IntStream.range(from, from + 6).mapToDouble(k -> stream[k] * stream[k]).sum();
        assertClose("row " + row, 1, square / 6, 0, 1e-4); // ε = 1e-5 in a stream of order 1
      }
    }
  }

  @Test
  void bounded_scores_do_not_pass_their_bound() {
    ModelConfig config = SmallModels.BOUNDED_QUESTIONS; // QK-norm 4 under a cap of 3
    Batch batch = SmallModels.batch(config, 9, 4);
    Parameters large = SmallModels.weights(config, 1);
    for (int k = 0; k < large.values().length; k++) {
      large.values()[k] *= 30;
    }
    try (ReferenceTransformer model = ReferenceTransformer.of(config, large, DataType.DOUBLE)) {
      INDArray scores = model.activation(batch, "blocks.1.attn.hook_attn_scores");
      double largest =
          Arrays.stream(doubles(scores))
              .filter(Double::isFinite)
              .map(Math::abs)
              .max()
              .orElseThrow();
      double bound = 3 * Math.tanh(4.0 / 3);
      assertTrue(largest <= bound && largest > 0.5 * bound, "largest " + largest);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void noise_is_finite_and_not_negative(double sigma) {
    assertMessage(
        "site: got noise of σ = " + sigma + ", expected 0 or more and finite, such as 0.3",
        () -> Site.normed(sigma));
  }

  @Test
  void what_cannot_be_is_refused_and_said() {
    assertMessage(
        "model: got the site 'blocks.4.hook_resid_mid', expected one of blocks.0.hook_resid_post,"
            + " blocks.1.hook_resid_post, blocks.2.hook_resid_post, blocks.3.hook_resid_post",
        () -> CONFIG.shape().withSite("blocks.4.hook_resid_mid", Site.normed(0.3)));
    assertMessage(
        "score bounds: got a QK-norm of scale -1.0, expected a finite number above 0, such as 10,"
            + " or 0 for none",
        () -> new ScoreBounds(-1, 2));
    assertMessage(
        "score bounds: got a soft cap of 0.0, expected a number above 0, such as 20, or infinity for"
            + " none",
        () -> new ScoreBounds(0, 0));
    assertMessage(
        "layer: got 0 and 0, expected heads whose scores are bounded",
        () -> LayerShape.mlp(3).withBounds(new ScoreBounds(4, 1)));
    LayerShape blind = LayerShape.attention(View.END_BEFORE, 1, 2, 0);
    assertMessage(
        "model: got a layer of the view END_BEFORE without a sink, expected one: on the first line"
            + " there is no end before, and a position does not see itself; give the layer a sink",
        () -> ModelShape.reading(4, List.of(blind)));
  }

  @Test
  void the_path_of_published_models_is_not_exact_for_them() {
    ModelShape published = SmallModels.ONE_LAYER.shape();
    LayerShape capped = published.layers().get(0).withBounds(new ScoreBounds(0, 3));
    for (ModelShape shape :
        List.of(
            published.withSite("blocks.0.hook_resid_post", Site.normed(0)),
            published.withLayers(List.of(capped)))) {
      ModelConfig config = new ModelConfig(shape, 6, 6, 3);
      assertFalse(FactorisedTransformer.accepts(config));
      assertTrue(OneLayerPass.refusal(config).orElseThrow().contains("bounded scores"));
      assertEquals(ComputationPath.REFERENCE, ComputationPath.bestFor(config));
    }
  }

  private static void assertMessage(String expected, Runnable call) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
