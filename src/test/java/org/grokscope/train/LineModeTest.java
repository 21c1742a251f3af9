package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelShape;
import org.grokscope.task.Corpus;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineWidths;
import org.grokscope.task.Prose;
import org.grokscope.task.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks of lines by their names, and a training on prose, which is one as any other. */
class LineModeTest {
  @TempDir Path home;

  @Test
  void a_name_stands_for_a_task_and_its_training() {
    for (String name : LineBreaking.modes()) {
      LineBreaking task = LineBreaking.named(name);
      assertEquals(new LineMode(task, TrainingConfig.lines(task)), LineMode.named(name));
    }
    assertTrue(LineMode.names().contains(LineMode.PROSE));
    String message =
        assertThrows(IllegalArgumentException.class, () -> LineMode.named("verse")).getMessage();
    assertTrue(message.startsWith("mode: got 'verse', expected one of given, "), message);
    assertTrue(message.endsWith(", prose"), message);
  }

  @Test
  void a_model_learns_prose_and_its_run_comes_back() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 12_000; i++) {
      text.append(i * i % 7 < 3 ? "on the shore " : "gulls " + i % 50 + " cry; ");
    }
    Prose task =
        Prose.of(Corpus.of("shore", text.toString()))
            .withSubwords(200)
            .withWidths(LineWidths.inferred(20, 26, 23))
            .withLength(24);
    ModelShape shape =
        ModelShape.reading(
            8,
            List.of(
                LayerShape.attention(View.OWN_LINE, 2, 4, 8).withSink(1, 1),
                LayerShape.attention(View.LINE_ENDS, 2, 4, 8)));
    TrainingConfig config =
        LineMode.of(task)
            .usual()
            .withShape(shape)
            .withBatchSize(8)
            .withEpochs(40)
            .withEvaluation(Cadence.every(20))
            .withCheckpoints(Cadence.every(20));
    Trainer trainer =
        Trainer.of(config).threads(1).withoutDefaultListener().in(home.resolve("run"));
    Run run = trainer.train(task);
    double first = run.history().rows().get(0).value("test_loss");
    assertTrue(run.history().last().value("test_loss") < first);
    assertEquals(
        run.history().rows().get(0).value("reader_accuracy"),
        run.history().last().value("reader_accuracy"));
    assertEquals(ComputationPath.FAST, ComputationPath.bestFor(run.last().config()));
    assertEquals(40, trainer.train(task).last().epoch().orElseThrow());
    assertThrows(RuntimeException.class, () -> trainer.train(task.withEndWeight(1)));
  }
}
