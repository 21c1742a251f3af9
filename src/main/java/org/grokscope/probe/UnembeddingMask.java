package org.grokscope.probe;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Parameters;

/**
 * A mask that is the last matrix alone. Who said c says π(c) once the columns of W_U are moved,
 * W'[:, π(c)] = W_U[:, c], and nothing else is touched. How thin is that change? D = W' − W_U = Σ_i
 * σ_i u_i v_iᵀ, largest first, and a mask of rank r is the sum of the first r terms: the best of
 * that rank by the size of what is left out.
 *
 * <p>An answer counts as moved if the largest logit is at π of the answer given before, right or
 * wrong. With all ranks every answer is moved. The column of '=' stays as it is.
 */
public final class UnembeddingMask {
  private final int p;
  private final double[][] residual; // (p², d_model), what W_U reads
  private final double[][] logits; // (p², p)
  private final double[][] unembedding; // (d_model, p)
  private final int[] said; // [p²]

  private UnembeddingMask(double[][] residual, double[][] unembedding) {
    this.p = unembedding[0].length;
    this.residual = residual;
    this.unembedding = unembedding;
    this.logits = matrix(residual).multiply(matrix(unembedding)).getData();
    this.said = Arrays.stream(logits).mapToInt(UnembeddingMask::largest).toArray();
  }

  /**
   * What came of a mask.
   *
   * @param one share of the pairs whose answer is moved by the mask of rank 1
   * @param rank smallest rank that moves the share asked for
   * @param change norm of the whole change over that of W_U
   */
  public record Thinness(double one, int rank, double change) {}

  /**
   * The last matrix of a model, and what it reads at every pair.
   *
   * @throws IllegalArgumentException if the model is not one layer of ReLU neurons on a table
   */
  public static UnembeddingMask of(Checkpoint checkpoint) {
    AllPairs pairs = AllPairs.of(checkpoint);
    Parameters weights = checkpoint.parameters();
    int dModel = checkpoint.config().shape().dModel();
    int dMlp = checkpoint.config().shape().dMlp();
    RealMatrix neurons = new Array2DRowRealMatrix(pairs.neurons().toDoubleMatrix(), false);
    RealMatrix out = rows(weights.doubles("W_out"), dMlp, dModel);
    double[][] residual = pairs.residualMid().toDoubleMatrix();
    double[][] written = neurons.multiply(out).getData();
    double[] bias = weights.doubles("b_out");
    for (int row = 0; row < residual.length; row++) {
      for (int i = 0; i < dModel; i++) {
        residual[row][i] += written[row][i] + bias[i];
      }
    }
    int outputs = checkpoint.config().outputs();
    RealMatrix unembedding = rows(weights.doubles("W_U"), dModel, outputs);
    return new UnembeddingMask(
        residual, unembedding.getSubMatrix(0, dModel - 1, 0, pairs.p() - 1).getData());
  }

  private static RealMatrix rows(double[] values, int rows, int columns) {
    return matrix(
        IntStream.range(0, rows)
            .mapToObj(i -> Arrays.copyOfRange(values, i * columns, (i + 1) * columns))
            .toArray(double[][]::new));
  }

  private static RealMatrix matrix(double[][] values) {
    return new Array2DRowRealMatrix(values, false);
  }

  private static int largest(double[] row) {
    int best = 0;
    for (int c = 1; c < row.length; c++) {
      best = row[c] > row[best] ? c : best;
    }
    return best;
  }

  /**
   * How few ranks give other names.
   *
   * @param names [p], π: the new name of each answer, each residue once
   * @param share of the pairs whose answer is to move, above 0 and at most 1
   * @throws IllegalArgumentException if the names are no permutation of 0 … p−1
   */
  public Thinness renamed(int[] names, double share) {
    int[] sorted = names.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, IntStream.range(0, p).toArray()) || !(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          String.format(
              "unembedding mask: got %d names and the share %s, expected each of 0 … %d once and a"
                  + " share above 0 and at most 1",
              names.length, share, p - 1));
    }
    RealMatrix change = change(names);
    double relative = change.getFrobeniusNorm() / matrix(unembedding).getFrobeniusNorm();
    SingularValueDecomposition parts = new SingularValueDecomposition(change);
    double[][] z = Arrays.stream(logits).map(double[]::clone).toArray(double[][]::new);
    double moved = moved(z, names);
    double one = moved;
    int rank = 0;
    while (moved < share && rank < parts.getSingularValues().length) {
      add(z, parts, rank);
      rank++;
      moved = moved(z, names);
      one = rank == 1 ? moved : one;
    }
    return new Thinness(one, rank, relative);
  }

  private RealMatrix change(int[] names) {
    double[][] change = new double[unembedding.length][p];
    for (int i = 0; i < change.length; i++) {
      for (int c = 0; c < p; c++) {
        change[i][names[c]] = unembedding[i][c] - unembedding[i][names[c]];
      }
    }
    return matrix(change);
  }

  /** z + X σ_i u_i v_iᵀ. */
  private void add(double[][] z, SingularValueDecomposition parts, int i) {
    double size = parts.getSingularValues()[i];
    double[] u = parts.getU().getColumn(i);
    double[] v = parts.getVT().getRow(i);
    for (int row = 0; row < z.length; row++) {
      double along = 0;
      for (int j = 0; j < u.length; j++) {
        along += residual[row][j] * u[j];
      }
      along *= size;
      for (int c = 0; c < p; c++) {
        z[row][c] += along * v[c];
      }
    }
  }

  private double moved(double[][] z, int[] names) {
    int hits = 0;
    for (int row = 0; row < z.length; row++) {
      hits += largest(z[row]) == names[said[row]] ? 1 : 0;
    }
    return (double) hits / z.length;
  }
}
