package org.grokscope.geometry;

import java.util.Comparator;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The best that d dimensions can do for n places on a ring that should be alike when near and
 * unlike when far: theory, without any training.
 *
 * <p>The wanted similarity is a circulant matrix, S<sub>ij</sub> = s(|i − j| mod n), whose
 * eigenvectors are Fourier waves, with eigenvalues λ<sub>k</sub> = Σ<sub>δ</sub> s(δ) cos(2πkδ/n).
 * Leaving out the constant, the best approximation of rank d keeps the d/2 frequencies K of largest
 * λ, a cosine and a sine each. So place i becomes the unit vector with the entries √(λ<sub>k</sub>
 * / Σ<sub>K</sub>λ) · (cos, sin)(2πki/n), and two places δ apart have the similarity Σ<sub>K</sub>
 * λ<sub>k</sub> cos(2πkδ/n) / Σ<sub>K</sub> λ<sub>k</sub>: it rings, the more the fewer dimensions
 * there are.
 *
 * <p>After "When Models Manipulate Manifolds" (Anthropic, 2025), where the count of characters of a
 * language model is compared with such an embedding.
 */
public final class CirculantEmbedding {
  private final int[] frequencies; // (d/2), of falling λ
  private final double[][] points; // (n, d), unit rows
  private final double[] similarity; // (n/2 + 1), by lag

  private CirculantEmbedding(int[] frequencies, double[][] points, double[] similarity) {
    this.frequencies = frequencies;
    this.points = points;
    this.similarity = similarity;
  }

  /**
   * The embedding of a triangular similarity, s(δ) = max(0, 1 − δ/(reach + 1)): the last lag above
   * 0 is {@code reach}.
   *
   * @param n places, at least 4
   * @param reach lags that are alike, 1 … (n − 1)/2
   * @param d dimensions, even
   */
  public static CirculantEmbedding triangle(int n, int reach, int d) {
    if (n < 4 || reach < 1 || reach > (n - 1) / 2) {
      throw new IllegalArgumentException(
          "circulant embedding: got a triangle over "
              + reach
              + " lags of "
              + n
              + " places, expected 1 … (n − 1)/2 lags of at least 4 places");
    }
    double[] wanted = new double[n / 2 + 1];
    for (int lag = 0; lag < wanted.length; lag++) {
      wanted[lag] = Math.max(0, 1 - lag / (reach + 1.0));
    }
    return of(n, wanted, d);
  }

  /**
   * The embedding of any similarity.
   *
   * @param n places, at least 4
   * @param wanted similarity at lag 0 … ⌊n/2⌋
   * @param d dimensions, even, from 2 to n − 2
   * @throws IllegalArgumentException if fewer than d/2 frequencies have a positive eigenvalue
   */
  public static CirculantEmbedding of(int n, double[] wanted, int d) {
    if (n < 4 || wanted.length != n / 2 + 1) {
      throw new IllegalArgumentException(
          "circulant embedding: got "
              + wanted.length
              + " similarities for "
              + n
              + " places, expected one for each lag 0 … n/2 of at least 4 places");
    }
    int highest = (n - 1) / 2;
    if (d < 2 || d % 2 != 0 || d / 2 > highest) {
      throw new IllegalArgumentException(
          "circulant embedding: got d = "
              + d
              + ", expected an even number from 2 to "
              + 2 * highest
              + ", a cosine and a sine of each frequency");
    }
    double[] eigenvalues = new double[highest + 1];
    for (int k = 1; k <= highest; k++) {
      for (int lag = 0; lag < n; lag++) {
        eigenvalues[k] += wanted[Math.min(lag, n - lag)] * wave(k, lag, n);
      }
    }
    int[] kept =
        IntStream.rangeClosed(1, highest)
            .boxed()
            .sorted(Comparator.comparingDouble(k -> -eigenvalues[k]))
            .limit(d / 2)
            .mapToInt(Integer::intValue)
            .toArray();
    if (!(eigenvalues[kept[kept.length - 1]] > 1e-12)) {
      throw new IllegalArgumentException(
          "circulant embedding: the similarity has fewer than "
              + d / 2
              + " frequencies of positive eigenvalue, expected d = "
              + d
              + " dimensions of them; use fewer dimensions");
    }
    double total = IntStream.of(kept).mapToDouble(k -> eigenvalues[k]).sum();
    double[][] points = new double[n][d];
    double[] similarity = new double[n / 2 + 1];
    for (int j = 0; j < kept.length; j++) {
      double share = eigenvalues[kept[j]] / total;
      for (int i = 0; i < n; i++) {
        double angle = 2 * Math.PI * ((long) kept[j] * i % n) / n;
        points[i][2 * j] = Math.sqrt(share) * Math.cos(angle);
        points[i][2 * j + 1] = Math.sqrt(share) * Math.sin(angle);
      }
      for (int lag = 0; lag < similarity.length; lag++) {
        similarity[lag] += share * wave(kept[j], lag, n);
      }
    }
    return new CirculantEmbedding(kept, points, similarity);
  }

