package org.grokscope.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.grokscope.model.Blas;
import org.grokscope.model.ComputationPath;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Split;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Times the same training step by several means, in turns within one run, so that a machine that
 * slows down or speeds up does so for all of them: same split, same initial weights, same
 * optimiser, a float64 log-softmax everywhere. Then the same for models that break lines, {@link
 * LineContest}, PyTorch's log-softmax being float32 there. Then how the step grows with the modulus
 * ({@link GrowthContest}), what is done with checkpoints ({@link CheckpointContest}), and whole
 * sweeps ({@link SweepContest}).
 */
public final class StepBenchmark {
  static final int P = 113;
  private static final int NEURONS = 512;
  private static final int FAST_STEPS = 20; // a round; about as long as the others take
  private static final int REFERENCE_STEPS = 2;
  private static final int PUBLISHED_STEPS = 2;
  private static final int LAST_STEPS = 4;
  private static final int FACTORISED_STEPS = 4;
  private static final int LINE_STEPS = 10;
  private static final int TORCH_LINE_STEPS = 10;
  static final List<String> LINE_MODES = List.of("given", "box-header");
  static final List<String> BASELINES =
      List.of("torch-published", "torch-last", "torch-factorised", "reference", "gemm-floor");
  static final int NO_MODULUS = 0;
  private static final int WARM_UP_STEPS = 300; // HotSpot compiles the fast path's loops
  private static final int REFERENCE_WARM_UP_STEPS = 20;
  private static final double SAME_LOSS = 1e-5; // relative; float32 models differ by about 1e-7

  private final int rounds;
  private final List<Integer> threadCounts;
  private final boolean withTorch;
  private final int sweepEpochs;
  private final PrintWriter out;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final Split split = ModularAddition.mod(P).split(0.30, 0);

  /**
   * @param sweepEpochs of each run of the sweep that is timed at the end, 0 for none
   */
  public StepBenchmark(
      int rounds, List<Integer> threadCounts, boolean withTorch, int sweepEpochs, PrintWriter out) {
    this.rounds = rounds;
    this.sweepEpochs = sweepEpochs;
    this.threadCounts = List.copyOf(threadCounts);
    this.withTorch = withTorch;
    this.out = out;
  }

  /** With what it was computed: libraries, versions. */
  public Map<String, String> facts() {
    return facts;
  }

  private void say(String what, String words) {
    if (!words.equals(facts.put(what, words))) {
      out.println(what + ": " + words);
    }
  }

  public BenchResult run() {
    Nd4j.getExecutioner(); // ND4J starts before any lower-level library is touched
    say("blas", Blas.description() + ", core type in force " + Blas.coreType());
    BenchResult result = new BenchResult();
    Path folder = temporaryFolder();
    try {
      for (int threads : threadCounts) {
        try (Variants variants = new Variants(threads, folder)) {
          variants.run(result);
          if (threads == threadCounts.get(0)) { // they are the same whatever a step may use
            Path file = folder.resolve("bench.npz");
            new CheckpointContest(variants.fast.checkpoint(), file).run(rounds, threads, result);
          }
          variants.runLines(result);
        }
      }
      GrowthContest.run(rounds, result);
      if (sweepEpochs > 0) {
        new SweepContest(sweepEpochs, rounds).run(folder, result);
      }
    } finally {
      delete(folder);
    }
    return result;
  }

  /** The contestants at one number of threads. */
  private final class Variants implements AutoCloseable {
    private final int threads;
    private final Training fast;
    private final Training reference;
    private final List<LineContest> lines;
    private final TorchWorker torch; // null without PyTorch

    Variants(int threads, Path folder) {
      this.threads = threads;
      Trainer trainer = Trainer.of(TrainingConfig.nanda2023()).threads(threads);
      fast = trainer.on(ComputationPath.FAST).start(split);
      reference = trainer.on(ComputationPath.REFERENCE).start(split);
      lines = LINE_MODES.stream().map(mode -> new LineContest(mode, threads)).toList();
      torch = withTorch ? startTorch(folder) : null;
      requireSameLosses();
      for (int i = 0; i < WARM_UP_STEPS; i++) {
        fast.step();
      }
      for (int i = 0; i < REFERENCE_WARM_UP_STEPS; i++) {
        reference.step(); // or HotSpot compiles it while the others are timed
      }
      lines.forEach(LineContest::warmUp);
    }

