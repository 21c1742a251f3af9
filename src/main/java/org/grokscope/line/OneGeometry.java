package org.grokscope.line;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.grokscope.geometry.CosineMatrix;
import org.grokscope.geometry.CosineTransform;
import org.grokscope.geometry.HelixFit;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.PrincipalAngles;
import org.grokscope.geometry.PrincipalComponents;
import org.grokscope.geometry.Procrustes;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The circle of modular addition and the curve of a count, measured by the same rules (E11, E12).
 */
public final class OneGeometry {
  private static final double PLANE_SHARE = 0.3; // see HelixFit: tells a helix from a line

  private OneGeometry() {}

  /**
   * The circle of one frequency in an embedding: label j is the token t with k·t ≡ j mod p, its
   * point W_E[t] in the plane of Σ<sub>t</sub> cos(2πkt/p) W_E[t] and Σ<sub>t</sub> sin(2πkt/p)
   * W_E[t].
   *
   * @param embedding [p, d], p odd
   * @param frequency k, 1 … (p−1)/2, with no factor in common with p
   * @return a manifold of p labels in 2 dimensions
   */
  public static Manifold circle(INDArray embedding, int frequency) {
    int p = (int) embedding.size(0);
    if (frequency < 1 || 2 * frequency >= p || gcd(frequency, p) != 1) {
      throw new IllegalArgumentException(
          "circle: got the frequency "
              + frequency
              + " for p = "
              + p
              + ", expected one from 1 to "
              + (p - 1) / 2
              + " with no factor in common with p");
    }
    double[][] waves = new double[2][p];
    int[] phases = new int[p];
    for (int t = 0; t < p; t++) {
      phases[t] = (int) ((long) frequency * t % p);
      waves[0][t] = Math.cos(2 * Math.PI * phases[t] / p);
      waves[1][t] = Math.sin(2 * Math.PI * phases[t] / p);
    }
    INDArray points = embedding.castTo(DataType.DOUBLE);
    INDArray plane = Nd4j.createFromArray(waves).mmul(points); // (2, d)
    INDArray basis = plane.dup();
    INDArray first = basis.getRow(0);
    first.divi(first.norm2Number());
    INDArray second = basis.getRow(1);
    second.subi(first.mul(Nd4j.getBlasWrapper().dot(first, second)));
    second.divi(second.norm2Number());
    return Manifold.of(points.mmul(basis.transpose()), phases);
  }

