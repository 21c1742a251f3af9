package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.grokscope.checkpoint.Fixtures.numpyBytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class NpyFormatTest {

  private static NpyArray read(byte[] bytes) {
    return NpyFormat.read("read f.npz: array x", bytes);
  }

  /** An array of version 1.0 with this header and these elements. */
  private static byte[] array(String header, String hexData) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HexFormat.of().parseHex("934e554d50590100"));
    out.write(header.length());
    out.write(0);
    out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(HexFormat.of().parseHex(hexData));
    return out.toByteArray();
  }

  private static byte[] array(String descriptor, boolean fortran, String shape, String hexData) {
    return array(
        "{'descr': '"
            + descriptor
            + "', 'fortran_order': "
            + (fortran ? "True" : "False")
            + ", 'shape': ("
            + shape
            + "), }\n",
        hexData);
  }

  @Nested
  class Writing {
    @Test
    void follows_the_format_byte_by_byte() {
      byte[] bytes = NpyFormat.write(NpyArray.ofFloats(new float[] {1f, -2f}, 2));

      assertEquals(128 + 8, bytes.length);
      assertEquals("934e554d50590100" + "7600", HexFormat.of().formatHex(bytes, 0, 10));
      String header = new String(bytes, 10, 118, StandardCharsets.US_ASCII);
      assertEquals(
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", header.stripTrailing());
      assertEquals('\n', header.charAt(117));
      assertEquals("0000803f" + "000000c0", HexFormat.of().formatHex(bytes, 128, 136));
    }

    @Test
    void gives_the_very_bytes_that_numpy_saves() throws IOException {
      assertArrayEquals(
          numpyBytes("float32.npy"),
          NpyFormat.write(NpyArray.ofFloats(new float[] {1, 2, 3, -4, 0.5f, 6}, 2, 3)));
      assertArrayEquals(
          numpyBytes("float64.npy"),
          NpyFormat.write(NpyArray.ofDoubles(new double[] {1 / 3.0}, 1)));
      assertArrayEquals(numpyBytes("int64.npy"), NpyFormat.write(NpyArray.ofLong(-113)));
      assertArrayEquals(numpyBytes("text.npy"), NpyFormat.write(NpyArray.ofString("a·b → c")));
    }

    @Test
    void aligns_the_elements_whatever_the_length_of_the_header() {
      for (int rank = 0; rank < 30; rank++) {
        int[] shape = new int[rank];
        Arrays.fill(shape, 1);
        byte[] bytes = NpyFormat.write(NpyArray.ofLongs(new long[] {7}, shape));
        assertEquals(0, (bytes.length - 8) % 64, "rank " + rank);
        assertEquals(NpyArray.ofLongs(new long[] {7}, shape), read(bytes));
      }
    }
  }

  @Nested
  class Reading {
    @Test
    void takes_half_precision_exactly() {
      // one, minus two, smallest subnormal, largest, a third rounded, smallest normal
      float[] values =
          read(array("<f2", false, "6,", "003c" + "00c0" + "0100" + "ff7b" + "5535" + "0004"))
              .floats();
      assertArrayEquals(new float[] {1f, -2f, 0x1p-24f, 65504f, 0.333251953125f, 0x1p-14f}, values);
    }

    @Test
    void takes_the_special_values_of_half_precision() {
      float[] values = read(array("<f2", false, "4,", "0080" + "007c" + "00fc" + "007e")).floats();
      assertEquals(Float.floatToRawIntBits(-0f), Float.floatToRawIntBits(values[0]));
      assertArrayEquals(
          new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN},
          Arrays.copyOfRange(values, 1, 4));
    }

    @Test
    void turns_fortran_order_into_rows_in_three_dimensions() {
      // element [i, j, k] of shape [2, 3, 2] holds 100·i + 10·j + k; the first index runs fastest
      StringBuilder columns = new StringBuilder();
      long[] rows = new long[12];
      for (int k = 0; k < 2; k++) {
        for (int j = 0; j < 3; j++) {
          for (int i = 0; i < 2; i++) {
            columns.append(String.format("%02x", 100 * i + 10 * j + k));
            rows[(i * 3 + j) * 2 + k] = 100 * i + 10 * j + k;
          }
        }
      }
      NpyArray array = read(array("|u1", true, "2, 3, 2", columns.toString()));
      assertArrayEquals(rows, array.longs());
      assertEquals(List.of(2, 3, 2), array.shape());
    }

    @Test
    void takes_every_width_of_integer_in_either_byte_order() {
      assertArrayEquals(new long[] {-2, 3}, read(array("|i1", false, "2,", "fe03")).longs());
      assertArrayEquals(new long[] {254, 3}, read(array("|u1", false, "2,", "fe03")).longs());
      assertArrayEquals(new long[] {0, 1}, read(array("|b1", false, "2,", "0001")).longs());
      assertArrayEquals(new long[] {-2}, read(array(">i2", false, "1,", "fffe")).longs());
      assertArrayEquals(new long[] {65534}, read(array("<u2", false, "1,", "feff")).longs());
      assertArrayEquals(new long[] {-2}, read(array("<i4", false, "", "feffffff")).longs());
      assertArrayEquals(
          new long[] {4294967294L}, read(array(">u4", false, "", "fffffffe")).longs());
      assertArrayEquals(
          new long[] {258}, read(array(">i8", false, "", "0000000000000102")).longs());
    }

    @Test
    void takes_headers_that_other_programs_write() {
      String header = "{\"shape\":(2L,1), \"fortran_order\":False,\"descr\":\"<i2\"}";
      NpyArray array = read(array(header, "01000200"));
      assertEquals(List.of(2, 1), array.shape());
      assertArrayEquals(new long[] {1, 2}, array.longs());
    }

    @Test
    void takes_arrays_without_elements() {
      assertEquals(0, read(array("<f4", true, "0, 3", "")).floats().length);
    }

    @Test
    void takes_elements_of_no_bytes_however_many_in_no_time() {
      assertTimeoutPreemptively(
          Duration.ofSeconds(5),
          () ->
              assertEquals(
                  List.of(Integer.MAX_VALUE), read(array("|S0", true, "2147483647,", "")).shape()));
    }

    @Test
    void takes_text_and_bytes_without_their_padding() {
      assertEquals("aé", read(array("<U3", false, "", "61000000e900000000000000")).text());
      assertEquals("aé", read(array(">U2", false, "", "00000061000000e9")).text());
      assertEquals("aé", read(array("|S5", false, "", "61c3a90000")).text());
    }
  }

  @Nested
  class Refusing {
    private void refuses(byte[] bytes, Object... parts) {
      CheckpointException thrown =
          assertMessage(CheckpointException.class, () -> read(bytes), parts);
      assertEquals(0, thrown.getMessage().indexOf("read f.npz: array x: "), thrown.getMessage());
    }

    @Test
    void pickles() {
      refuses(array("|O", false, "1,", "80"), "Python objects (a pickle)", "save plain numbers");
    }

    @Test
    void structured_arrays() {
      refuses(
          array("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "00000000"),
          "structured array");
    }

    @Test
    void types_it_does_not_know() {
      refuses(array("<c8", false, "", "0000000000000000"), "<c8", "expected one of f2, f4, f8");
      refuses(array("<f16", false, "", "00"), "<f16");
      refuses(array("<i3", false, "", "000000"), "<i3");
      refuses(array("<M8[ns]", false, "", "0000000000000000"), "<M8[ns]");
    }

    @Test
    void other_bytes_and_versions() {
      refuses(new byte[20], "not a NumPy array");
      refuses(new byte[0], "not a NumPy array");
      byte[] later = array("<f4", false, "", "00000000");
      later[6] = 4;
      refuses(later, "version 4.0", "expected 1.0 to 3.0");
    }

    @Test
    void headers_that_are_cut_off_or_lack_something() {
      byte[] whole = array("<f4", false, "", "00000000");
      refuses(Arrays.copyOf(whole, 30), "header is cut off");
      byte[] second = Arrays.copyOf(whole, 11);
      second[6] = 2;
      refuses(second, "header is cut off");
      refuses(array("{'fortran_order': False, 'shape': ()}", ""), "no readable 'descr'");
      refuses(array("{'descr': '<f4', 'shape': ()}", ""), "no readable 'fortran_order'");
      refuses(array("{'descr': '<f4', 'fortran_order': False}", ""), "no readable 'shape'");
    }

    @Test
    void elements_that_are_missing_or_too_many() {
      refuses(
          array("<f4", false, "3, 2", "0000000000000000"),
          "[3, 2] of <f4 needs 24 bytes, got 8",
          "cut off or damaged");
      refuses(array("<f4", false, "", "0000000000000000"), "needs 4 bytes, got 8");
    }

    @Test
    void shapes_that_no_array_has() {
      refuses(array("<f4", false, "99999999999,", ""), "(99999999999,)");
      refuses(array("<f4", false, "65536, 65536", ""), "(65536,65536)");
      refuses(array("<f4", false, "2, , 3", ""), "(2,,3)");
    }

    @Test
    void text_of_no_characters() {
      refuses(array("<U1", false, "", "ffffff7f"), "2147483647", "no character");
    }
  }
}
