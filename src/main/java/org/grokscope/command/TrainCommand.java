package org.grokscope.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.grokscope.model.ModelShape;
import org.grokscope.task.ModularTask;
import org.grokscope.task.Operation;
import org.grokscope.task.Split;
import org.grokscope.train.Run;
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
      "Trains the transformer of Nanda et al. (2023) on modular arithmetic,",
      "or one of more layers, or one without attention.",
      "The folder gets config.json, provenance.json, history.csv and checkpoints (.npz).",
      "Run again, it goes on where it stopped, or says that it is complete."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
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

  @Override
  public Integer call() throws InterruptedException {
    Split split = ModularTask.of(Operation.named(operation), p).split(fraction, seed);
    TrainingConfig config =
        TrainingConfig.nanda2023()
            .withShape(shape(split.task()))
            .withSeed(seed)
            .withEpochs(epochs)
            .withWeightDecay(weightDecay);
    PrintWriter console = spec.commandLine().getErr();
    Trainer trainer = Trainer.of(config).in(out).listener(new ConsoleProgress(console));
    if (threads != null) {
      trainer = trainer.threads(threads);
    }
    Run run = trainInterruptibly(trainer, split);
    spec.commandLine().getOut().println(run);
    return Grokscope.OK;
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
    int p = task.p();
    int[] labels = task.labels();
    for (int a = 0; a < p; a++) {
      for (int b = 0; b < a; b++) {
        if (labels[a * p + b] != labels[b * p + a]) {
          throw new IllegalArgumentException(
              "model without attention: got the operation "
                  + task.operation()
                  + ", expected one in which a and b may change places, such as a+b; leave out"
                  + " --no-attention");
        }
      }
    }
  }

  /** Ctrl-C interrupts the training, which saves; the process ends only after that. */
  private static Run trainInterruptibly(Trainer trainer, Split split) {
    Thread training = Thread.currentThread();
    CountDownLatch saved = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              training.interrupt();
              try {
                saved.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return trainer.train(split);
    } finally {
      saved.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the process is ending already
      }
    }
  }
}
