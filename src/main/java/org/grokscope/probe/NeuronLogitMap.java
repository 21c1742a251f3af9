package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.fourier.Spectrum;
import org.grokscope.model.DoubleProducts;
import org.grokscope.model.DoubleProducts.Place;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Reading;

/**
 * The map from neurons to logits, W_L = W_out W_U [d_mlp · p]: its rank and its waves over the
 * answers, the columns of W_L Fᵀ.
 */
final class NeuronLogitMap {
  private static final double RESIDUAL = 0.02;

  static final List<Metric> METRICS =
      List.of(
          Metric.number(
              "wl_rank_2pct",
              1,
              "smallest r with √(Σ_{i>r} s_i²) / √(Σ s_i²) < .02, s the singular values of W_L",
              Metric.PAPER,
              Set.of(Need.NEURONS),
              subject -> rank(subject.pairs().wLValues(), subject.pairs().p())),
          Metric.number(
              "wl_residual",
              1,
              "‖W_L − its projection on the output waves cos_k, sin_k of K‖ / ‖W_L‖",
              Metric.PAPER,
              Set.of(Need.PLACES, Need.NEURONS, Need.KEYS),
              subject -> of(subject.onCircle()).residual(subject.keys())),
          Metric.of(
              "wl_wave_size",
              1,
              "the two singular values of the columns cos_k, sin_k of W_L Fᵀ over ‖W_L‖, for each"
                  + " key k",
              Metric.OWN,
              Set.of(Need.PLACES, Need.NEURONS, Need.KEYS),
              subject -> of(subject.onCircle()).sizes(subject)),
          Metric.of(
              "wl_direction_fve",
              1,
              "N projected on column cos_k (sin_k) of W_L Fᵀ: centred share explained by cos"
                  + " w_k(a+b) (sin)",
              Metric.PAPER,
              Set.of(Need.SUM, Need.NEURONS, Need.KEYS),
              subject -> of(subject.onCircle()).directionsExplained(subject)),
          Metric.number(
              "wl_direction_fve.weighted",
              1,
              "mean of wl_direction_fve over the directions of K, weighted by α_k²",
              Metric.OWN,
              Set.of(Need.SUM, Need.NEURONS, Need.KEYS),
              subject -> of(subject.onCircle()).directionsExplainedOnAverage(subject)));

  private final CirclePairs pairs;
  private final FourierBasis basis;
  private final int m;
  private final int neurons;
  private final double[] waves; // [m · neurons]: F·W_Lᵀ, row i is column i of W_L Fᵀ

  private NeuronLogitMap(CirclePairs pairs) {
    this.pairs = pairs;
    this.basis = pairs.basis();
    this.m = pairs.places();
    double[] wL = pairs.wL();
    this.neurons = wL.length / m;
    this.waves = basis.transform(transposed(wL, neurons, m));
  }

  static NeuronLogitMap of(CirclePairs pairs) {
    return new NeuronLogitMap(pairs);
  }

  /** Lengths over the neurons of the columns of W_L Fᵀ. */
  Spectrum spectrum() {
    Double[] norms = new Double[m];
    for (int row = 0; row < m; row++) {
      norms[row] = Math.sqrt(energy(row));
    }
    return new Spectrum(List.of(norms));
  }

  /**
   * The smallest r with √(Σ_{i&gt;r} s_i²) / √(Σ s_i²) &lt; .02 for the singular values s,
   * descending. Their squares are the eigenvalues of W_LᵀW_L, of which 4e-4 of the sum can be told.
   * No waves are asked for, so this works for any operation.
   *
   * @param wL W_L, [neurons · p]
   */
  private static int rank(double[] wL, int p) {
    double[][] gram = new double[p][p];
    for (int from = 0; from < wL.length; from += p) {
      for (int c = 0; c < p; c++) {
        double left = wL[from + c];
        for (int d = 0; d < p; d++) {
          gram[c][d] += left * wL[from + d];
        }
      }
    }
    double[] squares =
        new EigenDecomposition(new Array2DRowRealMatrix(gram, false)).getRealEigenvalues();
    java.util.Arrays.sort(squares);
    double total = 0;
    for (double square : squares) {
      total += Math.max(square, 0);
    }
    int rank = total == 0 ? 0 : p;
    double tail = 0;
    for (double square : squares) { // ascending: the tail grows
      tail += Math.max(square, 0);
      if (!(Math.sqrt(tail / total) < RESIDUAL)) {
        break;
      }
      rank--;
    }
    return rank;
  }

