package org.grokscope.compression;

/**
 * The eight instructions of a tiny machine, three bits each. It has two whole numbers, x and y, 0
 * at the start, and writes decimal digits.
 */
public enum Instruction {
  /** x ← x + 1. */
  INC,
  /** x ← x + y. */
  ADD,
  /** x ← x · y. */
  MUL,
  /** x ← x mod 10. */
  MOD,
  /** y ← x. */
  COPY,
  /** x ↔ y. */
  SWAP,
  /** Writes x in decimal. */
  WRITE,
  /** Goes on at the first instruction. */
  AGAIN;

  /** Bits of one instruction. */
  public static final int BITS = 3;
}
