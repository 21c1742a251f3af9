package org.grokscope.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The Python of the notebooks, with Jupyter and the Java kernel. The entry script installs it where
 * it is missing, so that the tests need no command before them.
 */
public final class VirtualEnvironment {
  /** The project's folder: tests run there. */
  public static final Path PROJECT = Path.of("").toAbsolutePath();

  private static final Duration INSTALLING = Duration.ofMinutes(10);

  private static Path python;

  private VirtualEnvironment() {}

  /** The interpreter, after the set-up on the first call. GROKSCOPE_PYTHON names another one. */
  public static synchronized Path python() throws IOException, InterruptedException {
    if (python == null) {
      String given = System.getenv("GROKSCOPE_PYTHON");
      python = given == null ? setUp() : Path.of(given);
      if (!Files.isExecutable(python)) {
        throw new AssertionError("no Python at " + python);
      }
    }
    return python;
  }

  private static Path setUp() throws IOException, InterruptedException {
    CommandResult result = CommandResult.of(entryScript("setup", "--no-build"), INSTALLING);
    if (result.exit() != 0) {
      throw new AssertionError(
          "environment/grokscope could not set up the notebooks' Python: " + result.everything());
    }
    return PROJECT.resolve("environment/.venv/bin/python");
  }

  /** A script of the project's folder {@code environment}, on the notebooks' Python. */
  public static ProcessBuilder script(String name, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(python().toString());
    command.add(PROJECT.resolve("environment").resolve(name).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** The project's own entry script, for what needs the notebooks' Python: after its set-up. */
  public static ProcessBuilder readyScript(String... arguments)
      throws IOException, InterruptedException {
    python();
    return entryScript(arguments);
  }

  /** The project's own entry script, on the Java of this test. */
  public static ProcessBuilder entryScript(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = PROJECT.resolve("environment/grokscope").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    ProcessBuilder builder = new ProcessBuilder(command).directory(PROJECT.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }
}
