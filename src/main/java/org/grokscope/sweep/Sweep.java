package org.grokscope.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Provenance;
import org.grokscope.checkpoint.TextDigest;
import org.grokscope.task.Task;
import org.grokscope.train.LineMode;
import org.grokscope.train.TrainingConfig;

/**
 * Many trainings that differ in some fields of their configuration.
 *
 * <pre>{@code
 * var sweep = Sweep.of(Map.of("p", 29, "fraction", 0.6, "epochs", 1500))
 *     .over("seed", 0, 1)
 *     .over("weight_decay", 0.5, 1.0);
 * sweep.run(Engine.local(), Path.of("decays")).table()
 * }</pre>
 *
 * <p>The fields are those of a run's config.json in snake_case. Of a table: operation (a+b, S4, D5,
 * a+b+c, parity:3/20 …), p (of modular operations), random_label_seed (null for the operation's own
 * labels), fraction, mirrors_together, split_seed (by default the seed); p, fraction and epochs
 * have to be given. Of lines: mode, one of {@link LineMode#names}, and unmasked; nothing else has
 * to be given. Of the model: layers, d_model, heads (0 for no attention), d_head (by default shared
 * equally), d_mlp, activation, layer_norm, causal, output_classes. Of the training: seed,
 * optimiser, momentum, alpha, amplification, beta1, beta2, epsilon, learning_rate, weight_decay,
 * decays, warmup_steps, warmup_first, falls_from, falls_to, clip (null for none), loss, gradient,
 * batch_size (0 for the full batch), evaluation, checkpoints, epochs; and epochs_past_grok, which
 * stops a run that many epochs after 99 % of its test questions are right.
 *
 * <p>A run that is done is not computed again, by this sweep or by another in the same folder; one
 * that failed is tried again when the sweep is started again. Results do not depend on the engine
 * or the order, but for the seconds.
 *
 * <p>Several processes, or machines with a folder in common, compute one sweep in shards; one table
 * comes of them as if one process had computed it:
 *
 * <pre>{@code
 * sweep.shard(2, 3).run(Engine.local(), Path.of("decays"));   // the same for 1 and 3, anywhere
 * sweep.merge(Path.of("decays")).table()                      // when all have come to their end
 * }</pre>
 */
public final class Sweep {
  private static final JsonMapper JSON = new JsonMapper();

  private final SweepGrid grid;
  private final Shard shard; // or null for all runs

  private Sweep(SweepGrid grid, Shard shard) {
    this.grid = grid;
    this.shard = shard;
  }

  /**
   * A sweep whose runs share these values.
   *
   * @throws IllegalArgumentException if a field is unknown or a value of the wrong type
   */
  public static Sweep of(Map<String, ?> base) {
    return new Sweep(new SweepGrid(read(base), Map.of(), List.of(), null), null);
  }

  /**
   * A sweep over a task, a model, an optimiser or a loss that is defined in code. Its values change
   * the configuration; it runs on {@link Engine#local()} only.
   *
   * <pre>{@code
   * Sweep.of(config, run -> table.split(0.6, run.seed())).over("weight_decay", 0.5, 1.0)
   * }</pre>
   *
   * @param usual what is not varied
   * @param task what a run of a configuration is trained on; equal configurations have equal tasks
   */
  public static Sweep of(TrainingConfig usual, Function<TrainingConfig, ? extends Task> task) {
    Objects.requireNonNull(usual, "usual");
    Objects.requireNonNull(task, "task");
    RunPlan.Subject own = new RunPlan.Subject(usual, task);
    return new Sweep(new SweepGrid(Map.of(), Map.of(), List.of(), own), null);
  }

  /**
   * A sweep written as {@code {"base": {…}, "grid": {"seed": [0, 1]}, "rows": [{…}]}}.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  public static Sweep parse(String json) {
    return new Sweep(SweepFile.parse(json), null);
  }

  /**
   * Reads such a file.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static Sweep read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file + ": cannot be read as text (" + e + ")", e);
    }
  }

  /** The same in every combination with these values of a field; the last field changes fastest. */
  public Sweep over(String field, Object... values) {
    return over(field, Arrays.asList(values));
  }

  /** The same in every combination with these values of a field; the last field changes fastest. */
  public Sweep over(String field, List<?> values) {
    Map<Field, List<JsonNode>> wider = new LinkedHashMap<>(grid.grid());
    SweepFile.put(wider, field, JSON.valueToTree(values));
    return new Sweep(new SweepGrid(grid.base(), wider, grid.rows(), grid.own()), shard);
  }

  /** The same with one more run: these values over the base, in no combination with the others. */
  public Sweep row(Map<String, ?> values) {
    List<Map<Field, JsonNode>> more = new ArrayList<>(grid.rows());
    more.add(read(values));
    return new Sweep(new SweepGrid(grid.base(), grid.grid(), more, grid.own()), shard);
  }

