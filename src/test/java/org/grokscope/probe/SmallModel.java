package org.grokscope.probe;

import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.RandomStream;

/** Small models with random weights, which have learnt nothing. */
final class SmallModel {
  static final ModelShape SHAPE = ModelShape.uniform(1, 8, 2, 4, 12, Activation.RELU, false, true);

  private SmallModel() {}

  /** One layer of 12 ReLU neurons modulo 7. */
  static Checkpoint of(Operation operation) {
    return of(SHAPE, OperationTable.of(operation, 7));
  }

  /** Weights of standard deviation 0.5, none zero. */
  static Checkpoint of(ModelShape shape, OperationTable task) {
    ModelConfig config = new ModelConfig(shape, task.vocabulary(), task.p() + 1, task.length());
    Parameters parameters = Parameters.zeros(config.layout());
    RandomStream random = RandomStream.of(5, "probed model");
    float[] values = parameters.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.5 * random.nextGaussian());
    }
    return Checkpoint.of(task.split(0.4, 0), config, parameters, 3, "{}");
  }
}
