package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.TensorAssert;
import org.grokscope.task.Batch;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineVocabulary;
import org.grokscope.task.TokenKind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ReferenceTransformerTest {

  private static List<ModelConfig> models() {
    return List.copyOf(SmallModels.all().values());
  }

  @Nested
  class InFloat extends TransformerContract {
    @Override
    Transformer create(ModelConfig config, Parameters parameters, Loss loss) {
      return ReferenceTransformer.of(config, parameters, DataType.FLOAT, loss);
    }

    @Override
    List<ModelConfig> configs() {
      return models();
    }
  }

  @Nested
  class InDouble extends TransformerContract {
    @Override
    Transformer create(ModelConfig config, Parameters parameters, Loss loss) {
      return ReferenceTransformer.of(config, parameters, DataType.DOUBLE, loss);
    }

    @Override
    List<ModelConfig> configs() {
      // documents of 64 tokens take minutes in float64; they are held in float32 above
      return models().stream().filter(model -> !model.equals(SmallModels.LINES)).toList();
    }

    @Override
    void the_gradient_of_each_tensor_predicts_the_change_of_the_loss(ModelConfig config) {
      // FiniteDifferencesTest holds it in float64 to a millionth
    }

    @Override
    void the_gradient_predicts_the_change_along_a_random_direction(ModelConfig config) {
      // this too
    }
  }

  /** One layer on tokens 0 and 1 whose embeddings are unit vectors, and an MLP that is silent. */
  @Nested
  class ByHand {
    private final ModelConfig config =
        new ModelConfig(ModelShape.uniform(1, 2, 1, 2, 1, Activation.RELU, false, true), 2, 2, 2);
    private final Parameters parameters = Parameters.zeros(config.layout());
    private final Batch batch = Batch.ofQuestions(2, new int[] {0, 1}, new int[] {0});

    @Test
    void attends_evenly_where_scores_are_equal() {
      set("W_E", 1, 0, 0, 1);
      set("W_V", 1, 0, 0, 1);
      set("W_O", 1, 0, 0, 1);
      set("W_U", 1, 0, 0, 1);
      // (0, 1) + the mean of (1, 0) and (0, 1)
      assertLogits(0.5, 1.5);
    }

    @Test
    void attends_by_the_softmax_of_the_scaled_scores() {
      double score = Math.sqrt(2) * Math.log(3);
      set("W_E", 1, 0, 0, 1);
      set("W_Q", 1, 0, 0, 1);
      set("W_K", score, 0, 0, score);
      set("W_V", 1, 0, 0, 1);
      set("W_O", 1, 0, 0, 1);
      set("W_U", 1, 0, 0, 1);
      // scores 0 and ln 3, so weights 1/4 and 3/4
      assertLogits(0.25, 1.75);
    }

    @Test
    void adds_position_then_mlp_then_unembeds() {
      set("W_E", 1, 0, 0, 1);
      set("W_pos", 9, 9, 2, 3);
      set("W_in", 1, 1);
      set("b_in", -4);
      set("W_out", 10, 20);
      set("b_out", 0.5, 0.25);
      set("W_U", 1, 0, 1, 1);
      // x = (2, 4); relu(2 + 4 − 4) = 2; x + (20, 40) + (0.5, 0.25) = (22.5, 44.25)
      assertLogits(66.75, 44.25);
    }

    @Test
    void adds_up_its_positions_where_there_is_no_attention() {
      ModelConfig sum = new ModelConfig(config.shape().withoutAttention(), 2, 2, 2);
      Parameters weights = Parameters.zeros(sum.layout());
      set(weights, "W_E", 1, 0, 0, 1);
      set(weights, "W_pos", 2, 3, 4, 5);
      set(weights, "W_in", 1, 1);
      set(weights, "b_in", -10);
      set(weights, "W_out", 10, 20);
      set(weights, "b_out", 0.5, 0.25);
      set(weights, "W_U", 1, 0, 1, 1);
      // x = (1 + 2 + 0 + 4, 0 + 3 + 1 + 5) = (7, 9); relu(7 + 9 − 10) = 6;
      // x + (60, 120) + (0.5, 0.25) = (67.5, 129.25)
      try (Transformer model = ReferenceTransformer.of(sum, weights)) {
        double[] expected = {196.75, 129.25};
        assertClose("logits", expected, TensorAssert.doubles(model.logits(batch)), 0, 0);
      }
    }

    private void assertLogits(double first, double second) {
      double[] expected = {first, second};
      for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
        try (Transformer model = ReferenceTransformer.of(config, parameters, type)) {
          INDArray logits = model.logits(batch);
          assertEquals(type, logits.dataType());
          assertClose(type + "", expected, TensorAssert.doubles(logits), 3e-7, 0); // float weights
        }
      }
    }

    private void set(String name, double... values) {
      set(parameters, name, values);
    }

    private static void set(Parameters weights, String name, double... values) {
      INDArray flat = Nd4j.createFromArray(values);
      weights.set(name, flat.reshape('c', weights.layout().slot(name).dimensions()));
    }
  }

  @Nested
  class Pieces {
    @Test
    void layer_norm_centres_and_scales_each_row() {
      ModelConfig config =
          new ModelConfig(ModelShape.uniform(1, 2, 1, 1, 1, Activation.RELU, true, true), 2, 2, 1);
      Parameters parameters = Parameters.zeros(config.layout());
      parameters.set("ln1.w", Nd4j.createFromArray(2.0, 3.0));
      parameters.set("ln1.b", Nd4j.createFromArray(10.0, 20.0));
      LayerNorm norm = new LayerNorm("ln1", new Weights(parameters, DataType.DOUBLE));

      INDArray y = norm.forward(Nd4j.createFromArray(new double[][] {{1, 3}, {-5, 5}}));

      double u = 1 / Math.sqrt(1 + 1e-5); // of ±1, whose variance is 1
      double v = 5 / Math.sqrt(25 + 1e-5); // of ±5
      double[] expected = {10 - 2 * u, 20 + 3 * u, 10 - 2 * v, 20 + 3 * v};
      assertClose("y", expected, TensorAssert.doubles(y), 1e-15, 0);
    }

    @Test
    void gelu_is_the_exact_one() {
      // Φ(1) = 0.841344746068542948…, φ(1) = 0.241970724519143349…
      double upper = 0.8413447460685429;
      double density = 0.24197072451914337;
      INDArray x = Nd4j.createFromArray(new double[][] {{-1, 0, 1}});

      double[] values = TensorAssert.doubles(Nonlinearity.apply(Activation.GELU, x));
      double[] slopes = TensorAssert.doubles(Nonlinearity.derivative(Activation.GELU, x));

      assertClose("gelu", new double[] {upper - 1, 0, upper}, values, 1e-15, 1e-16);
      double[] expected = {1 - upper - density, 0.5, upper + density};
      assertClose("slope", expected, slopes, 1e-14, 0);
      assertClose("x", new double[] {-1, 0, 1}, TensorAssert.doubles(x), 0, 0);
    }

    @Test
    void relu_is_flat_below_and_at_zero() {
      INDArray x = Nd4j.createFromArray(new double[][] {{-2, 0, 3}});

      double[] values = TensorAssert.doubles(Nonlinearity.apply(Activation.RELU, x));
      double[] slopes = TensorAssert.doubles(Nonlinearity.derivative(Activation.RELU, x));

      assertClose("relu", new double[] {0, 0, 3}, values, 0, 0);
      assertClose("slope", new double[] {0, 0, 1}, slopes, 0, 0);
    }

    @Test
    void neither_hides_what_is_not_a_number() {
      INDArray x = Nd4j.createFromArray(new float[][] {{Float.NaN}});
      for (Activation activation : Activation.values()) {
        double value = Nonlinearity.apply(activation, x).getDouble(0);
        assertTrue(Double.isNaN(value), activation + " gave " + value);
      }
    }
  }

  @Test
  void the_last_token_reaches_earlier_positions_only_where_the_model_is_not_causal() {
    Batch batch = SmallModels.questions(SmallModels.TWO_LAYERS, 4, 3);
    int[] tokens = new int[16];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = i % 4 == 3 ? 0 : batch.token(i / 4, i % 4);
    }
    Batch changed = Batch.ofQuestions(4, tokens, batch.labels());
    ModelConfig causal = SmallModels.TWO_LAYERS;
    assertEquals(0, effectOnEarlierPositions(causal, batch, changed));
    ModelShape open = causal.shape().withCausal(false);
    assertTrue(effectOnEarlierPositions(new ModelConfig(open, 5, 4, 4), batch, changed) > 1e-2);
  }

  private static double effectOnEarlierPositions(ModelConfig config, Batch a, Batch b) {
    String name = "blocks.1.hook_resid_post";
    try (ReferenceTransformer model =
        ReferenceTransformer.of(config, SmallModels.weights(config, 3))) {
      INDArray change = model.runWithCache(a).get(name).sub(model.runWithCache(b).get(name));
      double largest = 0;
      for (int i = 0; i < a.size(); i++) {
        for (int t = 0; t < config.contextLength() - 1; t++) {
          for (int j = 0; j < config.shape().dModel(); j++) {
            largest = Math.max(largest, Math.abs(change.getDouble(i, t, j)));
          }
        }
      }
      return largest;
    }
  }

  @Nested
  class Everywhere {
    @Test
    void the_last_positions_answers_are_those_of_the_model_that_answers_there_alone() {
      ModelConfig everywhere = SmallModels.EVERYWHERE;
      ModelConfig last = SmallModels.TWO_LAYERS;
      assertEquals(last.layout(), everywhere.layout());
      Batch questions = SmallModels.questions(last, 9, 3);
      Parameters weights = SmallModels.weights(last, 3);
      try (ReferenceTransformer a = ReferenceTransformer.of(last, weights, DataType.DOUBLE);
          ReferenceTransformer b = ReferenceTransformer.of(everywhere, weights, DataType.DOUBLE)) {
        // products of other sizes: a few roundings of double
        assertClose(
            "loss",
            a.lossAndGradients(questions).loss(),
            b.lossAndGradients(questions).loss(),
            1e-14,
            0);
        assertClose("gradients", a.gradientsInDouble(), b.gradientsInDouble(), 1e-12, 1e-14);
        INDArray answers = b.logits(questions);
        assertArrayEquals(new long[] {9, 4, 4}, answers.shape());
        INDArray ofLast =
            answers.get(NDArrayIndex.all(), NDArrayIndex.point(3), NDArrayIndex.all());
        assertClose("logits", a.logits(questions), ofLast, 1e-12, 1e-14);
        assertEquals(a.loss(questions).correct(), b.loss(questions).correct());
      }
    }

    @Test
    void a_position_without_weight_counts_for_nothing_whatever_is_said_there() {
      ModelConfig config = SmallModels.EVERYWHERE_ALONE; // no position hears of another
      Parameters weights = SmallModels.weights(config, 3);
      ParameterLayout.Slot embedding = config.layout().slot("W_E");
      weights.values()[embedding.offset() + 4 * config.shape().dModel()] = Float.NaN; // token 4
      int[] targets = {1, 2, 3, 0};
      double[] one = {0, 1, 0, 0};
      try (ReferenceTransformer model = ReferenceTransformer.of(config, weights)) {
        Batch unasked = new Batch(4, new int[] {4, 1, 2, 3}, targets, one);
        double loss = model.loss(unasked).loss();
        assertTrue(Double.isFinite(loss), "loss " + loss);
        assertEquals(1, model.loss(unasked).size());
        Batch asked = new Batch(4, new int[] {1, 4, 2, 3}, targets, one);
        assertTrue(Double.isNaN(model.loss(asked).loss()));
        assertEquals(0, model.loss(asked).correct());
      }
    }
  }

  @Nested
  class Lines {
    @Test
    void what_comes_later_or_is_out_of_view_changes_nothing() {
      LineBreaking task = LineBreaking.given();
      ModelConfig config = ModelConfig.of(ModelShape.lines(task), task, 0);
      LineBatch batch = task.corpus().fresh(0, 2);
      int word = batch.decisions()[5];
      LineVocabulary vocabulary = batch.vocabulary();
      int old = batch.token(0, word);
      int other =
          IntStream.of(batch.positionsOf(TokenKind.WORD))
              .map(position -> batch.token(position / batch.length(), position % batch.length()))
              .filter(token -> token != old)
              .filter(token -> vocabulary.length(token) == vocabulary.length(old))
              .findFirst()
              .orElseThrow();
      try (ReferenceTransformer model =
          ReferenceTransformer.of(config, SmallModels.shaken(config), DataType.DOUBLE)) {
        INDArray before = model.logits(batch);
        INDArray after = model.logits(batch.withReplaced(0, word, other));
        int end = word;
        while (batch.kind(0, end) != TokenKind.NEWLINE) {
          end++;
        }
        assertEquals(0, difference(before, after, 0, 0, word));
        assertTrue(difference(before, after, 0, word, end) > 1e-6, "its own line sees it");
        assertEquals(0, difference(before, after, 1, 0, batch.length()), "another document");
      }
    }

    @Test
    void what_is_to_come_is_seen_both_ways_and_in_no_other_view() {
      Batch batch = SmallModels.batch(SmallModels.READING, 3, 3);
      int[] tokens = batch.tokens();
      int last = batch.length() - 1;
      tokens[last] = (tokens[last] + 1) % SmallModels.READING.vocabulary();
      Batch changed = new Batch(batch.length(), tokens, batch.targets(), batch.weights());
      ModelShape causal = SmallModels.READING.shape();
      for (boolean bothWays : new boolean[] {false, true}) {
        ModelShape shape = bothWays ? causal.withCausal(false) : causal;
        ModelConfig config = new ModelConfig(shape, 7, 8, 5);
        try (ReferenceTransformer model =
            ReferenceTransformer.of(config, SmallModels.weights(config, 3), DataType.DOUBLE)) {
          INDArray before = model.logits(batch);
          INDArray after = model.logits(changed);
          for (int t = 0; t < last; t++) {
            assertEquals(bothWays, difference(before, after, 0, t, t + 1) > 1e-6, "position " + t);
          }
          assertTrue(difference(before, after, 0, last, last + 1) > 1e-6);
          assertEquals(0, difference(before, after, 1, 0, last + 1), "another sequence");
        }
      }
    }

    private static double difference(INDArray a, INDArray b, int document, int from, int to) {
      double largest = 0;
      for (int t = from; t < to; t++) {
        INDArray change = a.slice(document).getRow(t).sub(b.slice(document).getRow(t));
        largest = Math.max(largest, change.amaxNumber().doubleValue());
      }
      return largest;
    }

    @Test
    void batches_of_another_task_or_without_lines_are_refused() {
      LineBreaking task = LineBreaking.boxHeader();
      ModelConfig config = ModelConfig.of(ModelShape.lines(task), task, 0);
      LineBatch shorter = LineBreaking.given().corpus().fresh(0, 1);
      Batch plain = Batch.ofQuestions(64, new int[64], new int[] {0});
      try (ReferenceTransformer model =
          ReferenceTransformer.of(config, Parameters.initial(config, 0))) {
        String vocabulary =
            assertThrows(IllegalArgumentException.class, () -> model.loss(shorter)).getMessage();
        assertTrue(vocabulary.startsWith("batch: got a vocabulary of "), vocabulary);
        String lines =
            assertThrows(IllegalArgumentException.class, () -> model.loss(plain)).getMessage();
        assertTrue(lines.startsWith("batch: got the view OWN_LINE of sequences without"), lines);
      }
    }
  }

  @Test
  void gradients_are_the_double_ones_rounded() {
    ModelConfig config = SmallModels.EVERYTHING;
    try (ReferenceTransformer model =
        ReferenceTransformer.of(config, SmallModels.weights(config, 1), DataType.DOUBLE)) {
      model.lossAndGradients(SmallModels.questions(config, 5, 1));
      double[] exact = model.gradientsInDouble();
      float[] rounded = new float[exact.length];
      for (int i = 0; i < exact.length; i++) {
        rounded[i] = (float) exact[i];
      }
      assertArrayEquals(rounded, model.gradients().values());
    }
  }

  @Test
  void refuses_another_models_parameters_and_other_precisions() {
    Parameters parameters = SmallModels.weights(SmallModels.ONE_LAYER, 1);
    String layout =
        assertThrows(
                IllegalArgumentException.class,
                () -> ReferenceTransformer.of(SmallModels.TWO_LAYERS, parameters))
            .getMessage();
    assertTrue(layout.contains("blocks.1.W_in"), layout);
    String type =
        assertThrows(
                IllegalArgumentException.class,
                () -> ReferenceTransformer.of(SmallModels.ONE_LAYER, parameters, DataType.INT32))
            .getMessage();
    assertTrue(type.contains("INT") && type.contains("FLOAT or DOUBLE"), type);
  }
}
