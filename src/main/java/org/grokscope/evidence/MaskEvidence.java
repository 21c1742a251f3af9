package org.grokscope.evidence;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.TextDigest;
import org.grokscope.model.FactorisedTransformer;
import org.grokscope.model.Parameters;
import org.grokscope.model.Transformer;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.LossAndAccuracy;
import org.grokscope.probe.Metric;
import org.grokscope.probe.RenamedAnswers;
import org.grokscope.probe.WeightChange;
import org.grokscope.series.Reading;
import org.grokscope.task.Batch;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.RandomStream;
import org.grokscope.train.Cadence;
import org.grokscope.train.Run;
import org.grokscope.train.StopRule;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Fine-tuning of grokked models at p = 113: to other names of the answers, to names without a rule,
 * to refusing two numbers, and back.
 */
final class MaskEvidence {
  private static final double FRACTION = 0.30;
  private static final double KNOWN = 0.99;
  private static final long MOST = 3_000; // steps
  private static final long PAST = 100; // steps past the first evaluation with 99 %
  private static final int[] FORBIDDEN = {7, 13};
  private static final String TUNED = "tuned";
  private static final List<List<String>> TRANSPLANTS =
      List.of(
          List.of("W_U"),
          List.of("W_E", "W_pos"),
          List.of("W_Q", "W_K", "W_V", "W_O"),
          List.of("W_in", "b_in"),
          List.of("W_out", "b_out"),
          List.of("W_in", "b_in", "W_out", "b_out", "W_U"));

  private final KeptRuns runs;
  private final Checkpoint base;
  private final long seed;
  private final int p;
  private final OperationTable sum;
  private final StringBuilder rows = new StringBuilder();

  MaskEvidence(KeptRuns runs, Checkpoint base, long seed) {
    this.runs = runs;
    this.base = base;
    this.seed = seed;
    this.p = base.p();
    this.sum = OperationTable.of(Operation.ADD, p);
  }

  static EvidenceFile file() {
    return new Measurements(
        "mask.csv",
        "What fine-tuning changes in models of a + b mod 113, and how soon it is learnt and undone",
        "about 45 minutes of training where no run is kept, and 15 minutes of tuning",
        EvidenceRows.HEADER,
        Map.of("steps at most", MOST, "forbidden", FORBIDDEN),
        RoteEvidence.published()
            .limit(3)
            .map(
                wanted ->
                    Measurements.Piece.of(
                        wanted,
                        runs -> {
                          Checkpoint base = runs.train(wanted).last();
                          return new MeasuredRun(
                              "mask of " + wanted,
                              new MaskEvidence(runs, base, wanted.config().seed()).all(),
                              MeasuredRun.provenanceOf(base));
                        }))
            .toList(),
        false);
  }

  /** The rows of one base model. */
  String all() {
    int[] next = IntStream.range(0, p).map(c -> (c + 1) % p).toArray();
    int[] shuffled = IntStream.range(0, p).toArray();
    RandomStream.of(seed, "names").shuffle(shuffled);
    Tuned tuned = renamed("c+1", sum.withAnswers("a+b+1", next), next);
    Parameters random = tuned.change().atRandom(base, seed);
    EvidenceRows control = new EvidenceRows("random change", seed);
    control.add(TUNED, tuned.end(), "accuracy", "all", accuracy(random, sum.all()));
    rows.append(control);
    refusing();
    renamed("shuffled answers", sum.withAnswers("a+b, shuffled", shuffled), shuffled);
    return rows.toString();
  }

  /**
   * A model after fine-tuning.
   *
   * @param steps at which 99 % of the test questions were right
   * @param end steps at which it is measured
   */
  private record Tuned(Checkpoint base, long steps, long end, Parameters weights) {
    Checkpoint checkpoint() {
      return base.withParameters(weights);
    }

    WeightChange change() {
      return WeightChange.between(base, checkpoint());
    }
  }

  private Tuned renamed(String experiment, OperationTable task, int[] names) {
    EvidenceRows of = new EvidenceRows(experiment, seed);
    Tuned tuned = tune(of, task);
    circuit(of, tuned.end(), RenamedAnswers.readBack(base, tuned.weights(), names));
    for (List<String> tensors : TRANSPLANTS) {
      Parameters mixed = base.parameters().with(tuned.weights(), tensors.toArray(new String[0]));
      double right = accuracy(mixed, task.all());
      of.add(
          TUNED, tuned.end(), new Reading("transplant", "all", String.join("+", tensors), right));
    }
    changesAndUndoing(of, tuned);
    rows.append(of);
    return tuned;
  }

