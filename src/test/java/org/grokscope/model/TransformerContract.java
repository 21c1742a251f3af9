package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.grokscope.task.Batch;
import org.grokscope.task.BatchLoss;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every {@link Transformer} promises, checked through its public face alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransformerContract {
  /** Rounding of a float32 forward pass of a small model, a few hundred units in the last place. */
  private static final double FLOAT32 = 2e-5;

  /** The transformer under test, around these very parameters. */
  abstract Transformer create(ModelConfig config, Parameters parameters, Loss loss);

  private Transformer create(ModelConfig config, Parameters parameters) {
    return create(config, parameters, StandardLoss.CROSS_ENTROPY);
  }

  /** The models to test it on. */
  abstract List<ModelConfig> configs();

  @ParameterizedTest
  @MethodSource("configs")
  void starts_at_the_logarithm_of_the_number_of_outputs(ModelConfig config) {
    Parameters tiny = SmallModels.weights(config, 1);
    scale(tiny.values(), 0x1p-20f);
    try (Transformer model = create(config, tiny)) {
      // logits are of the order 2^-20 ≈ 1e-6 times a few
      double loss = model.loss(batch(config)).loss();
      assertClose("loss", Math.log(config.outputs()), loss, 0, 1e-4);
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void knows_what_it_is(ModelConfig config) {
    Parameters parameters = SmallModels.weights(config, 1);
    try (Transformer model = create(config, parameters)) {
      assertEquals(config, model.config());
      assertSame(parameters, model.parameters());
      assertEquals(config.layout(), model.gradients().layout());
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void gives_the_same_loss_with_gradients_as_without(ModelConfig config) {
    try (Transformer model = create(config, SmallModels.weights(config, 2))) {
      Batch batch = batch(config);
      BatchLoss without = model.loss(batch);
      BatchLoss with = model.lossAndGradients(batch);
      assertClose("loss", without.loss(), with.loss(), FLOAT32, 0);
      assertEquals(without.correct(), with.correct());
      int asked = (int) Arrays.stream(batch.weights()).filter(weight -> weight > 0).count();
      assertEquals(asked, with.size());
      assertEquals(asked, without.size());
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void its_loss_and_right_answers_follow_from_its_logits(ModelConfig config) {
    try (Transformer model = create(config, SmallModels.weights(config, 3))) {
      Batch batch = batch(config);
      double loss = 0;
      int correct = 0;
      int asked = 0;
      for (Answer answer : answers(model, batch)) {
        double[] row = answer.logits();
        double sum = IntStream.range(0, row.length).mapToDouble(c -> Math.exp(row[c])).sum();
        loss += answer.weight() * (Math.log(sum) - row[answer.target()]) / batch.totalWeight();
        int likeliest =
            IntStream.range(0, row.length).reduce(0, (best, c) -> row[c] > row[best] ? c : best);
        correct += likeliest == answer.target() ? 1 : 0;
        asked++;
      }
      BatchLoss actual = model.loss(batch);
      assertClose("loss", loss, actual.loss(), FLOAT32, 0);
      assertEquals(correct, actual.correct());
      assertEquals((double) correct / asked, actual.accuracy());
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void every_other_loss_follows_from_the_same_logits_and_its_gradient_lowers_it(
      ModelConfig config) {
    for (Loss loss : SmallModels.losses()) {
      Parameters parameters = SmallModels.weights(config, 3);
      try (Transformer model = create(config, parameters, loss)) {
        Batch batch = batch(config);
        double expected = 0;
        for (Answer answer : answers(model, batch)) {
          double[] gradient = new double[config.outputs()];
          double ofRow = loss.of(answer.logits(), answer.target(), gradient);
          expected += answer.weight() * ofRow / batch.totalWeight();
        }
        double before = model.lossAndGradients(batch).loss();
        assertClose(loss.label(), expected, model.loss(batch).loss(), FLOAT32, 0);
        assertClose(loss.label(), expected, before, FLOAT32, 0);
        double[] gradient = doubles(model.gradients().values());
        double length = length(gradient, 0, gradient.length);
        step(parameters, gradient, 0, gradient.length, -1e-2 / length);
        double after = model.loss(batch).loss();
        assertTrue(after < before, loss.label() + " went from " + before + " to " + after);
      }
    }
  }

  /** What a model says where it is asked, and what it should have said. */
  private record Answer(double[] logits, int target, double weight) {}

  private static List<Answer> answers(Transformer model, Batch batch) {
    ModelConfig config = model.config();
    int n = batch.size();
    int length = batch.length();
    int outputs = config.outputs();
    INDArray logits = model.logits(batch);
    boolean everywhere = config.shape().answers() == ModelShape.Answer.EVERYWHERE;
    long[] shape = everywhere ? new long[] {n, length, outputs} : new long[] {n, outputs};
    assertArrayEquals(shape, logits.shape());
    double[] all = doubles(logits);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < length; t++) {
        if (batch.weight(i, t) > 0) {
          int from = (everywhere ? i * length + t : i) * outputs;
          double[] row = Arrays.copyOfRange(all, from, from + outputs);
          answers.add(new Answer(row, batch.target(i, t), batch.weight(i, t)));
        }
      }
    }
    return answers;
  }

  @ParameterizedTest
  @MethodSource("configs")
  void a_small_step_against_the_gradient_lowers_the_loss(ModelConfig config) {
    Parameters parameters = SmallModels.weights(config, 4);
    try (Transformer model = create(config, parameters)) {
      Batch batch = batch(config);
      double before = model.lossAndGradients(batch).loss();
      double[] gradient = doubles(model.gradients().values());
      double length = length(gradient, 0, gradient.length);
      assertTrue(length > 0, "gradient is zero");
      step(parameters, gradient, 0, gradient.length, -1e-2 / length);
      double after = model.loss(batch).loss();
      assertTrue(after < before, "loss went from " + before + " to " + after);
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void the_gradient_of_each_tensor_predicts_the_change_of_the_loss(ModelConfig config) {
    Parameters parameters = SmallModels.weights(config, 5);
    try (Transformer model = create(config, parameters)) {
      Batch batch = batch(config);
      model.lossAndGradients(batch);
      double[] gradient = doubles(model.gradients().values());
      for (ParameterLayout.Slot slot : config.layout().slots()) {
        assertPredicts(slot.name(), model, batch, gradient, gradient, slot);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void the_gradient_predicts_the_change_along_a_random_direction(ModelConfig config) {
    Parameters parameters = SmallModels.weights(config, 6);
    try (Transformer model = create(config, parameters)) {
      Batch batch = batch(config);
      model.lossAndGradients(batch);
      double[] gradient = doubles(model.gradients().values());
      RandomStream random = RandomStream.of(6, "direction");
      double[] direction =
          IntStream.range(0, gradient.length).mapToDouble(i -> random.nextGaussian()).toArray();
      for (ParameterLayout.Slot slot : config.layout().slots()) {
        assertPredicts(slot.name(), model, batch, gradient, direction, slot);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void the_order_of_the_batch_does_not_matter(ModelConfig config) {
    try (Transformer model = create(config, SmallModels.weights(config, 7))) {
      Batch batch = batch(config);
      int[] backwards = IntStream.range(0, batch.size()).map(i -> batch.size() - 1 - i).toArray();
      assertSameStep(model, batch, batch.select(backwards));
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void a_batch_repeated_has_the_same_mean_loss_and_gradients(ModelConfig config) {
    try (Transformer model = create(config, SmallModels.weights(config, 8))) {
      Batch batch = batch(config);
      // more positions than an implementation takes at a time
      int copies = 10_000 / (batch.size() * batch.length()) + 1;
      int[] repeated =
          IntStream.range(0, copies * batch.size()).map(i -> i % batch.size()).toArray();
      assertSameStep(model, batch, batch.select(repeated));
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void a_batch_is_the_mean_of_its_sequences(ModelConfig config) {
    try (Transformer model = create(config, SmallModels.weights(config, 9))) {
      Batch batch = batch(config);
      double loss = 0;
      double[] gradient = new double[config.layout().size()];
      double[] logits = doubles(model.logits(batch));
      int width = logits.length / batch.size();
      for (int i = 0; i < batch.size(); i++) {
        Batch one = batch.select(new int[] {i});
        double share = one.totalWeight() / batch.totalWeight();
        loss += share * model.lossAndGradients(one).loss();
        double[] part = doubles(model.gradients().values());
        for (int j = 0; j < gradient.length; j++) {
          gradient[j] += share * part[j];
        }
        double[] alone = doubles(model.logits(one));
        double[] among = Arrays.copyOfRange(logits, i * width, (i + 1) * width);
        assertClose("logits", alone, among, FLOAT32, FLOAT32);
      }
      assertClose("loss", loss, model.lossAndGradients(batch).loss(), FLOAT32, 0);
      assertClose("gradient", gradient, doubles(model.gradients().values()), FLOAT32, FLOAT32);
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void sees_every_change_of_the_parameters(ModelConfig config) {
    Parameters parameters = SmallModels.weights(config, 10);
    Parameters others = SmallModels.weights(config, 11);
    Batch batch = batch(config);
    try (Transformer model = create(config, parameters);
        Transformer other = create(config, others)) {
      double before = model.lossAndGradients(batch).loss();
      parameters.copyFrom(others);
      BatchLoss expected = other.lossAndGradients(batch);
      assertTrue(expected.loss() != before);
      assertEquals(expected, model.loss(batch));
      assertEquals(expected, model.lossAndGradients(batch));
      assertArrayEquals(other.gradients().values(), model.gradients().values());
      assertEquals(other.logits(batch), model.logits(batch));
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void repeats_itself_to_the_last_bit(ModelConfig config) {
    try (Transformer model = create(config, SmallModels.weights(config, 12))) {
      Batch batch = batch(config);
      BatchLoss loss = model.lossAndGradients(batch);
      float[] gradient = model.gradients().values().clone();
      INDArray logits = model.logits(batch);
      model.lossAndGradients(batch.select(new int[] {1, 2}));
      model.loss(batch.select(new int[] {0}));
      assertEquals(loss, model.lossAndGradients(batch));
      assertArrayEquals(gradient, model.gradients().values());
      assertEquals(logits, model.logits(batch));
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void leaves_parameters_alone_and_gradients_to_the_calls_for_them(ModelConfig config) {
    Parameters parameters = SmallModels.weights(config, 13);
    float[] before = parameters.values().clone();
    try (Transformer model = create(config, parameters)) {
      Batch batch = batch(config);
      model.lossAndGradients(batch);
      float[] gradient = model.gradients().values().clone();
      model.loss(batch.select(new int[] {0}));
      model.logits(batch);
      assertArrayEquals(gradient, model.gradients().values());
    }
    assertArrayEquals(before, parameters.values());
  }

  @ParameterizedTest
  @MethodSource("configs")
  void a_weight_that_is_not_a_number_shows_in_the_loss(ModelConfig config) {
    Parameters parameters = SmallModels.weights(config, 14);
    Batch batch = batch(config);
    for (ParameterLayout.Slot slot : config.layout().slots()) {
      int last = slot.offset() + slot.length() - 1;
      int firstToken = slot.offset() + batch.token(0, 0) * config.shape().dModel();
      switch (slot.name()) {
        case "W_U", "W_pos", "b_U" -> assertShows(config, parameters, last, slot.name());
        case "W_E" -> assertShows(config, parameters, firstToken, slot.name());
        default -> {}
      }
    }
  }

  private void assertShows(ModelConfig config, Parameters parameters, int entry, String name) {
    float[] values = parameters.values();
    float kept = values[entry];
    values[entry] = Float.NaN;
    try (Transformer model = create(config, parameters)) {
      double loss = model.loss(batch(config)).loss();
      assertTrue(Double.isNaN(loss), name + ": loss is " + loss);
    }
    values[entry] = kept;
  }

  @ParameterizedTest
  @MethodSource("configs")
  void says_why_a_batch_does_not_fit(ModelConfig config) {
    int context = config.contextLength();
    int[] tokens = new int[context];
    int[] unknown = tokens.clone();
    unknown[context - 1] = config.vocabulary();
    int[] label = {0};
    try (Transformer model = create(config, SmallModels.weights(config, 15))) {
      Batch none = Batch.ofQuestions(context, new int[0], new int[0]);
      assertRefused(model, none, "no sequences");
      Batch longer = Batch.ofQuestions(context + 1, new int[context + 1], label);
      assertRefused(model, longer, "sequences of " + (context + 1) + " tokens");
      Batch strange = Batch.ofQuestions(context, unknown, label);
      assertRefused(model, strange, "the token " + config.vocabulary());
      Batch unanswerable = Batch.ofQuestions(context, tokens, new int[] {config.outputs()});
      assertRefused(model, unanswerable, "the answer " + config.outputs());
      Batch silent = new Batch(context, tokens, tokens, new double[context]);
      boolean everywhere = config.shape().answers() == ModelShape.Answer.EVERYWHERE;
      assertRefused(
          model,
          silent,
          everywhere ? "no position with a weight" : "a batch that asks at every position");
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void closes_twice_and_leaves_the_parameters_readable(ModelConfig config) {
    Parameters parameters = SmallModels.weights(config, 16);
    Transformer model = create(config, parameters);
    model.lossAndGradients(batch(config));
    model.close();
    model.close();
    assertArrayEquals(SmallModels.weights(config, 16).values(), model.parameters().values());
  }

  private static Batch batch(ModelConfig config) {
    return SmallModels.batch(config, 17, 0);
  }

  private static void assertRefused(Transformer model, Batch batch, String reason) {
    List<Consumer<Batch>> calls = List.of(model::loss, model::lossAndGradients, model::logits);
    for (Consumer<Batch> call : calls) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> call.accept(batch)).getMessage();
      assertTrue(message.contains(reason), message);
      assertTrue(message.contains("expected"), message);
    }
  }

  private static void assertSameStep(Transformer model, Batch a, Batch b) {
    BatchLoss first = model.lossAndGradients(a);
    double[] gradient = doubles(model.gradients().values());
    BatchLoss second = model.lossAndGradients(b);
    assertClose("loss", first.loss(), second.loss(), FLOAT32, 0);
    assertEquals(first.accuracy(), second.accuracy());
    assertClose("gradient", gradient, doubles(model.gradients().values()), FLOAT32, FLOAT32);
  }

  /**
   * Moves one tensor back and forth along a direction and compares the change of the loss with Σ
   * gradient·movement, the movement being what float32 made of it.
   *
   * <p>The step has length 2^-9: what is left out is the kinks of ReLU, a share of the order of the
   * step times the number of neurons and sequences, hence 2 %; the loss is good to about 1e-6,
   * hence the rest. On documents, whose positions are many more, the step is half as long.
   */
  private static void assertPredicts(
      String name,
      Transformer model,
      Batch batch,
      double[] gradient,
      double[] direction,
      ParameterLayout.Slot slot) {
    int from = slot.offset();
    int to = from + slot.length();
    double length = length(direction, from, to);
    double reach = batch.length() > 8 ? 0x1p-10 : 0x1p-9;
    double size = length == 0 ? 0 : reach / length;
    Parameters parameters = model.parameters();
    float[] kept = parameters.values().clone();
    step(parameters, direction, from, to, size);
    float[] ahead = parameters.values().clone();
    double lossAhead = model.loss(batch).loss();
    System.arraycopy(kept, 0, parameters.values(), 0, kept.length);
    step(parameters, direction, from, to, -size);
    double lossBehind = model.loss(batch).loss();
    double predicted = 0;
    for (int i = from; i < to; i++) {
      predicted += gradient[i] * ((double) ahead[i] - parameters.values()[i]);
    }
    System.arraycopy(kept, 0, parameters.values(), 0, kept.length);
    double scale = 2 * reach * length(gradient, from, to);
    assertClose(name, predicted, lossAhead - lossBehind, 0, 2e-2 * scale + 3e-6);
  }

  private static void step(
      Parameters parameters, double[] direction, int from, int to, double size) {
    float[] values = parameters.values();
    for (int i = from; i < to; i++) {
      values[i] = (float) (values[i] + size * direction[i]);
    }
  }

  private static double length(double[] values, int from, int to) {
    return Math.sqrt(IntStream.range(from, to).mapToDouble(i -> values[i] * values[i]).sum());
  }

  private static void scale(float[] values, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }
}
