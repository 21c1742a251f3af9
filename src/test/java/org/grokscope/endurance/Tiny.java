package org.grokscope.endurance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.task.View;

/** Models, sweeps and notebooks that take milliseconds. */
public final class Tiny {
  /** Six runs of 120 epochs. */
  static final String SWEEP =
      """
      {"base": {"p": 7, "fraction": 0.6, "epochs": 120, "d_model": 8, "heads": 2, "d_mlp": 16,
                "checkpoints": 40},
       "grid": {"seed": [0, 1, 2], "weight_decay": [0.5, 1.0]}}
      """;

  private static final ModelShape SHAPE =
      ModelShape.nanda2023().withDModel(8).withHeads(2).withDMlp(16);

  private Tiny() {}

  /** A checkpoint modulo 7 that nobody has trained. */
  public static Checkpoint checkpoint(long epoch) {
    Split split = ModularAddition.mod(7).split(0.5, 0);
    ModelConfig config = new ModelConfig(SHAPE, 8, 8, 3);
    return Checkpoint.of(split, config, Parameters.initial(config, epoch), epoch, "{}");
  }

  /** A checkpoint of a model that reads lines, which nobody has trained. */
  public static Checkpoint ofLines() {
    LineBreaking task = LineBreaking.box();
    ModelShape shape =
        ModelShape.reading(
            4,
            List.of(
                LayerShape.attention(View.OWN_LINE, 2, 2, 3).withSink(3.5, 3),
                LayerShape.attention(View.HEADER, 1, 4, 0).withSlopes(0.5)));
    ModelConfig config = ModelConfig.of(shape, task, 0);
    return Checkpoint.of(task, config, Parameters.initial(config, 0), 10, "{\"task\": \"lines\"}");
  }

  /** A checkpoint of three operands, whose model is described too. */
  public static Checkpoint ofThreeOperands() {
    Split split = OperationTable.sum(3, 3).split(0.5, 0);
    ModelConfig config = ModelConfig.of(SHAPE.withPositions(false), split, 1);
    return Checkpoint.of(split, config, Parameters.initial(config, 0), 10, "{}");
  }

  /** A sweep of one run of one epoch. */
  public static String oneRun() {
    return """
    {"base": {"p": 7, "fraction": 0.6, "epochs": 1, "d_model": 8, "heads": 2, "d_mlp": 16},
     "rows": [{"seed": 3, "weight_decay": 0.5, "learning_rate": 1e-3, "batch_size": 4,
               "evaluation": {"every": 10, "dense_until": 2, "powers_of_two": true}}]}
    """;
  }

  /** Some of them in a folder, 10 epochs from one to the next. */
  static List<Path> checkpoints(Path folder, int count) {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(CheckpointStore.in(folder).save(checkpoint(10L * i)));
    }
    return files;
  }

  /** A notebook that trains one model. */
  static Map<String, Object> notebook() {
    List<Map<String, Object>> cells = new ArrayList<>();
    for (String source :
        List.of(
            "%load ../environment/grokscope.jshell",
            "Notebook.start();",
            "var config = TrainingConfig.nanda2023().withEpochs(150);\n"
                + "Trainer.of(config).threads(1).train(ModularAddition.mod(7).split(0.5, 0))")) {
      cells.add(
          Map.of(
              "cell_type",
              "code",
              "id",
              "cell-" + cells.size(),
              "metadata",
              Map.of(),
              "outputs",
              List.of(),
              "source",
              source));
    }
    return Map.of("cells", cells, "metadata", Map.of(), "nbformat", 4, "nbformat_minor", 5);
  }
}
