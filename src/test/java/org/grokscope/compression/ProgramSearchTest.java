package org.grokscope.compression;

import static org.grokscope.compression.Instruction.ADD;
import static org.grokscope.compression.Instruction.AGAIN;
import static org.grokscope.compression.Instruction.COPY;
import static org.grokscope.compression.Instruction.INC;
import static org.grokscope.compression.Instruction.MOD;
import static org.grokscope.compression.Instruction.MUL;
import static org.grokscope.compression.Instruction.SWAP;
import static org.grokscope.compression.Instruction.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProgramSearchTest {

  @Nested
  class TheMachine {
    @Test
    void does_what_its_instructions_say() {
      assertEquals("123456789101", TinyProgram.of(INC, WRITE, AGAIN).output(12));
      assertEquals("1234567890123", TinyProgram.of(INC, MOD, WRITE, AGAIN).output(13));
      assertEquals("149162536", TinyProgram.of(INC, COPY, MUL, WRITE, SWAP, AGAIN).output(9));
      assertEquals("12", TinyProgram.of(INC, WRITE, COPY, ADD, WRITE).output(9));
    }

    @Test
    void stops_at_its_end_in_silence_and_at_large_numbers() {
      assertEquals("0", TinyProgram.of(WRITE).output(5));
      assertEquals("", TinyProgram.of(AGAIN).output(5));
      assertEquals("", TinyProgram.of(INC, AGAIN).output(5));
      String doubling = TinyProgram.of(INC, COPY, ADD, WRITE, AGAIN).output(100_000);
      assertTrue(doubling.length() < 1_000, () -> "wrote " + doubling.length());
    }

    @Test
    void counts_its_bits() {
      assertEquals(3 + 9, TinyProgram.of(INC, WRITE, AGAIN).bits()); // gamma of 3 is 011
      assertEquals(12 + 31, TinyProgram.of(INC, WRITE, AGAIN).bitsFor(38_894));
      assertThrows(IllegalArgumentException.class, () -> new TinyProgram(List.of()));
    }
  }

  @Test
  void finds_the_shortest_program_of_the_numbers() {
    DigitString target = DigitString.counting(500);
    ProgramSearch search = ProgramSearch.of(target, 4);
    assertEquals(Optional.of(TinyProgram.of(INC, WRITE, AGAIN)), search.found());
    assertEquals(target.digits(), search.found().orElseThrow().output(target.length()));
    assertEquals(Optional.of(12 + TinyProgram.gammaBits(target.length())), search.bits());
    assertTrue(search.tried() > 8 + 64 && search.tried() <= 8 + 64 + 512);
  }

  @Test
  void finds_whatever_a_short_program_writes() {
    TinyProgram hidden = TinyProgram.of(INC, COPY, MUL, WRITE, SWAP, AGAIN);
    DigitString target = new DigitString("squares", hidden.output(200));
    TinyProgram found = ProgramSearch.of(target, 6).found().orElseThrow();
    assertEquals(target.digits(), found.output(200));
    assertTrue(found.instructions().size() <= 6);
  }

  @Test
  void tries_all_programs_and_finds_none_for_random_digits() {
    ProgramSearch search = ProgramSearch.of(DigitString.random(100, 0), 5);
    assertEquals(Optional.empty(), search.found());
    assertEquals(8 + 64 + 512 + 4_096 + 32_768, search.tried());
    assertEquals(Optional.empty(), search.bits());
    assertThrows(
        IllegalArgumentException.class, () -> ProgramSearch.of(DigitString.random(100, 0), 10));
  }
}
