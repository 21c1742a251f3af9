package org.grokscope.endurance;

/**
 * How much the endurance tests do. The system property {@code grokscope.endurance} is the number of
 * kills, from which all other counts follow: 8 in the short edition, 100 in the long one.
 */
public final class Edition {
  private static final int SHORT = 8;
  private static final int LONG = 100;
  private static final int KILLS = Integer.getInteger("grokscope.endurance", SHORT);

  private Edition() {}

  /** Of all processes together. */
  static int kills() {
    return KILLS;
  }

  /** Whether this is the short edition, from which what takes long is left out. */
  static boolean isShort() {
    return KILLS < LONG;
  }

  /** A count of the long edition, and what is its share of this one, at least 1. */
  public static int share(int ofTheLongOne) {
    return Math.max(1, (int) Math.round((double) ofTheLongOne * KILLS / LONG));
  }

  /** Prints a count. */
  public static void say(String format, Object... values) {
    System.out.println("endurance: " + String.format(java.util.Locale.ROOT, format, values));
  }
}
