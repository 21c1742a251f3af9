package org.grokscope.command;

import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.series.ProbeException;
import org.grokscope.series.ProbingInterruptedException;
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
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class)
public final class Grokscope implements Runnable {
  @Spec private CommandSpec spec;

  private static final int LONGEST_MESSAGE = 2_000; // characters

  /** Exit code of a command that did what it was to do. */
  static final int OK = 0;

  /** Exit code of a command that could not. */
  static final int FAILED = 1;

  /** Exit code of a command that was asked for something it does not understand. */
  static final int MISUSED = 2;

  /** Exit code of a command that was interrupted, as shells have it. */
  static final int INTERRUPTED = 130;

  /** Every command by its name, in the order of the help. */
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("train", TrainCommand.class);
    COMMANDS.put("sweep", SweepCommand.class);
    COMMANDS.put("evidence", EvidenceCommand.class);
    COMMANDS.put("probe", ProbeCommand.class);
    COMMANDS.put("convert", ConvertCommand.class);
    COMMANDS.put("bench", BenchCommand.class);
    COMMANDS.put("info", InfoCommand.class);
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine(arguments).execute(arguments));
  }

  /** The command line with every command, whose streams a caller may set. */
  static CommandLine commandLine() {
    return with(COMMANDS.keySet());
  }

  /**
   * The command line for these arguments: only the command that they begin with, if they begin with
   * one, as reading the options of all by reflection takes a tenth of a second.
   */
  private static CommandLine commandLine(String[] arguments) {
    return arguments.length > 0 && COMMANDS.containsKey(arguments[0])
        ? with(Set.of(arguments[0]))
        : commandLine();
  }

  private static CommandLine with(Collection<String> names) {
    CommandLine line = new CommandLine(new Grokscope());
    names.forEach(name -> line.addSubcommand(name, COMMANDS.get(name)));
    return line.setParameterExceptionHandler(
            (exception, given) -> {
              CommandLine command = exception.getCommandLine();
              String name = command.getCommandSpec().qualifiedName();
              say(command, oneLine(exception.getMessage()) + "; see " + name + " --help");
              return MISUSED;
            })
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              int code = exitCodeOf(exception);
              say(command, oneLine(exception.getMessage()));
              return code;
            })
        .setExecutionStrategy(Grokscope::execute);
  }

  /** Runs the command; one that this Java has no memory for ends in a line as well. */
  private static int execute(CommandLine.ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (OutOfMemoryError e) {
      List<CommandLine> commands = parsed.asCommandLineList();
      say(
          commands.get(commands.size() - 1),
          "it needs more memory than this Java may take ("
              + oneLine(e.getMessage())
              + "); choose something smaller, or give it more by -Xmx");
      return FAILED;
    }
  }

  private static void say(CommandLine command, String text) {
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + text);
  }

  /** A message as one line of a terminal, whatever a file or an argument has put into it. */
  private static String oneLine(String message) {
    String text = String.valueOf(message).strip().replaceAll("\\s+", " ").replaceAll("\\p{C}", "?");
    return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "…";
  }

  private static int exitCodeOf(Exception exception) throws Exception {
    if (exception instanceof IllegalArgumentException) {
      return MISUSED;
    }
    if (exception instanceof TrainingInterruptedException
        || exception instanceof ProbingInterruptedException
        || exception instanceof SweepInterruptedException) {
      return INTERRUPTED;
    }
    if (exception instanceof UncheckedIOException
        || exception instanceof CheckpointException
        || exception instanceof ProbeException
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
