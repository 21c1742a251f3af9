package org.grokscope.geometry;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A dictionary of features that vectors are sums of, few at a time: a sparse autoencoder.
 *
 * <p>With x the vector without the mean, divided by the root mean square length of all: codes f =
 * top<sub>k</sub>(x E + b), the k largest of them, those below 0 made 0; x̂ = f D. The rows of D
 * have length 1, the mean of |x − x̂|² is made small by Adam. This is the TopK autoencoder of Gao
 * et al. (2024), "Scaling and evaluating sparse autoencoders", without their help for features that
 * never are on.
 */
public final class SparseDictionary {
  private static final double RATE = 1e-3;
  private static final int BATCH = 1024;

  private final INDArray mean; // [1, d]
  private final double scale;
  private final INDArray encoder; // [d, m]
  private final INDArray bias; // [1, m]
  private final INDArray decoder; // [m, d], rows of length 1
  private final int active;

  private SparseDictionary(INDArray mean, double scale, INDArray decoder, int active) {
    this.mean = mean;
    this.scale = scale;
    this.decoder = decoder;
    this.encoder = decoder.transpose().dup('c');
    this.bias = Nd4j.zeros(DataType.FLOAT, 1, decoder.size(0));
    this.active = active;
  }

  /**
   * A dictionary learnt from vectors.
   *
   * @param vectors [n, d]
   * @param features m
   * @param active k, how many are on at a time at most
   * @param passes over the vectors
   * @param seed of the first features and of the order
   * @throws IllegalArgumentException unless 1 ≤ k ≤ m, and there are at least two vectors that
   *     differ
   */
  public static SparseDictionary learn(
      INDArray vectors, int features, int active, int passes, long seed) {
    if (active < 1 || active > features || passes < 1) {
      throw new IllegalArgumentException(
          "dictionary: got "
              + features
              + " features, "
              + active
              + " on at a time and "
              + passes
              + " passes, expected 1 ≤ on ≤ features and at least one pass; try 384, 16 and 20");
    }
    INDArray mean = vectors.castTo(DataType.DOUBLE).mean(true, 0);
    INDArray centred = vectors.castTo(DataType.DOUBLE).subRowVector(mean);
    double scale = centred.norm2Number().doubleValue() / Math.sqrt(centred.size(0));
    if (!(scale > 0)) {
      throw new IllegalArgumentException(
          "dictionary: got "
              + vectors.size(0)
              + " vectors that are all alike, expected some that differ; read more texts");
    }
    Random random = new Random(seed);
    double[] first = random.doubles((long) features * vectors.size(1), -1, 1).toArray();
    INDArray rows =
        Nd4j.createFromArray(first).reshape(features, vectors.size(1)).castTo(DataType.FLOAT);
    SparseDictionary dictionary =
        new SparseDictionary(mean.castTo(DataType.FLOAT), scale, normalised(rows), active);
    dictionary.fit(centred.divi(scale).castTo(DataType.FLOAT), passes, random);
    return dictionary;
  }

  private void fit(INDArray x, int passes, Random random) {
    Adam forEncoder = new Adam(encoder);
    Adam forBias = new Adam(bias);
    Adam forDecoder = new Adam(decoder);
    int n = (int) x.size(0);
    int d = (int) x.size(1);
    float[] all = x.dup('c').data().asFloat();
    int[] order = IntStream.range(0, n).toArray();
    for (int pass = 0; pass < passes; pass++) {
      shuffle(order, random);
      for (int from = 0; from < n; from += BATCH) {
        INDArray some = rows(all, d, order, from, Math.min(from + BATCH, n));
        INDArray codes = sparse(some);
        INDArray error = codes.mmul(decoder).subi(some).muli(2.0 / some.size(0));
        INDArray back = error.mmul(decoder.transpose()).muli(codes.gt(0).castTo(DataType.FLOAT));
        INDArray ofDecoder = codes.transpose().mmul(error);
        forEncoder.step(some.transpose().mmul(back));
        forBias.step(back.sum(true, 0));
        forDecoder.step(ofDecoder);
        decoder.assign(normalised(decoder));
      }
    }
  }

  /** Rows order[from] … order[to − 1], copied at once. */
  private static INDArray rows(float[] all, int d, int[] order, int from, int to) {
    float[] chosen = new float[(to - from) * d];
    for (int i = from; i < to; i++) {
      System.arraycopy(all, order[i] * d, chosen, (i - from) * d, d);
    }
    return Nd4j.createFromArray(chosen).reshape('c', to - from, d);
  }

  /** The k largest of x E + b in every row, those below 0 made 0; [n, m]. */
  private INDArray sparse(INDArray x) {
    INDArray all = x.mmul(encoder).addiRowVector(bias);
    int m = (int) all.size(1);
    float[] values = all.dup('c').data().asFloat();
    float[] sorted = new float[m];
    for (int row = 0; row < values.length; row += m) {
      System.arraycopy(values, row, sorted, 0, m);
      Arrays.sort(sorted);
      float least = sorted[m - active];
      for (int j = row; j < row + m; j++) {
        values[j] = values[j] >= least && values[j] > 0 ? values[j] : 0;
      }
    }
    return Nd4j.createFromArray(values).reshape('c', x.size(0), m);
  }

  private INDArray scaled(INDArray vectors) {
    return vectors.castTo(DataType.FLOAT).subRowVector(mean).divi(scale);
  }

  private static INDArray normalised(INDArray rows) {
    return rows.divColumnVector(rows.norm2(true, 1));
  }

  private static void shuffle(int[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
  }

  /**
   * How much of every feature there is in vectors.
   *
   * @param vectors [n, d]
   * @return [n, m], at least 0, at most k of a row above it
   */
  public INDArray codes(INDArray vectors) {
    return sparse(scaled(vectors));
  }

  /**
   * The share of the variance of vectors that their codes give back: 1 − Σ |x − x̂|² / Σ |x|², both
   * about the mean that was learnt.
   */
  public double explained(INDArray vectors) {
    INDArray x = scaled(vectors);
    double left = sparse(x).mmul(decoder).subi(x).norm2Number().doubleValue();
    double all = x.norm2Number().doubleValue();
    return 1 - left * left / (all * all);
  }

  /** The directions of the features, [m, d], each of length 1. */
  public INDArray directions() {
    return decoder.dup();
  }

  /** Adam, betas .9 and .999, of one array. */
  private static final class Adam {
    private static final double FIRST = 0.9;
    private static final double SECOND = 0.999;
    private final INDArray values;
    private final INDArray mean;
    private final INDArray square;
    private int steps;

    Adam(INDArray values) {
      this.values = values;
      this.mean = values.like();
      this.square = values.like();
    }

    void step(INDArray gradient) {
      steps++;
      mean.muli(FIRST).addi(gradient.mul(1 - FIRST));
      square.muli(SECOND).addi(gradient.mul(gradient).muli(1 - SECOND));
      double rate = RATE * Math.sqrt(1 - Math.pow(SECOND, steps)) / (1 - Math.pow(FIRST, steps));
      INDArray length = Transforms.sqrt(square, true).addi(1e-8);
      values.subi(mean.div(length).muli(rate));
    }
  }

  @Override
  public String toString() {
    return decoder.size(0) + " features of " + decoder.size(1) + ", " + active + " on at a time";
  }
}
