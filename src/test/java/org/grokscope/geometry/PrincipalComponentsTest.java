package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PrincipalComponentsTest {
  // four points about (1, 2): 2 along (3, 4)/5 either way, 1 along (-4, 3)/5 either way
  private final INDArray cross =
      Nd4j.createFromArray(new double[][] {{2.2, 3.6}, {-0.2, 0.4}, {0.2, 2.6}, {1.8, 1.4}});

  @Test
  void finds_axes_and_variances_worked_out_by_hand() {
    PrincipalComponents components = PrincipalComponents.of(cross);
    assertClose("mean", new double[] {1, 2}, components.mean().toDoubleVector(), 1e-12, 0);
    // variances: (4 + 4)/4 and (1 + 1)/4
    assertClose(
        "variances", new double[] {2, 0.5}, components.variances().toDoubleVector(), 1e-12, 0);
    assertClose(
        "shares", new double[] {0.8, 0.2}, components.explained().toDoubleVector(), 1e-12, 0);
    assertClose(
        "axes, largest entry positive",
        Nd4j.createFromArray(new double[][] {{0.6, 0.8}, {0.8, -0.6}}),
        components.basis(2),
        1e-12,
        1e-12);
    assertClose(
        "scores",
        Nd4j.createFromArray(new double[][] {{2, 0}, {-2, 0}, {0, -1}, {0, 1}}),
        components.scores(2),
        1e-12,
        1e-12);
  }

  @Test
  void counts_the_components_that_a_share_needs() {
    PrincipalComponents components = PrincipalComponents.of(cross);
    assertEquals(1, components.componentsFor(0.8));
    assertEquals(2, components.componentsFor(0.81));
    assertEquals(2, components.componentsFor(1));
    assertClose("first", 0.8, components.explained(1), 1e-12, 0);
  }

  @Test
  void scores_of_all_components_give_the_points_back_and_a_basis_is_orthonormal() {
    for (int d : new int[] {1, 2, 3, 7}) {
      INDArray points = Curves.noise(5, d, 1, d);
      PrincipalComponents components = PrincipalComponents.of(points);
      int k = components.count();
      assertEquals(Math.min(5, d), k);
      assertClose("points", points, components.reconstruct(components.scores(k)), 1e-10, 1e-12);
      INDArray basis = components.basis(k);
      assertClose(
          "basis",
          Nd4j.eye(k).castTo(DataType.DOUBLE),
          basis.mmul(basis.transpose()),
          1e-12,
          1e-12);
    }
  }

  @Test
  void float32_points_are_measured_in_float64() {
    double[] expected = PrincipalComponents.of(cross).explained().toDoubleVector();
    double[] actual =
        PrincipalComponents.of(cross.castTo(DataType.FLOAT)).explained().toDoubleVector();
    assertClose("shares", expected, actual, 1e-6, 0); // the points themselves are rounded
  }

  @Test
  void refuses_what_has_no_components() {
    assertRefused("got shape [4], expected a matrix", () -> PrincipalComponents.of(Nd4j.create(4)));
    assertRefused(
        "got 3 points in one place",
        () -> PrincipalComponents.of(Nd4j.ones(DataType.DOUBLE, 3, 2).mul(0.1)));
    assertRefused(
        "got NaN in row 1",
        () ->
            PrincipalComponents.of(Nd4j.createFromArray(new double[][] {{1, 2}, {3, Double.NaN}})));
    PrincipalComponents components = PrincipalComponents.of(cross);
    assertRefused("got k = 3, expected 1 … 2", () -> components.basis(3));
    assertRefused("a share of 0.0", () -> components.componentsFor(0));
    assertRefused(
        "got points of shape [1, 3], expected 2 columns",
        () -> components.project(Nd4j.ones(DataType.DOUBLE, 1, 3), 1));
  }

  @Test
  void the_rank_is_that_of_the_points_whatever_space_they_lie_in() {
    assertEquals(1, PrincipalComponents.of(Curves.ray(12, 5)).rank());
    assertEquals(2, PrincipalComponents.of(Curves.circle(12)).rank());
  }
}
