package org.grokscope.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.NpyArray;
import org.grokscope.checkpoint.Npz;
import org.grokscope.checkpoint.ParameterArrays;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;

/**
 * What a training needs to go on as if it had never stopped: weights, the named state arrays of its
 * optimiser, and updates done. In a file: arrays W_E …, of each state array, such as mean, mean.W_E
 * … (float32), epoch (int64) and optimiser (its name).
 */
final class OptimiserState {
  private final Optimiser optimiser;
  private final Parameters parameters;
  private final Map<String, float[]> arrays;
  private long epoch;

  private OptimiserState(
      Optimiser optimiser, Parameters parameters, Map<String, float[]> arrays, long epoch) {
    this.optimiser = optimiser;
    this.parameters = parameters;
    this.arrays = arrays;
    this.epoch = epoch;
  }

  /** The state before the first update. */
  static OptimiserState begin(Optimiser optimiser, Parameters parameters) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    for (String name : optimiser.state()) {
      arrays.put(name, new float[parameters.layout().size()]);
    }
    return new OptimiserState(optimiser, parameters, arrays, 0);
  }

  /** The live weights. */
  Parameters parameters() {
    return parameters;
  }

  /** Updates done. */
  long epoch() {
    return epoch;
  }

  /** One update of the weights. */
  void update(float[] gradients, TrainingConfig config) {
    double rate = config.learningRateAt(epoch);
    epoch++;
    optimiser.update(
        new Update(
            parameters.layout(),
            parameters.values(),
            gradients,
            arrays,
            epoch,
            rate,
            slot -> config.decays().of(slot, config.weightDecay())));
  }

  /** Writes the file, atomically. */
  void write(Path path) {
    LinkedHashMap<String, NpyArray> file = ParameterArrays.of(parameters);
    arrays.forEach(
        (name, values) -> ParameterArrays.put(file, name + ".", parameters.layout(), values));
    file.put("epoch", NpyArray.ofLong(epoch));
    file.put("optimiser", NpyArray.ofString(optimiser.label()));
    Npz.write(path, file);
  }

  /**
   * Reads the file.
   *
   * @throws CheckpointException if it is the state of another optimiser, or an array is missing or
   *     has another shape; the message names it
   */
  static OptimiserState read(Path path, ParameterLayout layout, Optimiser optimiser) {
    Map<String, NpyArray> file = Npz.read(path);
    NpyArray of = file.get("optimiser");
    if (of != null && !(of.isText() && of.text().equals(optimiser.label()))) {
      throw new CheckpointException(
          path
              + ": array optimiser: got the state of "
              + (of.isText() ? of.text() : of)
              + ", expected that of "
              + optimiser.label()
              + "; go on with the optimiser it began with, or delete the run to restart");
    }
    Parameters parameters = Parameters.zeros(layout);
    ParameterArrays.get(path, file, "", layout, parameters.values());
    Map<String, float[]> arrays = new LinkedHashMap<>();
    for (String name : optimiser.state()) {
      float[] values = new float[layout.size()];
      ParameterArrays.get(path, file, name + ".", layout, values);
      arrays.put(name, values);
    }
    NpyArray epoch = file.get("epoch");
    if (epoch == null || !epoch.isInteger() || epoch.size() != 1) {
      throw new CheckpointException(
          path + ": array epoch: got " + epoch + ", expected one int64; delete the run to restart");
    }
    if (epoch.longs()[0] < 0) {
      throw new CheckpointException(
          path
              + ": array epoch: got "
              + epoch.longs()[0]
              + ", expected the updates done, 0 or more; delete the run to restart");
    }
    return new OptimiserState(optimiser, parameters, arrays, epoch.longs()[0]);
  }
}
