package org.grokscope.fourier;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The orthonormal real Fourier basis of Z<sub>n</sub>, as a matrix F [n, n] whose rows are unit
 * vectors: const, cos1, sin1, cos2, sin2 …
 *
 * <pre>
 *   const[t] = 1/√n,  cos_k[t] = √(2/n) cos(2πkt/n),  sin_k[t] = √(2/n) sin(2πkt/n)
 * </pre>
 *
 * <p>for k = 1 … (n−1)/2. If n is even there is one more row, cos of frequency n/2, which is
 * (−1)<sup>t</sup>/√n and has no sine beside it. F·x gives the coefficients of x, Fᵀ·c gives x
 * back, and Σ x² = Σ (F·x)² (Parseval).
 *
 * <p>This is the plain form, a product by F; {@link FourierTransform} gives the same coefficients
 * by fast transforms. Immutable.
 */
public final class FourierBasis {
  private final int n;
  private final double[] entries; // [n · n], row-major

  private FourierBasis(int n) {
    this.n = n;
    this.entries = new double[Math.multiplyExact(n, n)];
    double[] cosine = new double[n];
    double[] sine = new double[n];
    for (int t = 0; t < n; t++) {
      cosine[t] = Math.cos(2 * Math.PI * t / n);
      sine[t] = Math.sin(2 * Math.PI * t / n);
    }
    for (int t = 0; t < n; t++) {
      entries[t] = Math.sqrt(1.0 / n);
      for (int row = 1; row < n; row++) {
        int angle = (int) ((long) ((row + 1) / 2) * t % n); // of the unit 2π/n
        boolean alternating = row == n - 1 && n % 2 == 0;
        double scale = Math.sqrt((alternating ? 1.0 : 2.0) / n);
        entries[row * n + t] = scale * (row % 2 == 1 ? cosine[angle] : sine[angle]);
      }
    }
  }

  /**
   * The basis of Z<sub>n</sub>.
   *
   * @param n the length, odd or even; n² numbers are kept
   * @throws IllegalArgumentException if n is below 2
   */
  public static FourierBasis of(int n) {
    if (n < 2) {
      throw new IllegalArgumentException(
          "Fourier basis: got n = " + n + ", expected n ≥ 2, such as the modulus");
    }
    return new FourierBasis(n);
  }

  /** The length n. */
  public int size() {
    return n;
  }

  /** The highest frequency, ⌊n/2⌋. */
  public int frequencies() {
    return n / 2;
  }

  /**
   * The rows of a frequency: of its cosine, then of its sine if it has one.
   *
   * @param k from 1 to {@link #frequencies()}
   * @throws IllegalArgumentException if there is no such frequency
   */
  public List<Integer> rowsOf(int k) {
    if (k < 1 || k > frequencies()) {
      throw new IllegalArgumentException(
          "Fourier basis: got the frequency " + k + ", expected 1 to " + frequencies());
    }
    return 2 * k == n ? List.of(n - 1) : List.of(2 * k - 1, 2 * k);
  }

  /** One number of F. */
  public double value(int row, int t) {
    return entries[Objects.checkIndex(row, n) * n + Objects.checkIndex(t, n)];
  }

  /** F as an array, [n, n] in float64; a copy. */
  public INDArray matrix() {
    return Nd4j.create(entries.clone(), new long[] {n, n}, 'c');
  }

  /** F in row-major order, [n · n]; a copy. */
  public double[] entries() {
    return entries.clone();
  }

  /** The names of the rows: const, cos1, sin1 … */
  public List<String> names() {
    List<String> names = new ArrayList<>(List.of("const"));
    for (int row = 1; row < n; row++) {
      names.add((row % 2 == 1 ? "cos" : "sin") + (row + 1) / 2);
    }
    return List.copyOf(names);
  }

  /**
   * Coefficients along the first axis, F·x.
   *
   * @param x [n · width], n rows
   * @return [n · width], a row for each row of F
   * @throws IllegalArgumentException if x does not have n rows of equal width
   */
  public double[] transform(double[] x) {
    if (x.length == 0 || x.length % n != 0) {
      throw new IllegalArgumentException(
          "Fourier basis: got " + x.length + " numbers, expected " + n + " rows of equal width");
    }
    int width = x.length / n;
    double[] coefficients = new double[x.length];
    for (int row = 0; row < n; row++) {
      for (int t = 0; t < n; t++) {
        double f = entries[row * n + t];
        for (int j = 0; j < width; j++) {
          coefficients[row * width + j] += f * x[t * width + j];
        }
      }
    }
    return coefficients;
  }
}
