package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.assertFiles;
import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.grokscope.checkpoint.Fixtures.numpy;
import static org.grokscope.checkpoint.Fixtures.numpyBytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  @TempDir Path folder;

  private static LinkedHashMap<String, NpyArray> arrays() {
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("W_E", NpyArray.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    arrays.put("moments/W_E", NpyArray.ofDoubles(new double[] {0.1, 0.2}, 2));
    arrays.put("epoch", NpyArray.ofLong(12));
    arrays.put("note", NpyArray.ofString("{\"p\": 113}"));
    return arrays;
  }

  @Test
  void gives_back_arrays_and_their_order() {
    Path file = folder.resolve("a.npz");
    Npz.write(file, arrays());
    LinkedHashMap<String, NpyArray> read = Npz.read(file);
    assertEquals(arrays(), read);
    assertEquals(List.copyOf(arrays().keySet()), List.copyOf(read.keySet()));
  }

  @Test
  void gives_equal_bytes_for_equal_arrays_in_every_time_zone() throws IOException {
    Path first = folder.resolve("first.npz");
    Path second = folder.resolve("second.npz");
    TimeZone usual = TimeZone.getDefault();
    Npz.write(first, arrays());
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
      Npz.write(second, arrays());
    } finally {
      TimeZone.setDefault(usual);
    }
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
  }

  @Test
  void stores_its_entries_plainly() throws IOException {
    Path file = folder.resolve("a.npz");
    Npz.write(file, arrays());
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry("W_E.npy");
      assertEquals(ZipEntry.STORED, entry.getMethod());
      assertArrayEquals(
          NpyFormat.write(arrays().get("W_E")), zip.getInputStream(entry).readAllBytes());
    }
    assertEquals("PK\3\4", new String(Files.readAllBytes(file), 0, 4, StandardCharsets.US_ASCII));
  }

  @Test
  void reads_and_writes_on_a_thread_that_is_being_interrupted() {
    Path file = folder.resolve("a.npz");
    Thread.currentThread().interrupt();
    try {
      Npz.write(file, arrays());
      assertEquals(arrays(), Npz.read(file));
    } finally {
      assertTrue(Thread.interrupted(), "the thread has to stay interrupted");
    }
  }

  @Test
  void passes_over_what_is_no_array() throws IOException {
    Path file = folder.resolve("a.npz");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("README.txt"));
      zip.write('a');
      zip.putNextEntry(new ZipEntry("epoch.npy"));
      zip.write(NpyFormat.write(NpyArray.ofLong(3)));
    }
    assertEquals(Set.of("epoch"), Npz.read(file).keySet());
  }

  @Nested
  class Refusing {
    @Test
    void a_file_that_is_not_there() {
      Path file = folder.resolve("none.npz");
      assertMessage(
          CheckpointException.class,
          () -> Npz.read(file),
          "read " + file,
          "no such file",
          "check the path");
    }

    @Test
    void a_folder() {
      assertMessage(
          CheckpointException.class, () -> Npz.read(folder), "read " + folder, "this is a folder");
    }

    @Test
    void a_file_that_is_no_zip() throws IOException {
      Path text = Files.writeString(folder.resolve("text.npz"), "epoch,loss\n1,4.7\n");
      assertMessage(
          CheckpointException.class, () -> Npz.read(text), "read " + text, "not a zip file");
      Path empty = Files.createFile(folder.resolve("empty.npz"));
      assertMessage(
          CheckpointException.class, () -> Npz.read(empty), "read " + empty, "not a zip file");
    }

    @Test
    void a_single_array() {
      Path file = numpy("float32.npy");
      assertMessage(
          CheckpointException.class, () -> Npz.read(file), "read " + file, "(.npy)", "numpy.savez");
    }

    @Test
    void a_pickle_among_the_arrays() {
      Path file = numpy("pickled.npz");
      assertMessage(
          CheckpointException.class,
          () -> Npz.read(file),
          "read " + file + ": array extra",
          "Python objects (a pickle)");
    }

    @Test
    void a_file_cut_off_anywhere() throws IOException {
      for (String name : List.of("plain.npz", "deflated.npz")) {
        byte[] whole = numpyBytes(name);
        Path file = folder.resolve(name);
        for (int length = 2; length < whole.length; length += 41) {
          Files.write(file, Arrays.copyOf(whole, length));
          assertMessage(CheckpointException.class, () -> Npz.read(file), "read " + file, "cut off");
        }
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertMessage(CheckpointException.class, () -> Npz.read(file), "read " + file, "cut off");
      }
    }

    @Test
    void a_stored_array_with_one_bit_turned() throws IOException {
      Path file = folder.resolve("a.npz");
      Npz.write(file, arrays());
      byte[] bytes = Files.readAllBytes(file);
      int six = indexOf(bytes, new byte[] {0, 0, (byte) 0xC0, 0x40}); // the float 6
      bytes[six] ^= 1;
      Files.write(file, bytes);
      assertMessage(
          CheckpointException.class,
          () -> Npz.read(file),
          "read " + file + ": array W_E",
          "it is damaged",
          "CRC-32",
          "copy or save the file again");
    }

    @Test
    void a_deflated_array_with_bits_turned_anywhere_inside() throws IOException {
      byte[] whole = numpyBytes("deflated.npz");
      Path file = folder.resolve("a.npz");
      int from = 30 + 7 + 20 + 4; // past the first local header, the name W_E.npy and its extras
      for (int at = from; at < from + 60; at++) {
        byte[] bytes = whole.clone();
        bytes[at] ^= 0x55;
        Files.write(file, bytes);
        assertMessage(
            CheckpointException.class,
            () -> Npz.read(file),
            "read " + file + ": array W_E",
            "damaged");
      }
    }

    @Test
    void an_array_cut_off_before_it_was_zipped() throws IOException {
      Path file = folder.resolve("a.npz");
      byte[] array = NpyFormat.write(NpyArray.ofFloats(new float[12], 3, 4));
      try (OutputStream out = Files.newOutputStream(file);
          ZipOutputStream zip = new ZipOutputStream(out)) {
        zip.putNextEntry(new ZipEntry("W_E.npy"));
        zip.write(array, 0, array.length - 5);
      }
      assertMessage(
          CheckpointException.class,
          () -> Npz.read(file),
          "read " + file + ": array W_E",
          "[3, 4] of <f4 needs 48 bytes, got 43");
    }

    @Test
    void arrays_that_inflate_to_more_than_there_is_memory_for() throws IOException {
      Path file = folder.resolve("a.npz");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        for (String name : List.of("a.npy", "b.npy")) {
          zip.putNextEntry(new ZipEntry(name));
          byte[] zeros = new byte[1 << 20];
          for (long left = Runtime.getRuntime().maxMemory() / 6; left > 0; left -= zeros.length) {
            zip.write(zeros);
          }
          zip.closeEntry();
        }
      }
      assertMessage(
          CheckpointException.class,
          () -> Npz.read(file),
          "read " + file + ": array b: got arrays of ",
          "a quarter of what this Java may take",
          "-Xmx");
    }

    @Test
    void an_array_that_is_there_twice() throws IOException {
      Path file = folder.resolve("a.npz");
      LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
      arrays.put("W_K", NpyArray.ofLong(1));
      arrays.put("W_Q", NpyArray.ofLong(1));
      Npz.write(file, arrays);
      String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
      Files.writeString(file, bytes.replace("W_Q.npy", "W_K.npy"), StandardCharsets.ISO_8859_1);
      assertMessage(
          CheckpointException.class,
          () -> Npz.read(file),
          "read " + file + ": array W_K is there twice");
    }

    @Test
    void leaves_the_old_file_where_an_array_cannot_be_written() throws IOException {
      Path file = folder.resolve("a.npz");
      Npz.write(file, arrays());
      byte[] old = Files.readAllBytes(file);
      LinkedHashMap<String, NpyArray> broken = arrays();
      broken.put("x".repeat(70_000), NpyArray.ofLong(1)); // no zip takes so long a name
      assertThrows(IllegalArgumentException.class, () -> Npz.write(file, broken));
      assertArrayEquals(old, Files.readAllBytes(file));
      assertFiles(folder, "a.npz");
    }

    private int indexOf(byte[] bytes, byte[] part) {
      for (int i = 0; i + part.length <= bytes.length; i++) {
        if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
          return i;
        }
      }
      throw new AssertionError("not there: " + Arrays.toString(part));
    }
  }
}
