package org.grokscope.compression;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A program of the tiny machine.
 *
 * <p>It stops after its last instruction, when enough digits are written, when a number would
 * exceed 10¹⁵, or after 64 instructions a digit and program length without a digit written.
 *
 * @param instructions at least one
 */
public record TinyProgram(List<Instruction> instructions) {
  private static final long LARGEST = 1_000_000_000_000_000L;
  private static final int PATIENCE = 64;

  /**
   * @throws IllegalArgumentException if there is no instruction
   */
  public TinyProgram {
    instructions = List.copyOf(instructions);
    if (instructions.isEmpty()) {
      throw new IllegalArgumentException(
          "tiny program: got no instruction, expected one or more, such as INC WRITE AGAIN");
    }
  }

  /** The program of these instructions. */
  public static TinyProgram of(Instruction... instructions) {
    return new TinyProgram(List.of(instructions));
  }

  /**
   * Its first digits, or fewer if it stops before.
   *
   * @param length how many at the most
   */
  public String output(int length) {
    StringBuilder written = new StringBuilder();
    run(codes(), instructions.size(), length, digits -> written.append(digits).length() < length);
    return written.length() > length ? written.substring(0, length) : written.toString();
  }

  /** Takes what is written; false stops the machine. */
  @FunctionalInterface
  interface Tape {
    boolean write(long number);
  }

  /**
   * Runs a program.
   *
   * @param codes ordinals of instructions
   * @param count how many of them belong to the program
   * @param length digits that are wanted
   * @param tape gets every number written
   */
  static void run(int[] codes, int count, int length, Tape tape) {
    long x = 0;
    long y = 0;
    int silent = 0;
    for (int at = 0; at < count && silent < PATIENCE * count; at++) {
      silent++;
      switch (codes[at]) {
        case 0 -> x++;
        case 1 -> x += y;
        case 2 -> x = y != 0 && x > LARGEST / y ? LARGEST + 1 : x * y;
        case 3 -> x %= 10;
        case 4 -> y = x;
        case 5 -> {
          long kept = x;
          x = y;
          y = kept;
        }
        case 6 -> {
          silent = 0;
          if (!tape.write(x)) {
            return;
          }
        }
        default -> at = -1;
      }
      if (x > LARGEST) {
        return;
      }
    }
  }

  private int[] codes() {
    return instructions.stream().mapToInt(Instruction::ordinal).toArray();
  }

  /**
   * Bits that tell the program: three an instruction, and before them how many there are, by Elias'
   * gamma code, so that a reader knows where it ends.
   */
  public int bits() {
    return gammaBits(instructions.size()) + Instruction.BITS * instructions.size();
  }

  /**
   * Bits that tell the program and after how many digits to stop.
   *
   * @param length digits
   */
  public int bitsFor(int length) {
    return bits() + gammaBits(length);
  }

  /** Length of Elias' gamma code of a number from 1 on: 2⌊log2 n⌋ + 1. */
  static int gammaBits(int number) {
    return 2 * (31 - Integer.numberOfLeadingZeros(number)) + 1;
  }

  /** The instructions one after another, such as {@code inc write again}. */
  @Override
  public String toString() {
    return instructions.stream()
        .map(instruction -> instruction.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" "));
  }
}
