package org.grokscope.checkpoint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A text or other bytes in short: the first 16 hexadecimal digits of its SHA-256. */
public final class TextDigest {
  private TextDigest() {}

  /**
   * The digest of a text in UTF-8.
   *
   * @param text whatever names a thing wholly, such as all its settings
   */
  public static String of(String text) {
    return ofBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The digest of some bytes. */
  public static String ofBytes(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, Long.BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
