package org.grokscope.command;

import java.util.Locale;

/** Seconds as people say them. */
final class Durations {
  private Durations() {}

  /** Such as {@code 8 s}, {@code 2 min 05 s} or {@code 3 h 20 min}; ? for what is not finite. */
  static String inWords(double seconds) {
    if (!Double.isFinite(seconds)) {
      return "?";
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%,d h %02d min", whole / 3600, whole / 60 % 60);
  }
}