  private static double wave(int k, int lag, int n) {
    return Math.cos(2 * Math.PI * ((long) k * lag % n) / n);
  }

  /** The frequencies that are kept, [d/2], largest eigenvalue first; a copy. */
  public int[] frequencies() {
    return frequencies.clone();
  }

  /** The places, [n, d], unit rows. */
  public INDArray points() {
    return Nd4j.createFromArray(points);
  }

  /** The similarity of places by lag, [⌊n/2⌋ + 1]: 1 at lag 0. */
  public INDArray similarity() {
    return Matrices.array(similarity);
  }

  /** The first lag at which the similarity is ½ or less. */
  public int halfWidth() {
    int lag = 0;
    while (lag < similarity.length - 1 && similarity[lag] > 0.5) {
      lag++;
    }
    return lag;
  }

  /**
   * The lag of the first trough, where the similarity rises again; n/2 if it falls all the way
   * round, as on a circle.
   */
  public int troughLag() {
    int lag = 1;
    while (lag < similarity.length - 1 && similarity[lag + 1] <= similarity[lag]) {
      lag++;
    }
    return lag;
  }

  /** The similarity at the first trough. */
  public double trough() {
    return similarity[troughLag()];
  }

  /**
   * The largest absolute similarity of places more than some lags apart: what is left of one place
   * at all the others that should be unlike it.
   */
  public double largestBeyond(int lag) {
    if (lag < 0 || lag >= similarity.length - 1) {
      throw new IllegalArgumentException(
          "circulant embedding: got lag "
              + lag
              + ", expected 0 … "
              + (similarity.length - 2)
              + ", beyond which there are places");
    }
    double largest = 0;
    for (int beyond = lag + 1; beyond < similarity.length; beyond++) {
      largest = Math.max(largest, Math.abs(similarity[beyond]));
    }
    return largest;
  }

  /**
   * How far off a noisy place is read: the mean over draws of |read − true| round the ring, where
   * Gaussian noise of standard deviation {@code noise} is added to every entry of a place's unit
   * vector, and the place of largest dot product is read.
   *
   * @param noise standard deviation of each entry, at least 0
   * @param draws at least 1; the places are taken in turn
   * @param random of the noise
   */
  public double meanError(double noise, int draws, RandomGenerator random) {
    if (!(noise >= 0 && noise < Double.POSITIVE_INFINITY) || draws < 1) {
      throw new IllegalArgumentException(
          "circulant embedding: got noise "
              + noise
              + " in "
              + draws
              + " draws, expected noise of at least 0 and at least 1 draw");
    }
    int n = points.length;
    double error = 0;
    for (int draw = 0; draw < draws; draw++) {
      int place = draw % n;
      double[] seen = points[place].clone();
      for (int j = 0; j < seen.length; j++) {
        seen[j] += noise * random.nextGaussian();
      }
      int away = Math.floorMod(nearest(seen) - place, n);
      error += (double) Math.min(away, n - away) / draws;
    }
    return error;
  }

  /**
   * The fewest waves that places need to be told from each other through noise: the smallest k such
   * that the embedding in 2k dimensions of places that should be unlike all but their next
   * neighbours, {@link #triangle} of reach 1, is read with a {@link #meanError} of at most {@code
   * error}. Such a curve goes k times round while the places go once round the ring.
   *
   * @param n places on the ring; for places on a line with two free ends, twice their number
   * @param noise standard deviation of each entry, the vectors being of length 1
   * @param error in places
   * @param most waves to try, up to (n − 1)/2
   * @param draws of the noise, for each number of waves
   * @param seed of the noise, the same for each number of waves
   * @return k, or {@code most} + 1 where even so many are not enough
   */
  public static int fewestWaves(int n, double noise, double error, int most, int draws, long seed) {
    for (int k = 1; k <= most; k++) {
      if (triangle(n, 1, 2 * k).meanError(noise, draws, new Random(seed)) <= error) {
        return k;
      }
    }
    return most + 1;
  }

  private int nearest(double[] seen) {
    int nearest = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < points.length; i++) {
      double dot = 0;
      for (int j = 0; j < seen.length; j++) {
        dot += seen[j] * points[i][j];
      }
      if (dot > largest) {
        largest = dot;
        nearest = i;
      }
    }
    return nearest;
  }
}
