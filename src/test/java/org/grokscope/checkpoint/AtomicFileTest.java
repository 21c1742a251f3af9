package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.assertFiles;
import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void writes_and_replaces_leaving_nothing_else() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.writeText(file, "first, longer");
    AtomicFile.writeText(file, "zweitens: ä");
    assertEquals("zweitens: ä", Files.readString(file));
    assertFiles(folder, "a.txt");
  }

  @Test
  void creates_the_folders_above() throws IOException {
    Path file = folder.resolve("x/y/a.txt");
    AtomicFile.writeText(file, "a");
    assertEquals("a", Files.readString(file));
  }

  @Test
  void shows_the_old_content_until_the_new_one_is_whole() {
    Path file = folder.resolve("a.txt");
    AtomicFile.writeText(file, "old");
    AtomicFile.write(
        file,
        out -> {
          out.write(new byte[1 << 20]);
          out.flush();
          assertEquals("old", Files.readString(file));
        });
    assertEquals(1 << 20, file.toFile().length());
  }

  @Test
  void keeps_the_old_file_and_no_temporary_one_if_the_disk_refuses() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.writeText(file, "old");
    UncheckedIOException thrown =
        assertMessage(
            UncheckedIOException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new IOException("No space left on device");
                    }),
            "write " + file,
            "No space left on device",
            "nothing was changed",
            "free space");
    assertEquals("No space left on device", thrown.getCause().getMessage());
    assertEquals("old", Files.readString(file));
    assertFiles(folder, "a.txt");
  }

  @Test
  void keeps_the_old_file_and_no_temporary_one_if_the_writer_fails() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.writeText(file, "old");
    IllegalStateException failure = new IllegalStateException("writer");
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw failure;
                    })));
    assertEquals("old", Files.readString(file));
    assertFiles(folder, "a.txt");
  }

  @Test
  void removes_what_a_writer_that_died_has_left_but_nothing_of_one_that_lives() throws IOException {
    Path file = folder.resolve("a.txt");
    String dead = ".a.txt.5d41402a-bc4b-2a76-b971-9d911017c592.tmp";
    String other = ".b.txt.5d41402a-bc4b-2a76-b971-9d911017c592.tmp";
    Files.writeString(folder.resolve(dead), "half");
    Files.writeString(folder.resolve(other), "half of another file");
    AtomicFile.write(
        file,
        out -> {
          AtomicFile.writeText(file, "second"); // while the first is being written
          out.write("first".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        });
    assertEquals("first", Files.readString(file));
    assertFiles(folder, other, "a.txt");
  }

  @Test
  void writes_on_a_thread_that_is_being_interrupted() throws IOException {
    Path file = folder.resolve("a.txt");
    Thread.currentThread().interrupt();
    try {
      AtomicFile.writeText(file, "saved");
    } finally {
      assertTrue(Thread.interrupted(), "the thread has to stay interrupted");
    }
    assertEquals("saved", Files.readString(file));
  }

  @Test
  void says_that_a_file_stands_where_a_folder_is_needed() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "a");
    Path below = file.resolve("b/c.txt");
    assertMessage(
        UncheckedIOException.class,
        () -> AtomicFile.writeText(below, "b"),
        "write " + below,
        "a file stands at " + file,
        "where a folder is needed",
        "choose another");
    assertEquals("a", Files.readString(file));
  }

  @Test
  void says_that_a_folder_stands_where_the_file_is_to_be() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("a.txt"));
    assertMessage(
        UncheckedIOException.class,
        () -> AtomicFile.writeText(taken, "a"),
        "write " + taken,
        "a folder stands there");
    assertFiles(folder, "a.txt");
  }

  @Test
  void says_that_the_folder_cannot_be_written_or_created() {
    // /proc takes no files from anyone; where there is no /proc, only root could make one
    Path inside = Path.of("/proc/step-000100.npz");
    assertMessage(
        UncheckedIOException.class,
        () -> AtomicFile.writeText(inside, "a"),
        "write " + inside,
        "the folder /proc cannot be",
        "choose a folder that you may write to");
    Path below = Path.of("/proc/runs/step-000100.npz");
    assertMessage(
        UncheckedIOException.class,
        () -> AtomicFile.writeText(below, "a"),
        "write " + below,
        "the folder /proc/runs cannot be created",
        "choose a folder that you may write to");
  }
}
