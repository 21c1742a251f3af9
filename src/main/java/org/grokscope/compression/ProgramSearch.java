package org.grokscope.compression;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Looks for the shortest program that writes a string, by trying all programs of one instruction,
 * then all of two, and so on, in the order of the instructions. Nothing is known of the string but
 * its digits: a program is left at the first digit that is wrong.
 *
 * <p>Of n digits most have no short program whatever the language: there are 8^L programs of L
 * instructions and 10^n strings.
 */
public final class ProgramSearch {
  private static final Instruction[] ALL = Instruction.values();
  private static final Instruction FIRST = ALL[0];

  private final DigitString target;
  private final Optional<TinyProgram> found;
  private final long tried;
  private final int longest;

  private ProgramSearch(DigitString target, Optional<TinyProgram> found, long tried, int longest) {
    this.target = target;
    this.found = found;
    this.tried = tried;
    this.longest = longest;
  }

  /**
   * Searches.
   *
   * @param target what a program has to begin with
   * @param longest programs of up to so many instructions are tried, 1 to 9
   * @throws IllegalArgumentException if the longest is out of range
   */
  public static ProgramSearch of(DigitString target, int longest) {
    if (longest < 1 || longest > 9) {
      throw new IllegalArgumentException(
          "program search: got programs of up to "
              + longest
              + " instructions, expected 1 to 9: there are 8 times as many of each length as of"
              + " the one before");
    }
    int[] wanted = target.digits().chars().map(c -> c - '0').toArray();
    long tried = 0;
    for (int count = 1; count <= longest; count++) {
      Instruction[] program = new Instruction[count];
      Arrays.fill(program, FIRST);
      do {
        tried++;
        if (writes(program, wanted)) {
          TinyProgram found = new TinyProgram(List.of(program));
          return new ProgramSearch(target, Optional.of(found), tried, longest);
        }
      } while (next(program));
    }
    return new ProgramSearch(target, Optional.empty(), tried, longest);
  }

  /** The next program of the same length; false after the last. */
  private static boolean next(Instruction[] program) {
    for (int i = program.length - 1; i >= 0; i--) {
      program[i] = ALL[(program[i].ordinal() + 1) % ALL.length];
      if (program[i] != FIRST) {
        return true;
      }
    }
    return false;
  }

  private static boolean writes(Instruction[] program, int[] wanted) {
    Comparison comparison = new Comparison(wanted);
    TinyProgram.run(program, comparison);
    return comparison.at == wanted.length;
  }

  /** Compares what is written with what is wanted. */
  private static final class Comparison implements TinyProgram.Tape {
    private final int[] wanted;
    private int at; // digits that agreed

    Comparison(int[] wanted) {
      this.wanted = wanted;
    }

    @Override
    public boolean write(long number) {
      long power = 1;
      while (power <= number / 10) {
        power *= 10;
      }
      for (; power > 0 && at < wanted.length; power /= 10) {
        if (number / power % 10 != wanted[at]) {
          return false;
        }
        at++;
      }
      return at < wanted.length;
    }
  }

  /** The first program that writes the whole string, or empty if none was tried that does. */
  public Optional<TinyProgram> found() {
    return found;
  }

  /** How many programs were tried. */
  public long tried() {
    return tried;
  }

  /** Bits of the program found and of the string's length; empty if none was found. */
  public Optional<Integer> bits() {
    return found.map(program -> program.bitsFor(target.length()));
  }

  @Override
  public String toString() {
    return target.name()
        + ": "
        + found
            .map(program -> "'" + program + "', " + program.bitsFor(target.length()) + " bits")
            .orElse("none of up to " + longest + " instructions")
        + String.format(Locale.ROOT, " (%,d programs tried)", tried);
  }
}
