package org.grokscope.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ReaderConfig;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularTask;
import org.grokscope.task.Operation;
import org.grokscope.task.Split;
import org.grokscope.train.LineTrainer;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.grokscope.train.TrainingListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grokscope train}: a training without a notebook. */
@Command(
    name = "train",
    description = {
      "Trains the transformer of Nanda et al. (2023) on modular arithmetic,",
      "or one of more layers, or one without attention;",
      "or, with --task linebreak, a model that breaks lines.",
      "The folder gets config.json, provenance.json, history.csv and checkpoints (.npz).",
      "Run again, it goes on where it stopped, or says that it is complete."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Option(
      names = "--task",
      defaultValue = "modular",
      paramLabel = "TASK",
      description = "modular or linebreak (default: ${DEFAULT-VALUE})")
  private String task;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "of linebreak: given, inferred, box, box-header or varied-header, or a control:"
              + " varied-box, header-only, plain-newline or odd-box")
  private String mode;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "of linebreak: optimiser updates to do (default: as many as the mode needs)")
  private Long steps;

  @Option(
      names = "--unmasked",
      description = "of linebreak: every layer sees everything before, not only its own part")
  private boolean unmasked;

  @Option(
      names = "--p",
      defaultValue = "113",
      description = "modulus, at least 3 (default: ${DEFAULT-VALUE})")
  private int p;

  @Option(
      names = "--operation",
      defaultValue = "a+b",
      description = "a+b, a-b, a*b, a/b or a^2+b^2 (default: ${DEFAULT-VALUE})")
  private String operation;

  @Option(
      names = "--fraction",
      defaultValue = "0.30",
      description = "share of the pairs to train on (default: ${DEFAULT-VALUE})")
  private double fraction;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "of the split and of the initial weights (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--epochs",
      defaultValue = "8000",
      description = "optimiser updates to do (default: ${DEFAULT-VALUE})")
  private long epochs;

  @Option(
      names = "--weight-decay",
      defaultValue = "1",
      description = "AdamW's decoupled decay (default: ${DEFAULT-VALUE})")
  private double weightDecay;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "blocks of the model (default: 1, as published)")
  private Integer layers;

  @Option(
      names = "--no-attention",
      description =
          "an MLP on the sum of the embeddings: no W_Q, W_K, W_V, W_O; the order of a and b is lost,"
              + " so only for operations in which it does not matter")
  private boolean noAttention;

  @Option(
      names = "--threads",
      description = "threads to use; changes no number (default: all cores)")
  private Integer threads;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "folder of the run, created if missing")
  private Path out;

  @Spec private CommandSpec spec;

  /** Options that only one of the tasks understands. */
  private static final List<String> MODULAR =
      List.of(
          "--p",
          "--operation",
          "--fraction",
          "--epochs",
          "--weight-decay",
          "--layers",
          "--no-attention");

  private static final List<String> LINE_BREAK = List.of("--mode", "--steps", "--unmasked");

  @Override
  public Integer call() throws InterruptedException {
    Object run =
        switch (task) {
          case "modular" -> {
            refuse(LINE_BREAK);
            yield Interruptible.run(modular());
          }
          case "linebreak" -> {
            refuse(MODULAR);
            yield Interruptible.run(lineBreak());
          }
          default ->
              throw new IllegalArgumentException(
                  "task: got '" + task + "', expected modular or linebreak");
        };
    spec.commandLine().getOut().println(run);
    return Grokscope.OK;
  }

  private void refuse(List<String> options) {
    for (String option : options) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new IllegalArgumentException(
            option + ": given with --task " + task + ", which has no such option; leave it out");
      }
    }
  }

  private Supplier<Object> modular() {
    Split split = ModularTask.of(Operation.named(operation), p).split(fraction, seed);
    TrainingConfig config =
        TrainingConfig.nanda2023()
            .withShape(shape(split.task()))
            .withSeed(seed)
            .withEpochs(epochs)
            .withWeightDecay(weightDecay);
    Trainer trainer = Trainer.of(config).in(out).listener(progress());
    Trainer onThreads = threads == null ? trainer : trainer.threads(threads);
    return () -> onThreads.train(split);
  }

  private Supplier<Object> lineBreak() {
    LineBreaking lines = LineBreaking.named(mode);
    ReaderConfig model = ReaderConfig.of(lines);
    LineTrainer trainer =
        LineTrainer.of(lines)
            .model(unmasked ? model.unmasked() : model)
            .seed(seed)
            .in(out)
            .listener(progress());
    trainer = steps == null ? trainer : trainer.steps(steps);
    LineTrainer onThreads = threads == null ? trainer : trainer.threads(threads);
    return onThreads::train;
  }

  private TrainingListener progress() {
    PrintWriter console = spec.commandLine().getErr();
    return new ConsoleProgress(console);
  }

  private ModelShape shape(ModularTask task) {
    ModelShape shape = TrainingConfig.nanda2023().shape();
    if (layers != null) {
      shape = shape.withLayers(layers);
    }
    if (!noAttention) {
      return shape;
    }
    requireSymmetric(task);
    return shape.withoutAttention();
  }

  private static void requireSymmetric(ModularTask task) {
    if (!task.isSymmetric()) {
      throw new IllegalArgumentException(
          "model without attention: got the operation "
              + task.operation()
              + ", expected one in which a and b may change places, such as a+b; leave out"
              + " --no-attention");
    }
  }
}
