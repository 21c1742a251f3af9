package org.grokscope.fourier;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How much of each wave there is in n vectors x<sub>0</sub> … x<sub>n−1</sub>, such as the
 * embeddings of the residues: the lengths of the rows of F·x, with F the orthonormal {@link
 * FourierBasis}.
 *
 * @param norms [n], in the order const, cos1, sin1, cos2, sin2 …; none negative
 */
public record Spectrum(List<Double> norms) {

  public Spectrum {
    norms = List.copyOf(norms);
    if (norms.size() < 2 || !norms.stream().allMatch(norm -> norm >= 0 && norm < 1 / 0.0)) {
      throw new IllegalArgumentException(
          "spectrum: got " + norms + ", expected at least two finite lengths, none negative");
    }
  }

  /**
   * The spectrum of n vectors.
   *
   * @param x (n, d), any precision; a vector (n) counts as d = 1
   * @throws IllegalArgumentException if it is of another rank
   */
  public static Spectrum of(INDArray x) {
    if (x.rank() < 1 || x.rank() > 2) {
      throw new IllegalArgumentException(
          "spectrum: got shape " + Arrays.toString(x.shape()) + ", expected (n, d)");
    }
    return of(Math.toIntExact(x.size(0)), x.castTo(DataType.DOUBLE).dup('c').data().asDouble());
  }

  /**
   * The spectrum of n vectors, row after row.
   *
   * @param n how many
   * @param x [n · d]
   * @throws IllegalArgumentException if x does not have n rows of equal width
   */
  public static Spectrum of(int n, double[] x) {
    double[] coefficients = FourierBasis.of(n).transform(x);
    int width = x.length / n;
    Double[] norms = new Double[n];
    for (int row = 0; row < n; row++) {
      double sum = 0;
      for (int j = row * width; j < (row + 1) * width; j++) {
        sum += coefficients[j] * coefficients[j];
      }
      norms[row] = Math.sqrt(sum);
    }
    return new Spectrum(List.of(norms));
  }

  /** The number of vectors, and of norms. */
  public int size() {
    return norms.size();
  }

  /** The names of the norms: const, cos1, sin1 … */
  public List<String> names() {
    return FourierBasis.of(size()).names();
  }

  /** The highest frequency, ⌊n/2⌋. */
  public int frequencies() {
    return size() / 2;
  }

  /** The length of the cosine's row of frequency k. */
  public double cosine(int k) {
    return norms.get(2 * Objects.checkIndex(k - 1, frequencies()) + 1);
  }

  /** The length of the sine's row of frequency k; 0 for k = n/2, which has none. */
  public double sine(int k) {
    return 2 * k == size() ? 0 : norms.get(2 * Objects.checkIndex(k - 1, frequencies()) + 2);
  }

  /** √(cos² + sin²) of frequency k, from 1 to {@link #frequencies()}. */
  public double norm(int k) {
    return Math.hypot(cosine(k), sine(k));
  }

  /** The longest of the n rows. */
  public double largest() {
    return norms.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /**
   * The Gini coefficient of the n norms: sorted ascending, Σ<sub>i</sub> (2i − n − 1) x<sub>i</sub>
   * / (n Σ x<sub>i</sub>) with i from 1. 0 if all are equal, (n−1)/n if one row holds everything.
   *
   * @throws IllegalStateException if all norms are zero
   */
  public double gini() {
    double[] sorted = norms.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    double weighted = 0;
    double sum = 0;
    for (int i = 1; i <= n; i++) {
      weighted += (2.0 * i - n - 1) * sorted[i - 1];
      sum += sorted[i - 1];
    }
    if (sum == 0) {
      throw new IllegalStateException(
          "Gini: got only zeros, expected a spectrum that is not empty");
    }
    return weighted / (n * sum);
  }
}
