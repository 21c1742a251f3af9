package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NpyArrayTest {

  @Test
  void gives_back_what_it_was_given() {
    NpyArray floats = NpyArray.ofFloats(new float[] {1.5f, -2, 3, 4, 5, 6}, 3, 2);
    assertEquals("<f4", floats.dtype());
    assertEquals(List.of(3, 2), floats.shape());
    assertEquals(6, floats.size());
    assertTrue(floats.isFloating() && !floats.isInteger() && !floats.isText());
    assertArrayEquals(new float[] {1.5f, -2, 3, 4, 5, 6}, floats.floats());
    assertArrayEquals(new double[] {1.5, -2, 3, 4, 5, 6}, floats.doubles());

    NpyArray doubles = NpyArray.ofDoubles(new double[] {0.1, 1e300}, 2);
    assertEquals("<f8", doubles.dtype());
    assertArrayEquals(new double[] {0.1, 1e300}, doubles.doubles());
    assertArrayEquals(new float[] {0.1f, Float.POSITIVE_INFINITY}, doubles.floats());

    NpyArray longs = NpyArray.ofLongs(new long[] {Long.MIN_VALUE, 7}, 2);
    assertEquals("<i8", longs.dtype());
    assertTrue(longs.isInteger());
    assertArrayEquals(new long[] {Long.MIN_VALUE, 7}, longs.longs());
    assertArrayEquals(new double[] {-0x1p63, 7}, longs.doubles());
    assertArrayEquals(new float[] {-0x1p63f, 7}, longs.floats());
    assertEquals(List.of(), NpyArray.ofLong(3).shape());
  }

  @Test
  void small_integers_take_as_few_bytes_as_the_largest_needs() {
    int[][] values = {
      {0, 1, -1, 127, -128}, {0, 128}, {-129}, {32_767, -32_768}, {0, 32_768}, {-32_769}, {}
    };
    List<String> types = List.of("|i1", "<i2", "<i2", "<i2", "<i4", "<i4", "|i1");
    for (int i = 0; i < values.length; i++) {
      NpyArray array = NpyArray.ofSmallInts(values[i]);
      assertEquals(types.get(i), array.dtype());
      assertEquals(List.of(values[i].length), array.shape());
      assertTrue(array.isInteger());
      assertArrayEquals(Arrays.stream(values[i]).asLongStream().toArray(), array.longs());
    }
  }

  @Test
  void keeps_any_text() {
    for (String text : List.of("", "a", "a·b → c\n", "𝔽₁₁₃")) {
      NpyArray array = NpyArray.ofString(text);
      assertEquals(text, array.text());
      assertTrue(array.isText());
      assertEquals(List.of(), array.shape());
    }
    assertEquals("<U5", NpyArray.ofString("𝔽₁₁₃!").dtype());
  }

  @Test
  void is_not_changed_by_what_went_in_or_came_out() {
    float[] values = {1, 2};
    int[] shape = {2};
    NpyArray array = NpyArray.ofFloats(values, shape);
    values[0] = 9;
    shape[0] = 9;
    array.floats()[1] = 9;
    assertArrayEquals(new float[] {1, 2}, array.floats());
    assertEquals(List.of(2), array.shape());
  }

  @Test
  void is_equal_to_an_array_of_the_same_type_shape_and_values() {
    NpyArray array = NpyArray.ofLongs(new long[] {1, 2}, 2);
    assertEquals(array, NpyArray.ofLongs(new long[] {1, 2}, 2));
    assertEquals(array.hashCode(), NpyArray.ofLongs(new long[] {1, 2}, 2).hashCode());
    assertNotEquals(array, NpyArray.ofLongs(new long[] {1, 2}, 2, 1));
    assertNotEquals(array, NpyArray.ofLongs(new long[] {1, 3}, 2));
    assertNotEquals(array, NpyArray.ofDoubles(new double[] {1, 2}, 2));
    assertEquals("<i8 [2]", array.toString());
  }

  @Test
  void refuses_values_that_do_not_fill_the_shape() {
    assertMessage(
        IllegalArgumentException.class,
        () -> NpyArray.ofFloats(new float[5], 2, 3),
        "got 5 values",
        "[2, 3]");
    assertMessage(
        IllegalArgumentException.class, () -> NpyArray.ofLongs(new long[2]), "2 values", "[]");
    assertMessage(
        IllegalArgumentException.class,
        () -> NpyArray.ofDoubles(new double[6], -2, -3),
        "[-2, -3]");
  }

  @Test
  void refuses_text_that_numpy_would_shorten() {
    assertMessage(IllegalArgumentException.class, () -> NpyArray.ofString("a\0"), "NUL");
  }

  @Test
  void refuses_to_read_one_kind_as_another() {
    NpyArray floats = NpyArray.ofFloats(new float[2], 2);
    NpyArray text = NpyArray.ofString("a");
    assertMessage(
        IllegalStateException.class, floats::longs, "got <f4 of shape [2], expected integers");
    assertMessage(IllegalStateException.class, floats::text, "expected a single text");
    assertMessage(IllegalStateException.class, text::floats, "got <U1", "expected numbers");
    assertFalse(text.isFloating());
  }
}
