package org.grokscope.seams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.Batch;
import org.grokscope.task.BatchLoss;
import org.grokscope.task.Course;
import org.grokscope.task.RandomStream;
import org.grokscope.task.Student;
import org.grokscope.task.Task;
import org.grokscope.task.View;
import org.grokscope.train.Cadence;
import org.grokscope.train.Decays;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;
import org.grokscope.train.TrainingInterruptedException;
import org.grokscope.train.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** A task of one's own on text: what comes next in a refrain that is sung again and again. */
class OwnTextTaskTest {

  /**
   * Sequences that repeat a refrain of two to four random letters, such as {@code abdabdabda}. A
   * letter that was never sung yet is not asked for.
   *
   * @param letters how many there are
   * @param length tokens of a sequence
   */
  record Refrains(int letters, int length) implements Task {
    @Override
    public String title() {
      return "refrains of " + letters + " letters";
    }

    @Override
    public int vocabulary() {
      return letters;
    }

    @Override
    public int outputs() {
      return letters;
    }

    @Override
    public boolean asksEverywhere() {
      return true;
    }

    @Override
    public Map<String, Object> settings() {
      return Map.of("name", "refrains", "letters", letters, "length", length);
    }

    Batch draw(RandomStream random, int size) {
      int[] tokens = new int[size * length];
      int[] targets = new int[size * length];
      double[] weights = new double[size * length];
      for (int i = 0; i < size; i++) {
        int[] refrain = new int[2 + random.nextInt(3)];
        for (int j = 0; j < refrain.length; j++) {
          refrain[j] = random.nextInt(letters);
        }
        for (int t = 0; t < length; t++) {
          tokens[i * length + t] = refrain[t % refrain.length];
          targets[i * length + t] = refrain[(t + 1) % refrain.length];
          weights[i * length + t] = t < refrain.length ? 0 : 1;
        }
      }
      return new Batch(length, tokens, targets, weights);
    }

    @Override
    public Course course() {
      Batch fresh = draw(RandomStream.of(1, "fresh refrains"), 200);
      return new Course() {
        @Override
        public Batch training(long seed, long update, int size) {
          return draw(RandomStream.of(seed, "refrains, update " + update), size);
        }

        @Override
        public List<String> columns() {
          return List.of("train_loss", "test_loss", "test_accuracy", "last_letter_accuracy");
        }

        @Override
        public Map<String, Double> examine(Student student, Batch next) {
          BatchLoss unseen = student.loss(fresh);
          return Map.of(
              "train_loss", student.loss(next).loss(),
              "test_loss", unseen.loss(),
              "test_accuracy", unseen.accuracy(),
              "last_letter_accuracy", lastLetter(student.logits(fresh), fresh));
        }
      };
    }

    /** Share of the sequences whose last letter is known, from logits (n, T, letters). */
    private double lastLetter(float[] logits, Batch batch) {
      int right = 0;
      for (int i = 0; i < batch.size(); i++) {
        int from = (i * length + length - 1) * letters;
        int best = 0;
        for (int c = 1; c < letters; c++) {
          best = logits[from + c] > logits[from + best] ? c : best;
        }
        right += best == batch.target(i, length - 1) ? 1 : 0;
      }
      return (double) right / batch.size();
    }
  }

  @TempDir Path home;

  private final Refrains task = new Refrains(6, 16);
  private final ModelShape shape =
      ModelShape.reading(
          32,
          List.of(
              LayerShape.attention(View.EVERYTHING, 4, 8, 64).withSlopes(4.0, 2.0, 1.0, 0.5),
              LayerShape.attention(View.EVERYTHING, 4, 8, 64).withSlopes(1.0, 0.5, 0.1, 0.0)));
  private final TrainingConfig config =
      TrainingConfig.nanda2023()
          .withShape(shape)
          .withOutputClasses(0)
          .withDecays(Decays.MATRICES)
          .withWeightDecay(0.01)
          .withLearningRate(5e-3)
          .withBatchSize(32)
          .withEpochs(120)
          .withEvaluation(Cadence.every(20))
          .withCheckpoints(Cadence.every(40));

  private Trainer trainer(String folder) {
    return Trainer.of(config).withoutDefaultListener().threads(2).in(home.resolve(folder));
  }

  @Test
  void is_trained_stopped_gone_on_with_opened_and_probed() {
    Run whole = trainer("whole").train(task);
    double first = whole.history().rows().get(0).testLoss();
    assertTrue(first > Math.log(6) - 0.5, "begins at guessing: " + first);
    assertTrue(whole.history().last().testLoss() < first - 0.5, whole.toString());
    assertTrue(whole.history().last().value("last_letter_accuracy") > 0.5, whole.toString());
    assertTrue(whole.toString().startsWith("refrains of 6 letters"), whole.toString());
    assertTrue(whole.toString().contains("last letter "), whole.toString());

    Trainer stopping = trainer("parts").listener(interruptingAt(55));
    assertThrows(TrainingInterruptedException.class, () -> stopping.train(task));
    Run parts = trainer("parts").train(task);
    assertArrayEquals(whole.last().parameters().values(), parts.last().parameters().values());
    assertEquals(
        whole.table().removeColumns("seconds").print(99),
        parts.table().removeColumns("seconds").print(99));

    String message =
        assertThrows(CheckpointException.class, () -> Run.open(home.resolve("parts"))).getMessage();
    assertTrue(message.contains("open it by Run.open(folder, task)"), message);
    Run opened = Run.open(home.resolve("parts"), task);
    assertEquals(config, opened.config());
    assertEquals(task, opened.task());
    message =
        assertThrows(
                CheckpointException.class,
                () -> Run.open(home.resolve("parts"), new Refrains(7, 16)))
            .getMessage();
    assertTrue(message.contains("expected one of refrains of 7 letters"), message);

    Batch questions = task.draw(RandomStream.of(9, "to probe"), 20);
    Table measured =
        opened.probe(
            c -> {
              try (var model = ReferenceTransformer.of(c.config(), c.parameters())) {
                return Map.of("loss", model.loss(questions).loss());
              }
            });
    assertEquals(List.of(0L, 40L, 80L, 120L), measured.longColumn("epoch").asList());
    assertTrue(measured.doubleColumn("loss").get(3) < measured.doubleColumn("loss").get(0) - 0.5);
    Table asked = opened.evaluate(questions);
    for (int i = 0; i < 4; i++) { // by the fast path and by the reference, in float32
      assertEquals(measured.doubleColumn("loss").get(i), asked.doubleColumn("loss").get(i), 1e-4);
    }
  }

  @Test
  void is_trained_alike_by_the_fast_path_and_by_the_reference() {
    try (Training fast = Trainer.of(config).on(ComputationPath.FAST).start(task);
        Training reference = Trainer.of(config).on(ComputationPath.REFERENCE).start(task)) {
      for (int step = 0; step < 5; step++) {
        // float32 rounding differs between the paths; it has not had time to grow
        assertEquals(reference.step().loss(), fast.step().loss(), 1e-4, "step " + step);
      }
    }
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