  /** A circle in even steps, the limit of every {@link #circle}: p labels in 2 dimensions. */
  public static Manifold idealCircle(int p) {
    if (p < 3) {
      throw new IllegalArgumentException(
          "circle: got " + p + " points, expected at least 3, such as 113");
    }
    double[][] points = new double[p][];
    for (int j = 0; j < p; j++) {
      points[j] = new double[] {Math.cos(2 * Math.PI * j / p), Math.sin(2 * Math.PI * j / p)};
    }
    return Manifold.of(Nd4j.createFromArray(points), IntStream.range(0, p).toArray());
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /**
   * Sinusoidal position codes: dimensions 2i and 2i + 1 of place c are sin and cos of c /
   * base<sup>2i/d</sup> (Vaswani et al. 2017, with base 10,000).
   *
   * @param labels the places
   * @param d dimensions, even
   * @return [labels, d]
   */
  public static INDArray positionCodes(int[] labels, int d, double base) {
    if (labels.length < 2 || d < 2 || d % 2 != 0 || !(base > 1)) {
      throw new IllegalArgumentException(
          "position codes: got "
              + labels.length
              + " places, "
              + d
              + " dimensions, base "
              + base
              + ", expected at least 2 places, an even number of dimensions, a base above 1 such as"
              + " 10000");
    }
    double[][] codes = new double[labels.length][d];
    for (int c = 0; c < labels.length; c++) {
      for (int i = 0; i < d / 2; i++) {
        double angle = labels[c] / Math.pow(base, 2.0 * i / d);
        codes[c][2 * i] = Math.sin(angle);
        codes[c][2 * i + 1] = Math.cos(angle);
      }
    }
    return Nd4j.createFromArray(codes);
  }

  /**
   * A random walk, the control of every curve: the sum of independent normal steps. Its principal
   * components are cosines whatever it is a walk of (Antognini and Sohl-Dickstein 2018, "PCA of
   * high dimensional random walks with comparison to neural network training").
   *
   * @param labels in order, one step each
   * @param d dimensions
   */
  public static Manifold randomWalk(int[] labels, int d, RandomGenerator random) {
    double[][] places = normal("random walk", labels.length, d, random);
    for (int i = 1; i < labels.length; i++) {
      for (int j = 0; j < d; j++) {
        places[i][j] += places[i - 1][j];
      }
    }
    return Manifold.of(Nd4j.createFromArray(places), labels);
  }

  /**
   * Independent noise, the control that is not even smooth: every label has a point of its own.
   *
   * @param labels in order
   * @param d dimensions
   */
  public static Manifold noise(int[] labels, int d, RandomGenerator random) {
    return Manifold.of(Nd4j.createFromArray(normal("noise", labels.length, d, random)), labels);
  }

  /**
   * A random smooth curve, a control that means nothing and is as smooth as one likes: in every
   * dimension independent noise z, smoothed by a bell,
   *
   * <pre>x_i = Σ_t exp(−t²/reach²) z_{i+t},   correlation of x_i and x_{i+o} = exp(−o²/(2 reach²))
   * </pre>
   *
   * @param labels in order
   * @param d dimensions
   * @param reach in labels, above 0: where the correlation has fallen to exp(−1/2)
   */
  public static Manifold smoothCurve(int[] labels, int d, double reach, RandomGenerator random) {
    if (!(reach > 0) || reach > labels.length) {
      throw new IllegalArgumentException(
          "smooth curve: got a reach of "
              + reach
              + ", expected one above 0 and at most the number of labels, "
              + labels.length);
    }
    int far = (int) Math.ceil(4 * reach); // beyond it the bell is below 2e-7
    double[][] noise = normal("smooth curve", labels.length + 2 * far, d, random);
    double[][] places = new double[labels.length][d];
    for (int i = 0; i < labels.length; i++) {
      for (int t = -far; t <= far; t++) {
        double bell = Math.exp(-t * t / (reach * reach));
        for (int j = 0; j < d; j++) {
          places[i][j] += bell * noise[i + far + t][j];
        }
      }
    }
    return Manifold.of(Nd4j.createFromArray(places), labels);
  }

  private static double[][] normal(String what, int rows, int d, RandomGenerator random) {
    if (rows < 2 || d < 1) {
      throw new IllegalArgumentException(
          what + ": got " + rows + " labels and " + d + " dimensions, expected at least 2 and 1");
    }
    double[][] values = new double[rows][d];
    for (double[] row : values) {
      for (int j = 0; j < d; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return values;
  }

  /**
   * How much of the space over the labels two curves share: the mean squared cosine of the
   * principal angles between their first k components' scores, [labels, k] each. Independent curves
   * would share k / (labels − 1) on average.
   *
   * @param left [labels, d₁]
   * @param right [labels, d₂], the same labels
   */
  public static double sharedModes(INDArray left, INDArray right, int k) {
    return PrincipalAngles.between(
            PrincipalComponents.of(left).scores(k).transpose(),
            PrincipalComponents.of(right).scores(k).transpose())
        .overlap();
  }

  /**
   * How much a curve, unrolled, is the circle of another model: its points in the plane in which it
   * turns are laid by Procrustes (shift, turn, mirror and scale) onto the circle at the phases that
   * it would have if every label turned by the same angle, turns·2π / (labels − 1). To be read
   * beside the turns: a straight line makes half a turn at the most, and half a ring but for its
   * bulge, .16 of it, is a line.
   *
   * @param curve such as the count's
   * @param circle such as {@link #circle}, its labels phases out of their number
   * @return ‖circle − moved curve‖² / ‖circle‖²: 0 if it is the circle at an even pace
   */
  public static double unrolledResidual(Manifold curve, Manifold circle) {
    HelixFit helix = HelixFit.of(curve.means(), PLANE_SHARE);
    INDArray means = curve.means();
    INDArray flat =
        means.subRowVector(means.mean(0)).mmul(helix.planeBasis().transpose()); // (m, 2)
    INDArray ring = circle.means();
    int p = (int) ring.size(0);
    int m = (int) flat.size(0);
    INDArray[] rows =
        IntStream.range(0, m)
            .mapToObj(i -> at(ring, p * helix.turns() * i / (m - 1)))
            .toArray(INDArray[]::new);
    return Procrustes.fit(flat, Nd4j.vstack(rows), Procrustes.Scale.FREE, Procrustes.Mirror.ALLOWED)
        .residual();
  }

  /** The point of a ring at a phase between two of its labels, [1, d]. */
  private static INDArray at(INDArray ring, double phase) {
    int p = (int) ring.size(0);
    int below = (int) Math.floor(phase);
    double fraction = phase - below;
    return ring.getRow(Math.floorMod(below, p), true)
        .mul(1 - fraction)
        .add(ring.getRow(Math.floorMod(below + 1, p), true).mul(fraction));
  }

  /**
   * The same measures on several curves.
   *
   * @param curves by name, in order; each of at least 8 labels one apart
   * @param shift labels to turn by in {@link ShiftRotation}; every curve has labels twice as far
   *     apart
   * @return a row a curve: {@code curve}, {@code labels}, {@code components_95}, {@code first},
   *     {@code turns}, {@code climb}, {@code trough}, {@code rise}, {@code mode_overlap} (of the
   *     first up to 6 components with as many cosine modes), {@code shift_residual} and {@code
   *     composition_error} (in the same components)
   */
  public static Table of(Map<String, Manifold> curves, int shift) {
    StringColumn names = StringColumn.create("curve");
    IntColumn labels = IntColumn.create("labels");
    IntColumn components95 = IntColumn.create("components_95");
    Map<String, DoubleColumn> measures = new LinkedHashMap<>();
    for (String name :
        new String[] {
          "first",
          "turns",
          "climb",
          "trough",
          "rise",
          "mode_overlap",
          "shift_residual",
          "composition_error"
        }) {
      measures.put(name, DoubleColumn.create(name));
    }
    curves.forEach(
        (name, curve) -> {
          PrincipalComponents components = curve.principalComponents();
          int m = curve.labels().length;
          int k = Math.min(Math.min(6, components.rank()), m - 2);
          HelixFit helix = HelixFit.of(curve.means(), PLANE_SHARE);
          CosineMatrix.Ringing ringing = curve.cosines().ringing();
          names.append(name);
          labels.append(m);
          components95.append(components.componentsFor(0.95));
          measures.get("first").append(components.explained(1));
          measures.get("turns").append(helix.turns());
          measures.get("climb").append(helix.climb());
          measures.get("trough").append(ringing.trough());
          measures.get("rise").append(ringing.rise());
          measures
              .get("mode_overlap")
              .append(CosineTransform.of(m).overlap(components.scores(k), k));
          measures
              .get("shift_residual")
              .append(ShiftRotation.of(curve, shift, components.basis(k)).residual());
          measures
              .get("composition_error")
              .append(ShiftRotation.compositionError(curve, shift, components.basis(k)));
        });
    Table table = Table.create("one geometry", names, labels, components95);
    measures.values().forEach(table::addColumns);
    return table;
  }
}
