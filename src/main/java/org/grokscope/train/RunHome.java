package org.grokscope.train;

import java.nio.file.Path;

/** The folder of all runs that were given none of their own. */
final class RunHome {
  private RunHome() {}

  /** {@code $GROKSCOPE_HOME/runs}, by default {@code ~/.cache/grokscope/runs}. */
  static Path runs() {
    String home = System.getenv("GROKSCOPE_HOME");
    Path root =
        home == null || home.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "grokscope")
            : Path.of(home);
    return root.resolve("runs");
  }
}
