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
   * Random initial weights, as the shape's {@link ModelShape.Initial} says.
   *
   * @param config the model
   * @param seed of the draw; equal arguments give equal weights for ever
   */
  public static Parameters initial(ModelConfig config, long seed) {
    Parameters parameters = zeros(config.layout());
    RandomStream random = RandomStream.of(seed, "weights");
    ModelShape shape = config.shape();
    for (ParameterLayout.Slot slot : parameters.layout.slots()) {
      String name = slot.name();
      String kind = name.substring(name.lastIndexOf('.') + 1);
      if (kind.startsWith("W_")) {
        parameters.draw(name, deviation(config, layerOf(shape, name), kind), random);
      } else if (kind.equals("w")) {
        parameters.fill(name, 1);
      } else if (kind.equals("sink")) {
        parameters.fill(name, layerOf(shape, name).sink());
      }
    }
    return parameters;
  }

  /** The layer that a parameter belongs to; the first for one of no layer. */
  private static LayerShape layerOf(ModelShape shape, String name) {
    String prefix = "blocks.";
    if (!name.startsWith(prefix)) {
      return shape.layers().get(0);
    }
    int end = name.indexOf('.', prefix.length());
    return shape.layers().get(Integer.parseInt(name.substring(prefix.length(), end)));
  }

  /** The standard deviation of the initial entries of a matrix. */
  private static double deviation(ModelConfig config, LayerShape layer, String kind) {
    double ofStream = 1 / Math.sqrt(config.shape().dModel());
    if (config.shape().initial() == ModelShape.Initial.BY_MODEL_WIDTH) {
      return kind.equals("W_U") ? 1 / Math.sqrt(config.outputs()) : ofStream;
    }
    return switch (kind) {
      case "W_E", "W_pos" -> 0.1;
      case "W_V" -> layer.valueGain() * ofStream;
      case "W_O" -> 0.7 / Math.sqrt(layer.heads() * layer.dHead());
      case "W_out" -> 0.7 / Math.sqrt(layer.dMlp());
      default -> ofStream;
    };
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
