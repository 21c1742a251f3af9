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
 * What a training needs to go on as if it had never stopped: weights, both moments of the
 * optimiser, and updates done. In a file: arrays W_E …, mean.W_E …, square.W_E … (float32) and
 * epoch (int64).
 */
final class ResumeState {
  private final Parameters parameters;
  private final float[] mean;
  private final float[] square;
  private final long epoch;

  private ResumeState(Parameters parameters, float[] mean, float[] square, long epoch) {
    this.parameters = parameters;
    this.mean = mean;
    this.square = square;
    this.epoch = epoch;
  }

  /** The state now; a copy. */
  static ResumeState of(Parameters parameters, AdamW optimiser) {
    return new ResumeState(
        parameters.copy(), optimiser.mean(), optimiser.square(), optimiser.updates());
  }

  Parameters parameters() {
    return parameters;
  }

  /** The optimiser, which takes the moments over. */
  AdamW optimiser(double beta1, double beta2, double epsilon) {
    return new AdamW(beta1, beta2, epsilon, mean, square, epoch);
  }

  long epoch() {
    return epoch;
  }

  /** Writes the file, atomically. */
  void write(Path path) {
    LinkedHashMap<String, NpyArray> arrays = ParameterArrays.of(parameters);
    ParameterArrays.put(arrays, "mean.", parameters.layout(), mean);
    ParameterArrays.put(arrays, "square.", parameters.layout(), square);
    arrays.put("epoch", NpyArray.ofLong(epoch));
    Npz.write(path, arrays);
  }

  /**
   * Reads the file.
   *
   * @throws CheckpointException if an array is missing or has another shape; the message names it
   */
  static ResumeState read(Path path, ParameterLayout layout) {
    Map<String, NpyArray> arrays = Npz.read(path);
    Parameters parameters = Parameters.zeros(layout);
    float[] mean = new float[layout.size()];
    float[] square = new float[layout.size()];
    ParameterArrays.get(path, arrays, "", layout, parameters.values());
    ParameterArrays.get(path, arrays, "mean.", layout, mean);
    ParameterArrays.get(path, arrays, "square.", layout, square);
    NpyArray epoch = arrays.get("epoch");
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
    return new ResumeState(parameters, mean, square, epoch.longs()[0]);
  }
}
