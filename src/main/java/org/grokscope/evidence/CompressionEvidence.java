package org.grokscope.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.checkpoint.Provenance;
import org.grokscope.compression.Answers;
import org.grokscope.compression.DescriptionLength;
import org.grokscope.compression.Economy;
import org.grokscope.model.ModelShape;
import org.grokscope.probe.Part;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.train.History;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;

/**
 * Measures what two files in notebooks/evidence hold. A program, not a test:
 *
 * <pre>
 *   java -cp target/test-classes:target/classes:target/lib/* \
 *     org.grokscope.evidence.CompressionEvidence lengths compression.csv RUN …
 *   … CompressionEvidence narrow narrow-models.csv WIDTH …
 * </pre>
 *
 * <p>RUN are folders of finished runs at p = 113, of a + b and of random labels, such as notebook
 * 06 leaves them in GROKSCOPE_HOME. Narrow models are trained here, three seeds a width.
 */
final class CompressionEvidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double ACCURACY = 0.99;
  private static final int SEEDS = 3;
  private static final long SWEEP_EPOCHS = 3_000;
  private static final long HALFWAY = 2_000;
  private static final long LATEST = 12_000;

  private final Path out;
  private final StringBuilder rows =
      new StringBuilder("experiment,seed,at,epoch,metric,part,key,value\n");
  private final List<Object> runs = new ArrayList<>();

  private CompressionEvidence(Path out) {
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    CompressionEvidence evidence = new CompressionEvidence(Path.of(arguments[1]));
    for (String argument : List.of(arguments).subList(2, arguments.length)) {
      if (arguments[0].equals("lengths")) {
        evidence.finished(CheckpointStore.in(Path.of(argument)));
      } else {
        evidence.width(Integer.parseInt(argument));
      }
    }
  }

  /** A finished run: once it has memorised, at 2,000, once it has understood, and at 12,000. */
  private void finished(CheckpointStore store) throws IOException {
    JsonNode provenance = JSON.readTree(store.last().provenance().orElseThrow());
    String task = provenance.get("task").asText();
    String experiment = task.contains("random") ? "random labels mod 113" : task;
    long seed = provenance.at("/training/seed").asLong();
    boolean memorised = false;
    boolean understood = false;
    for (long epoch : store.epochs()) {
      if (epoch % 100 != 0 || epoch == 0 || epoch > LATEST) {
        continue;
      }
      Checkpoint checkpoint = store.load(epoch);
      if (!memorised && knows(checkpoint, Part.TRAIN)) {
        memorised = true;
        lengths(experiment, seed, "memorised", checkpoint);
      }
      if (memorised && !understood && knows(checkpoint, Part.TEST)) {
        understood = true;
        lengths(experiment, seed, "grok", checkpoint);
      }
      if (epoch == HALFWAY || epoch == LATEST) {
        lengths(experiment, seed, "" + epoch, checkpoint);
      }
    }
    runs.add(provenance);
    write();
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

  private void width(int width) throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      OperationTable task = ModularAddition.mod(59);
      width(task, width, seed, "a+b");
      width(task.withRandomLabels(seed), width, seed, "random labels");
    }
  }

  /** A narrow model on nine tenths of the pairs of p = 59. */
  private void width(OperationTable task, int width, long seed, String labels) throws IOException {
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
    return split.train().size() * Math.log(split.table().p()) / Math.log(2);
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

  private void row(
      String experiment,
      long seed,
      String at,
      long epoch,
      String metric,
      String part,
      double value) {
    rows.append(
            String.join(",", "\"" + experiment + "\"", "" + seed, at, "" + epoch, metric, part, ""))
        .append(',')
        .append(value)
        .append('\n');
  }

  private void write() {
    AtomicFile.writeText(out, rows.toString());
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("accuracy", ACCURACY);
    details.put("runs", runs);
    String json = Provenance.now(details).toJson() + "\n";
    AtomicFile.writeText(
        out.resolveSibling(out.getFileName().toString().replace(".csv", ".json")), json);
  }
}
