package org.grokscope.command;

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
import org.grokscope.probe.Confidence;
import org.grokscope.train.History;
import tech.tablesaw.api.Table;

/**
 * Measures two files in notebooks/evidence. A program, not a test:
 *
 * <pre>
 *   java -cp target/test-classes:target/classes:target/lib/* \\
 *     org.grokscope.command.RoteEvidence histories rote-histories.csv RUN …
 *   … RoteEvidence confidence rote-confidence.csv RUN …
 * </pre>
 *
 * <p>RUN are folders of finished runs at p = 113.
 */
final class RoteEvidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long WHOLE = 2_000; // every evaluation up to here,
  private static final long SPARSE = 100; // then one in so many epochs
  private static final long[] MOMENTS = {1_000, 40_000};
  private static final int BINS = 15;

  private final StringBuilder rows = new StringBuilder();
  private final List<Object> runs = new ArrayList<>();

  private RoteEvidence() {}

  public static void main(String[] arguments) throws IOException {
    RoteEvidence evidence = new RoteEvidence();
    boolean histories = arguments[0].equals("histories");
    evidence.rows.append(
        histories
            ? "seed," + String.join(",", History.COLUMNS.subList(0, 6)) + "\n"
            : "experiment,seed,at,epoch,metric,part,key,value\n");
    for (String argument : List.of(arguments).subList(2, arguments.length)) {
      Path run = Path.of(argument);
      Checkpoint last = CheckpointStore.in(run).last();
      JsonNode provenance = JSON.readTree(last.provenance().orElseThrow());
      long seed = provenance.at("/training/seed").asLong();
      if (histories) {
        evidence.history(seed, Table.read().csv(run.resolve("history.csv").toFile()));
      } else {
        evidence.confidence(provenance.get("task").asText(), seed, CheckpointStore.in(run));
      }
      evidence.runs.add(provenance);
    }
    evidence.write(Path.of(arguments[1]));
  }

  private void history(long seed, Table table) {
    for (History.Row row : History.of(table).rows()) {
      if (row.epoch() <= WHOLE || row.epoch() % SPARSE == 0) {
        rows.append(seed).append(',').append(row.epoch());
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
