package org.grokscope.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.Provenance;
import org.grokscope.probe.NormAtMargin;
import org.grokscope.probe.NormAtMargin.Statistic;
import org.grokscope.probe.Part;
import org.grokscope.sweep.Engine;
import org.grokscope.sweep.Sweep;
import org.grokscope.sweep.SweepResults;
import org.grokscope.task.ModularAddition;
import org.grokscope.train.History;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;

/**
 * Measures what notebooks/evidence/cheaper.csv and cheaper-data-cut.csv hold, from finished sweeps
 * beside their files (decay.json with the folder decay …). A program, not a test:
 *
 * <pre>
 *   java -cp target/test-classes:target/classes:target/lib/* \
 *     org.grokscope.evidence.CheaperEvidence norms FOLDER cheaper.csv
 *   … CheaperEvidence cut FOLDER cheaper-data-cut.csv
 * </pre>
 */
final class CheaperEvidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double MARGIN = 10; // nats
  private static final double DECAY = 1;
  private static final long CUT_EPOCHS = 5_000;
  private static final long CUT_EVALUATION = 100;
  private static final List<Double> CUTS = List.of(0.05, 0.1, 0.2, 0.3, 0.4, 0.5);
  private static final List<Double> CUTS_WITHOUT_DECAY = List.of(0.05, 0.1);

  private final Path folder;
  private final Path out;
  private final StringBuilder rows =
      new StringBuilder("experiment,seed,at,epoch,metric,part,key,value\n");
  private final Map<String, Object> details = new LinkedHashMap<>();

  private CheaperEvidence(Path folder, Path out) {
    this.folder = folder;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    CheaperEvidence evidence = new CheaperEvidence(Path.of(arguments[1]), Path.of(arguments[2]));
    if (arguments[0].equals("norms")) {
      evidence.norms();
    } else {
      evidence.cut();
    }
    evidence.write();
  }

  private List<Run> runs(String sweep) throws IOException {
    SweepResults results =
        Sweep.read(folder.resolve(sweep + ".json"))
            .run(Engine.local().runsAtATime(1), folder.resolve(sweep));
    JsonNode how = JSON.readTree(Files.readString(folder.resolve(sweep).resolve("results.json")));
    details.put(sweep, how);
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < results.rows().size(); i++) {
      runs.add(results.run(i));
    }
    return runs;
  }

  /** The price of a margin: of rote on the way and of the rule at the end, and of random labels. */
  private void norms() throws IOException {
    details.put("margin", MARGIN);
    for (Run run : runs("decay")) {
      String experiment = "a+b mod 31, decay " + number(run.config().weightDecay());
      if (run.config().weightDecay() == DECAY) {
        norms(experiment, run, "memorised", memorised(run));
        norms(experiment, run, "half-way", halfWay(run));
      }
      norms(experiment, run, "last", run.last());
    }
    for (Run run : runs("cheaper-random-labels")) {
      norms("random labels mod 31", run, "memorised", memorised(run));
      norms("random labels mod 31", run, "last", run.last());
    }
    for (Run run : runs("fraction")) {
      String share = number(100 * run.split().fraction());
      norms("a+b mod 31, " + share + " %", run, "last", run.last());
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value).replaceAll("\\.?0+$", "");
  }

  /** The first checkpoint, every 500 epochs, from which on the training pairs are known. */
  private static Checkpoint memorised(Run run) {
    return at(run, run.milestones().memorised().orElseThrow());
  }

  /** The first checkpoint from half the epoch at which the rule is there. */
  private static Checkpoint halfWay(Run run) {
    return at(run, run.milestones().understood().orElseThrow() / 2);
  }

  private static Checkpoint at(Run run, long from) {
    return run.checkpoint(
        run.checkpointEpochs().stream().filter(epoch -> epoch >= from).findFirst().orElseThrow());
  }

  private void norms(String experiment, Run run, String at, Checkpoint checkpoint) {
    long seed = run.config().seed();
    long epoch = checkpoint.epoch().getAsLong();
    row(experiment, seed, at, epoch, "squared_norm", "", checkpoint.parameters().squaredNorm());
    for (Statistic statistic : Statistic.values()) {
      Map<String, Double> cost =
          new NormAtMargin(Part.TRAIN, statistic, MARGIN).measure(checkpoint);
      String of = "." + statistic.name().toLowerCase(Locale.ROOT) + "_margin";
      row(experiment, seed, at, epoch, "norm" + of, "train", cost.get("squared_norm[train]"));
      row(experiment, seed, at, epoch, "degree" + of, "train", cost.get("degree[train]"));
    }
    run.history()
        .firstEpoch(row -> row.epoch() >= epoch)
        .ifPresent(
            evaluated -> {
              History.Row seen = run.history().until(evaluated).last();
              row(experiment, seed, at, epoch, "loss", "train", seen.trainLoss());
              row(experiment, seed, at, epoch, "accuracy", "test", seen.testAccuracy());
            });
  }

  /** What becomes of the rule when a grokked model goes on with fewer of its pairs. */
  private void cut() throws IOException {
    for (Run run : runs("decay")) {
      if (run.config().weightDecay() != DECAY) {
        continue;
      }
      CUTS.forEach(share -> cut(run, share, DECAY));
      CUTS_WITHOUT_DECAY.forEach(share -> cut(run, share, 0));
      write();
    }
    details.put("epochs", CUT_EPOCHS);
  }

  private void cut(Run grokked, double share, double decay) {
    long seed = grokked.config().seed();
    String experiment =
        number(100 * share) + " % of the pairs, " + (decay == 0 ? "no decay" : "decay 1");
    TrainingConfig config = grokked.config().withWeightDecay(decay).withEpochs(CUT_EPOCHS);
    try (Training training =
        Trainer.of(config)
            .threads(1)
            .from(grokked.last())
            .start(ModularAddition.mod(grokked.split().table().p()).split(share, seed))) {
      History.Row lowest = training.evaluate();
      row(experiment, seed, "start", 0, "accuracy", "test", lowest.testAccuracy());
      while (training.epoch() < CUT_EPOCHS) {
        training.step();
        if (training.epoch() % CUT_EVALUATION == 0) {
          History.Row now = training.evaluate();
          row(
              experiment,
              seed,
              "" + now.epoch(),
              now.epoch(),
              "accuracy",
              "test",
              now.testAccuracy());
          lowest = now.testAccuracy() < lowest.testAccuracy() ? now : lowest;
        }
      }
      History.Row last = training.evaluate();
      row(experiment, seed, "lowest", lowest.epoch(), "accuracy", "test", lowest.testAccuracy());
      row(experiment, seed, "last", last.epoch(), "accuracy", "test", last.testAccuracy());
      row(experiment, seed, "last", last.epoch(), "accuracy", "train", last.trainAccuracy());
      row(experiment, seed, "last", last.epoch(), "squared_norm", "", last.squaredNorm());
    }
  }

  private void row(
      String experiment,
      long seed,
      String at,
      long epoch,
      String metric,
      String part,
      double value) {
    if (Double.isNaN(value)) {
      return; // no factor gives the margin
    }
    rows.append(
            String.join(",", "\"" + experiment + "\"", "" + seed, at, "" + epoch, metric, part, ""))
        .append(',')
        .append(value)
        .append('\n');
  }

  private void write() {
    AtomicFile.writeText(out, rows.toString());
    String json = Provenance.now(details).toJson() + "\n";
    AtomicFile.writeText(
        out.resolveSibling(out.getFileName().toString().replace(".csv", ".json")), json);
  }
}
