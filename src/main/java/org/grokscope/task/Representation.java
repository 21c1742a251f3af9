package org.grokscope.task;

import java.util.Objects;

/**
 * An irreducible representation of a finite {@link Group} over the real numbers: an orthogonal d ×
 * d matrix ρ(g) for each element, with ρ(x∘y) = ρ(x) ρ(y), and no subspace but 0 and the whole that
 * all of them keep. {@link Group#representations()} has those of a group.
 *
 * <p>Its d² matrix elements are functions on the group. They span {@link #functions()} dimensions:
 * d² where only multiples of 1 commute with all ρ(g), as for S<sub>n</sub> and D<sub>n</sub>, and
 * d²/2 for the rotations of a Z<sub>n</sub>, which commute with each other. Functions of different
 * representations are orthogonal, and together they are all functions on the group (Peter and
 * Weyl).
 *
 * <p>Immutable.
 */
public final class Representation {
  private final String name;
  private final int dimension; // d
  private final int functions; // d² or d²/2
  private final double[][] matrices; // [elements][d · d]

  /**
   * @param matrices [elements][d · d], row-major; not copied
   */
  Representation(String name, int dimension, int functions, double[][] matrices) {
    this.name = name;
    this.dimension = dimension;
    this.functions = functions;
    this.matrices = matrices;
  }

  /**
   * Its name: of S<sub>n</sub> the partition, such as {@code 3+1}; of D<sub>n</sub> A1, A2, B1, B2,
   * E1, E2 … as chemists call them; of Z<sub>n</sub> the frequency.
   */
  public String name() {
    return name;
  }

  /** Number of rows of its matrices, d. */
  public int dimension() {
    return dimension;
  }

  /** Dimensions of the functions on the group that its matrix elements span. */
  public int functions() {
    return functions;
  }

  /** Whether every element is 1. */
  public boolean isTrivial() {
    for (double[] matrix : matrices) {
      if (dimension != 1 || matrix[0] != 1) {
        return false;
      }
    }
    return true;
  }

  /** ρ(g), [d · d] row-major; a copy. */
  public double[] matrix(int element) {
    return matrices[Objects.checkIndex(element, matrices.length)].clone();
  }

  /** χ(g), the sum of the diagonal of ρ(g). */
  public double character(int element) {
    double trace = 0;
    for (int i = 0; i < dimension; i++) {
      trace += matrices[element][i * dimension + i];
    }
    return trace;
  }

  /** Its name and dimension, such as {@code 3+1 (3)}. */
  @Override
  public String toString() {
    return name + " (" + dimension + ")";
  }
}
