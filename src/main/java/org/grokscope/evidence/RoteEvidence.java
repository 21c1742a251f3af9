package org.grokscope.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.checkpoint.Provenance;
import org.grokscope.model.Parameters;
import org.grokscope.model.Transformer;
import org.grokscope.probe.Confidence;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Batch;
import org.grokscope.train.History;
import tech.tablesaw.api.Table;

/**
 * Measures files in notebooks/evidence. A program, not a test:
 *
 * <pre>
 *   java -cp target/test-classes:target/classes:target/lib/* \\
 *     org.grokscope.evidence.RoteEvidence histories rote-histories.csv RUN …
 *   … RoteEvidence confidence rote-confidence.csv RUN …
 *   … RoteEvidence strangers rote-strangers.csv RUN …
 * </pre>
 *
 * <p>RUN are folders of finished runs of a + b; for the confidence at p = 113.
 */
final class RoteEvidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long WHOLE = 2_000; // every evaluation up to here,
  private static final long SPARSE = 100; // then one in so many epochs
  private static final long[] MOMENTS = {1_000, 40_000};
  private static final int BINS = 15;

  private static final double KNOWN = 0.99;

  private final StringBuilder rows = new StringBuilder();
  private final List<Object> runs = new ArrayList<>();

  private RoteEvidence() {}

  public static void main(String[] arguments) throws IOException {
    RoteEvidence evidence = new RoteEvidence();
    String what = arguments[0];
    evidence.rows.append(
        switch (what) {
          case "histories" ->
              "p,weight_decay,seed," + String.join(",", History.COLUMNS.subList(0, 6)) + "\n";
          case "strangers" -> "p,weight_decay,seed,epoch,accuracy\n";
          case "confidence" -> "experiment,seed,at,epoch,metric,part,key,value\n";
          default ->
              throw new IllegalArgumentException(
                  "evidence: got " + what + ", expected histories, strangers or confidence");
        });
    for (String argument : List.of(arguments).subList(2, arguments.length)) {
      Path run = Path.of(argument);
      CheckpointStore store = CheckpointStore.in(run);
      JsonNode provenance = JSON.readTree(store.last().provenance().orElseThrow());
      switch (what) {
        case "histories" ->
            evidence.history(
                key(store.last().p(), provenance),
                Table.read().csv(run.resolve("history.csv").toFile()));
        case "strangers" -> evidence.strangers(provenance, store);
        default -> evidence.confidence(provenance.get("task").asText(), seed(provenance), store);
      }
      evidence.runs.add(provenance);
    }
    evidence.write(Path.of(arguments[1]));
  }

  private static long seed(JsonNode provenance) {
    return provenance.at("/training/seed").asLong();
  }

  private static String key(int p, JsonNode provenance) {
    return p + "," + provenance.at("/training/weightDecay") + "," + seed(provenance) + ",";
  }

  private void history(String key, Table table) {
    for (History.Row row : History.of(table).rows()) {
      if (row.epoch() <= WHOLE || row.epoch() % SPARSE == 0) {
        rows.append(key).append(row.epoch());
        for (double value :
            new double[] {
              row.trainLoss(),
              row.testLoss(),
              row.trainAccuracy(),
              row.testAccuracy(),
              row.squaredNorm()
            }) {
          rows.append(',').append((float) value);
        }
        rows.append('\n');
      }
    }
  }

  /** Every checkpoint up to the first that knows 99 % of the strangers. */
  private void strangers(JsonNode provenance, CheckpointStore store) {
    Checkpoint first = store.load(store.epochs().get(0));
    Batch strangers =
        ModularAddition.mod(first.p())
            .split(
                provenance.at("/split/fraction").asDouble(), provenance.at("/split/seed").asLong())
            .testWithoutKnownMirror();
    Parameters weights = Parameters.zeros(first.config().layout());
    String key = key(first.p(), provenance);
    try (Transformer model = Transformer.open(first.config(), weights, 1)) {
      for (long epoch : store.epochs()) {
        weights.copyFrom(store.load(epoch).parameters());
        double accuracy = model.loss(strangers).accuracy();
        rows.append(key).append(epoch).append(',').append((float) accuracy).append('\n');
        if (accuracy >= KNOWN) {
          return;
        }
      }
    }
  }

  private void confidence(String experiment, long seed, CheckpointStore store) {
    for (long epoch : MOMENTS) {
      new Confidence(BINS)
          .measure(store.load(epoch))
          .forEach(
              (name, value) -> {
                String metric = name.substring(0, name.indexOf('['));
                String part = name.substring(name.indexOf('[') + 1, name.length() - 1);
                rows.append(experiment + "," + seed + "," + epoch + "," + epoch + ",");
                rows.append(metric + "," + part + ",," + value + "\n");
              });
    }
  }

  private void write(Path out) {
    AtomicFile.writeText(out, rows.toString());
    String json = Provenance.now(Map.of("runs", runs)).toJson() + "\n";
    AtomicFile.writeText(
        out.resolveSibling(out.getFileName().toString().replace(".csv", ".json")), json);
  }
}
