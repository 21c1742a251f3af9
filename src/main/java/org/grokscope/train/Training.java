package org.grokscope.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.Provenance;
import org.grokscope.checkpoint.ShapeJson;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.MatrixProducts;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.NativeValues;
import org.grokscope.model.Noise;
import org.grokscope.model.Parameters;
import org.grokscope.model.Transformer;
import org.grokscope.task.Batch;
import org.grokscope.task.BatchLoss;
import org.grokscope.task.Course;
import org.grokscope.task.Split;
import org.grokscope.task.Student;
import org.grokscope.task.Task;

/**
 * One training under way, in memory: a model, its optimiser and what was measured so far. {@link
 * Trainer#train} drives one and keeps it on disk; a researcher who wants the loop in a cell drives
 * it by hand:
 *
 * <pre>{@code
 * var training = Trainer.of(config).start(split);
 * while (training.epoch() < 500) training.step();
 * training.evaluate()
 * }</pre>
 */
public final class Training implements AutoCloseable {
  private static final String UNTOLD = "";

  private final TrainingConfig config;
  private final Task task;
  private final Course course;
  private final Transformer model;
  private final OptimiserState state;
  private final List<String> columns;
  private final List<History.Row> rows;
  private final String provenance;
  private final double secondsBefore; // of earlier sessions
  private final long startNanos = System.nanoTime();

