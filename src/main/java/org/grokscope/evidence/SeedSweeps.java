package org.grokscope.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.model.Transformer;
import org.grokscope.sweep.SweepResults;
import org.grokscope.task.Split;
import org.grokscope.train.History;
import org.grokscope.train.Milestones;
import org.grokscope.train.Run;

/**
 * An experiment of some settings, each tried with some seeds: a sweep a seed, so that every setting
 * of a seed can be measured before the other seeds are trained.
 *
 * @param name of the experiment; the folder of a sweep is {@code NAME-seed-SEED}
 * @param base values that all runs share, as {@code grokscope sweep} reads them
 * @param settings in the order of the file
 */
record SeedSweeps(String name, ObjectNode base, List<Setting> settings) {
  /** The first seed that nothing was known of when the experiments were registered. */
  static final long FIRST = 20;

  /** As many seeds as a verdict asks for. */
  static final int JUDGED = 8;

  private static final int UNTRAINED = 40;
  private static final long FIRST_UNTRAINED = 1_000; // seed
  private static final double KNOWN = 0.99;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What is tried.
   *
   * @param experiment its name in the file
   * @param seeds how many, from {@link #FIRST} on
   * @param values over the base
   */
  record Setting(String experiment, int seeds, ObjectNode values) {
    /** With values as a JSON object. */
    static Setting of(String experiment, int seeds, String json) {
      return new Setting(experiment, seeds, tree(json));
    }
  }

  SeedSweeps {
    settings = List.copyOf(settings);
  }

  static SeedSweeps of(String name, String base, List<Setting> settings) {
    return new SeedSweeps(name, tree(base), settings);
  }

  /** A JSON object. */
  static ObjectNode tree(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("evidence: these values are no JSON: " + json, e);
    }
  }

  /** All seeds, ascending. */
  List<Long> seeds() {
    int most = settings.stream().mapToInt(Setting::seeds).max().orElse(0);
    return LongStream.range(FIRST, FIRST + most).boxed().toList();
  }

  /** The settings that a seed is tried with. */
  private List<Setting> of(long seed) {
    return settings.stream().filter(setting -> seed < FIRST + setting.seeds()).toList();
  }

  /** The name of a seed's sweep. */
  String sweepName(long seed) {
    return name + "-seed-" + seed;
  }

  /** The sweep of a seed, as {@code grokscope sweep} reads it. */
  ObjectNode sweep(long seed) {
    return sweep(seed, of(seed).stream().map(Setting::values).toList());
  }

  /** The sweep of a seed over the base, a run a row. */
  ObjectNode sweep(long seed, List<ObjectNode> rows) {
    ObjectNode sweep = JSON.createObjectNode();
    sweep.set("base", base.deepCopy().put("seed", seed));
    sweep.withArray("/rows").addAll(rows);
    return sweep;
  }

  /**
   * Every run as a piece of evidence, seed by seed.
   *
   * @param measure of a run under the name of its experiment, into rows
   */
  Stream<Measurements.Piece> pieces(BiFunction<Run, String, String> measure) {
    List<Measurements.Piece> pieces = new ArrayList<>();
    for (long seed : seeds()) {
      List<Setting> tried = of(seed);
      for (int i = 0; i < tried.size(); i++) {
        int row = i;
        String experiment = tried.get(i).experiment();
        pieces.add(
            new Measurements.Piece(
                experiment, seed, runs -> measured(runs, experiment, seed, row, measure)));
      }
    }
    return pieces.stream();
  }

  /** The finished runs of a seed, in the order of the settings. */
  SweepResults results(KeptRuns runs, long seed) {
    return runs.sweep(sweepName(seed), sweep(seed));
  }

  private MeasuredRun measured(
      KeptRuns runs,
      String experiment,
      long seed,
      int row,
      BiFunction<Run, String, String> measure) {
    Run run = results(runs, seed).run(row);
    return new MeasuredRun(
        experiment + ", seed " + seed + ": " + run.history().last().summary(),
        measure.apply(run, experiment),
        MeasuredRun.provenanceOf(run.last()));
  }

  /**
   * What became of a run, at the moment {@code run}: {@code understood}, 1 if 99 % of the test
   * questions were ever right; when 99 % of each part first were, if ever; and the end.
   */
  static EvidenceRows fate(Run run, String experiment) {
    EvidenceRows rows = new EvidenceRows(experiment, run.config().seed());
    History history = run.history();
    History.Row last = history.last();
    Milestones milestones = run.milestones();
    long end = last.epoch();
    rows.add("run", end, "understood", "", milestones.understood().isPresent() ? 1 : 0);
    epoch(rows, end, "train_99_epoch", milestones.memorised());
    epoch(rows, end, "test_99_epoch", milestones.understood());
    rows.add("run", end, "epochs_done", "", end);
    rows.add("run", end, "seconds", "", last.seconds());
    rows.add("run", end, "loss", "train", last.trainLoss());
    rows.add("run", end, "accuracy", "train", last.trainAccuracy());
    rows.add("run", end, "accuracy", "test", last.testAccuracy());
    rows.add(
        "run",
        end,
        "best_accuracy",
        "test",
        history.rows().stream().mapToDouble(History.Row::testAccuracy).max().orElseThrow());
    rows.add("run", end, "squared_norm", "", last.squaredNorm());
    return rows;
  }

  /**
   * What {@code understood} is of models as they begin: the null of every share of seeds that
   * understand. They have numbers of their own in the place of seeds.
   *
   * @param split of the questions
   * @param config of the models
   * @param more adds what else is measured of one
   */
  static Measurements.Piece untrained(
      Split split, ModelConfig config, BiConsumer<Checkpoint, EvidenceRows> more) {
    return new Measurements.Piece(
        "untrained",
        FIRST_UNTRAINED,
        runs -> {
          StringBuilder rows = new StringBuilder();
          for (long seed = FIRST_UNTRAINED; seed < FIRST_UNTRAINED + UNTRAINED; seed++) {
            Parameters weights = Parameters.initial(config, seed);
            EvidenceRows own = new EvidenceRows("untrained", seed);
            try (Transformer model = Transformer.open(config, weights, 1)) {
              double test = model.loss(split.test()).accuracy();
              own.add("run", 0, "accuracy", "test", test);
              own.add("run", 0, "understood", "", test >= KNOWN ? 1 : 0);
            }
            more.accept(Checkpoint.of(split, config, weights, 0, "{}"), own);
            rows.append(own);
          }
          return new MeasuredRun(
              "untrained: " + UNTRAINED + " models",
              rows.toString(),
              JSON.createObjectNode().put("untrained", UNTRAINED));
        });
  }

  private static void epoch(EvidenceRows rows, long end, String name, OptionalLong epoch) {
    epoch.ifPresent(reached -> rows.add("run", end, name, "", reached));
  }
}
