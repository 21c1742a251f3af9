package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.grokscope.claim.Evidence;
import org.grokscope.task.LineBreaking;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("longer")
class LinesEvidenceTest {
  private static final int CONTROLS = 2;

  @TempDir Path folder;

  private Evidence measured(Run run, int documents) throws IOException {
    MeasuredRun measured = LinesEvidence.measure(run, CONTROLS, documents);
    Path file = folder.resolve("lines.csv");
    Files.writeString(file, "experiment,seed,at,epoch,metric,part,key,value\n" + measured.rows());
    return Evidence.read(file.toString()).at("last");
  }

  private Run run(LineBreaking task, TrainingConfig config) {
    return Trainer.of(config.withSeed(5).withEpochs(1))
        .threads(1)
        .in(folder.resolve("run"))
        .train(task);
  }

  @Test
  void of_a_boxed_text_reads_back_with_every_subspace_by_its_name() throws IOException {
    LineBreaking boxed = LineBreaking.boxHeader();
    Evidence all = measured(run(boxed, TrainingConfig.lines(boxed)), 90);
    assertEquals("[box-header]", all.experiments().toString());
    Evidence box = all.of("box-header");
    double counts = box.values("count.values")[0];
    assertTrue(counts > 50 && counts <= 63, "counts 2 to 64: " + counts);
    for (String subspace : new String[] {"6 components", "random 6-D, 1", "random 6-D, 2"}) {
      double share = box.values("steer.decisions[" + subspace + "]")[0];
      assertTrue(share >= 0 && share <= 1, subspace + ": " + share);
    }
    double untouched = box.values("ablate.word_loss[nothing]")[0];
    double without = box.values("ablate.word_loss[random 6-D apart, 2]")[0];
    assertTrue(Math.abs(without - untouched) < 0.5, untouched + " and " + without);
    double heads = box.values("boundary_heads")[0];
    assertEquals(heads, Math.rint(heads));
  }

  @Test
  void of_plain_text_reads_the_width_at_every_place_and_names_a_model_without_masks()
      throws IOException {
    LineBreaking task = LineBreaking.inferred();
    TrainingConfig usual = TrainingConfig.lines(task);
    Evidence all = measured(run(task, usual.withShape(usual.shape().unmasked())), 50);
    assertEquals("[inferred, unmasked]", all.experiments().toString());
    Evidence lines = all.of("inferred, unmasked");
    assertEquals(
        lines.values("probe_r2[width]")[0],
        lines.values("probe_r2.width[blocks.0.hook_resid_post]")[0]);
    assertTrue(lines.largest("probe_r2.width")[0] < 0.9, "an untrained model knows no width");
    double below = lines.values("below_ceiling")[0];
    assertTrue(below > 0 && below < 1, "" + below);
  }
}
