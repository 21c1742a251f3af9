package org.grokscope.environment;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How a process ended and what it wrote. */
public record CommandResult(int exit, String out, String err) {

  /** Runs a process to its end, without input; one that takes longer than allowed fails. */
  public static CommandResult of(ProcessBuilder builder, Duration atMost)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("grokscope-out", ".txt");
    Path err = Files.createTempFile("grokscope-err", ".txt");
    try {
      Process process =
          builder
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            String.join(" ", builder.command())
                + " did not end within "
                + atMost.toSeconds()
                + " s; it wrote:\n"
                + Files.readString(out)
                + Files.readString(err));
      }
      return new CommandResult(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Everything there is to know about it, for the message of a failed test. */
  public String everything() {
    return "exit code " + exit + "\nout:\n" + out + "\nerr:\n" + err;
  }
}
