package org.grokscope.line;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.grokscope.geometry.Manifold;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A part of the residual stream that is exchanged or taken out.
 *
 * @param name such as "6 components" or "random 3"
 * @param basis [k, d], orthonormal rows
 */
public record Subspace(String name, INDArray basis) {
  /**
   * @throws IllegalArgumentException if the rows are not orthonormal
   */
  public Subspace {
    basis = basis.castTo(DataType.DOUBLE).dup();
    INDArray gram = basis.mmul(basis.transpose());
    double off =
        gram.subi(Nd4j.eye(basis.size(0)).castTo(DataType.DOUBLE)).normmaxNumber().doubleValue();
    if (!(off < 1e-6)) { // orthonormal but for rounding, float32's included
      throw new IllegalArgumentException(
          "subspace "
              + name
              + ": got rows that are not orthonormal (off by "
              + off
              + "), expected an orthonormal basis such as PrincipalComponents.basis(6)");
    }
  }

  /** The first k principal components of a manifold. */
  public static Subspace components(FactManifold manifold, int k) {
    return components(manifold.manifold(), k);
  }

  /** The first k principal components of a curve. */
  static Subspace components(Manifold curve, int k) {
    return new Subspace(
        k == 1 ? "1 component" : k + " components", curve.principalComponents().basis(k));
  }

  /** All d dimensions: the whole vector is exchanged. */
  public static Subspace whole(int d) {
    return new Subspace("whole vector", Nd4j.eye(d).castTo(DataType.DOUBLE));
  }

  /**
   * Random subspaces, uniform over all of k dimensions.
   *
   * @param draws how many, at least 1
   */
  public static List<Subspace> random(int k, int d, int draws, RandomGenerator random) {
    List<Subspace> subspaces = new ArrayList<>();
    for (int draw = 1; draw <= draws; draw++) {
      subspaces.add(
          new Subspace("random " + k + "-D, " + draw, BreakDecision.orthonormal(k, d, random)));
    }
    return List.copyOf(subspaces);
  }

  /**
   * Random subspaces of k dimensions that are perpendicular to this one, uniform over all of them:
   * a random subspace of all d dimensions holds k/d of this one's own variance on average, these
   * hold nothing of it.
   *
   * @param draws how many, at least 1
   * @throws IllegalArgumentException if so many dimensions are not left
   */
  public List<Subspace> randomApart(int k, int draws, RandomGenerator random) {
    int d = (int) basis.size(1);
    if (k < 1 || k > d - dimensions()) {
      throw new IllegalArgumentException(
          "random subspace apart from "
              + name
              + ": got "
              + k
              + " dimensions, expected 1 … "
              + (d - dimensions())
              + ", what is left of "
              + d);
    }
    List<Subspace> subspaces = new ArrayList<>();
    for (int draw = 1; draw <= draws; draw++) {
      INDArray rows = BreakDecision.gaussian(k, d, random);
      subspaces.add(
          new Subspace(
              "random " + k + "-D apart, " + draw,
              BreakDecision.orthonormalised(rows.sub(part(rows)))));
    }
    return List.copyOf(subspaces);
  }

  /** Number of dimensions, k. */
  public int dimensions() {
    return (int) basis.size(0);
  }

  /** The part of some rows that lies in it, X Bᵀ B, [n, d]. */
  public INDArray part(INDArray rows) {
    return rows.mmul(basis.transpose()).mmul(basis);
  }

  /**
   * Some rows, each with the point's part in place of its own; what lies outside it stays.
   *
   * @param rows [n, d]
   * @param point [d]
   * @return X − (X − point) Bᵀ B, [n, d]
   */
  public INDArray moved(INDArray rows, INDArray point) {
    return rows.sub(part(rows.subRowVector(point)));
  }
}
