package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PolarTest {
  @Test
  void takes_a_rotation_and_a_stretch_apart() {
    INDArray rotation = Curves.plane(2, 0, 1, 0.5);
    INDArray stretch = Nd4j.createFromArray(new double[][] {{3, 0}, {0, 1}});
    Polar polar = Polar.of(rotation.mmul(stretch));
    assertClose("Q", rotation, polar.orthogonal(), 0, 1e-12);
    assertClose("P", stretch, polar.stretch(), 0, 1e-12);
    // (3 + 1)² / (2·(9 + 1))
    assertClose("share", 0.8, polar.rotationShare(), 1e-12, 0);
    assertClose("angles", new double[] {0.5, 0.5}, polar.angles().toDoubleVector(), 0, 1e-12);
    assertEquals(false, polar.mirrors());
  }

  @Test
  void a_rotation_times_a_number_is_all_rotation() {
    INDArray turned = Curves.plane(4, 0, 1, 0.3).mmul(Curves.plane(4, 2, 3, 1.2));
    Polar polar = Polar.of(turned.mul(7));
    assertClose("share", 1, polar.rotationShare(), 1e-12, 0);
    assertClose(
        "angles", new double[] {0.3, 0.3, 1.2, 1.2}, polar.angles().toDoubleVector(), 0, 1e-12);
  }

  @Test
  void a_mirror_is_told_from_a_rotation() {
    Polar polar = Polar.of(Nd4j.createFromArray(new double[][] {{0, 1}, {1, 0}}));
    assertEquals(true, polar.mirrors());
    assertClose("angles", new double[] {0, Math.PI}, polar.angles().toDoubleVector(), 0, 1e-12);
  }

  @Test
  void factors_multiply_to_the_matrix() {
    for (int n : new int[] {1, 2, 3, 6}) {
      INDArray matrix = Curves.noise(n, n, 1, n);
      Polar polar = Polar.of(matrix);
      assertClose("Q P", matrix, polar.orthogonal().mmul(polar.stretch()), 1e-10, 1e-12);
      assertClose(
          "QᵀQ",
          Nd4j.eye(n).castTo(DataType.DOUBLE),
          polar.orthogonal().transpose().mmul(polar.orthogonal()),
          0,
          1e-12);
    }
  }

  @Test
  void refuses_what_has_no_unique_rotation() {
    assertRefused("got shape [3, 2], expected a square", () -> Polar.of(Curves.noise(3, 2, 1, 0)));
    assertRefused(
        "lower rank", () -> Polar.of(Nd4j.createFromArray(new double[][] {{1, 2}, {2, 4}})));
  }
}
