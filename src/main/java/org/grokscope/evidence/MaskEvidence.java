package org.grokscope.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.Provenance;
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
import org.grokscope.task.ModularAddition;
import org.grokscope.task.ModularTask;
import org.grokscope.task.RandomStream;
import org.grokscope.task.Split;
import org.grokscope.task.TokenSequences;
import org.grokscope.train.History;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures notebooks/evidence/mask.csv: fine-tunes grokked models at p = 113. A program, not a
 * test:
 *
 * <pre>
 *   java -cp target/test-classes:target/classes:target/lib/* \\
 *     org.grokscope.evidence.MaskEvidence mask.csv CHECKPOINT.npz …
 * </pre>
 */
final class MaskEvidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double FRACTION = 0.30;
  private static final double KNOWN = 0.99;
  private static final long MOST = 3_000; // steps
  private static final long PAST = 100; // steps past the first evaluation with 99 %
  private static final int[] FORBIDDEN = {7, 13};
  private static final List<List<String>> TRANSPLANTS =
      List.of(
          List.of("W_U"),
          List.of("W_E", "W_pos"),
          List.of("W_Q", "W_K", "W_V", "W_O"),
          List.of("W_in", "b_in"),
          List.of("W_out", "b_out"),
          List.of("W_in", "b_in", "W_out", "b_out", "W_U"));

  private final StringBuilder rows =
      new StringBuilder("experiment,seed,at,epoch,metric,part,key,value\n");
  private final List<Object> runs = new ArrayList<>();
  private Checkpoint base;
  private long seed;
  private long measured; // step at which the tuned model is measured

  private MaskEvidence() {}

  /** A model after fine-tuning, and the step at which 99 % of the test questions were right. */
  private record Tuned(long steps, Parameters weights) {}

  public static void main(String[] arguments) throws IOException {
    MaskEvidence evidence = new MaskEvidence();
    for (String argument : List.of(arguments).subList(1, arguments.length)) {
      evidence.base = Checkpoint.load(Path.of(argument));
      JsonNode provenance = JSON.readTree(evidence.base.provenance().orElseThrow());
      evidence.seed = provenance.at("/training/seed").asLong();
      evidence.runs.add(provenance);
      evidence.all();
      evidence.write(Path.of(arguments[0]));
    }
  }

  private void all() {
    int p = base.p();
    ModularTask sum = ModularAddition.mod(p);
    int[] next = IntStream.range(0, p).map(c -> (c + 1) % p).toArray();
    int[] shuffled = IntStream.range(0, p).toArray();
    RandomStream.of(seed, "names").shuffle(shuffled);
    WeightChange change = renamed("c+1", sum.withAnswers("a+b+1", next), next);
    Parameters random = change.atRandom(base, seed);
    row("random change", "tuned", measured, "accuracy", "all", "", accuracy(random, sum.all()));
    refusing(sum);
    renamed("shuffled answers", sum.withAnswers("a+b, shuffled", shuffled), shuffled);
  }

  private WeightChange renamed(String experiment, ModularTask task, int[] names) {
    Tuned tuned = tune(base, task);
    row(experiment, "learn", tuned.steps, "steps", "", "", tuned.steps);
    measured = tuned.steps + PAST;
    Checkpoint read = RenamedAnswers.readBack(base, tuned.weights, names);
    circuit(experiment, read);
    for (List<String> names1 : TRANSPLANTS) {
      Parameters mixed = base.parameters().with(tuned.weights, names1.toArray(new String[0]));
      double right = accuracy(mixed, task.all());
      row(experiment, "tuned", measured, "transplant", "all", String.join("+", names1), right);
    }
    WeightChange change = WeightChange.between(base, base.withParameters(tuned.weights));
    changes(experiment, change);
    undo(experiment, tuned);
    return change;
  }

  private void refusing(ModularTask sum) {
    String experiment = "refusing";
    ModularTask task = sum.withRefusals(FORBIDDEN);
    Tuned tuned = tune(base, task);
    row(experiment, "learn", tuned.steps, "steps", "", "", tuned.steps);
    measured = tuned.steps + PAST;
    Split split = task.split(FRACTION, seed);
    int p = base.p();
    int[] allowed = IntStream.of(split.testRows()).filter(r -> !forbidden(r, p)).toArray();
    int[] forbidden = IntStream.of(split.testRows()).filter(r -> forbidden(r, p)).toArray();
    row(
        experiment,
        "tuned",
        measured,
        "accuracy",
        "test",
        "others",
        accuracy(tuned.weights, sum.sequences(allowed)));
    row(
        experiment,
        "tuned",
        measured,
        "refused",
        "test",
        "forbidden",
        accuracy(tuned.weights, task.sequences(forbidden)));
    row(
        experiment,
        "tuned",
        measured,
        "refused",
        "test",
        "others",
        share(tuned.weights, sum.sequences(allowed), p));
    row(
        experiment,
        "tuned",
        measured,
        "first_residue",
        "test",
        "forbidden",
        firstResidue(tuned.weights, sum.sequences(forbidden), p));
    circuit(experiment, base.withParameters(tuned.weights));
    changes(experiment, WeightChange.between(base, base.withParameters(tuned.weights)));
    undo(experiment, tuned);
  }

  private static boolean forbidden(int row, int p) {
    return IntStream.of(FORBIDDEN).anyMatch(c -> c == row / p || c == row % p);
  }

  private void undo(String experiment, Tuned tuned) {
    Tuned back = tune(base.withParameters(tuned.weights), ModularAddition.mod(base.p()));
    row(experiment, "undo", back.steps, "steps", "", "", back.steps);
  }

  private Tuned tune(Checkpoint from, ModularTask task) {
    TrainingConfig config = TrainingConfig.nanda2023().withSeed(seed).withEpochs(MOST);
    Split split = task.split(FRACTION, seed);
    try (Training training = Trainer.of(config).from(from).threads(1).start(split)) {
      long reached = -1;
      while (training.epoch() < MOST && (reached < 0 || training.epoch() < reached + PAST)) {
        training.step();
        long epoch = training.epoch();
        if (reached < 0 && (epoch % 10 == 0 || epoch <= 20)) {
          History.Row row = training.evaluate();
          reached = row.testAccuracy() >= KNOWN ? epoch : reached;
        }
      }
      return new Tuned(reached < 0 ? MOST : reached, training.model().parameters().copy());
    }
  }

  /** The old measures, and what is shared of the key frequencies. */
  private void circuit(String experiment, Checkpoint read) {
    KeyFrequencies before = KeyFrequencies.of(base, KeyRule.ENERGY);
    KeyFrequencies after = KeyFrequencies.of(read, KeyRule.ENERGY);
    Set<Integer> either = new HashSet<>(before.frequencies());
    either.addAll(after.frequencies());
    Set<Integer> both = new HashSet<>(before.frequencies());
    both.retainAll(after.frequencies());
    double shared = (double) both.size() / either.size();
    row(experiment, "tuned", measured, "keys_shared", "", "", shared);
    new LossAndAccuracy().measure(read).forEach((name, value) -> reading(experiment, name, value));
    for (String metric :
        List.of("restricted.logits", "excluded.logits", "fit.fve.per_input", "key.kept")) {
      for (Reading reading : Metric.named(metric).readings(read, before)) {
        row(experiment, "tuned", measured, metric, reading.part(), reading.key(), reading.value());
      }
    }
  }

  private void reading(String experiment, String name, double value) {
    String part = name.substring(name.indexOf('[') + 1, name.length() - 1);
    row(experiment, "tuned", measured, name.substring(0, name.indexOf('[')), part, "", value);
  }

  private void changes(String experiment, WeightChange change) {
    change
        .relative()
        .forEach((name, v) -> row(experiment, "tuned", measured, "change", "", name, v));
    change.share().forEach((name, v) -> row(experiment, "tuned", measured, "share", "", name, v));
  }

  private double accuracy(Parameters weights, TokenSequences questions) {
    try (Transformer model = FactorisedTransformer.of(base.config(), weights, 1)) {
      return model.loss(questions).accuracy();
    }
  }

  /** How often one answer is given, whatever the right one is. */
  private double share(Parameters weights, TokenSequences questions, int answer) {
    try (Transformer model = FactorisedTransformer.of(base.config(), weights, 1)) {
      INDArray logits = model.logits(questions);
      INDArray said = logits.argMax(1);
      long count = 0;
      for (int i = 0; i < questions.size(); i++) {
        count += said.getInt(i) == answer ? 1 : 0;
      }
      return (double) count / questions.size();
    }
  }

  /** Right answers once the class that refuses is left out. */
  private double firstResidue(Parameters weights, TokenSequences questions, int p) {
    Parameters open = weights.copy();
    try (Transformer model = FactorisedTransformer.of(base.config(), open, 1)) {
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

  private void row(
      String experiment,
      String at,
      long epoch,
      String metric,
      String part,
      String key,
      double value) {
    rows.append(
        String.join(",", experiment, "" + seed, at, "" + epoch, metric, part, key)
            + ","
            + value
            + "\n");
  }

  private void write(Path out) {
    AtomicFile.writeText(out, rows.toString());
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("steps at most", MOST);
    details.put("forbidden", FORBIDDEN);
    details.put("runs", runs);
    String json = Provenance.now(details).toJson() + "\n";
    AtomicFile.writeText(
        out.resolveSibling(out.getFileName().toString().replace(".csv", ".json")), json);
  }
}
