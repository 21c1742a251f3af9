package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Site;
import org.grokscope.model.StandardLoss;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.MarkCounting;
import org.grokscope.task.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingConfigTest {
  private final TrainingConfig published = TrainingConfig.nanda2023();

  @Test
  void the_published_values() {
    assertEquals(1e-3, published.learningRate());
    assertEquals(1.0, published.weightDecay());
    assertEquals(new AdamW(0.9, 0.98, 1e-8), published.optimiser());
    assertEquals(Decays.EVERYTHING, published.decays());
    assertEquals(new Schedule(10, 0, 1, 1), published.schedule());
    assertEquals(Double.POSITIVE_INFINITY, published.clip());
    assertEquals(StandardLoss.CROSS_ENTROPY, published.loss());
    assertEquals(GradientFilter.NONE, published.filter());
    assertEquals(1, published.outputClasses());
    assertEquals(40_000, published.epochs());
    assertEquals(TrainingConfig.FULL_BATCH, published.batchSize());
    assertEquals(ModelShape.nanda2023(), published.shape());
  }

  @Test
  void a_model_with_noise_learns_lines_as_it_learns_headings() {
    LineBreaking task = LineBreaking.ruler();
    MarkCounting headings = MarkCounting.underline();
    TrainingConfig config = TrainingConfig.lines(task, 0.3);
    assertEquals(
        TrainingConfig.marks(headings, 0.3), config.withShape(ModelShape.marks(headings, 0.3)));
    List<LayerShape> layers = config.shape().layers();
    assertEquals(Site.normed(0.3), layers.get(1).site());
    assertEquals(
        ModelShape.marks(headings, 0.3).layers().get(2).seeing(View.LINE_ENDS), layers.get(2));
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> ModelShape.lines(LineBreaking.box(), 0.3))
            .getMessage();
    assertTrue(message.contains("got lines, box and noise, expected plain text"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "given, 0.003, 2000",
    "inferred, 0.003, 2000",
    "ruler, 0.003, 2000",
    "box, 0.01, 2500",
    "varied-box, 0.01, 2500",
    "odd-box, 0.01, 2500",
    "plain-newline, 0.01, 2500",
    "box-header, 0.01, 3200",
    "header-only, 0.01, 3200",
    "varied-header, 0.01, 3200"
  })
  void the_values_of_lines(String mode, double learningRate, long updates) {
    LineBreaking task = LineBreaking.named(mode);
    TrainingConfig lines = TrainingConfig.lines(task);
    assertEquals(learningRate, lines.learningRate());
    assertEquals(updates, lines.epochs());
    assertEquals(0.01, lines.weightDecay());
    assertEquals(Decays.MATRICES, lines.decays());
    assertEquals(new AdamW(0.9, 0.98, 1e-8), lines.optimiser());
    assertEquals(1, lines.clip());
    assertEquals(32, lines.batchSize());
    assertEquals(0, lines.outputClasses());
    assertEquals(ModelShape.lines(task), lines.shape());
    assertEquals(Cadence.every(200), lines.evaluation());
    assertEquals(Cadence.every(200), lines.checkpoints());
  }

  @Test
  void each_change_changes_one_thing() {
    TrainingConfig changed =
        published
            .withLearningRate(2e-3)
            .withWeightDecay(0.5)
            .withBatchSize(64)
            .withSeed(9)
            .withEpochs(77)
            .withShape(ModelShape.nanda2023().withDMlp(64))
            .withOutputClasses(0)
            .withOptimiser(Sgd.USUAL)
            .withDecays(Decays.MATRICES)
            .withSchedule(Schedule.constant(3))
            .withClip(2.5)
            .withLoss(StandardLoss.STABLEMAX)
            .withFilter(GradientFilter.PERPENDICULAR)
            .withEvaluation(Cadence.every(7))
            .withCheckpoints(Cadence.every(8));
    assertEquals(
        new TrainingConfig(
            ModelShape.nanda2023().withDMlp(64),
            0,
            Sgd.USUAL,
            2e-3,
            0.5,
            Decays.MATRICES,
            Schedule.constant(3),
            2.5,
            StandardLoss.STABLEMAX,
            GradientFilter.PERPENDICULAR,
            64,
            9,
            77,
            Cadence.every(7),
            Cadence.every(8)),
        changed);
  }

  @Test
  void wrong_values_are_named_with_what_was_expected() {
    assertMessage("training: got epochs = 0, expected at least 1", () -> published.withEpochs(0));
    assertMessage("training: got epochs = -3, expected at least 1", () -> published.withEpochs(-3));
    assertMessage(
        "training: got learning rate = 0.0, expected 0 < rate < 10",
        () -> published.withLearningRate(0));
    assertMessage(
        "training: got weight decay = -1.0, expected 0 or more, and below 1/learning rate",
        () -> published.withWeightDecay(-1));
    assertMessage(
        "training: got batch size = -1, expected at least 1, or 0 for the full batch",
        () -> published.withBatchSize(-1));
    assertMessage(
        "training: got learning rate = NaN, expected 0 < rate < 10",
        () -> published.withLearningRate(Double.NaN));
    assertMessage(
        "training: got clip = 0.0, expected a positive length; infinity clips nothing",
        () -> published.withClip(0));
    assertMessage(
        "training: got extra output classes = -1, expected 0 or more",
        () -> published.withOutputClasses(-1));
  }

  @Test
  void evaluation_is_at_every_epoch_to_one_hundred_then_every_ten() {
    long[] due = LongStream.rangeClosed(0, 130).filter(published.evaluation()::due).toArray();
    assertEquals(101 + 3, due.length);
    assertEquals(110, due[101]);
  }

  @Test
  void checkpoints_are_at_powers_of_two_then_every_hundred() {
    long[] due = LongStream.rangeClosed(0, 300).filter(published.checkpoints()::due).toArray();
    assertEquals(
        java.util.List.of(0L, 1L, 2L, 4L, 8L, 16L, 32L, 64L, 100L, 200L, 300L),
        LongStream.of(due).boxed().toList());
    assertTrue(Cadence.every(5).due(0));
    assertFalse(Cadence.every(5).due(4));
    assertThrows(IllegalArgumentException.class, () -> Cadence.every(0));
  }

  private static void assertMessage(String expected, Runnable action) {
    var error = assertThrows(IllegalArgumentException.class, action::run);
    assertEquals(expected, error.getMessage());
  }
}
