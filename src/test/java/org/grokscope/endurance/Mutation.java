package org.grokscope.endurance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Changes that nobody means well with, drawn from a seed. */
public final class Mutation {
  private static final Pattern TOKEN = Pattern.compile("-?\\d[\\d.eE+-]*|\"[^\"]*\"|[a-zA-Z_]+");
  private static final int LONG_TEXT = 200_000;

  /** What stands where a number or a word should. */
  private static final List<String> VALUES =
      List.of(
          "-1",
          "0",
          "1",
          "0.5",
          "-0.0",
          "NaN",
          "Infinity",
          "-Infinity",
          "1e400",
          "-1e400",
          "1e-400",
          "2147483647",
          "2147483648",
          "-2147483648",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "1" + "0".repeat(400),
          "0x10",
          "1_000",
          "null",
          "true",
          "[]",
          "{}",
          "\"\"",
          "",
          " ",
          "\0",
          "\n",
          "\r\n",
          ",",
          "\"",
          "'",
          "\\",
          "../../../../endurance-escaped",
          "/endurance-escaped",
          "file:///etc/passwd",
          "${jndi:x}",
          "%s%n%d",
          "\u001b[31m",
          "\u202e",
          "é",
          "\ud83d\ude00",
          "[[[[",
          "{\"a\":{\"a\":");

  private final Random random;

  /** Changes of this seed. */
  public Mutation(long seed) {
    random = new Random(seed);
  }

  /** The source of all draws. */
  public Random random() {
    return random;
  }

  /** One of some values. */
  public <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** A hostile value. */
  public String value() {
    return random.nextInt(40) == 0
        ? one(List.of("9", "x", "[", "\"")).repeat(LONG_TEXT)
        : one(VALUES);
  }

  /** A text, changed in one to three places. */
  public String text(String text) {
    String changed = text;
    for (int i = random.nextInt(3); i >= 0; i--) {
      changed = once(changed);
    }
    return changed;
  }

  private String once(String text) {
    List<MatchResult> tokens = TOKEN.matcher(text).results().limit(5_000).toList();
    if (tokens.isEmpty()) {
      return text + value();
    }
    MatchResult token = one(tokens);
    String before = text.substring(0, token.start());
    String after = text.substring(token.end());
    return switch (random.nextInt(7)) {
      case 0, 1, 2 -> before + value() + after;
      case 3 -> before + one(tokens).group() + after;
      case 4 -> before + token.group() + value() + after;
      case 5 -> before + "[".repeat(1 + random.nextInt(50_000)) + after;
      default -> new String(bytes(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    };
  }

  /** Bytes, changed in one to four places. */
  public byte[] bytes(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
      changed = once(changed);
    }
    return changed;
  }

  private byte[] once(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(8)) {
      case 0:
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return bytes;
      case 1:
        bytes[at] = (byte) random.nextInt(256);
        return bytes;
      case 2:
        return Arrays.copyOf(bytes, at);
      case 3: // zeros at the end
        return Arrays.copyOf(bytes, bytes.length + random.nextInt(64));
      case 4: // a huge number
        byte[] huge = one(List.of(new byte[] {-1, -1, -1, 127}, new byte[] {-1, -1, -1, -1}));
        System.arraycopy(huge, 0, bytes, at, Math.min(huge.length, bytes.length - at));
        return bytes;
      case 5: // a piece over another one
        int from = random.nextInt(bytes.length);
        int length = Math.min(1 + random.nextInt(64), bytes.length - Math.max(at, from));
        System.arraycopy(bytes, from, bytes, at, length);
        return bytes;
      case 6: // a piece twice
        return joined(List.of(Arrays.copyOf(bytes, at), bytes));
      default: // a piece left out
        int end = Math.min(bytes.length, at + 1 + random.nextInt(64));
        return joined(
            List.of(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length)));
    }
  }

  private static byte[] joined(List<byte[]> parts) {
    int length = parts.stream().mapToInt(part -> part.length).sum();
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] part : new ArrayList<>(parts)) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }
}