  private Training(
      TrainingConfig config,
      Task task,
      Course course,
      Transformer model,
      OptimiserState state,
      List<History.Row> rows,
      String provenance) {
    this.config = config;
    this.task = task;
    this.course = course;
    this.model = model;
    this.state = state;
    this.columns = columns(course);
    this.rows = new ArrayList<>(rows);
    this.provenance = provenance;
    secondsBefore = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).seconds();
  }

  /** The columns of a history, from epoch to seconds. */
  static List<String> columns(Course course) {
    List<String> columns = new ArrayList<>(List.of("epoch"));
    columns.addAll(course.columns());
    columns.addAll(List.of("squared_norm", "seconds"));
    for (String column : columns) {
      if (!isName(column) || Collections.frequency(columns, column) > 1) {
        throw new IllegalArgumentException(
            "training: got the columns "
                + columns
                + ", expected each once, of letters, digits and _; name those of the course anew");
      }
    }
    return List.copyOf(columns);
  }

  /**
   * A training of a model that is open already, in memory alone: it asks for no file and no native
   * code, and so runs in a browser, on a model in plain Java. It keeps no account of how it came to
   * be, so no {@link #checkpoint()} can be made of it; {@link Trainer#start} does.
   *
   * @param model closed with the training; its weights are those it begins with
   * @throws IllegalArgumentException if it is not the model that the configuration asks for
   */
  public static Training of(TrainingConfig config, Task task, Transformer model) {
    ModelConfig wanted = modelFor(config, task);
    if (!model.config().equals(wanted)) {
      throw new IllegalArgumentException(
          "training: got the model " + model.config() + ", expected " + wanted);
    }
    OptimiserState state = OptimiserState.begin(config.optimiser(), model.parameters());
    return new Training(config, task, task.course(), model, state, List.of(), UNTOLD);
  }

  /** Letters, digits and _, without a regular expression, which a browser would have to load. */
  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    c == '_'
                        || c >= '0' && c <= '9'
                        || c >= 'A' && c <= 'Z'
                        || c >= 'a' && c <= 'z');
  }

  static Training begin(
      TrainingConfig config,
      Task task,
      Course course,
      ComputationPath path,
      int threads,
      Optional<Checkpoint> start) {
    ModelConfig model = modelFor(config, task);
    start.ifPresent(checkpoint -> requireModel(checkpoint, model));
    Parameters parameters =
        start.map(Checkpoint::parameters).orElseGet(() -> Parameters.initial(model, config.seed()));
    OptimiserState state = OptimiserState.begin(config.optimiser(), parameters);
    return resume(config, task, course, path, threads, start, state, List.of());
  }

  static Training resume(
      TrainingConfig config,
      Task task,
      Course course,
      ComputationPath path,
      int threads,
      Optional<Checkpoint> start,
      OptimiserState state,
      List<History.Row> rows) {
    ModelConfig model = modelFor(config, task);
    return new Training(
        config,
        task,
        course,
        Transformer.open(path, model, state.parameters(), config.loss(), threads),
        state,
        rows,
        provenanceOf(config, task, path, start));
  }

  /** The model that a configuration asks for on a task. */
  static ModelConfig modelFor(TrainingConfig config, Task task) {
    return ModelConfig.of(config.shape(), task, config.outputClasses());
  }

  /** That a training of this model can begin with these weights. */
  static void requireModel(Checkpoint checkpoint, ModelConfig model) {
    if (!checkpoint.config().equals(model)) {
      throw new IllegalArgumentException(
          "training: got a checkpoint of the model "
              + checkpoint.config()
              + " to begin with, expected "
              + model
              + "; give the training that shape, output classes and task");
    }
  }

  private static String provenanceOf(
      TrainingConfig config, Task task, ComputationPath path, Optional<Checkpoint> start) {
    Map<String, Object> details = new HashMap<>();
    details.put("task", task.title());
    details.put("questions", task.settings());
    if (task instanceof Split split) {
      details.put("split", Map.of("fraction", split.fraction(), "seed", split.seed()));
    }
    details.put("model", ShapeJson.tree(config.shape()));
    details.put("training", ConfigJson.tree(config));
    details.put("path", path);
    start.ifPresent(from -> details.put("start", from.toString()));
    if (path == ComputationPath.FAST && !MatrixProducts.areNative()) {
      details.put("products", "plain Java"); // other last digits than native ones
    }
    return Provenance.now(details).toJson();
  }

  /**
   * One update of the optimiser.
   *
   * @return loss and right answers on the batch, under the weights before the update
   * @throws TrainingDivergedException if the loss is not finite any more; the weights are left as
   *     they were
   */
  public BatchLoss step() {
    BatchLoss loss = model.lossAndGradients(batch(), Noise.of(config.seed(), epoch()));
    if (!Double.isFinite(loss.loss())) {
      throw new TrainingDivergedException(loss.loss(), epoch(), config.learningRate());
    }
    float[] gradients = model.gradients().values();
    config.filter().apply(model.config().layout(), model.parameters().values(), gradients);
    clip(gradients);
    state.update(gradients, config);
    return loss;
  }

  private void clip(float[] gradients) {
    if (config.clip() == Double.POSITIVE_INFINITY) {
      return;
    }
    double squares = 0;
    for (float gradient : gradients) {
      squares += (double) gradient * gradient;
    }
    float scale = (float) Math.min(1, config.clip() / Math.sqrt(squares));
    if (scale < 1) {
      for (int k = 0; k < gradients.length; k++) {
        gradients[k] *= scale;
      }
    }
  }

  /** What the next update learns from. */
  private Batch batch() {
    return course.training(config.seed(), epoch(), config.batchSize());
  }

  /**
   * Measures losses and accuracies, on what is trained on and on what never is, and adds the row to
   * the history; a second call at the same epoch returns the row that is there.
   */
  public History.Row evaluate() {
    if (!rows.isEmpty() && rows.get(rows.size() - 1).epoch() == epoch()) {
      return rows.get(rows.size() - 1);
    }
    Map<String, Double> examined = course.examine(student(), batch());
    List<Double> values = new ArrayList<>();
    for (String column : course.columns()) {
      Double value = examined.get(column);
      if (value == null) {
        throw new IllegalStateException(
            "training: got the measures "
                + examined.keySet()
                + " of "
                + task.title()
                + ", expected one for each of "
                + course.columns()
                + "; let the course examine all that it names");
      }
      values.add(value);
    }
    values.add(model.parameters().squaredNorm());
    values.add(seconds());
    History.Row row = new History.Row(columns, epoch(), values);
    rows.add(row);
    return row;
  }

  private Student student() {
    return new Student() {
      @Override
      public BatchLoss loss(Batch batch) {
        return model.loss(batch);
      }

      @Override
      public float[] logits(Batch batch) {
        return NativeValues.floats(model.logits(batch));
      }
    };
  }

  /** Optimiser updates done. */
  public long epoch() {
    return state.epoch();
  }

  /** What was measured so far. */
  public History history() {
    return new History(columns, rows);
  }

  /** The model, with its live weights. */
  public Transformer model() {
    return model;
  }

  /** What is trained on. */
  public Task task() {
    return task;
  }

  /**
   * The weights as they are now, with all that a probe needs.
   *
   * @throws IllegalStateException if the training keeps no account of how it came to be
   */
  public Checkpoint checkpoint() {
    if (provenance.equals(UNTOLD)) {
      throw new IllegalStateException(
          "training: a checkpoint says how it came to be, and this training does not know; begin it"
              + " with Trainer.start");
    }
    return Checkpoint.of(task, model.config(), model.parameters(), epoch(), provenance);
  }

  /** How it came to be, as JSON. */
  String provenance() {
    return provenance;
  }

  /** What it needs to go on from here. */
  OptimiserState state() {
    return state;
  }

  /** Wall-clock seconds of training, earlier sessions included. */
  public double seconds() {
    return secondsBefore + (System.nanoTime() - startNanos) / 1e9;
  }

  /** Lets threads and native memory go. */
  @Override
  public void close() {
    model.close();
  }
}