    private TorchWorker startTorch(Path folder) {
      Path weights = folder.resolve("weights.npz");
      Path data = folder.resolve("data.json");
      ObjectNode json = new ObjectMapper().createObjectNode().put("p", P).put("seed", 0);
      for (int row : split.trainRows()) {
        json.withArray("/train_rows").add(row);
      }
      try {
        fast.checkpoint().save(weights);
        Files.writeString(data, json.toString());
      } catch (IOException e) {
        throw new UncheckedIOException("bench: cannot write to " + folder, e);
      }
      List<Path> descriptions = lines.stream().map(line -> line.describe(folder)).toList();
      TorchWorker worker = new TorchWorker(data, weights, descriptions, threads);
      say("pytorch", worker.info());
      return worker;
    }

    /** Everybody computes the same thing, or the comparison is worth nothing. */
    private void requireSameLosses() {
      double ours = fast.step().loss();
      requireClose("reference", reference.step().loss(), ours);
      if (torch != null) {
        requireClose("torch-published", torch.losses("published", 1).get(0), ours);
        requireClose("torch-last", torch.losses("last", 1).get(0), ours);
        requireClose("torch-factorised", torch.losses("factorised", 1).get(0), ours);
      }
      for (LineContest line : lines) {
        double ofLine = line.firstLoss();
        if (torch != null) {
          requireClose("torch-" + line.name(), torch.losses(line.name(), 1).get(0), ofLine);
        }
      }
    }

    private static void requireClose(String who, double loss, double ours) {
      if (!(Math.abs(loss - ours) <= SAME_LOSS * ours)) {
        throw new IllegalStateException(
            "bench: the first loss of " + who + " is " + loss + ", of the fast path " + ours);
      }
    }

    void run(BenchResult into) {
      Turns turns = new Turns();
      // the first steps of a turn are untimed: what the turn before left running dies down
      add(turns, "fast", P, () -> steps(fast, FAST_STEPS), () -> steps(fast, FAST_STEPS));
      addTorch(turns, "torch-published", "published", P, 1, PUBLISHED_STEPS);
      addTorch(turns, "torch-last", "last", P, LAST_STEPS, LAST_STEPS);
      addTorch(turns, "torch-factorised", "factorised", P, FACTORISED_STEPS, FACTORISED_STEPS);
      add(
          turns,
          "reference",
          P,
          () -> {
            Nd4j.getEnvironment().setMaxThreads(threads);
            Nd4j.factory().blas().setMaxThreads(threads);
            steps(reference, 1);
          },
          () -> steps(reference, REFERENCE_STEPS));
      turns.add(
          "gemm-floor",
          threads,
          P,
          () -> List.of(Blas.gemmFloorMilliseconds(split.train().size(), NEURONS, P, threads)));
      turns.run(rounds, into);
    }

    void runLines(BenchResult into) {
      Turns turns = new Turns();
      for (LineContest line : lines) {
        add(
            turns,
            fastName(line.name()),
            NO_MODULUS,
            () -> line.steps(LINE_STEPS),
            () -> line.steps(LINE_STEPS));
        addTorch(turns, torchName(line.name()), line.name(), NO_MODULUS, 2, TORCH_LINE_STEPS);
      }
      turns.run(rounds, into);
    }

    private void add(
        Turns turns, String variant, int p, Runnable before, Supplier<List<Double>> timed) {
      turns.add(
          variant,
          threads,
          p,
          () -> {
            before.run();
            return timed.get();
          });
    }

    /** PyTorch's turn, where it takes part. */
    private void addTorch(Turns turns, String variant, String name, int p, int untimed, int timed) {
      if (torch != null) {
        add(turns, variant, p, () -> torch.steps(name, untimed), () -> torch.steps(name, timed));
      }
    }

    @Override
    public void close() {
      fast.close();
      reference.close();
      lines.forEach(LineContest::close);
      if (torch != null) {
        torch.close();
      }
    }
  }

  /** Milliseconds of each of the next steps. */
  static List<Double> steps(Training training, int count) {
    return BenchResult.milliseconds(count, training::step);
  }

  /** line-fast for plain text, the mode added for others. */
  static String fastName(String line) {
    return line.equals("line-given") ? "line-fast" : line + "-fast";
  }

  static String torchName(String line) {
    return line.equals("line-given") ? "line-torch" : line + "-torch";
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("grokscope-bench");
    } catch (IOException e) {
      throw new UncheckedIOException("bench: no temporary folder can be made", e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("bench: " + folder + " cannot be removed", e);
    }
  }
}
