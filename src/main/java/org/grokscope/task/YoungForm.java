package org.grokscope.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Young's orthogonal form: an irreducible representation of S<sub>n</sub> by orthogonal matrices
 * for each partition λ of n (Young 1932; James and Kerber 1981, 3.4).
 *
 * <p>The basis is the standard tableaux of λ, numbers 1 … n in its boxes that grow along rows and
 * down columns. With c(i) = column − row of the box of i and r = c(i+1) − c(i), the exchange of i
 * and i+1 takes tableau T to
 *
 * <pre>
 *   1/r T + √(1 − 1/r²) T′,
 * </pre>
 *
 * T′ being T with i and i+1 exchanged, which is no standard tableau only where r = ±1. Any other
 * permutation is a product of such exchanges.
 */
final class YoungForm {
  private final List<Integer> partition; // falling
  private final List<int[]> tableaux = new ArrayList<>(); // the row of each number, [n]
  private final int n;

  private YoungForm(List<Integer> partition) {
    this.partition = partition;
    this.n = partition.stream().mapToInt(Integer::intValue).sum();
    fill(new int[n], 0, new int[partition.size()]);
  }

  /**
   * All representations, from the partition n, which is trivial, to 1+1+…, the sign.
   *
   * @param permutations the elements of S<sub>n</sub>, as images of 0 … n−1
   */
  static List<Representation> representations(int n, List<int[]> permutations) {
    List<List<Integer>> partitions = new ArrayList<>();
    partitions(n, n, List.of(), partitions);
    return partitions.stream().map(of -> new YoungForm(of).representation(permutations)).toList();
  }

  /** Those of n into parts that are at most as large. */
  private static void partitions(int n, int largest, List<Integer> begun, List<List<Integer>> all) {
    if (n == 0) {
      all.add(begun);
    }
    for (int part = Math.min(n, largest); part > 0; part--) {
      List<Integer> longer = new ArrayList<>(begun);
      longer.add(part);
      partitions(n - part, part, longer, all);
    }
  }

  /** Puts number {@code next} at the end of every row that may take it. */
  private void fill(int[] rows, int next, int[] lengths) {
    if (next == n) {
      tableaux.add(rows.clone());
      return;
    }
    for (int row = 0; row < lengths.length; row++) {
      boolean fits = lengths[row] < partition.get(row);
      if (fits && (row == 0 || lengths[row] < lengths[row - 1])) {
        rows[next] = row;
        lengths[row]++;
        fill(rows, next + 1, lengths);
        lengths[row]--;
      }
    }
  }

  private Representation representation(List<int[]> permutations) {
    double[][] exchanges =
        IntStream.range(0, n - 1).mapToObj(this::exchange).toArray(double[][]::new);
    int d = tableaux.size();
    double[][] matrices = new double[permutations.size()][];
    for (int g = 0; g < matrices.length; g++) {
      matrices[g] = ofPermutation(permutations.get(g), exchanges);
    }
    String name = partition.stream().map(String::valueOf).collect(Collectors.joining("+"));
    return new Representation(name, d, d * d, matrices);
  }

  /** The matrix of the exchange of numbers i and i+1, counted from 0. */
  private double[] exchange(int i) {
    int d = tableaux.size();
    double[] matrix = new double[d * d];
    for (int t = 0; t < d; t++) {
      int[] rows = tableaux.get(t);
      int r = content(rows, i + 1) - content(rows, i);
      matrix[t * d + t] = 1.0 / r;
      int[] exchanged = rows.clone();
      exchanged[i] = rows[i + 1];
      exchanged[i + 1] = rows[i];
      for (int other = 0; other < d; other++) {
        if (other != t && Arrays.equals(exchanged, tableaux.get(other))) {
          matrix[other * d + t] = Math.sqrt(1 - 1.0 / r / r);
        }
      }
    }
    return matrix;
  }

  /** Column minus row of the box of a number. */
  private static int content(int[] rows, int number) {
    int column = (int) IntStream.range(0, number).filter(i -> rows[i] == rows[number]).count();
    return column - rows[number];
  }

  /**
   * Sorting the images by exchanges of neighbours, w s_1 s_2 … s_k = 1, tells w = s_k … s_2 s_1.
   */
  private double[] ofPermutation(int[] permutation, double[][] exchanges) {
    int[] images = permutation.clone();
    int d = tableaux.size();
    double[] matrix = new double[d * d];
    for (int i = 0; i < d; i++) {
      matrix[i * d + i] = 1;
    }
    for (int end = n - 1; end > 0; end--) {
      for (int i = 0; i < end; i++) {
        if (images[i] > images[i + 1]) {
          int kept = images[i];
          images[i] = images[i + 1];
          images[i + 1] = kept;
          matrix = product(exchanges[i], matrix, d);
        }
      }
    }
    return matrix;
  }

  private static double[] product(double[] left, double[] right, int d) {
    double[] product = new double[d * d];
    for (int i = 0; i < d; i++) {
      for (int k = 0; k < d; k++) {
        for (int j = 0; j < d; j++) {
          product[i * d + j] += left[i * d + k] * right[k * d + j];
        }
      }
    }
    return product;
  }
}
