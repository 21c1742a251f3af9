package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ParityTest {

  @Test
  void of_all_bits_by_hand() {
    assertArrayEquals(new int[] {0, 1, 1, 0}, Parity.of(2, 2).labels());
    assertArrayEquals(new int[] {0, 1, 1, 0, 1, 0, 0, 1}, Parity.of(3, 3).labels());
    assertEquals("parity of bits 1, 2, 3 of 3", Parity.of(3, 3).title());
  }

  @Test
  void of_three_of_twenty_bits_counts_those_that_its_title_names_and_no_other() {
    OperationTable table = Parity.of(3, 20);
    assertEquals(1 << 20, table.labels().length);
    assertEquals(21, table.length());
    assertEquals(3, table.vocabulary());
    String places = table.title().replace("parity of bits ", "").replace(" of 20", "");
    int[] counted = Arrays.stream(places.split(", ")).mapToInt(Integer::parseInt).toArray();
    assertEquals(3, IntStream.of(counted).distinct().count(), table.title());
    RandomStream random = RandomStream.of(0, "bits");
    for (int draw = 0; draw < 500; draw++) {
      int[] bits = new int[20];
      Arrays.setAll(bits, i -> random.nextInt(2));
      int ones = IntStream.of(counted).map(place -> bits[place - 1]).sum();
      assertEquals(ones % 2, table.label(bits), Arrays.toString(bits));
    }
    assertEquals(1 << 19, IntStream.of(table.labels()).sum(), "half of them are odd");
  }

  @Test
  void which_bits_count_is_drawn_by_the_seed() {
    assertArrayEquals(Parity.of(2, 9, 4).labels(), Parity.of(2, 9, 4).labels());
    assertArrayEquals(Parity.of(2, 9).labels(), Parity.of(2, 9, 0).labels());
    List<String> titles =
        LongStream.range(0, 20).mapToObj(seed -> Parity.of(2, 9, seed).title()).toList();
    // 36 pairs: 20 draws hit some 15 of them
    assertTrue(titles.stream().distinct().count() > 8, "" + titles);
  }

  @Test
  void bits_that_there_are_not_are_refused() {
    for (int[] wrong : new int[][] {{0, 5}, {6, 5}, {1, 1}, {3, 25}}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Parity.of(wrong[0], wrong[1]))
              .getMessage();
      assertEquals(
          "parity: got "
              + wrong[0]
              + " of "
              + wrong[1]
              + " bits, expected 1 to n of n, and n from 2 to 24",
          message);
    }
  }
}
