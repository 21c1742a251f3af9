package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.assertFiles;
import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
  @TempDir Path folder;

  private static LinkedHashMap<String, NpyArray> arrays() {
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("small", NpyArray.ofSmallInts(new int[] {-1, 2, 3}));
    arrays.put("W_E", NpyArray.ofFloats(new float[] {1, -0f, 3, Float.MIN_VALUE, 5, 6}, 2, 3));
    arrays.put("moments/W_E", NpyArray.ofDoubles(new double[] {0.1, 0.2}, 2));
    arrays.put("epoch", NpyArray.ofLong(12));
    arrays.put("empty", NpyArray.ofFloats(new float[0], 3, 0));
    arrays.put("note", NpyArray.ofString("{\"p\": 113, \"by\": \"Évariste \ud835\udd6b\"}\n"));
    arrays.put("nothing", NpyArray.ofString(""));
    return arrays;
  }

  private Path write(byte[] header, byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
    out.writeBytes(header);
    out.writeBytes(data);
    return Files.write(folder.resolve("a.safetensors"), out.toByteArray());
  }

  private Path write(String header, int... data) throws IOException {
    byte[] bytes = new byte[data.length];
    for (int i = 0; i < data.length; i++) {
      bytes[i] = (byte) data[i];
    }
    return write(header.getBytes(StandardCharsets.UTF_8), bytes);
  }

  @Test
  void gives_back_arrays_texts_and_their_order() {
    Path file = folder.resolve("a.safetensors");
    SafeTensors.write(file, arrays());
    LinkedHashMap<String, NpyArray> read = SafeTensors.read(file);
    assertEquals(arrays(), read);
    assertEquals(List.copyOf(arrays().keySet()), List.copyOf(read.keySet()));
  }

  @Test
  void writes_these_very_bytes() throws IOException {
    Path file = folder.resolve("a.safetensors");
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("b", NpyArray.ofSmallInts(new int[] {7}));
    arrays.put("W", NpyArray.ofFloats(new float[] {1, -2}, 1, 2));
    arrays.put("t", NpyArray.ofString("é"));
    SafeTensors.write(file, arrays);
    String header =
        "{\"__metadata__\":{\"t\":\"\\u00E9\"},"
            + "\"b\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[8,9]},"
            + "\"W\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
    String whole = header + " ".repeat(Math.floorMod(-header.length(), 8));
    ByteBuffer expected = ByteBuffer.allocate(8 + whole.length() + 9);
    expected.order(ByteOrder.LITTLE_ENDIAN).putLong(whole.length());
    expected.put(whole.getBytes(StandardCharsets.US_ASCII)).putFloat(1).putFloat(-2);
    assertArrayEquals(expected.put((byte) 7).array(), Files.readAllBytes(file));
  }

  @Test
  void reads_and_writes_on_a_thread_that_is_being_interrupted() {
    Path file = folder.resolve("a.safetensors");
    Thread.currentThread().interrupt();
    try {
      SafeTensors.write(file, arrays());
      assertEquals(arrays(), SafeTensors.read(file));
    } finally {
      assertTrue(Thread.interrupted(), "the thread has to stay interrupted");
    }
  }

  @Test
  void reads_half_precision_of_both_kinds() throws IOException {
    Path file =
        write(
            "{\"brain\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                + "\"half\":{\"shape\":[2],\"data_offsets\":[4,8],\"dtype\":\"F16\"}}  ",
            0x80,
            0x3F,
            0x40,
            0xC0,
            0x00,
            0x3C,
            0x00,
            0xC2);
    LinkedHashMap<String, NpyArray> read = SafeTensors.read(file);
    assertArrayEquals(new float[] {1, -3}, read.get("brain").floats());
    assertArrayEquals(new float[] {1, -3}, read.get("half").floats());
    assertEquals("<f4", read.get("brain").dtype());
    assertEquals("<f2", read.get("half").dtype());
  }

  @Test
  void reads_integers_and_truth_values() throws IOException {
    Path file =
        write(
            "{\"a\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]},"
                + "\"b\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[2,3]},"
                + "\"c\":{\"dtype\":\"I16\",\"shape\":[1,1],\"data_offsets\":[3,5]}}",
            1,
            0,
            200,
            0xFE,
            0xFF);
    LinkedHashMap<String, NpyArray> read = SafeTensors.read(file);
    assertArrayEquals(new long[] {1, 0}, read.get("a").longs());
    assertArrayEquals(new long[] {200}, read.get("b").longs());
    assertArrayEquals(new long[] {-2}, read.get("c").longs());
  }

  @Nested
  class Refusing {
    private static final String TWO =
        "{\"a\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[%s]},"
            + "\"b\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[%s]}}";

    private void assertRefused(Path file, Object... parts) {
      assertMessage(CheckpointException.class, () -> SafeTensors.read(file), parts);
      assertMessage(CheckpointException.class, () -> SafeTensors.read(file), "read " + file + ": ");
    }

    @Test
    void what_is_not_there_or_no_file() {
      assertRefused(folder.resolve("none.safetensors"), "no such file", "check the path");
      assertRefused(folder, "this is a folder");
    }

    @Test
    void a_file_of_another_kind() throws IOException {
      Path file = folder.resolve("a.safetensors");
      Npz.write(file, arrays());
      assertRefused(file, "this is a zip file, as a .npz is");
      Files.writeString(file, "short");
      assertRefused(file, "a header of 0 bytes in a file of 5");
      Files.writeString(file, "some text or other");
      assertRefused(file, "a header of 8675467939688574835 bytes in a file of 18");
    }

    @Test
    void a_header_longer_than_the_file_or_than_any() throws IOException {
      Path file = write("{}");
      byte[] bytes = Files.readAllBytes(file);
      for (long length : new long[] {0, 1, 3, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Files.write(file, bytes);
        assertRefused(file, "a header of " + Long.toUnsignedString(length) + " bytes");
      }
    }

    @Test
    void a_file_larger_than_there_is_memory_for() throws IOException {
      Path file = folder.resolve("a.safetensors");
      try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
        sparse.setLength(Runtime.getRuntime().maxMemory() / 3);
      }
      assertRefused(file, "a quarter of what this Java may take", "-Xmx");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "0,2 | 1,3 | array b | begins at byte 1, within another array, expected 2",
          "0,2 | 3,5 | array b | begins at byte 3, after bytes of no array, expected 2",
          "1,3 | 3,5 | array a | begins at byte 1, after bytes of no array, expected 0",
          "0,2 | 0,2 | array b | begins at byte 0, within another array, expected 2",
          "0,2 | 2,3 | array b | the shape [2] of I8 needs 2 bytes, got 1",
          "0,2 | 4,2 | array b | got data_offsets [4, 2], expected a first byte and an end",
          "0,2 | 2 | array b | got data_offsets [2], expected a first byte and an end",
          "0,2 | 2,4,6 | array b | got data_offsets [2, 4, 6]",
          "0,2 | -2,0 | array b | data_offsets: got -2, expected 0 or more",
          "0,2 | 2.0,4 | array b | data_offsets: got VALUE_NUMBER_FLOAT, expected whole numbers",
          "0,2 | [2,4] | array b | data_offsets: got START_ARRAY, expected whole numbers",
          "0,2 | 9223372036854775806,9223372036854775808 | its header is not JSON | out of range",
          "0,2 | 2,4 | its arrays need 4 bytes, got 5 | cut off or damaged",
        })
    void bytes_that_do_not_fit(String a, String b, String first, String second) throws IOException {
      assertRefused(write(TWO.formatted(a, b), 1, 2, 3, 4, 5), first, second);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "F8_E4M3 | 1 | got the type F8_E4M3, expected one of F64",
          "f32 | 1 | got the type f32, expected one of F64",
          "I8 | -1 | shape: got -1, expected 0 or more",
          "I8 | 2147483648 | got the shape [2147483648], which no array",
          "I8 | 65536,65536 | got the shape [65536, 65536], which no array",
          "I8 | \"1\" | shape: got VALUE_STRING, expected whole numbers",
          "F32 | 1 | the shape [1] of F32 needs 4 bytes, got 1",
        })
    void types_and_shapes_that_no_array_has(String type, String shape, String part)
        throws IOException {
      String header = "{\"a\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[0,1]}}";
      assertRefused(write(header.formatted(type, shape), 1), "array a", part);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "[] | does not begin with '{'",
          "~ {}~ | does not begin with '{'",
          "{} x | its header is not JSON",
          "{}{} | its header goes on after the object's end",
          "{\"a\" | its header is not JSON",
          "{\"a\":1} | array a: got VALUE_NUMBER_INT, expected an object",
          "{\"a\":null} | array a: got VALUE_NULL, expected an object",
          "{\"a\":{}} | array a: got no dtype",
          "{\"a\":{\"dtype\":\"I8\",\"shape\":[]}} | array a: got no data_offsets",
          "{\"a\":{\"dtype\":[]}} | array a: dtype: got START_ARRAY, expected a text",
          "{\"a\":{\"shape\":{}}} | array a: shape: got START_OBJECT, expected a list",
          "{\"a\":{\"size\":1}} | array a: got the field size, expected dtype, shape and",
          "{\"a\":{\"dtype\":\"I8\",\"dtype\":\"I8\"}} | Duplicate field 'dtype'",
          "{\"a\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{}} | Duplicate",
          "{\"__metadata__\":{\"a\":1}} | __metadata__.a: got VALUE_NUMBER_INT, expected a text",
          "{\"__metadata__\":[]} | __metadata__: got START_ARRAY, expected an object",
          "{\"__metadata__\":{\"a\":\"x\",\"a\":\"y\"}} | Duplicate field 'a'",
          "{\"__metadata__\":{\"a\":\"x\\u0000\"}} | text a: array: got a text that ends in NUL",
        })
    void headers_that_are_none(String header, String part) throws IOException {
      assertRefused(write(header), part);
    }

    @Test
    void one_name_for_an_array_and_a_text() throws IOException {
      assertRefused(
          write(
              "{\"__metadata__\":{\"a\":\"x\"},"
                  + "\"a\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]}}"),
          "array a: there is a text of this name too");
    }

    @Test
    void deep_and_long_headers_soon_and_in_few_words() throws IOException {
      for (String header :
          List.of(
              "{\"a\":".repeat(1_000_000),
              "{\"a\":" + "[".repeat(1_000_000),
              "{\"a\":{\"shape\":" + "[".repeat(1_000_000),
              "{\"__metadata__\":" + "{\"a\":".repeat(1_000_000),
              "{\"a\":{\"dtype\":\""
                  + "x".repeat(1_000_000)
                  + "\",\"shape\":[0],"
                  + "\"data_offsets\":[0,0]}}",
              "{\"a\":{\"" + "x".repeat(40_000) + "\":1}}",
              "{\"a\":{\"dtype\":\"I8\",\"shape\":[" + "9".repeat(100_000) + "]}}")) {
        Path file = write(header);
        CheckpointException thrown =
            assertThrows(CheckpointException.class, () -> SafeTensors.read(file));
        assertTrue(thrown.getMessage().length() < 1_000, thrown.getMessage());
      }
    }

    @Test
    void bytes_that_are_no_text() throws IOException {
      assertRefused(write(new byte[] {'{', (byte) 0xFF, '}'}, new byte[0]), "no text in UTF-8");
    }

    @Test
    void to_write_what_it_cannot_keep_and_leaves_the_old_file() throws IOException {
      Path file = folder.resolve("a.safetensors");
      SafeTensors.write(file, arrays());
      byte[] old = Files.readAllBytes(file);
      LinkedHashMap<String, NpyArray> broken = arrays();
      broken.put("__metadata__", NpyArray.ofLong(1));
      assertMessage(
          IllegalArgumentException.class,
          () -> SafeTensors.write(file, broken),
          "write " + file + ": got an array of the name __metadata__");
      assertArrayEquals(old, Files.readAllBytes(file));
      assertFiles(folder, "a.safetensors");
    }
  }
}
