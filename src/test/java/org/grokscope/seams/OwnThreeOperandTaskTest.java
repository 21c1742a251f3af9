package org.grokscope.seams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.grokscope.model.ModelShape;
import org.grokscope.series.Probe;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.train.Cadence;
import org.grokscope.train.History;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.grokscope.train.TrainingInterruptedException;
import org.grokscope.train.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** A task of one's own with three operands: the middle one of three notes. */
class OwnThreeOperandTaskTest {
  private static final List<String> NOTES = List.of("do", "re", "mi", "fa", "so");

  private static final OperationTable MIDDLE =
      OperationTable.of(
          "the middle note",
          NOTES,
          3,
          notes -> {
            int[] sorted = notes.clone();
            Arrays.sort(sorted);
            return sorted[1];
          });

  @TempDir Path home;

  private final Split split = MIDDLE.split(0.6, 2);
  private final TrainingConfig config =
      TrainingConfig.nanda2023()
          .withShape(ModelShape.nanda2023().withDModel(32).withHeads(2).withDMlp(64))
          .withOutputClasses(0)
          .withEpochs(150)
          .withEvaluation(Cadence.every(10))
          .withCheckpoints(Cadence.every(50));

  private Trainer trainer(String folder) {
    return Trainer.of(config).withoutDefaultListener().in(home.resolve(folder));
  }

  @Test
  void is_what_it_says() {
    assertEquals("the middle note", split.title());
    assertEquals(125, MIDDLE.all().size());
    assertEquals(4, split.length());
    assertEquals(2, MIDDLE.label(4, 2, 0));
    assertEquals("mi", MIDDLE.element(MIDDLE.label(2, 0, 2)));
    assertTrue(MIDDLE.isSymmetric());
  }

  @Test
  void is_trained_stopped_gone_on_with_opened_and_probed() {
    Run whole = trainer("whole").train(split);
    History.Row last = whole.history().last();
    assertEquals(1.0, last.trainAccuracy(), whole.toString());
    assertTrue(last.testAccuracy() > 0.5, whole.toString()); // by chance it would be a fifth

    Trainer stopping = trainer("parts").listener(interruptingAt(70));
    assertThrows(TrainingInterruptedException.class, () -> stopping.train(split));
    Run parts = trainer("parts").train(split);
    assertArrayEquals(whole.last().parameters().values(), parts.last().parameters().values());
    assertEquals(last.testLoss(), parts.history().last().testLoss());

    Run opened = Run.open(home.resolve("parts"));
    assertEquals(split.settings(), opened.split().settings());
    assertEquals(3, opened.last().table().arity());
    assertEquals("the middle note", opened.last().table().title());

    Probe sizes = c -> Map.of("answers", (double) c.test().size(), "p", (double) c.p());
    Table measured = opened.probe(sizes, c -> Map.of("norm", c.parameters().squaredNorm()));
    assertEquals(4, measured.columnCount());
    assertEquals(List.of(0L, 50L, 100L, 150L), measured.longColumn("epoch").asList());
    assertEquals(50, measured.doubleColumn("answers").get(3));
    assertEquals(last.squaredNorm(), measured.doubleColumn("norm").get(3));
    Table asked = opened.evaluate(split.test());
    assertEquals(last.testLoss(), asked.doubleColumn("loss").get(3));
  }

  @Test
  void keeps_mirror_images_together_when_asked() {
    Split together = MIDDLE.splitMirrorsTogether(0.6, 2);
    Run run = Trainer.of(config.withEpochs(5)).withoutDefaultListener().in(home).train(together);
    assertEquals(together.settings(), Run.open(home).split().settings());
    assertEquals(together.settings(), run.split().settings());
  }

  private static TrainingListener interruptingAt(long epoch) {
    return new TrainingListener() {
      @Override
      public void stepped(Progress progress) {
        if (progress.epoch() == epoch) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }
}
