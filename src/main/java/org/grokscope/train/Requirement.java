package org.grokscope.train;

/** Checks of a training's settings. */
final class Requirement {
  private Requirement() {}

  /**
   * @throws IllegalArgumentException if it does not hold; the message names what was given and what
   *     was expected
   */
  static void that(boolean holds, String name, Number given, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "training: got " + name + " = " + given + ", expected " + expected);
    }
  }
}
