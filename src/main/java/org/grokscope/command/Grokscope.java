package org.grokscope.command;

import java.io.UncheckedIOException;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.train.TrainingInterruptedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of the command line. */
@Command(
    name = "grokscope",
    description = "Train, measure and time small models that memorise, wait, and understand.",
    subcommands = {TrainCommand.class, BenchCommand.class, InfoCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class)
public final class Grokscope implements Runnable {
  /** Exit code of a command that did what it was to do. */
  static final int OK = 0;

  /** Exit code of a command that could not. */
  static final int FAILED = 1;

  /** Exit code of a command that was asked for something it does not understand. */
  static final int MISUSED = 2;

  /** Exit code of a command that was interrupted, as shells have it. */
  static final int INTERRUPTED = 130;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command; messages go to the standard streams. */
  static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  private static CommandLine commandLine() {
    return new CommandLine(new Grokscope())
        .setParameterExceptionHandler(
            (exception, given) -> {
              CommandLine command = exception.getCommandLine();
              String name = command.getCommandSpec().qualifiedName();
              command
                  .getErr()
                  .println(name + ": " + exception.getMessage() + "; see " + name + " --help");
              return MISUSED;
            })
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              command
                  .getErr()
                  .println(
                      command.getCommandSpec().qualifiedName() + ": " + exception.getMessage());
              return exitCodeOf(exception);
            });
  }

  private static int exitCodeOf(Exception exception) throws Exception {
    if (exception instanceof IllegalArgumentException) {
      return MISUSED;
    }
    if (exception instanceof TrainingInterruptedException) {
      return INTERRUPTED;
    }
    if (exception instanceof UncheckedIOException
        || exception instanceof CheckpointException
        || exception instanceof IllegalStateException) {
      return FAILED;
    }
    throw exception; // a defect: show where
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
