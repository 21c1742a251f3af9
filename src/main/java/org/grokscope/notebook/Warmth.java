package org.grokscope.notebook;

import org.grokscope.plot.Curves;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/**
 * Draws a small figure that nobody sees, beside the compiler that reads a notebook's first cells:
 * the first figure that somebody sees then finds its classes loaded.
 */
final class Warmth {
  private Warmth() {}

  /** Begins it on a thread of its own, which keeps no kernel from ending. */
  static Thread spread() {
    Thread thread = new Thread(Warmth::draw, "first figure's classes");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /**
   * Waits until it is done; two threads that load classes which need each other could wait for
   * ever.
   */
  static void await(Thread warming) {
    try {
      warming.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the cell is given up; the figure goes on by itself
    }
  }

  /** The figure as the kernel would be given it. */
  static MimeBundle draw() {
    Table squares =
        Table.create(
            "squares", DoubleColumn.create("number", 1, 2), DoubleColumn.create("square", 1, 4));
    return MimeBundle.figure(Curves.of("Squares", "number", "square", squares).figure());
  }
}
