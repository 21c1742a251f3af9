package org.grokscope.compression;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.checkpoint.Provenance;
import org.grokscope.model.ModelShape;
import org.grokscope.probe.Part;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.ModularTask;
import org.grokscope.task.Split;
import org.grokscope.train.History;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;

/**
 * Measures what notebooks/evidence/compression.csv holds. A program, not a test:
 *
 * <pre>
 *   java -cp target/test-classes:target/classes:target/lib/* \
 *     org.grokscope.compression.CompressionEvidence OUT.csv RUN …
 * </pre>
 *
 * <p>RUN are folders of `grokscope train` at p = 113, measured where they are. The width sweep and
 * the random labels are trained here.
 */
final class CompressionEvidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double ACCURACY = 0.99;
  private static final int[] WIDTHS = {16, 32, 8, 64, 12, 24};
  private static final int SEEDS = 3;
  private static final long SWEEP_EPOCHS = 3_000;
  private static final long RANDOM_EPOCHS = 2_000;

  private final Path out;
  private final StringBuilder rows =
      new StringBuilder("experiment,seed,at,epoch,metric,part,key,value\n");
  private final List<Object> runs = new ArrayList<>();

  private CompressionEvidence(Path out) {
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    CompressionEvidence evidence = new CompressionEvidence(Path.of(arguments[0]));
    for (int i = 1; i < arguments.length; i++) {
      evidence.finished(CheckpointStore.in(Path.of(arguments[i])));
    }
    for (int width : WIDTHS) {
      for (int seed = 0; seed < SEEDS; seed++) {
        evidence.width(ModularAddition.mod(59), width, seed, "a+b");
        evidence.width(
            ModularAddition.mod(59).withRandomLabels(seed), width, seed, "random labels");
      }
    }
    for (int seed = 0; seed < SEEDS; seed++) {
      evidence.random(seed);
    }
  }

  /** A finished run at p = 113: once it has memorised, once it has understood, and later. */
  private void finished(CheckpointStore store) throws IOException {
    boolean memorised = false;
    boolean understood = false;
    Checkpoint last = null;
    long seed = -1;
    for (long epoch : store.epochs()) {
      if (epoch % 100 != 0 || epoch == 0 || epoch > 12_000) {
        continue;
      }
      last = store.load(epoch);
      if (seed < 0) {
        seed = seedOf(last);
        runs.add(JSON.readTree(last.provenance().orElseThrow()));
      }
      if (!memorised && knows(last, Part.TRAIN)) {
        memorised = true;
        lengths("a+b mod 113", seed, "memorised", last);
      }
      if (memorised && !understood && knows(last, Part.TEST)) {
        understood = true;
        lengths("a+b mod 113", seed, "grok", last);
      }
      if (epoch == RANDOM_EPOCHS) {
        lengths("a+b mod 113", seed, "2000", last);
      }
    }
    lengths("a+b mod 113", seed, "12000", last);
    write();
  }

  private static long seedOf(Checkpoint checkpoint) throws IOException {
    return JSON.readTree(checkpoint.provenance().orElseThrow()).at("/training/seed").asLong();
  }

  private static boolean knows(Checkpoint checkpoint, Part part) {
    try (Answers answers = Answers.of(checkpoint, part)) {
      return answers.accuracy(checkpoint.parameters()) >= ACCURACY;
    }
  }

  private void lengths(String experiment, long seed, String at, Checkpoint checkpoint) {
    DescriptionLength.at(ACCURACY, Part.TRAIN)
        .measure(checkpoint)
        .forEach(
            (name, value) ->
                row(
                    experiment,
                    seed,
                    at,
                    checkpoint.epoch().getAsLong(),
                    name.replace("[train]", ""),
                    "train",
                    value));
  }

  /** A narrow model on nine tenths of the pairs of p = 59. */
  private void width(ModularTask task, int width, long seed, String labels) throws IOException {
    ModelShape shape = ModelShape.nanda2023().withDModel(width).withDMlp(3 * width);
    TrainingConfig config =
        TrainingConfig.nanda2023()
            .withShape(shape)
            .withWeightDecay(0.1)
            .withSeed(seed)
            .withEpochs(SWEEP_EPOCHS);
    Split split = task.split(0.9, seed);
    String experiment = labels + " mod 59, width " + width;
    try (Training training = Trainer.of(config).threads(1).start(split)) {
      History.Row lowest = train(training, SWEEP_EPOCHS);
      long epoch = lowest.epoch();
      row(experiment, seed, "lowest", epoch, "loss", "train", lowest.trainLoss());
      row(experiment, seed, "lowest", epoch, "accuracy", "train", lowest.trainAccuracy());
      row(experiment, seed, "lowest", epoch, "accuracy", "test", lowest.testAccuracy());
      Checkpoint last = training.checkpoint();
      row(experiment, seed, "last", SWEEP_EPOCHS, "parameters", "", size(last));
      row(experiment, seed, "last", SWEEP_EPOCHS, "table_bits", "", tableBits(split));
      double bits =
          DescriptionLength.at(ACCURACY, Part.TRAIN, Economy.BITS).measure(last).get("bits[train]");
      if (!Double.isNaN(bits)) {
        row(experiment, seed, "last", SWEEP_EPOCHS, "bits", "train", bits);
      }
      runs.add(Map.of("experiment", experiment, "split", split.toString(), "config", config));
    }
    write();
  }

  private static double size(Checkpoint checkpoint) {
    return checkpoint.config().layout().size();
  }

  /** Training questions · log2 p. */
  private static double tableBits(Split split) {
    return split.train().size() * Math.log(split.task().p()) / Math.log(2);
  }

  /** The evaluation, each ten epochs, with the lowest training loss. */
  private static History.Row train(Training training, long epochs) {
    History.Row lowest = training.evaluate();
    while (training.epoch() < epochs) {
      training.step();
      if (training.epoch() % 10 == 0) {
        History.Row row = training.evaluate();
        lowest = row.trainLoss() < lowest.trainLoss() ? row : lowest;
      }
    }
    return lowest;
  }

  /** Random labels at p = 113, trained as the true ones are. */
  private void random(long seed) throws IOException {
    TrainingConfig config = TrainingConfig.nanda2023().withSeed(seed).withEpochs(RANDOM_EPOCHS);
    Split split = ModularAddition.mod(113).withRandomLabels(seed).split(0.30, seed);
    String experiment = "random labels mod 113";
    try (Training training = Trainer.of(config).threads(1).start(split)) {
      boolean memorised = false;
      while (training.epoch() < RANDOM_EPOCHS) {
        training.step();
        if (!memorised && training.epoch() % 100 == 0 && knows(training.checkpoint(), Part.TRAIN)) {
          memorised = true;
          lengths(experiment, seed, "memorised", training.checkpoint());
        }
      }
      lengths(experiment, seed, "last", training.checkpoint());
      runs.add(Map.of("experiment", experiment, "split", split.toString(), "config", config));
    }
    write();
  }

  private void row(
      String experiment,
      long seed,
      String at,
      long epoch,
      String metric,
      String part,
      double value) {
    rows.append(String.join(",", "\"" + experiment + "\"", "" + seed, at, "" + epoch, metric, part, ""))
        .append(',')
        .append(value)
        .append('\n');
  }

  private void write() {
    AtomicFile.write(out, stream -> stream.write(rows.toString().getBytes(StandardCharsets.UTF_8)));
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("accuracy", ACCURACY);
    details.put("runs", runs);
    String json = Provenance.now(details).toJson() + "\n";
    AtomicFile.write(
        out.resolveSibling(out.getFileName().toString().replace(".csv", ".json")),
        stream -> stream.write(json.getBytes(StandardCharsets.UTF_8)));
  }
}
