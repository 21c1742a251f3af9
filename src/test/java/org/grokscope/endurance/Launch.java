package org.grokscope.endurance;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.grokscope.environment.CommandResult;

/** Processes of the library that start fast. */
final class Launch {
  /** What no process of these tests takes, however busy the machine. */
  static final Duration LONGEST = Duration.ofSeconds(180);

  private Launch() {}

  /** {@code grokscope …}. */
  static ProcessBuilder grokscope(Object... arguments) {
    return java("org.grokscope.command.Grokscope", List.of(), arguments);
  }

  /** A main class of these tests. */
  static ProcessBuilder main(Class<?> type, List<String> options, Object... arguments) {
    return java(type.getName(), options, arguments);
  }

  private static ProcessBuilder java(String type, List<String> options, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.add("-cp");
    command.add(
        String.join(File.pathSeparator, "target/test-classes", "target/classes", "target/lib/*"));
    command.add(type);
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command);
  }

  /** Runs a process to its end. */
  static CommandResult run(ProcessBuilder builder) throws Exception {
    return CommandResult.of(builder, LONGEST);
  }

  /** Runs a process to its end, which has to be a good one. */
  static CommandResult succeed(ProcessBuilder builder) throws Exception {
    CommandResult result = run(builder);
    if (result.exit() != 0) {
      throw new AssertionError(String.join(" ", builder.command()) + "\n" + result.everything());
    }
    return result;
  }
}