  /** ‖W_L − its projection on the output waves of the keys‖ / ‖W_L‖. */
  private double residual(KeyFrequencies keys) {
    double outside = 0;
    double total = 0;
    for (int row = 0; row < m; row++) {
      double energy = energy(row);
      total += energy;
      outside += keys.frequencies().contains((row + 1) / 2) ? 0 : energy;
    }
    return Math.sqrt(outside / total);
  }

  /**
   * For each key, the singular values of its two columns of W_L Fᵀ over ‖W_L‖: how much of W_L
   * writes the larger and the smaller of two orthogonal waves of this frequency. They are the roots
   * of the eigenvalues of the columns' 2×2 Gram matrix; a frequency of one row has only the larger.
   */
  private List<Reading> sizes(Subject subject) {
    double total = 0;
    for (double wave : waves) {
      total += wave * wave;
    }
    List<Reading> readings = new ArrayList<>();
    for (int k : subject.keys().frequencies()) {
      List<Integer> rows = basis.rowsOf(k);
      double cos = energy(rows.get(0));
      double sin = rows.size() == 1 ? 0 : energy(rows.get(1));
      double mixed = rows.size() == 1 ? 0 : product(rows.get(0), rows.get(1));
      double middle = (cos + sin) / 2;
      double larger = middle + Math.hypot((cos - sin) / 2, mixed);
      readings.add(subject.reading("", "larger" + k, Math.sqrt(larger / total)));
      if (rows.size() > 1) {
        double smaller = Math.max(0, (cos * sin - mixed * mixed) / larger); // λ₁λ₂ = det
        readings.add(subject.reading("", "smaller" + k, Math.sqrt(smaller / total)));
      }
    }
    return readings;
  }

  /**
   * For each key, the share of the centred variance of N·(column of W_L Fᵀ) over all questions that
   * is explained by the same wave of a + b: of the cosine by cos w_k(a+b), of the sine by sin.
   */
  private List<Reading> directionsExplained(Subject subject) {
    List<Integer> rows = new ArrayList<>();
    subject.keys().frequencies().forEach(k -> rows.addAll(basis.rowsOf(k)));
    double[] directions = new double[neurons * rows.size()];
    for (int j = 0; j < neurons; j++) {
      for (int i = 0; i < rows.size(); i++) {
        directions[j * rows.size() + i] = waves[rows.get(i) * neurons + j];
      }
    }
    double[] projections; // [n · directions]
    try (DoubleProducts products = new DoubleProducts()) {
      projections =
          products.product(
              pairs.neurons(),
              Place.of(m * m, neurons),
              directions,
              Place.of(neurons, rows.size()));
    }
    double[] totals = NeuronFrequencies.centredEnergies(projections, m * m);
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      double along = 0;
      for (int r = 0; r < m * m; r++) {
        double wave = basis.value(rows.get(i), pairs.sum(r)) / Math.sqrt(m);
        along += wave * projections[r * rows.size() + i];
      }
      readings.add(subject.reading("", basis.names().get(rows.get(i)), along * along / totals[i]));
    }
    return readings;
  }

  /** Their mean with the weights α_k² of the fitted logits, see {@link LogitFit}. */
  private double directionsExplainedOnAverage(Subject subject) {
    List<Reading> alphas = LogitFit.alphas(subject);
    Iterator<Reading> shares = directionsExplained(subject).iterator();
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < alphas.size(); i++) {
      double weight = Math.pow(alphas.get(i).value(), 2);
      for (int row : basis.rowsOf(subject.keys().frequencies().get(i))) {
        sum += weight * shares.next().value();
        weights += weight;
      }
    }
    return sum / weights;
  }

  private double energy(int row) {
    return product(row, row);
  }

  private double product(int row, int other) {
    double sum = 0;
    for (int j = 0; j < neurons; j++) {
      sum += waves[row * neurons + j] * waves[other * neurons + j];
    }
    return sum;
  }

  private static double[] transposed(double[] matrix, int rows, int columns) {
    double[] result = new double[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        result[column * rows + row] = matrix[row * columns + column];
      }
    }
    return result;
  }
}
