package org.grokscope.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * LineContest}, the peers' log-softmax being float32 there. Then how the step grows with the
 * modulus ({@link GrowthContest}), what is done with checkpoints ({@link CheckpointContest}), and
 * whole sweeps ({@link SweepContest}).
 *
 * <p>Peers are PyTorch, eager and compiled, and JAX, compiled; each trains three {@link #FORMS} of
 * the model at p = 113, and the models that break lines.
 */
public final class StepBenchmark {
  static final int P = 113;
  private static final int NEURONS = 512;
  private static final int FAST_STEPS = 20; // a round; about as long as the others take
  private static final int REFERENCE_STEPS = 2;
  private static final int LINE_STEPS = 10;
  static final List<String> LINE_MODES = List.of("given", "box-header");

  /** Forms of the model at p = 113 that a peer trains, and steps of a turn. */
  static final Map<String, Integer> FORMS = forms();

  /** Peers by name, and what their process calls what they do. */
  static final Map<String, String> PEERS = peers();

  static final int NO_MODULUS = 0;
  private static final int WARM_UP_STEPS = 300; // HotSpot compiles the fast path's loops
  private static final int REFERENCE_WARM_UP_STEPS = 20;
  private static final double SAME_LOSS = 1e-5; // relative; float32 models differ by about 1e-7

  private final int rounds;
  private final List<Integer> threadCounts;
  private final boolean withPeers;
  private final int sweepEpochs;
  private final PrintWriter out;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final Split split = ModularAddition.mod(P).split(0.30, 0);

  /**
   * @param sweepEpochs of each run of the sweep that is timed at the end, 0 for none
   */
  public StepBenchmark(
      int rounds, List<Integer> threadCounts, boolean withPeers, int sweepEpochs, PrintWriter out) {
    this.rounds = rounds;
    this.sweepEpochs = sweepEpochs;
    this.threadCounts = List.copyOf(threadCounts);
    this.withPeers = withPeers;
    this.out = out;
  }

  private static Map<String, Integer> forms() {
    Map<String, Integer> forms = new LinkedHashMap<>();
    forms.put("published", 2);
    forms.put("last", 4);
    forms.put("factorised", 4);
    return Collections.unmodifiableMap(forms);
  }

  private static Map<String, String> peers() {
    Map<String, String> peers = new LinkedHashMap<>();
    peers.put("torch", "");
    peers.put("torch-compiled", "compiled-");
    peers.put("jax", "");
    return Collections.unmodifiableMap(peers);
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
    private final Map<String, PeerWorker> peers = new LinkedHashMap<>(); // none without peers
    private final Set<String> leftOut = new HashSet<>(); // what a peer could not do

    Variants(int threads, Path folder) {
      this.threads = threads;
      Trainer trainer = Trainer.of(TrainingConfig.nanda2023()).threads(threads);
      fast = trainer.on(ComputationPath.FAST).start(split);
      reference = trainer.on(ComputationPath.REFERENCE).start(split);
      lines = LINE_MODES.stream().map(mode -> new LineContest(mode, threads)).toList();
      if (withPeers) {
        startPeers(folder);
      }
      requireSameLosses();
      for (int i = 0; i < WARM_UP_STEPS; i++) {
        fast.step();
      }
      for (int i = 0; i < REFERENCE_WARM_UP_STEPS; i++) {
        reference.step(); // or HotSpot compiles it while the others are timed
      }
      lines.forEach(LineContest::warmUp);
    }

    private void startPeers(Path folder) {
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
      PeerWorker torch = new PeerWorker("torch_baseline.py", data, weights, descriptions, threads);
      peers.put("torch", torch);
      peers.put("torch-compiled", torch);
      peers.put("jax", new PeerWorker("jax_baseline.py", data, weights, descriptions, threads));
      say("pytorch", torch.info());
      say("jax", peers.get("jax").info());
    }

    /** Everybody computes the same thing, or the comparison is worth nothing. */
    private void requireSameLosses() {
      double ours = fast.step().loss();
      requireClose("reference", reference.step().loss(), ours);
      FORMS.keySet().forEach(form -> requireSameLoss(form, ours));
      lines.forEach(line -> requireSameLoss(line.name(), line.firstLoss()));
    }

    /** What a peer cannot do, such as to compile where there is no C++ compiler, is left out. */
    private void requireSameLoss(String form, double ours) {
      peers.forEach(
          (peer, worker) -> {
            String name = peer + "-" + form;
            double loss;
            try {
              loss = worker.losses(PEERS.get(peer) + form, 1).get(0);
            } catch (PeerWorker.CannotException e) {
              leftOut.add(name);
              out.println(name + ": left out, " + e.getMessage());
              return;
            }
            requireClose(name, loss, ours);
          });
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
      FORMS.forEach((form, steps) -> addPeers(turns, form, P, steps));
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
            "fast-" + line.name(),
            NO_MODULUS,
            () -> line.steps(LINE_STEPS),
            () -> line.steps(LINE_STEPS));
        addPeers(turns, line.name(), NO_MODULUS, LINE_STEPS);
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

    /** The peers' turns. */
    private void addPeers(Turns turns, String form, int p, int steps) {
      peers.forEach(
          (peer, worker) -> {
            String request = PEERS.get(peer) + form;
            if (!leftOut.contains(peer + "-" + form)) {
              add(
                  turns,
                  peer + "-" + form,
                  p,
                  () -> worker.steps(request, (steps + 1) / 2),
                  () -> worker.steps(request, steps));
            }
          });
    }

    @Override
    public void close() {
      fast.close();
      reference.close();
      lines.forEach(LineContest::close);
      peers.values().forEach(PeerWorker::close);
    }
  }

  /** Milliseconds of each of the next steps. */
  static List<Double> steps(Training training, int count) {
    return BenchResult.milliseconds(count, training::step);
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
