package org.grokscope.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineVocabulary;
import org.grokscope.task.TokenKind;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;

/**
 * One training step of a model that breaks lines, on its fast path and in PyTorch: same model, same
 * initial weights, same documents in the first step, clipping and optimiser on both sides. Ours
 * draws new documents in every step, PyTorch takes a few batches made beforehand in turn.
 */
final class LineContest implements AutoCloseable {
  private static final int BATCHES = 8; // that PyTorch takes in turn
  private static final int WARM_UP_STEPS = 150; // HotSpot compiles the loops
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String mode;
  private final LineBreaking task;
  private final TrainingConfig config;
  private final Training fast;

  /**
   * @param mode of the command line, such as {@code box-header}
   */
  LineContest(String mode, int threads) {
    this.mode = mode;
    task = LineBreaking.named(mode);
    config = TrainingConfig.lines(task);
    fast = Trainer.of(config).threads(threads).start(task);
  }

  /** What it is called in PyTorch's process and in messages. */
  String name() {
    return "line-" + mode;
  }

  /** Writes what PyTorch's process has to know; before the first step. */
  Path describe(Path folder) {
    Path weights = folder.resolve(mode + ".npz");
    Path description = folder.resolve(mode + ".json");
    fast.checkpoint().save(weights);
    LineVocabulary vocabulary = task.corpus().vocabulary();
    ObjectNode root = JSON.createObjectNode();
    root.put("mode", mode);
    root.put("weights", weights.toString());
    root.put("length", task.length());
    root.put("newline", vocabulary.newline());
    int labels = vocabulary.count(TokenKind.LABEL);
    int first = labels == 0 ? 0 : vocabulary.token(TokenKind.LABEL, 0);
    root.putArray("labels").add(first).add(first + labels);
    root.put("learningRate", config.learningRate());
    root.put("steps", config.epochs());
    ArrayNode parameters = root.putArray("parameters");
    for (ParameterLayout.Slot slot : fast.model().config().layout().slots()) {
      parameters.add(slot.name());
    }
    fast.model()
        .config()
        .shape()
        .layers()
        .forEach(layer -> root.withArray("/layers").add(json(layer)));
    for (int step = 0; step < BATCHES; step++) {
      LineBatch batch = task.corpus().training(config.seed(), step, config.batchSize());
      root.withArray("/batches").add(json(batch));
    }
    try {
      Files.writeString(description, root.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("bench: cannot write to " + folder, e);
    }
    return description;
  }

  private static ObjectNode json(LayerShape layer) {
    ObjectNode node = JSON.createObjectNode();
    node.put("view", layer.view().name());
    node.put("heads", layer.heads());
    node.put("dMlp", layer.dMlp());
    node.put("sink", layer.hasSink());
    ArrayNode slopes = node.putArray("slopes");
    layer.slopes().forEach(slopes::add);
    return node;
  }

  private static ObjectNode json(LineBatch batch) {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode tokens = node.putArray("tokens");
    Arrays.stream(batch.tokens()).forEach(tokens::add);
    ArrayNode targets = node.putArray("targets");
    Arrays.stream(batch.targets()).forEach(targets::add);
    ArrayNode weights = node.putArray("weights");
    Arrays.stream(batch.weights()).forEach(weights::add);
    return node;
  }

  /** The loss before the first update. */
  double firstLoss() {
    return fast.step().loss();
  }

  /** Steps until the loops are compiled. */
  void warmUp(int rounds) {
    steps(Turns.warmUp(WARM_UP_STEPS, rounds));
  }

  /** Milliseconds of each of the next steps. */
  List<Double> steps(int count) {
    return BenchResult.milliseconds(count, fast::step);
  }

  @Override
  public void close() {
    fast.close();
  }
}