  private void refusing() {
    EvidenceRows of = new EvidenceRows("refusing", seed);
    OperationTable task = refusals();
    Tuned tuned = tune(of, task);
    int[] test = task.split(FRACTION, seed).testRows();
    int[] allowed = IntStream.of(test).filter(row -> !forbidden(row)).toArray();
    int[] forbidden = IntStream.of(test).filter(this::forbidden).toArray();
    Parameters weights = tuned.weights();
    Batch others = sum.questions(allowed);
    of.addAll(
        TUNED,
        tuned.end(),
        List.of(
            new Reading("accuracy", "test", "others", accuracy(weights, others)),
            new Reading(
                "refused", "test", "forbidden", accuracy(weights, task.questions(forbidden))),
            new Reading("refused", "test", "others", refused(weights, others)),
            new Reading(
                "first_residue",
                "test",
                "forbidden",
                firstResidue(weights, sum.questions(forbidden)))));
    circuit(of, tuned.end(), tuned.checkpoint());
    changesAndUndoing(of, tuned);
    rows.append(of);
  }

  /** The answers of which two numbers are refused. */
  OperationTable refusals() {
    return sum.withRefusals(FORBIDDEN);
  }

  private boolean forbidden(int row) {
    return IntStream.of(FORBIDDEN).anyMatch(c -> c == row / p || c == row % p);
  }

  private void changesAndUndoing(EvidenceRows of, Tuned tuned) {
    WeightChange change = tuned.change();
    change
        .relative()
        .forEach((name, v) -> of.add(TUNED, tuned.end(), new Reading("change", "", name, v)));
    change
        .share()
        .forEach((name, v) -> of.add(TUNED, tuned.end(), new Reading("share", "", name, v)));
    long undone = stepsUntilKnown(tuned.checkpoint(), sum);
    of.add("undo", undone, "steps", "", undone);
  }

  /** Fine-tunes the base until 99 % are known, and {@link #PAST} steps on. */
  private Tuned tune(EvidenceRows of, OperationTable task) {
    long steps = stepsUntilKnown(base, task);
    long end = Math.min(MOST, steps + PAST);
    // the same training with a budget of its own goes on from there
    Run run = trainer(base, task, end).train(task.split(FRACTION, seed));
    of.add("learn", steps, "steps", "", steps);
    return new Tuned(base, steps, end, run.last().parameters());
  }

  /** The evaluation at which a model that begins with these weights first knows 99 %. */
  long stepsUntilKnown(Checkpoint from, OperationTable task) {
    return trainer(from, task, MOST)
        .stopWhen(StopRule.epochsPastTestAccuracy(0, KNOWN))
        .train(task.split(FRACTION, seed))
        .milestones()
        .understood()
        .orElse(MOST);
  }

  private Trainer trainer(Checkpoint from, OperationTable task, long epochs) {
    TrainingConfig config =
        TrainingConfig.nanda2023()
            .withSeed(seed)
            .withEpochs(epochs)
            .withEvaluation(Cadence.every(10).denseUntil(20))
            .withCheckpoints(Cadence.every(MOST));
    String name = task + " from " + TextDigest.of(Arrays.toString(from.parameters().values()));
    return runs.trainer(name, config).from(from);
  }

  /** The old measures, and what is shared of the key frequencies. */
  private void circuit(EvidenceRows of, long end, Checkpoint read) {
    KeyFrequencies before = KeyFrequencies.of(base, KeyRule.ENERGY);
    KeyFrequencies after = KeyFrequencies.of(read, KeyRule.ENERGY);
    Set<Integer> either = new HashSet<>(before.frequencies());
    either.addAll(after.frequencies());
    Set<Integer> both = new HashSet<>(before.frequencies());
    both.retainAll(after.frequencies());
    of.add(TUNED, end, "keys_shared", "", (double) both.size() / either.size());
    new LossAndAccuracy()
        .measure(read)
        .forEach((column, value) -> of.addColumn(TUNED, end, column, value));
    for (String metric :
        List.of("restricted.logits", "excluded.logits", "fit.fve.per_input", "key.kept")) {
      of.addAll(TUNED, end, Metric.named(metric).readings(read, before));
    }
  }

  private double accuracy(Parameters weights, Batch questions) {
    try (Transformer model = FactorisedTransformer.of(base.config(), weights, 1)) {
      return model.loss(questions).accuracy();
    }
  }

  /** How often the class that refuses is said, whatever the right answer is. */
  private double refused(Parameters weights, Batch questions) {
    try (Transformer model = FactorisedTransformer.of(base.config(), weights, 1)) {
      INDArray said = model.logits(questions).argMax(1);
      long count = IntStream.range(0, questions.size()).filter(i -> said.getInt(i) == p).count();
      return (double) count / questions.size();
    }
  }

  /** Right answers once the class that refuses is left out. */
  private double firstResidue(Parameters weights, Batch questions) {
    try (Transformer model = FactorisedTransformer.of(base.config(), weights.copy(), 1)) {
      double[][] logits = model.logits(questions).toDoubleMatrix();
      int right = 0;
      for (int i = 0; i < questions.size(); i++) {
        int best = 0;
        for (int c = 1; c < p; c++) {
          best = logits[i][c] > logits[i][best] ? c : best;
        }
        right += best == questions.label(i) ? 1 : 0;
      }
      return (double) right / questions.size();
    }
  }
}
