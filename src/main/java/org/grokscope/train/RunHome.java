package org.grokscope.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of everything that was given none of its own, and how others who train are met there.
 */
public final class RunHome {
  private static final String PATIENCE = "GROKSCOPE_PATIENCE";

  private RunHome() {}

  /** {@code $GROKSCOPE_HOME}, by default {@code ~/.cache/grokscope}. */
  public static Path folder() {
    String home = System.getenv("GROKSCOPE_HOME");
    return home == null || home.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "grokscope")
        : Path.of(home);
  }

  /**
   * How many seconds a training waits while another process trains the same run, {@code
   * $GROKSCOPE_PATIENCE}; by default it does not wait. Notebooks that are executed side by side do.
   *
   * @throws IllegalArgumentException if that is no number of seconds
   */
  static long patience() {
    return patience(System.getenv(PATIENCE));
  }

  static long patience(String seconds) {
    if (seconds == null || seconds.isBlank()) {
      return 0;
    }
    if (!seconds.strip().matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          PATIENCE + ": got '" + seconds + "', expected whole seconds, such as 600, or nothing");
    }
    return Long.parseLong(seconds.strip());
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
