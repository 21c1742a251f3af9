package org.grokscope.compression;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A program of the tiny machine.
 *
 * <p>It stops after its last instruction, when enough digits are written, when a number would
 * exceed 10¹⁵, or when nothing was written for 64 times as many instructions as it has.
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
    run(
        instructions.toArray(new Instruction[0]),
        digits -> written.append(digits).length() < length);
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
   * @param program at least one instruction
   * @param tape gets every number written
   */
  static void run(Instruction[] program, Tape tape) {
    long x = 0;
    long y = 0;
    int silent = 0; // instructions since the last number
    for (int at = 0; at < program.length && silent < PATIENCE * program.length; at++) {
      silent++;
      switch (program[at]) {
        case INC -> x++;
        case ADD -> x += y;
        case MUL -> x = y != 0 && x > LARGEST / y ? LARGEST + 1 : x * y;
        case MOD -> x %= 10;
        case COPY -> y = x;
        case SWAP -> {
          long kept = x;
          x = y;
          y = kept;
        }
        case WRITE -> {
          silent = 0;
          if (!tape.write(x)) {
            return;
          }
        }
        case AGAIN -> at = -1;
      }
      if (x > LARGEST) {
        return;
      }
    }
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
