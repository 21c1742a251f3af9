package org.grokscope.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.grokscope.claim.Ledger;

/**
 * Which rules were in force when evidence was made: the names that git gives to the contents of the
 * ledgers. {@code git log --find-object=NAME} shows the commit that wrote them, and when.
 */
final class LedgerVersion {
  private LedgerVersion() {}

  /** The name of each ledger's contents, by file. */
  static Map<String, String> inForce() {
    Map<String, String> names = new TreeMap<>();
    for (String file : new String[] {"ledger.csv", "round-two.csv", "experiments.csv"}) {
      try (InputStream bytes = Ledger.class.getResourceAsStream(file)) {
        names.put(file, ofBlob(bytes.readAllBytes()));
      } catch (IOException e) {
        throw new UncheckedIOException("read " + file + ": " + e.getMessage(), e);
      }
    }
    return names;
  }

  /** The SHA-1 of {@code blob LENGTH\0} and the contents, in hexadecimal. */
  static String ofBlob(byte[] contents) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(("blob " + contents.length + "\0").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(contents));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 is part of every Java", e);
    }
  }
}
