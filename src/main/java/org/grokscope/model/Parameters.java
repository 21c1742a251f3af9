package org.grokscope.model;

import java.util.Arrays;
import org.grokscope.task.RandomStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Values for a {@link ParameterLayout}, in float32: a model's weights, or their gradients. */
public final class Parameters {
  private final ParameterLayout layout;
  private final float[] values; // [layout.size()]

  private Parameters(ParameterLayout layout, float[] values) {
    this.layout = layout;
    this.values = values;
  }

  /** All zero. */
  public static Parameters zeros(ParameterLayout layout) {
    return new Parameters(layout, new float[layout.size()]);
  }

  /**
   * Random initial weights as in the code published with Nanda et al. (2023): normal with standard
   * deviation 1/√d_model, W_U with 1/√outputs; biases zero, LayerNorm scales one.
   *
   * @param config the model
   * @param seed of the draw; equal arguments give equal weights for ever
   */
  public static Parameters initial(ModelConfig config, long seed) {
    Parameters parameters = zeros(config.layout());
    RandomStream random = RandomStream.of(seed, "weights");
    for (ParameterLayout.Slot slot : parameters.layout.slots()) {
      int from = slot.offset();
      int to = from + slot.length();
      if (slot.name().contains("ln")) {
        Arrays.fill(parameters.values, from, to, slot.name().endsWith(".w") ? 1f : 0f);
      } else if (slot.shape().size() > 1) {
        int fan = slot.name().equals("W_U") ? config.outputs() : config.shape().dModel();
        double scale = 1 / Math.sqrt(fan);
        for (int i = from; i < to; i++) {
          parameters.values[i] = (float) (scale * random.nextGaussian());
        }
      }
    }
    return parameters;
  }

  /**
   * Random initial weights of a model that reads lines, as in our exploration: normal with standard
   * deviation 0.1 for W_E and 1/√(width read) else, W_O and W_out 0.7 times that and W_V times its
   * layer's gain; sinks at their initial value, biases zero, LayerNorm scales one.
   *
   * @param seed of the draw; equal arguments give equal weights for ever
   */
  public static Parameters initial(ReaderConfig config, long seed) {
    Parameters parameters = zeros(config.layout());
    RandomStream random = RandomStream.of(seed, "weights");
    parameters.draw("W_E", 0.1, random);
    for (int n = 0; n < config.layers().size(); n++) {
      ReaderLayer layer = config.layers().get(n);
      String prefix = "blocks." + n + ".";
      double ofStream = 1 / Math.sqrt(config.dModel());
      if (layer.attends()) {
        parameters.fill(prefix + "ln1.w", 1);
        parameters.draw(prefix + "W_Q", ofStream, random);
        parameters.draw(prefix + "W_K", ofStream, random);
        parameters.draw(prefix + "W_V", layer.valueGain() * ofStream, random);
        parameters.draw(prefix + "W_O", 0.7 / Math.sqrt(layer.heads() * layer.dHead()), random);
        if (layer.hasSink()) {
          parameters.fill(prefix + "sink", layer.sink());
        }
      }
      if (layer.dMlp() > 0) {
        parameters.fill(prefix + "ln2.w", 1);
        parameters.draw(prefix + "W_in", ofStream, random);
        parameters.draw(prefix + "W_out", 0.7 / Math.sqrt(layer.dMlp()), random);
      }
    }
    parameters.fill("ln_final.w", 1);
    parameters.draw("W_U", 1 / Math.sqrt(config.dModel()), random);
    return parameters;
  }

  private void draw(String name, double scale, RandomStream random) {
    ParameterLayout.Slot slot = layout.slot(name);
    for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
  }

  private void fill(String name, double value) {
    ParameterLayout.Slot slot = layout.slot(name);
    Arrays.fill(values, slot.offset(), slot.offset() + slot.length(), (float) value);
  }

  /** Names, shapes and offsets. */
  public ParameterLayout layout() {
    return layout;
  }

  /**
   * One parameter as an array of its own, in its shape; changing it does not change this.
   *
   * @param name such as {@code W_E}
   */
  public INDArray get(String name) {
    ParameterLayout.Slot slot = layout.slot(name);
    float[] part = Arrays.copyOfRange(values, slot.offset(), slot.offset() + slot.length());
    return Nd4j.create(part, slot.dimensions(), 'c');
  }

  /** One parameter in float64, row-major, [length]; a copy. */
  public double[] doubles(String name) {
    ParameterLayout.Slot slot = layout.slot(name);
    double[] wide = new double[slot.length()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[slot.offset() + i];
    }
    return wide;
  }

  /**
   * Overwrites one parameter.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public void set(String name, INDArray value) {
    ParameterLayout.Slot slot = layout.slot(name);
    if (!Arrays.equals(value.shape(), slot.dimensions())) {
      throw new IllegalArgumentException(
          "parameter "
              + name
              + ": got shape "
              + Arrays.toString(value.shape())
              + ", expected "
              + slot.shapeText());
    }
    float[] part = value.castTo(DataType.FLOAT).dup('c').data().asFloat();
    System.arraycopy(part, 0, values, slot.offset(), part.length);
  }

  /**
   * The live flat storage, [layout.size()], for optimisers, checkpoints and kernels; in a notebook
   * use {@link #get(String)}.
   */
  public float[] values() {
    return values;
  }

  /**
   * A copy in which some parameters are those of another model of the same layout: a transplant.
   *
   * @param donor whose parameters are taken
   * @param names of the parameters taken, such as {@code W_U}
   * @throws IllegalArgumentException if the layouts differ or there is no such parameter
   */
  public Parameters with(Parameters donor, String... names) {
    requireSameLayout(donor);
    Parameters mixed = copy();
    for (String name : names) {
      ParameterLayout.Slot slot = layout.slot(name);
      System.arraycopy(donor.values, slot.offset(), mixed.values, slot.offset(), slot.length());
    }
    return mixed;
  }

  /** An independent copy. */
  public Parameters copy() {
    return new Parameters(layout, values.clone());
  }

  /**
   * Overwrites everything with the values of {@code other}.
   *
   * @throws IllegalArgumentException if the layouts differ
   */
  public void copyFrom(Parameters other) {
    requireSameLayout(other);
    System.arraycopy(other.values, 0, values, 0, values.length);
  }

  private void requireSameLayout(Parameters other) {
    if (!layout.equals(other.layout)) {
      throw new IllegalArgumentException(
          "parameters: got the layout " + other.layout.slots() + ", expected " + layout.slots());
    }
  }

  /** Σ of the squares of every entry, in double. */
  public double squaredNorm() {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }
}
