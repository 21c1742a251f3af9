package org.grokscope.geometry;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.geometry.Curves.assertRefused;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.grokscope.geometry.Procrustes.Mirror;
import org.grokscope.geometry.Procrustes.Scale;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ProcrustesTest {
  private final INDArray shape = Curves.noise(12, 3, 1, 5);

  @Test
  void a_rotated_moved_and_scaled_copy_leaves_nothing() {
    INDArray rotation = Curves.rotation(3, 1.1);
    INDArray copy = shape.mmul(rotation).mul(2.5).add(4);
    Procrustes fit = Procrustes.fit(shape, copy, Scale.FREE, Mirror.FORBIDDEN);
    assertClose("residual", 0, fit.residual(), 0, 1e-20);
    assertClose("scale", 2.5, fit.scale(), 1e-12, 0);
    assertClose("rotation", rotation, fit.rotation(), 0, 1e-12);
    assertClose("copy", copy, fit.apply(shape), 1e-12, 1e-12);
    // ‖Y − X R‖² = (1.5/2.5)² ‖Y‖²
    assertClose(
        "without scale",
        0.36,
        Procrustes.fit(shape, copy, Scale.FIXED, Mirror.FORBIDDEN).residual(),
        1e-12,
        0);
  }

  @Test
  void a_mirror_image_needs_a_mirror() {
    INDArray image = shape.mul(Nd4j.createFromArray(-1.0, 1.0, 1.0).reshape(1, 3).broadcast(12, 3));
    assertClose(
        "allowed",
        0,
        Procrustes.fit(shape, image, Scale.FREE, Mirror.ALLOWED).residual(),
        0,
        1e-20);
    Procrustes forbidden = Procrustes.fit(shape, image, Scale.FREE, Mirror.FORBIDDEN);
    assertTrue(forbidden.residual() > 0.05, "residual " + forbidden.residual());
    assertClose(
        "still a rotation",
        Nd4j.eye(3).castTo(DataType.DOUBLE),
        forbidden.rotation().mmul(forbidden.rotation().transpose()),
        0,
        1e-12);
  }

  @Test
  void a_circle_in_a_plane_fits_a_circle_in_space() {
    INDArray flat = Curves.circle(20);
    INDArray wide =
        Nd4j.hstack(flat, Nd4j.zeros(DataType.DOUBLE, 20, 2)).mmul(Curves.rotation(4, 0.4));
    assertClose(
        "residual",
        0,
        Procrustes.fit(flat, wide, Scale.FIXED, Mirror.FORBIDDEN).residual(),
        0,
        1e-20);
  }

  @Test
  void a_line_laid_on_a_square_leaves_half() {
    // the square's corners taken in order against two points visited to and fro
    INDArray square = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {-1, 0}, {0, -1}});
    INDArray line = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 0}, {-1, 0}, {0, 0}});
    // best: laid on (1, 0) … (−1, 0) with scale 1, which leaves two of the four corners
    Procrustes fit = Procrustes.fit(line, square, Scale.FREE, Mirror.ALLOWED);
    assertClose("residual", 0.5, fit.residual(), 1e-12, 0);
    assertClose("scale", 1, fit.scale(), 1e-12, 0);
  }

  @Test
  void refuses_shapes_that_do_not_belong_together() {
    assertRefused(
        "got shapes [12, 3] and [5, 2]",
        () -> Procrustes.fit(shape, Curves.circle(5), Scale.FREE, Mirror.ALLOWED));
    assertRefused(
        "whose points are all in one place",
        () -> Procrustes.fit(shape, Nd4j.ones(DataType.DOUBLE, 12, 3), Scale.FREE, Mirror.ALLOWED));
  }
}
