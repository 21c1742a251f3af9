package org.grokscope.probe;

import java.util.Arrays;
import java.util.List;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.model.DoubleProducts;
import org.grokscope.model.DoubleProducts.Place;

/**
 * Coefficients of products of a wave over a and a wave over b, (F X_j Fᵀ)[i, i'] for each column j
 * of X [m² · width], where X_j is the column as a matrix over (a, b). The waves over b are chosen
 * beforehand; those over a when a coefficient is asked for.
 */
final class PairWaves {
  private final FourierBasis basis;
  private final int m;
  private final int width;
  private final int[] rowsOverB; // ascending
  private final double[] alongB; // [m(a) · rowsOverB · width]

  PairWaves(FourierBasis basis, double[] x, List<Integer> rowsOverB) {
    this.basis = basis;
    this.m = basis.size();
    this.width = x.length / (m * m);
    this.rowsOverB = rowsOverB.stream().mapToInt(Integer::intValue).sorted().toArray();
    int chosen = this.rowsOverB.length;
    double[] waves = waves();
    this.alongB = new double[m * chosen * width];
    try (DoubleProducts products = new DoubleProducts()) {
      for (int a = 0; a < m; a++) {
        products.set(
            waves,
            Place.of(chosen, m),
            x,
            new Place(a * m * width, m, width),
            alongB,
            new Place(a * chosen * width, chosen, width));
      }
    }
  }

  /** The chosen waves, [rowsOverB · m]. */
  private double[] waves() {
    double[] waves = new double[rowsOverB.length * m];
    for (int i = 0; i < rowsOverB.length; i++) {
      for (int b = 0; b < m; b++) {
        waves[i * m + b] = basis.value(rowsOverB[i], b);
      }
    }
    return waves;
  }

  /**
   * The part of X in products of two of the chosen waves, one over a and one over b, but the
   * product of two constants; [m² · width].
   */
  double[] productsOfChosen() {
    int chosen = rowsOverB.length;
    double[] waves = waves();
    double[] byPlace = new double[waves.length]; // [m · rowsOverB]
    for (int i = 0; i < chosen; i++) {
      for (int b = 0; b < m; b++) {
        byPlace[b * chosen + i] = waves[i * m + b];
      }
    }
    Place overA = Place.of(m, chosen * width);
    double[] part = new double[m * m * width];
    try (DoubleProducts products = new DoubleProducts()) {
      double[] all = products.product(waves, Place.of(chosen, m), alongB, overA);
      if (rowsOverB[0] == 0) {
        Arrays.fill(all, 0, width, 0);
      }
      double[] ofA =
          products.product(byPlace, Place.of(m, chosen), all, Place.of(chosen, chosen * width));
      for (int a = 0; a < m; a++) {
        products.set(
            byPlace,
            Place.of(m, chosen),
            ofA,
            new Place(a * chosen * width, chosen, width),
            part,
            new Place(a * m * width, m, width));
      }
    }
    return part;
  }

  /** The coefficients of one product of waves for each column, [width]. */
  double[] coefficients(int rowOverA, int rowOverB) {
    int at = Arrays.binarySearch(rowsOverB, rowOverB);
    double[] sums = new double[width];
    double[] row = new double[width];
    for (int a = 0; a < m; a++) {
      System.arraycopy(alongB, (a * rowsOverB.length + at) * width, row, 0, width);
      LogitBlocks.add(basis.value(rowOverA, a), row, sums);
    }
    return sums;
  }
}
