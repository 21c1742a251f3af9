package org.grokscope.command;

import java.io.UncheckedIOException;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.sweep.SweepInterruptedException;
import org.grokscope.train.TrainingInterruptedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The entry of the command line. */
@Command(
    name = "grokscope",
    description = "Train, measure and time small models that memorise, wait, and understand.",
    subcommands = {
      TrainCommand.class,
      SweepCommand.class,
      EvidenceCommand.class,
      ProbeCommand.class,
      BenchCommand.class,
      InfoCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class)
public final class Grokscope implements Runnable {
  @Spec private CommandSpec spec;

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
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, whose streams a caller may set. */
  static CommandLine commandLine() {
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
    if (exception instanceof TrainingInterruptedException
        || exception instanceof SweepInterruptedException) {
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
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
