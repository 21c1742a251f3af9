package org.grokscope.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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

  /** How many runs are kept there, in a line that names those which are not read any more. */
  public static String summary() {
    if (!Files.isDirectory(runs())) {
      return "none kept";
    }
    try (Stream<Path> folders = Files.list(runs())) {
      List<Boolean> current =
          folders
              .map(folder -> folder.resolve(RunFolder.SETTINGS))
              .filter(Files::isRegularFile)
              .map(RunHome::isCurrent)
              .toList();
      long old = current.stream().filter(now -> !now).count();
      return (current.size() - old)
          + " kept"
          + (old == 0
              ? ""
              : ", and " + old + " of version 0.1, which are not read any more and may be deleted");
    } catch (IOException e) {
      throw new UncheckedIOException("runs in " + runs() + ": " + e.getMessage(), e);
    }
  }

  /** Whether a config.json is of this version. */
  private static boolean isCurrent(Path settings) {
    try {
      return RunSettings.isCurrent(Files.readString(settings));
    } catch (IOException e) {
      throw new UncheckedIOException("read " + settings + ": " + e.getMessage(), e);
    }
  }
}
