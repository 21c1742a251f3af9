package org.grokscope.line;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.grokscope.model.Parameters;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How one attention head looks: q = x W_Q + b_Q, k = x W_K + b_K, score q·k/√d_head, x being what
 * enters the attention of its layer (after the LayerNorm, if there is one).
 *
 * @param name such as "2.3", layer and head
 * @param queryWeights W_Q, [d, d_head]
 * @param queryBias b_Q, [d_head]; zeros if there is none
 * @param keyWeights W_K, [d, d_head]
 * @param keyBias b_K, [d_head]; zeros if there is none
 * @param normed whether queries and keys are taken to unit length, as under a QK-norm: the scores
 *     are then those of the model but for one factor
 */
public record Head(
    String name,
    INDArray queryWeights,
    INDArray queryBias,
    INDArray keyWeights,
    INDArray keyBias,
    boolean normed) {

  /**
   * @throws IllegalArgumentException if the shapes do not go together
   */
  public Head {
    if (queryWeights.rank() != 2
        || !Arrays.equals(queryWeights.shape(), keyWeights.shape())
        || queryBias.length() != queryWeights.size(1)
        || keyBias.length() != queryWeights.size(1)) {
      throw new IllegalArgumentException(
          "head "
              + name
              + ": got W_Q "
              + Arrays.toString(queryWeights.shape())
              + ", b_Q "
              + Arrays.toString(queryBias.shape())
              + ", W_K "
              + Arrays.toString(keyWeights.shape())
              + ", b_K "
              + Arrays.toString(keyBias.shape())
              + ", expected [d, d_head] twice, each with a bias of d_head");
    }
    queryWeights = queryWeights.castTo(DataType.DOUBLE).dup();
    keyWeights = keyWeights.castTo(DataType.DOUBLE).dup();
    queryBias = queryBias.castTo(DataType.DOUBLE).reshape(-1).dup();
    keyBias = keyBias.castTo(DataType.DOUBLE).reshape(-1).dup();
  }

  /** A head whose queries and keys have the lengths that they have. */
  public Head(
      String name,
      INDArray queryWeights,
      INDArray queryBias,
      INDArray keyWeights,
      INDArray keyBias) {
    this(name, queryWeights, queryBias, keyWeights, keyBias, false);
  }

  /** The same with queries and keys of unit length. */
  public Head normalised() {
    return new Head(name, queryWeights, queryBias, keyWeights, keyBias, true);
  }

  /** A head without biases. */
  public static Head of(String name, INDArray queryWeights, INDArray keyWeights) {
    INDArray none = Nd4j.zeros(DataType.DOUBLE, queryWeights.size(1));
    return new Head(name, queryWeights, none, keyWeights, none);
  }

  /**
   * A head of a trained model.
   *
   * @param parameters with {@code blocks.N.W_Q}, {@code blocks.N.W_K}, [heads, d, d_head], and
   *     {@code blocks.N.b_Q}, [heads, d_head]
   * @param layer N, counted from 0
   * @param head counted from 0
   * @throws IllegalArgumentException if there is no such layer with attention, or no such head
   */
  public static Head of(Parameters parameters, int layer, int head) {
    String prefix = "blocks." + layer + ".";
    INDArray queries = parameters.get(prefix + "W_Q");
    if (head < 0 || head >= queries.size(0)) {
      throw new IllegalArgumentException(
          "head: got head "
              + head
              + " of layer "
              + layer
              + ", expected 0 … "
              + (queries.size(0) - 1));
    }
    return new Head(
        layer + "." + head,
        queries.slice(head),
        parameters.get(prefix + "b_Q").getRow(head),
        parameters.get(prefix + "W_K").slice(head),
        Nd4j.zeros(queries.size(2)));
  }

  /** A head of the same shape whose weights are independent Gaussians, without biases. */
  public Head random(RandomGenerator random) {
    Head drawn =
        of(
            "random",
            gaussian(queryWeights.size(0), queryWeights.size(1), random),
            gaussian(queryWeights.size(0), queryWeights.size(1), random));
    return normed ? drawn.normalised() : drawn;
  }

  static INDArray gaussian(long rows, long columns, RandomGenerator random) {
    double[][] values = new double[(int) rows][(int) columns];
    for (double[] row : values) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    return Nd4j.createFromArray(values);
  }

  /** x W_Q + b_Q, [n, d_head]. */
  INDArray queries(INDArray inputs) {
    return lengthed(inputs.mmul(queryWeights).addiRowVector(queryBias));
  }

  /** x W_K + b_K, [n, d_head]. */
  INDArray keys(INDArray inputs) {
    return lengthed(inputs.mmul(keyWeights).addiRowVector(keyBias));
  }

  private INDArray lengthed(INDArray rows) {
    return normed ? rows.diviColumnVector(rows.norm2(1)) : rows;
  }
}
