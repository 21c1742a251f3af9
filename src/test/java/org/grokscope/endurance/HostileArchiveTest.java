package org.grokscope.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.checkpoint.ParameterNames;
import org.grokscope.series.Probe;
import org.grokscope.series.ProbeException;
import org.grokscope.series.ProbeSeries;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of bad will, made from a good one. */
@Tag("endurance")
class HostileArchiveTest {
  private static final long MEGABYTES = 1 << 20;

  @TempDir Path temporary;
  private Path folder;
  private HostileArchives archives;

  @BeforeEach
  void a_good_checkpoint_in_a_folder_of_a_folder() throws IOException {
    folder = Files.createDirectories(temporary.resolve("outer/inner"));
    archives = new HostileArchives(8);
  }

  @Test
  void loading_them_ends_soon_with_a_checkpoint_or_one_clear_exception() throws IOException {
    int count = Edition.share(12_000);
    Path file = folder.resolve("step-000010.npz");
    try (Trial trial =
        new Trial("checkpoints loaded", 200 * MEGABYTES, List.of(CheckpointException.class))) {
      for (int i = 0; i < count; i++) {
        Files.write(file, archives.next());
        trial.run("mutant " + i + " " + archives.last(), () -> Checkpoint.load(file));
      }
    }
    assertNothingElseIsWritten();
  }

  @Test
  void so_does_loading_those_of_models_that_are_described() throws IOException {
    Path file = folder.resolve("step-000010.npz");
    try (Trial trial =
        new Trial(
            "described checkpoints loaded", 200 * MEGABYTES, List.of(CheckpointException.class))) {
      for (Checkpoint good : List.of(Tiny.ofLines(), Tiny.ofThreeOperands())) {
        HostileArchives described = new HostileArchives(9, good);
        for (int i = 0; i < Edition.share(6_000); i++) {
          Files.write(file, described.next());
          trial.run("mutant " + i + " " + described.last(), () -> Checkpoint.load(file));
        }
      }
    }
    assertNothingElseIsWritten();
  }

  /** A thousand in the short edition. */
  @Test
  void so_does_loading_safetensors_under_all_names() throws IOException {
    Path file = folder.resolve("step-000010.safetensors");
    try (Trial trial =
        new Trial("safetensors loaded", 200 * MEGABYTES, List.of(CheckpointException.class))) {
      for (ParameterNames names : ParameterNames.values()) {
        HostileTensors hostile = new HostileTensors(10, Tiny.checkpoint(10), names);
        for (int i = 0; i < Edition.share(4_200); i++) {
          Files.write(file, hostile.next());
          trial.run("mutant " + i + " " + hostile.last(), () -> Checkpoint.load(file));
        }
      }
    }
    assertNothingElseIsWritten();
  }

  @Test
  void so_does_measuring_them_with_what_was_kept() throws IOException {
    int count = Edition.share(2_000);
    Path file = folder.resolve("step-000010.npz");
    Probe probe = Probe.named("size", checkpoint -> Map.of("p", (double) checkpoint.p()));
    try (Trial trial =
        new Trial(
            "checkpoints measured",
            200 * MEGABYTES,
            List.of(CheckpointException.class, ProbeException.class))) {
      for (int i = 0; i < count; i++) {
        Files.write(file, archives.next());
        trial.run(
            "mutant " + i + " " + archives.last(),
            () -> ProbeSeries.of(CheckpointStore.in(folder)).threads(1).measure(probe));
      }
    }
  }

  private void assertNothingElseIsWritten() throws IOException {
    List<Path> files = Kept.files(temporary);
    assertEquals(1, files.size(), files::toString);
    assertEquals(folder, files.get(0).getParent());
  }
}
