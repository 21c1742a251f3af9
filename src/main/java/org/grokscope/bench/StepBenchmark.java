package org.grokscope.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final String TORCH = "torch_baseline.py";
  private static final String JAX = "jax_baseline.py";

  /**
   * A form of the model at p = 113 that peers train.
   *
   * @param steps of a turn
   */
  record Form(String name, int steps) {}

  static final List<Form> FORMS =
      List.of(new Form("published", 2), new Form("last", 4), new Form("factorised", 4));

  /**
   * A library, in one way of running it.
   *
   * @param script of its process
   * @param prefix that its process puts before a form that it runs in this way
   */
  record Peer(String name, String script, String prefix) {}

  static final List<Peer> PEERS =
      List.of(
          new Peer("torch", TORCH, ""),
          new Peer("torch-compiled", TORCH, "compiled-"),
          new Peer("jax", JAX, ""));

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
    private final Map<String, PeerWorker> workers = new LinkedHashMap<>(); // by script, if any
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
      for (int i = 0; i < Turns.warmUp(WARM_UP_STEPS, rounds); i++) {
        fast.step();
      }
      for (int i = 0; i < Turns.warmUp(REFERENCE_WARM_UP_STEPS, rounds); i++) {
        reference.step(); // or HotSpot compiles it while the others are timed
      }
      lines.forEach(line -> line.warmUp(rounds));
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
      for (String script : List.of(TORCH, JAX)) {
        workers.put(script, new PeerWorker(script, data, weights, descriptions, threads));
      }
      say("pytorch", workers.get(TORCH).info());
      say("jax", workers.get(JAX).info());
    }

    /** Those that take part, without what they could not do. */
    private List<Peer> peersFor(String form) {
      return PEERS.stream()
          .filter(peer -> workers.containsKey(peer.script()))
          .filter(peer -> !leftOut.contains(peer.name() + "-" + form))
          .toList();
    }

    /** Everybody computes the same thing, or the comparison is worth nothing. */
    private void requireSameLosses() {
      double ours = fast.step().loss();
      requireClose("reference", reference.step().loss(), ours);
      FORMS.forEach(form -> requireSameLoss(form.name(), ours));
      lines.forEach(line -> requireSameLoss(line.name(), line.firstLoss()));
    }

    /** What a peer cannot do, such as to compile where there is no C++ compiler, is left out. */
    private void requireSameLoss(String form, double ours) {
      for (Peer peer : peersFor(form)) {
        String name = peer.name() + "-" + form;
        try {
          double loss = workers.get(peer.script()).losses(peer.prefix() + form, 1).get(0);
          requireClose(name, loss, ours);
        } catch (PeerWorker.CannotException e) {
          leftOut.add(name);
          out.println(name + ": left out, " + e.getMessage());
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
      FORMS.forEach(form -> addPeers(turns, form.name(), P, form.steps()));
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
      for (Peer peer : peersFor(form)) {
        PeerWorker worker = workers.get(peer.script());
        String request = peer.prefix() + form;
        add(
            turns,
            peer.name() + "-" + form,
            p,
            () -> worker.steps(request, (steps + 1) / 2),
            () -> worker.steps(request, steps));
      }
    }

    @Override
    public void close() {
      fast.close();
      reference.close();
      lines.forEach(LineContest::close);
      workers.values().forEach(PeerWorker::close);
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
