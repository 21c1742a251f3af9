package org.grokscope.compression;

import java.nio.charset.StandardCharsets;
import org.grokscope.task.RandomStream;

/**
 * A string of decimal digits.
 *
 * @param name of the string, for tables and curves
 * @param digits each from 0 to 9
 */
public record DigitString(String name, String digits) {

  /**
   * @throws IllegalArgumentException if there is no digit, or something that is none
   */
  public DigitString {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(
          "digit string: got '"
              + (digits.length() > 20 ? digits.substring(0, 20) + "…" : digits)
              + "', expected one or more of the digits 0 to 9");
    }
  }

  /**
   * The numbers 1, 2, 3 … written one after another.
   *
   * @param last the last number, at least 1
   */
  public static DigitString counting(int last) {
    if (last < 1) {
      throw new IllegalArgumentException(
          "digit string: got the last number " + last + ", expected at least 1");
    }
    StringBuilder digits = new StringBuilder();
    for (int number = 1; number <= last; number++) {
      digits.append(number);
    }
    return new DigitString("1 … " + last, digits.toString());
  }

  /**
   * Digits drawn uniformly and independently.
   *
   * @param length how many
   * @param seed equal seeds give equal strings for ever
   */
  public static DigitString random(int length, long seed) {
    RandomStream random = RandomStream.of(seed, "digits");
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < length; i++) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    return new DigitString("random digits", digits.toString());
  }

  /** How many digits. */
  public int length() {
    return digits.length();
  }

  /** One digit, from 0 to 9. */
  public int digit(int i) {
    return digits.charAt(i) - '0';
  }

  /** As a file would hold it, one byte a digit. */
  public byte[] bytes() {
    return digits.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * What uniformly random digits need on average, however clever the code: length · log2 10 bits.
   */
  public double floorBits() {
    return length() * (Math.log(10) / Math.log(2));
  }
}
