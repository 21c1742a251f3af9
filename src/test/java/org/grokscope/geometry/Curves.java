package org.grokscope.geometry;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Shapes whose measures are known. */
final class Curves {
  private Curves() {}

  static INDArray rows(int n, IntFunction<double[]> row) {
    double[][] rows = new double[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = row.apply(i);
    }
    return Nd4j.createFromArray(rows);
  }

  /** Turns about the third axis, {@code climb} from end to end. */
  static INDArray helix(int n, double turns, double climb) {
    return rows(
        n,
        i -> {
          double angle = 2 * Math.PI * turns * i / (n - 1);
          return new double[] {Math.cos(angle), Math.sin(angle), climb * (i / (n - 1.0) - 0.5)};
        });
  }

  static INDArray ray(int n, int d) {
    return rows(
        n,
        i -> {
          double[] point = new double[d];
          for (int j = 0; j < d; j++) {
            point[j] = (j + 1) * (i + 3.0);
          }
          return point;
        });
  }

  static INDArray circle(int n) {
    return rows(
        n, i -> new double[] {Math.cos(2 * Math.PI * i / n), Math.sin(2 * Math.PI * i / n)});
  }

  static INDArray noise(int n, int d, double deviation, long seed) {
    Random random = new Random(seed);
    return rows(n, i -> random.doubles(d).map(u -> deviation * random.nextGaussian()).toArray());
  }

  /** A rotation of d dimensions: planes (0, 1), (1, 2), … turned one after the other. */
  static INDArray rotation(int d, double angle) {
    INDArray rotation = Nd4j.eye(d).castTo(DataType.DOUBLE);
    for (int j = 0; j + 1 < d; j++) {
      rotation = rotation.mmul(plane(d, j, j + 1, angle));
    }
    return rotation;
  }

  /** A rotation of one plane. */
  static INDArray plane(int d, int a, int b, double angle) {
    INDArray rotation = Nd4j.eye(d).castTo(DataType.DOUBLE);
    rotation.putScalar(a, a, Math.cos(angle));
    rotation.putScalar(b, b, Math.cos(angle));
    rotation.putScalar(a, b, Math.sin(angle));
    rotation.putScalar(b, a, -Math.sin(angle));
    return rotation;
  }

  static void assertRefused(String part, Executable action) {
    String message = assertThrows(IllegalArgumentException.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }
}
