package org.grokscope.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How often a curve turns about an axis, in the space of its first three principal components.
 *
 * <p>The points, in order, are projected on those components and each averaged with its two
 * neighbours (the ends are left as they are). For an axis a, the plane perpendicular to it holds a
 * share of their variance, and the points have angles θ<sub>i</sub> in it about their mean. The
 * turning angle is |Σ Δθ<sub>i</sub>| over the steps from point to point, Δθ in (−π, π]; a step of
 * more than a quarter turn is a passage through the middle or an aliased one and counts 0, so that
 * a straight line through the mean does not turn at all.
 *
 * <p>Axes are searched on a grid of {@value #AXES} directions on the half-sphere and along the
 * components. Of those whose plane holds at least {@code planeShare} of the variance, none turns
 * more than a quarter turn beyond the one chosen, and of these it is the one whose plane is filled
 * most evenly: smallest radius over root mean square radius.
 */
public final class HelixFit {
  private static final int AXES = 2_000;
  private static final double QUARTER = Math.PI / 2;
  private static final double FULL = 2 * Math.PI;

  private final PrincipalComponents components;
  private final double[][] scores; // (m, 3), not averaged
  private final Plane plane;

  private HelixFit(PrincipalComponents components, double[][] scores, Plane plane) {
    this.components = components;
    this.scores = scores;
    this.plane = plane;
  }

  /**
   * The axis about which a curve turns most.
   *
   * @param points [m, d] in the order of their labels, at least 4
   * @param planeShare least share of the variance in the plane, 0 … 2/3: in a plane that holds next
   *     to nothing, noise turns as it likes. 0.3 tells a helix from a straight line
   */
  public static HelixFit of(INDArray points, double planeShare) {
    if (points.rank() != 2 || points.size(0) < 4) {
      throw new IllegalArgumentException(
          "helix fit: got points of shape "
              + Matrices.shape(points)
              + ", expected a matrix of at least 4 rows, one for each label in order");
    }
    if (!(planeShare >= 0 && planeShare <= 2.0 / 3)) {
      throw new IllegalArgumentException(
          "helix fit: got a plane's share of "
              + planeShare
              + ", expected 0 to 2/3, which some plane of three components always holds; try 0.3");
    }
    PrincipalComponents components = PrincipalComponents.of(points);
    double[][] scores = scores(components);
    double[][] averaged = averaged(scores);
    List<Plane> planes = new ArrayList<>();
    for (double[] axis : axes()) {
      Plane plane = Plane.of(averaged, axis);
      if (plane.share >= planeShare - 1e-12) {
        planes.add(plane);
      }
    }
    double most = planes.stream().mapToDouble(Plane::turning).max().orElseThrow();
    Plane best =
        planes.stream()
            .filter(plane -> plane.turning() >= most - QUARTER)
            .max(Comparator.comparingDouble(Plane::evenness))
            .orElseThrow();
    return new HelixFit(components, scores, best);
  }

  /** The points along the first three components, (m, 3); 0 where there is no third one. */
  static double[][] scores(PrincipalComponents components) {
    int known = Math.min(3, components.count());
    INDArray projected = components.scores(known);
    double[][] scores = new double[(int) projected.size(0)][3];
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < known; j++) {
        scores[i][j] = projected.getDouble(i, j);
      }
    }
    return scores;
  }

  /** The share of the variance of centred points that lies in the plane of an axis. */
  static double planeShare(double[][] points, double[] axis) {
    double along = 0;
    double all = 0;
    for (double[] point : points) {
      along += Math.pow(dot(point, axis), 2);
      all += dot(point, point);
    }
    return 1 - along / all;
  }

  /** Each point but the ends averaged with its two neighbours. */
  static double[][] averaged(double[][] scores) {
    double[][] averaged = new double[scores.length][];
    for (int i = 0; i < scores.length; i++) {
      averaged[i] = scores[i].clone();
      for (int j = 0; i > 0 && i + 1 < scores.length && j < 3; j++) {
        averaged[i][j] = (scores[i - 1][j] + scores[i][j] + scores[i + 1][j]) / 3;
      }
    }
    return averaged;
  }

  /** The components themselves and a spiral of directions from the pole to the equator. */
  static List<double[]> axes() {
    List<double[]> axes = new ArrayList<>();
    axes.add(new double[] {1, 0, 0});
    axes.add(new double[] {0, 1, 0});
    axes.add(new double[] {0, 0, 1});
    double goldenAngle = Math.PI * (3 - Math.sqrt(5));
    for (int i = 0; i < AXES; i++) {
      double height = (i + 0.5) / AXES;
      double radius = Math.sqrt(1 - height * height);
      axes.add(
          new double[] {
            height, radius * Math.cos(i * goldenAngle), radius * Math.sin(i * goldenAngle)
          });
    }
    return axes;
  }

  /** How often the curve turns about the axis. */
  public double turns() {
    return plane.turning() / FULL;
  }

  /** The axis, a unit vector [d], pointing the way that the curve goes. */
  public INDArray axis() {
    return inSpace(plane.axis).muli(direction());
  }

  /** An orthonormal basis of the plane in which the curve turns, [2, d]. */
  public INDArray planeBasis() {
    return Nd4j.vstack(inSpace(plane.first).reshape(1, -1), inSpace(plane.second).reshape(1, -1));
  }

  /** The angle of every point about the axis in radians, [m], steps that count 0 left out. */
  public INDArray angles() {
    return Matrices.array(plane.angles);
  }

  /** How far every point is along the axis, [m], from the mean. */
  public INDArray heights() {
    return Matrices.array(rawHeights()).muli(direction());
  }

  /**
   * How steadily the curve goes along its axis: Spearman's rank correlation of height and order, 1
   * for a helix that climbs all the way, near 0 for a circle.
   */
  public double climb() {
    return Math.abs(rankCorrelation());
  }

  /** The share of the variance of the first three components that lies in the plane. */
  public double planeShare() {
    return plane.share;
  }

  /** Smallest radius in the plane over root mean square radius: 1 for a circle about the axis. */
  public double evenness() {
    return plane.evenness;
  }

  /** Steps of more than a quarter turn, which count 0. */
  public int unresolvedSteps() {
    return plane.unresolved;
  }

  private double direction() {
    return rankCorrelation() < 0 ? -1 : 1;
  }

  private double rankCorrelation() {
    double[] order = IntStream.range(0, scores.length).asDoubleStream().toArray();
    double correlation = new SpearmansCorrelation().correlation(rawHeights(), order);
    return Double.isNaN(correlation) ? 0 : correlation; // all heights alike
  }

  private double[] rawHeights() {
    return Arrays.stream(scores).mapToDouble(point -> dot(point, plane.axis)).toArray();
  }

  private INDArray inSpace(double[] direction) {
    int known = Math.min(3, components.count());
    INDArray coordinates = Nd4j.createFromArray(Arrays.copyOf(direction, known));
    return coordinates.reshape(1, known).mmul(components.basis(known)).reshape(-1);
  }

  static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  /** Some unit vector perpendicular to an axis. */
  static double[] perpendicular(double[] axis) {
    double[] other = Math.abs(axis[0]) < 0.6 ? new double[] {1, 0, 0} : new double[] {0, 1, 0};
    double[] normal = cross(axis, other);
    double norm = Math.sqrt(dot(normal, normal));
    return new double[] {normal[0] / norm, normal[1] / norm, normal[2] / norm};
  }

  static double[] cross(double[] a, double[] b) {
    return new double[] {
      a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    };
  }

  /** What the curve does in the plane perpendicular to one axis. */
  private record Plane(
      double[] axis,
      double[] first,
      double[] second,
      double[] angles,
      int unresolved,
      double share,
      double evenness) {

    static Plane of(double[][] points, double[] axis) {
      double[] first = perpendicular(axis);
      double[] second = cross(axis, first);
      double[] angles = new double[points.length];
      int unresolved = 0;
      double inPlane = 0;
      double all = 0;
      double smallest = Double.POSITIVE_INFINITY;
      double before = 0;
      for (int i = 0; i < points.length; i++) {
        double x = dot(points[i], first);
        double y = dot(points[i], second);
        double angle = Math.atan2(y, x);
        double step = i == 0 ? angle : Math.IEEEremainder(angle - before, FULL);
        boolean resolved = i == 0 || Math.abs(step) <= QUARTER;
        angles[i] = (i == 0 ? 0 : angles[i - 1]) + (resolved ? step : 0);
        unresolved += resolved ? 0 : 1;
        before = angle;
        inPlane += x * x + y * y;
        all += dot(points[i], points[i]);
        smallest = Math.min(smallest, x * x + y * y);
      }
      double evenness = inPlane > 0 ? Math.sqrt(smallest / (inPlane / points.length)) : 0;
      return new Plane(axis, first, second, angles, unresolved, inPlane / all, evenness);
    }

    double turning() {
      return Math.abs(angles[angles.length - 1] - angles[0]);
    }
  }
}
