package org.grokscope.plot;

/** Anything that can be drawn as one figure; a notebook draws it when a cell ends with it. */
@FunctionalInterface
public interface Chart {

  /** The picture as a value. */
  Figure figure();

  /**
   * Shows the picture now, in the middle of a cell.
   *
   * @throws IllegalStateException outside a notebook
   */
  default void show() {
    InstalledDisplay.get().show(figure());
  }
}
