package org.grokscope.checkpoint;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The element type of a NumPy array, without its byte order.
 *
 * @param kind f float, i signed, u unsigned, b truth value, U Unicode text, S bytes
 * @param size bytes an element
 */
record NpyType(char kind, int size) {
  static final NpyType FLOAT32 = new NpyType('f', 4);
  static final NpyType FLOAT64 = new NpyType('f', 8);
  static final NpyType INT64 = new NpyType('i', 8);

  /** What {@link #parse} accepts, for messages. */
  static final String SUPPORTED = "f2, f4, f8, i1 … i8, u1 … u8, b1, U… or S…";

  private static final Pattern DESCRIPTOR = Pattern.compile("[<>|=]?([fiubUS])(\\d{1,8})");

  /** Text of so many code points. */
  static NpyType text(int codePoints) {
    return new NpyType('U', 4 * codePoints);
  }

  /** The type written so in a header, such as {@code <f4}, or empty if it is not supported. */
  static Optional<NpyType> parse(String descriptor) {
    Matcher matcher = DESCRIPTOR.matcher(descriptor);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    char kind = matcher.group(1).charAt(0);
    int number = Integer.parseInt(matcher.group(2));
    boolean supported =
        switch (kind) {
          case 'f' -> number == 2 || number == 4 || number == 8;
          case 'i', 'u' -> number == 1 || number == 2 || number == 4 || number == 8;
          case 'b' -> number == 1;
          default -> true;
        };
    return supported
        ? Optional.of(new NpyType(kind, kind == 'U' ? 4 * number : number))
        : Optional.empty();
  }

  /** Bytes that change places together between byte orders. */
  int unit() {
    return kind == 'U' ? 4 : kind == 'S' ? 1 : size;
  }

  boolean isFloating() {
    return kind == 'f';
  }

  boolean isInteger() {
    return kind == 'i' || kind == 'u' || kind == 'b';
  }

  boolean isText() {
    return kind == 'U' || kind == 'S';
  }

  /** As a header writes it, little-endian. */
  String descriptor() {
    return (unit() == 1 ? "|" : "<") + kind + (kind == 'U' ? size / 4 : size);
  }
}
