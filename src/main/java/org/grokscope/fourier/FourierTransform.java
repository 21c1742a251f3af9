package org.grokscope.fourier;

import java.util.Arrays;
import java.util.Objects;
import org.jtransforms.fft.DoubleFFT_1D;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The discrete Fourier transform along any axis of an array, for any length, primes too
 * (JTransforms computes those by Bluestein's algorithm).
 *
 * <p>Coefficients are real and stand in the order of {@link FourierBasis}: const, cos1, sin1, cos2,
 * sin2 …, so a transformed array has the shape of the original. Every convention is in the {@link
 * Normalisation}, which has no default. Immutable.
 */
public final class FourierTransform {

  /** What a coefficient means. */
  public enum Normalisation {
    /**
     * Coefficients of unit vectors, those of F·x with {@link FourierBasis}: Σ x² is the sum of
     * their squares. For energies.
     */
    ORTHONORMAL,
    /**
     * Coefficients of the waves themselves: x<sub>t</sub> = c + Σ<sub>k</sub> α<sub>k</sub>
     * cos(2πkt/n) + β<sub>k</sub> sin(2πkt/n). For reading waves.
     */
    AMPLITUDE
  }

  private final int n;
  private final Normalisation normalisation;
  private final DoubleFFT_1D fft;

  private FourierTransform(int n, Normalisation normalisation) {
    this.n = n;
    this.normalisation = normalisation;
    this.fft = new DoubleFFT_1D(n);
  }

  /**
   * The transform of a length.
   *
   * @throws IllegalArgumentException if n is below 2
   */
  public static FourierTransform of(int n, Normalisation normalisation) {
    Objects.requireNonNull(normalisation, "normalisation");
    if (n < 2) {
      throw new IllegalArgumentException("Fourier transform: got n = " + n + ", expected n ≥ 2");
    }
    return new FourierTransform(n, normalisation);
  }

  /**
   * The coefficients along one axis.
   *
   * @param x of length n along that axis, any precision
   * @param axis from 0; −1 is the last
   * @return the same shape in float64
   * @throws IllegalArgumentException if there is no such axis or it has another length
   */
  public INDArray along(INDArray x, int axis) {
    return eachLine(x, axis, this::forward);
  }

  /**
   * The array that has these coefficients along one axis: undoes {@link #along}.
   *
   * @throws IllegalArgumentException if there is no such axis or it has another length
   */
  public INDArray back(INDArray coefficients, int axis) {
    return eachLine(coefficients, axis, this::inverse);
  }

  /**
   * The coefficients over Z<sub>n</sub>×Z<sub>n</sub>, along two axes one after the other; entry
   * (i, j) belongs to the product of row i of the basis over the first and row j over the second.
   *
   * @throws IllegalArgumentException if an axis does not exist, has another length, or both are one
   */
  public INDArray alongBoth(INDArray x, int first, int second) {
    int rank = x.rank();
    if (Math.floorMod(first, rank) == Math.floorMod(second, rank)) {
      throw new IllegalArgumentException(
          "Fourier transform: got the axis " + first + " twice, expected two axes");
    }
    return along(along(x, first), second);
  }

  /** Overwrites a line of n numbers by its coefficients. */
  void forward(double[] line) {
    fft.realForward(line); // packed: Re 0, [Im or Re of n/2], Re 1, Im 1, Re 2, Im 2 …
    double second = line[1];
    for (int row = 1; row < n - 1; row++) {
      line[row] = line[row + 1];
    }
    // of odd lengths the imaginary part of the highest frequency stood second
    line[n - 1] = second;
    for (int row = 0; row < n; row++) {
      line[row] *= scale(row) / n * (row > 0 && row % 2 == 0 ? -1 : 1); // Im = −Σ x sin
    }
  }

  /** Overwrites n coefficients by the line that has them. */
  void inverse(double[] line) {
    for (int row = 0; row < n; row++) {
      line[row] *= n / scale(row) * (row > 0 && row % 2 == 0 ? -1 : 1);
    }
    double last = line[n - 1];
    for (int row = n - 1; row > 1; row--) {
      line[row] = line[row - 1];
    }
    line[1] = last;
    fft.realInverse(line, true);
  }

  /** n times the factor that turns Σ x·wave into the coefficient of a row. */
  private double scale(int row) {
    boolean alone = row == 0 || (row == n - 1 && n % 2 == 0); // no sine beside it
    return switch (normalisation) {
      case ORTHONORMAL -> Math.sqrt(alone ? n : 2.0 * n);
      case AMPLITUDE -> alone ? 1 : 2;
    };
  }

  private interface Line {
    void overwrite(double[] line);
  }

  private INDArray eachLine(INDArray x, int axis, Line transform) {
    long[] shape = x.shape();
    int at = axis < 0 ? axis + shape.length : axis;
    if (at < 0 || at >= shape.length || shape[at] != n) {
      throw new IllegalArgumentException(
          "Fourier transform: got shape "
              + Arrays.toString(shape)
              + " and axis "
              + axis
              + ", expected an axis of length "
              + n);
    }
    int inner = 1;
    for (int i = at + 1; i < shape.length; i++) {
      inner = Math.multiplyExact(inner, Math.toIntExact(shape[i]));
    }
    double[] values = x.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    double[] line = new double[n];
    for (int block = 0; block < values.length; block += n * inner) {
      for (int j = 0; j < inner; j++) {
        for (int t = 0; t < n; t++) {
          line[t] = values[block + t * inner + j];
        }
        transform.overwrite(line);
        for (int t = 0; t < n; t++) {
          values[block + t * inner + j] = line[t];
        }
      }
    }
    return Nd4j.create(values, shape, 'c');
  }
}