  private static Map<Field, JsonNode> read(Map<String, ?> values) {
    return SweepFile.values("values", JSON.valueToTree(values));
  }

  /**
   * One of so many parts of it, as {@link Shard} divides it.
   *
   * @param number from 1
   * @param of how many parts there are
   * @throws IllegalArgumentException if the number is not from 1 to the count
   */
  public Sweep shard(int number, int of) {
    return new Sweep(grid, new Shard(number, of));
  }

  /** The numbers of its runs. */
  private List<Integer> runs(List<RunPlan> plans) {
    return shard == null ? IntStream.range(0, plans.size()).boxed().toList() : shard.runs(plans);
  }

  private List<RunPlan> plansToRun() {
    List<RunPlan> plans = grid.plans();
    return runs(plans).stream().map(plans::get).toList();
  }

  /** The runs in words, such as {@code seed 0, weight_decay 0.5}, in order. */
  public List<String> labels() {
    return plansToRun().stream().map(grid::label).toList();
  }

  /** The sweep as results.json has it: equal sweeps have equal texts. */
  public String json() {
    return grid.json().toString();
  }

  /** How long the runs may take, from a few steps of each kind of them. */
  public SweepEstimate estimate() {
    return SweepEstimate.measure(plansToRun());
  }

  /** Runs the sweep, as {@link #run(Engine, Path, SweepListener)} does, without listener. */
  public SweepResults run(Engine engine, Path folder) {
    return run(engine, folder, new SweepListener() {});
  }

  /**
   * Runs what is not done yet.
   *
   * @param folder of the sweep, created if missing
   * @return a row a run, those that failed with their error
   * @throws IllegalArgumentException if there is nothing to run, two runs are the same, a value is
   *     out of range, the engine sends runs away that are defined in code, or divides a shard among
   *     machines of its own; nothing was run then
   * @throws IllegalStateException if another process holds the folder, or the shard, or the engine
   *     fails; what is finished is kept
   * @throws SweepInterruptedException if the thread was interrupted; all is saved
   * @throws UncheckedIOException if the folder cannot be written; what is finished is kept
   */
  public SweepResults run(Engine engine, Path folder, SweepListener listener) {
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(listener, "listener");
    List<RunPlan> plans = grid.plans();
    if (shard != null && !(engine instanceof LocalEngine)) {
      throw new IllegalArgumentException(
          "sweep: got the shard %s with the engine %s, expected it with local only, since Spark"
                  .formatted(shard, engine.description())
              + " divides the runs itself; leave one of them out");
    }
    List<Integer> runs = runs(plans);
    String provenance = provenance(engine.description(), plans, runs.size());
    try (SweepFolder kept =
        shard == null
            ? SweepFolder.open(folder)
            : SweepFolder.open(folder, shard, digest(plans), provenance)) {
      return new SweepSession(grid, plans, shard, runs, kept, listener).run(engine, provenance);
    }
  }

  /**
   * Makes the one table of a sweep that was run in shards: results.csv and results.json in its
   * folder, with the rows that one process would have written, in the same order. Runs that failed
   * are rows with their error.
   *
   * @throws IllegalArgumentException if this is a shard, or the folder has no shards of this sweep
   * @throws IllegalStateException if runs are missing, which the message names with their shards,
   *     or a process is at work there; nothing was written then
   * @throws UncheckedIOException if the folder cannot be written
   */
  public SweepResults merge(Path folder) {
    if (shard != null) {
      throw new IllegalArgumentException(
          "merge: got the shard " + shard + ", expected the whole sweep; leave the shard out");
    }
    List<RunPlan> plans = grid.plans();
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "merge: got the folder " + folder + ", which is none, expected that of the shards");
    }
    try (SweepFolder kept = SweepFolder.open(folder)) {
      SweepMerge merge = new SweepMerge(grid, plans, digest(plans), kept);
      SweepResults results = merge.results();
      kept.writeProvenance(provenance(merge.description(), plans, plans.size()));
      kept.writeResults(results);
      return results;
    }
  }

  private String provenance(String engine, List<RunPlan> plans, int runs) {
    Map<String, Object> details = new HashMap<>();
    details.put("sweep", grid.json());
    details.put("runs", runs);
    details.put("engine", engine);
    if (shard != null) {
      details.put("shard", shard.toString());
      details.put(KeptShard.DIGEST, digest(plans));
    }
    return Provenance.now(details).toJson();
  }

  /** Tells it from any other sweep, and from the same one of another task in code. */
  private String digest(List<RunPlan> plans) {
    return TextDigest.of(
        json() + plans.stream().map(RunPlan::json).collect(Collectors.joining("\n")));
  }
}
