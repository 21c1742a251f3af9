package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.assertFiles;
import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.grokscope.checkpoint.Fixtures.checkpoint;
import static org.grokscope.checkpoint.Fixtures.numpy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  @TempDir Path folder;

  @Test
  void names_files_by_their_epoch() throws IOException {
    CheckpointStore store = CheckpointStore.in(folder);
    Locale usual = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab")); // other digits
      assertEquals(folder.resolve("step-000100.npz"), store.save(checkpoint(100)));
    } finally {
      Locale.setDefault(usual);
    }
    store.save(checkpoint(0));
    store.save(checkpoint(1_234_567));
    assertFiles(folder, "step-000000.npz", "step-000100.npz", "step-1234567.npz");
    assertEquals(folder.resolve("step-000007.npz"), store.path(7));
  }

  @Test
  void lists_epochs_in_ascending_order_and_loads_them() {
    CheckpointStore store = CheckpointStore.in(folder.resolve("runs/one"));
    assertEquals(List.of(), store.epochs());
    for (long epoch : new long[] {1_000_000, 20, 3}) {
      store.save(checkpoint(epoch));
    }
    assertEquals(List.of(3L, 20L, 1_000_000L), store.epochs());
    assertEquals(OptionalLong.of(20), store.load(20).epoch());
    assertEquals(OptionalLong.of(1_000_000), store.last().epoch());
  }

  @Test
  void reads_safetensors_and_prefers_npz() {
    CheckpointStore store = CheckpointStore.in(folder);
    Path tensors = folder.resolve("step-000020.safetensors");
    checkpoint(20).save(tensors, ParameterNames.TRANSFORMER_LENS_4);
    store.save(checkpoint(3));
    assertEquals(List.of(3L, 20L), store.epochs());
    assertEquals(tensors, store.path(20));
    assertEquals(OptionalLong.of(20), store.last().epoch());
    assertEquals(folder.resolve("step-000020.npz"), store.save(checkpoint(20)));
    assertEquals(folder.resolve("step-000020.npz"), store.path(20));
    assertEquals(List.of(3L, 20L), store.epochs());
  }

  @Test
  void passes_over_other_files() throws IOException {
    CheckpointStore store = CheckpointStore.in(folder);
    store.save(checkpoint(20));
    for (String name :
        List.of(
            ".step-000030.npz.123.tmp",
            "step-000030.npz.tmp",
            "step-30.npz",
            "step-0000030.npz",
            "step-00003x.npz",
            "step-99999999999999999999.npz",
            "history.csv",
            "resume.npz")) {
      Files.writeString(folder.resolve(name), "x");
    }
    Files.createDirectory(folder.resolve("step-000040.npz"));
    assertEquals(List.of(20L), store.epochs());
    assertEquals(OptionalLong.of(20), store.last().epoch());
  }

  @Test
  void takes_the_epoch_of_a_foreign_file_from_its_name() throws IOException {
    CheckpointStore store = CheckpointStore.in(folder);
    Files.copy(numpy("half.npz"), store.path(40));
    assertEquals(OptionalLong.of(40), store.load(40).epoch());
  }

  @Test
  void refuses_a_file_of_another_epoch_than_its_name_says() throws IOException {
    CheckpointStore store = CheckpointStore.in(folder);
    Files.move(store.save(checkpoint(20)), store.path(30));
    assertMessage(
        CheckpointException.class,
        () -> store.load(30),
        store.path(30),
        "array epoch: got 20, expected 30");
  }

  @Test
  void says_which_epochs_there_are() {
    CheckpointStore store = CheckpointStore.in(folder);
    store.save(checkpoint(10));
    assertMessage(
        CheckpointException.class,
        () -> store.load(11),
        "load epoch 11",
        store.path(11),
        "expected one of the epochs [10]");
    for (long epoch = 11; epoch < 20; epoch++) {
      store.save(checkpoint(epoch));
    }
    assertMessage(CheckpointException.class, () -> store.load(99), "[10, 11, …, 19]");
  }

  @Test
  void says_that_there_is_none_yet() {
    assertMessage(
        CheckpointException.class,
        () -> CheckpointStore.in(folder).last(),
        "checkpoints in " + folder,
        "there are none",
        "step-000100.npz",
        "train first");
  }

  @Test
  void refuses_a_file_for_a_folder_and_a_negative_epoch_and_one_unknown() throws IOException {
    Path file = Files.writeString(folder.resolve("run"), "x");
    assertMessage(
        CheckpointException.class,
        () -> CheckpointStore.in(file),
        "checkpoints in " + file,
        "a file stands there, expected a folder");
    CheckpointStore store = CheckpointStore.in(folder);
    assertMessage(IllegalArgumentException.class, () -> store.path(-1), "got epoch -1");
    assertMessage(
        IllegalArgumentException.class,
        () -> store.save(Checkpoint.load(numpy("half.npz"))),
        "save in " + folder,
        "without an epoch");
  }

  @Test
  void says_that_its_folder_cannot_be_written() {
    CheckpointStore store = CheckpointStore.in(Path.of("/proc/runs"));
    assertMessage(
        UncheckedIOException.class,
        () -> store.save(checkpoint(1)),
        "write " + Path.of("/proc/runs/step-000001.npz"),
        "cannot be created",
        "choose a folder that you may write to");
  }

  @Test
  void tells_where_it_is() {
    CheckpointStore store = CheckpointStore.in(folder);
    assertEquals(folder, store.directory());
    assertEquals("checkpoints in " + folder, store.toString());
  }
}
