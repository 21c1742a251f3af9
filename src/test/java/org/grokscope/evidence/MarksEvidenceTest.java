package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.grokscope.claim.Evidence;
import org.grokscope.task.MarkCounting;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("longer")
class MarksEvidenceTest {
  @TempDir Path folder;

  private Evidence measured(MarkCounting task) throws IOException {
    TrainingConfig config = TrainingConfig.marks(task, 0.25).withSeed(5).withEpochs(1);
    Run run = Trainer.of(config).threads(1).withoutDefaultListener().in(folder).train(task);
    Path file = folder.resolve("marks.csv");
    String rows =
        MarksEvidence.measure(run, task, 150, 2).stream()
            .map(MeasuredRun::rows)
            .collect(Collectors.joining());
    Files.writeString(file, EvidenceRows.HEADER + rows);
    Evidence all = Evidence.read(file.toString()).at("last");
    assertEquals("[noise 0.25, untrained]", all.experiments().toString());
    return all;
  }

  private static void assertShare(Evidence of, String reading) {
    double share = of.values(reading)[0];
    assertTrue(share >= 0 && share <= 1, reading + ": " + share);
  }

  @Test
  void of_headings_reads_back_beside_initial_weights_and_with_what_follows() throws IOException {
    Evidence all = measured(MarkCounting.underline());
    for (String experiment : new String[] {"noise 0.25", "untrained"}) {
      Evidence of = all.of(experiment);
      double values = of.values("count.values")[0];
      assertTrue(values > 30 && values <= 60, "counts 1 to 60: " + values);
      assertTrue(of.values("null.plane_turns[smooth]")[0] > 0);
      assertTrue(of.values("null.rise[walk]")[0] >= 0);
      double beyond = of.values("count.beyond_nulls")[0];
      assertTrue(beyond == 0 || beyond == 1);
    }
    Evidence trained = all.of("noise 0.25");
    for (String accuracy : new String[] {"stop_accuracy", "noisy_stop_accuracy"}) {
      assertTrue(trained.values(accuracy)[0] > 0.5, accuracy); // most marks are not the last
    }
    for (String subspace : new String[] {"nothing", "6 components", "whole vector", "random"}) {
      assertShare(trained, "steer.swap[" + subspace + "]");
    }
    assertShare(trained, "steer.rotate[6 components]");
    assertShare(trained, "ablate[6 components]");
    double nothing = trained.values("ablate[nothing]")[0];
    assertEquals(trained.values("near_stop_accuracy")[0], nothing);
  }

  @Test
  void of_bars_reads_back_with_its_head_and_random_ones() throws IOException {
    Evidence all = measured(MarkCounting.bar());
    for (String experiment : new String[] {"noise 0.25", "untrained"}) {
      Evidence of = all.of(experiment);
      assertShare(of, "twist.share_before[0]");
      assertShare(of, "twist.share_after[0]");
      assertShare(of, "null.twist.share_after[0]");
      assertShare(of, "twist.inside[0]");
      assertTrue(of.values("twist.cosine_after[0]")[0] <= 1 + 1e-9);
      assertEquals(1, of.count("twist.boundary")[0]);
    }
  }
}
