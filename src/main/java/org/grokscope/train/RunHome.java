package org.grokscope.train;

import java.nio.file.Path;

/** The folder of everything that was given none of its own. */
public final class RunHome {
  private RunHome() {}

  /** {@code $GROKSCOPE_HOME}, by default {@code ~/.cache/grokscope}. */
  public static Path folder() {
    String home = System.getenv("GROKSCOPE_HOME");
    return home == null || home.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "grokscope")
        : Path.of(home);
  }

  /** Its runs, each in a folder by the hash of its settings. */
  static Path runs() {
    return folder().resolve("runs");
  }
}
