package org.grokscope.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.grokscope.model.ModelShape;
import org.grokscope.model.StandardLoss;
import org.grokscope.task.Corpus;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Prose;
import org.grokscope.task.Split;
import org.grokscope.task.Task;
import org.grokscope.train.Cadence;
import org.grokscope.train.GradientFilter;
import org.grokscope.train.LineMode;
import org.grokscope.train.Optimiser;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grokscope train}: a training without a notebook. */
@Command(
    name = "train",
    description = {
      "Trains the transformer of Nanda et al. (2023) on modular arithmetic or on another table,",
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
      defaultValue = "table",
      paramLabel = "TASK",
      description = "table or linebreak (default: ${DEFAULT-VALUE})")
  private String task;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "of linebreak: given, inferred, ruler, box, box-header or varied-header, or a control:"
              + " varied-box, header-only, plain-newline or odd-box; or prose, English text")
  private String mode;

  @Option(
      names = "--corpus",
      paramLabel = "FILE",
      description =
          "of the mode prose: a text of your own, plain or .gz (default: speeches that the build"
              + " fetches)")
  private Path corpus;

  @Option(
      names = "--unmasked",
      description = "of linebreak: every layer sees everything before, not only its own part")
  private boolean unmasked;

  @Option(
      names = "--p",
      defaultValue = "113",
      description = "modulus of modular arithmetic, at least 3 (default: ${DEFAULT-VALUE})")
  private int p;

  @Option(
      names = "--operation",
      defaultValue = "a+b",
      description =
          "a+b, a-b, a*b, a/b, a^2+b^2 or a+b+c; a group, S3 to S6, D3 and on; or parity:3/20, the"
              + " parity of 3 of 20 bits (default: ${DEFAULT-VALUE})")
  private String operation;

  @Option(
      names = "--random-labels",
      paramLabel = "SEED",
      description = "the table's questions with random answers: a control")
  private Long randomLabels;

  @Option(
      names = "--fraction",
      defaultValue = "0.30",
      description = "share of the questions to train on (default: ${DEFAULT-VALUE})")
  private double fraction;

  @Option(
      names = "--mirrors-together",
      description = "a question and its mirror image, (a, b) and (b, a), on one side of the split")
  private boolean mirrorsTogether;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "of the split and of the initial weights (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = {"--epochs", "--steps"},
      paramLabel = "N",
      description =
          "optimiser updates to do (default: 8000; of linebreak as many as the mode needs)")
  private Long epochs;

  @Option(
      names = "--evaluate-every",
      paramLabel = "N",
      description =
          "measure losses and accuracies at every Nth update (default: as the task's settings say);"
              + " a large table takes longer to measure than to learn from")
  private Long evaluateEvery;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description =
          "questions or documents an update (default: all questions; 32 documents, 16 of prose)")
  private Integer batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "the step size at its highest (default: 0.001; of linebreak the mode's)")
  private Double learningRate;

  @Option(names = "--weight-decay", description = "decoupled decay (default: 1; of linebreak 0.01)")
  private Double weightDecay;

  @Option(
      names = "--optimiser",
      defaultValue = "adamw",
      description = "adamw, sgd, muon or grokfast (default: ${DEFAULT-VALUE})")
  private String optimiser;

  @Option(
      names = "--momentum",
      paramLabel = "M",
      description = "of sgd and muon (default: 0.9 and 0.95)")
  private Double momentum;

  @Option(
      names = "--loss",
      defaultValue = "cross-entropy",
      description =
          "cross-entropy (in float64), cross-entropy-float32 or stablemax (default:"
              + " ${DEFAULT-VALUE})")
  private String loss;

  @Option(
      names = "--gradient",
      paramLabel = "FILTER",
      defaultValue = "none",
      description = "none, or perpendicular: without its part along the weights (⊥Grad)")
  private String filter;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "blocks of the model (default: 1, as published)")
  private Integer layers;

  @Option(names = "--d-model", paramLabel = "N", description = "width of the residual stream")
  private Integer dModel;

  @Option(names = "--heads", paramLabel = "N", description = "attention heads a layer")
  private Integer heads;

  @Option(names = "--d-mlp", paramLabel = "N", description = "neurons a layer")
  private Integer dMlp;

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

  private static final long USUAL_EPOCHS = 8_000;

  /** Options that only one kind of task understands. */
  private static final List<String> OF_TABLES =
      List.of(
          "--p",
          "--operation",
          "--random-labels",
          "--fraction",
          "--mirrors-together",
          "--layers",
          "--d-model",
          "--heads",
          "--d-mlp",
          "--no-attention");

  private static final List<String> OF_LINES = List.of("--mode", "--corpus", "--unmasked");

  @Override
  public Integer call() throws InterruptedException {
    Task learnt;
    TrainingConfig usual;
    switch (task) {
      case "table", "modular" -> {
        refuse(OF_LINES);
        Split split = split();
        learnt = split;
        usual = TrainingConfig.nanda2023().withShape(shape(split.table())).withEpochs(USUAL_EPOCHS);
      }
      case "linebreak" -> {
        refuse(OF_TABLES);
        LineMode lines = lines();
        learnt = lines.task();
        usual = lines.usual();
        usual = unmasked ? usual.withShape(usual.shape().unmasked()) : usual;
      }
      default ->
          throw new IllegalArgumentException(
              "task: got '" + task + "', expected table or linebreak");
    }
    PrintWriter console = spec.commandLine().getErr();
    Trainer trainer = Trainer.of(configured(usual)).in(out).listener(new ConsoleProgress(console));
    Trainer onThreads = threads == null ? trainer : trainer.threads(threads);
    Object run = Interruptible.run(() -> onThreads.train(learnt));
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

  private LineMode lines() {
    LineMode.require(mode);
    if (corpus != null && !mode.equals(LineMode.PROSE)) {
      throw new IllegalArgumentException(
          "--corpus: given with --mode " + mode + ", which makes its own texts; leave it out");
    }
    return corpus == null ? LineMode.named(mode) : LineMode.of(Prose.of(Corpus.of(corpus)));
  }

  private Split split() {
    OperationTable table = Operation.table(operation, p);
    table = randomLabels == null ? table : table.withRandomLabels(randomLabels);
    return mirrorsTogether
        ? table.splitMirrorsTogether(fraction, seed)
        : table.split(fraction, seed);
  }

  /** The usual configuration of a task with what the options change. */
  private TrainingConfig configured(TrainingConfig usual) {
    Map<String, Double> settings = new HashMap<>();
    if (momentum != null) {
      settings.put("momentum", momentum);
    }
    TrainingConfig config =
        usual
            .withSeed(seed)
            .withOptimiser(Optimiser.of(optimiser, settings))
            .withLoss(StandardLoss.of(loss))
            .withFilter(GradientFilter.of(filter));
    config = epochs == null ? config : config.withEpochs(epochs);
    config = batchSize == null ? config : config.withBatchSize(batchSize);
    config = evaluateEvery == null ? config : config.withEvaluation(Cadence.every(evaluateEvery));
    config = learningRate == null ? config : config.withLearningRate(learningRate);
    return weightDecay == null ? config : config.withWeightDecay(weightDecay);
  }

  private ModelShape shape(OperationTable table) {
    ModelShape shape = ModelShape.nanda2023();
    shape = layers == null ? shape : shape.withLayers(layers);
    int attending = heads == null ? shape.heads() : heads;
    shape = dModel == null ? shape : shape.withHeads(1).withDModel(dModel); // any width for now
    shape = shape.withHeads(attending);
    shape = dMlp == null ? shape : shape.withDMlp(dMlp);
    if (noAttention && !table.isSymmetric()) {
      throw new IllegalArgumentException(
          "model without attention: got the operation "
              + table.operation()
              + ", expected one in which a and b may change places, such as a+b; leave out"
              + " --no-attention");
    }
    return noAttention ? shape.withoutAttention() : shape;
  }
}
