package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PrincipalAnglesTest {
  @Test
  void of_two_planes_that_share_a_line_are_zero_and_the_angle_between_them() {
    double angle = 0.3;
    INDArray floor = Nd4j.createFromArray(new double[][] {{1, 0, 0}, {5, 2, 0}});
    INDArray tilted =
        Nd4j.createFromArray(new double[][] {{4, 0, 0}, {0, Math.cos(angle), Math.sin(angle)}});
    PrincipalAngles angles = PrincipalAngles.between(floor, tilted);
    assertClose("angles", new double[] {0, angle}, angles.angles().toDoubleVector(), 0, 1e-12);
    assertClose("largest", angle, angles.largest(), 1e-12, 0);
    assertClose("overlap", (1 + Math.pow(Math.cos(angle), 2)) / 2, angles.overlap(), 1e-12, 0);
  }

  @Test
  void tiny_angles_and_right_ones_are_exact() {
    for (double angle : new double[] {1e-9, Math.PI / 2}) {
      INDArray line = Nd4j.createFromArray(new double[][] {{2, 0, 0}});
      INDArray other = Nd4j.createFromArray(new double[][] {{Math.cos(angle), 0, Math.sin(angle)}});
      assertClose("angle", angle, PrincipalAngles.between(line, other).largest(), 1e-6, 0);
    }
  }

  @Test
  void do_not_depend_on_the_bases_or_the_order() {
    INDArray left = Curves.noise(3, 7, 1, 0);
    INDArray right = Curves.noise(2, 7, 1, 1);
    double[] angles = PrincipalAngles.between(left, right).angles().toDoubleVector();
    INDArray mixed = Curves.noise(3, 3, 1, 2).mmul(left);
    assertClose(
        "other basis",
        angles,
        PrincipalAngles.between(mixed, right).angles().toDoubleVector(),
        1e-9,
        0);
    assertClose(
        "other order",
        angles,
        PrincipalAngles.between(right, left).angles().toDoubleVector(),
        1e-12,
        0);
  }

  @Test
  void refuse_rows_that_depend_on_each_other_and_other_spaces() {
    INDArray line = Nd4j.createFromArray(new double[][] {{1, 2}, {2, 4}});
    assertRefused(
        "got shape [2, 2] whose rows depend on each other",
        () -> PrincipalAngles.between(line, line));
    assertRefused(
        "got shapes [1, 2] and [1, 3]",
        () -> PrincipalAngles.between(Curves.noise(1, 2, 1, 0), Curves.noise(1, 3, 1, 0)));
  }
}
