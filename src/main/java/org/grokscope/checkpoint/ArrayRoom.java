package org.grokscope.checkpoint;

import java.util.Locale;

/** How much memory the arrays of one file may take: a small file may say that it has terabytes. */
final class ArrayRoom {
  private static final int PARTS_OF_MEMORY = 4; // of which one file's arrays may take one

  private ArrayRoom() {}

  /**
   * That there is room for so many bytes.
   *
   * @param where what the message begins with
   * @throws CheckpointException if there is not
   */
  static void require(String where, long bytes) {
    long room = Runtime.getRuntime().maxMemory() / PARTS_OF_MEMORY;
    if (bytes > room) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: got arrays of %,d MB or more, expected at most %,d, a quarter"
                  + " of what this Java may take; give it more by -Xmx, or read another file",
              where,
              bytes >> 20,
              room >> 20));
    }
  }

  /**
   * That one array may have so many bytes.
   *
   * @param where what the message begins with
   * @throws CheckpointException if not
   */
  static void requireOne(String where, long bytes) {
    if (bytes >= Integer.MAX_VALUE) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: got %,d bytes, expected fewer than %,d, which is what an array may have here",
              where,
              bytes,
              Integer.MAX_VALUE));
    }
  }
}
