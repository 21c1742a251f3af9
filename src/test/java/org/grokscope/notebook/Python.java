package org.grokscope.notebook;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.grokscope.environment.VirtualEnvironment;

/** The notebooks' own Python, which starts real kernels for tests. */
final class Python {
  /** The project's folder: tests run there. */
  static final Path PROJECT = VirtualEnvironment.PROJECT;

  /** Stands beside {@code environment} and {@code target} as {@code notebooks} does. */
  static final Path CELLS_FOLDER = PROJECT.resolve("target");

  private Python() {}

  /**
   * Runs a script of the test resources and gives what it wrote.
   *
   * @param home where trainings of the script are kept
   */
  static String run(Path home, String script, String input, String... arguments)
      throws IOException, InterruptedException, URISyntaxException {
    List<String> command = new ArrayList<>();
    command.add(VirtualEnvironment.python().toString());
    command.add(Path.of(Python.class.getResource(script).toURI()).toString());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(home, "out", ".txt");
    Path err = Files.createTempFile(home, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("GROKSCOPE_HOME", home.toString());
    builder.environment().put("JJAVA_JVM_OPTS", kernelOptions());
    Process process = builder.start();
    try {
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new AssertionError(script + " did not end well:\n" + Files.readString(err));
      }
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(out);
  }

  /** The entry script's own, with the archive of classes that its set-up leaves behind. */
  private static String kernelOptions() throws IOException {
    Path archive = CELLS_FOLDER.resolve("kernel-" + System.getProperty("java.version") + ".jsa");
    boolean there = Files.exists(archive) && Files.size(archive) > 0;
    return "-Xmx2g -XX:+UseSerialGC"
        + (there
            ? " -XX:SharedArchiveFile=" + archive + " -Xlog:disable -Xlog:all=error:stderr"
            : "");
  }
}
