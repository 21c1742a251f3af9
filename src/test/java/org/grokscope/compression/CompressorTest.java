package org.grokscope.compression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressorTest {
  private static final DigitString RANDOM = DigitString.random(20_000, 1);

  @ParameterizedTest
  @EnumSource(Compressor.class)
  void gives_back_what_it_took(Compressor compressor) {
    for (DigitString string : new DigitString[] {RANDOM, DigitString.counting(3_000)}) {
      byte[] file = compressor.compress(string.bytes());
      assertArrayEquals(string.bytes(), compressor.decompress(file));
      assertEquals(8L * file.length, compressor.bits(string));
    }
    assertArrayEquals(new byte[0], compressor.decompress(compressor.compress(new byte[0])));
  }

  @ParameterizedTest
  @EnumSource(Compressor.class)
  void beats_the_floor_on_zeros_but_not_on_random_digits(Compressor compressor) {
    assertTrue(compressor.bits(RANDOM) >= RANDOM.floorBits());
    DigitString zeros = new DigitString("zeros", "0".repeat(20_000));
    assertTrue(compressor.bits(zeros) < zeros.floorBits() / 50);
  }

  @ParameterizedTest
  @EnumSource(Compressor.class)
  void says_what_it_cannot_read(Compressor compressor) {
    var error =
        assertThrows(
            UncheckedIOException.class, () -> compressor.decompress("no such file".getBytes()));
    assertTrue(error.getMessage().contains(compressor.label()), error.getMessage());
  }

  @Test
  void gzip_of_the_numbers_has_the_size_that_was_published() {
    assertEquals(18_541, Compressor.GZIP.bits(DigitString.counting(10_000)) / 8);
  }
}
