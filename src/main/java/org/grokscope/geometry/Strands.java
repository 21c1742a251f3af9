package org.grokscope.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How many strands a helix has: stretches of a curve that run beside each other along one axis,
 * turning the same way, for at least a full turn.
 *
 * <p>In the space of the first three principal components:
 *
 * <ol>
 *   <li>Neighbours. Of the strides s = 1, 2, 3 the one with the shortest median distance of points
 *       i and i + s gives the pieces: the points of equal i mod s. A curve has s = 1; a ladder
 *       whose even and odd points lie on two rails has s = 2.
 *   <li>Along an axis (the same grid as {@link HelixFit}'s, those whose plane holds at least {@code
 *       planeShare} of the variance), each piece is cut where it turns back by more than a tenth of
 *       the whole height, into runs that only rise or only fall, heights averaged over three
 *       points.
 *   <li>Two runs are parallel if, within the heights that both have, each turns by at least 2π
 *       about the axis and both with the same handedness, dθ/dheight of one sign. Steps of more
 *       than a quarter turn count 0.
 *   <li>The number of strands is the largest number of mutually parallel runs over all axes; 1 if
 *       there are no two but some run makes a full turn; 0 if none does: a line or an arc.
 * </ol>
 *
 * <p>Taking the best of all axes favours many strands, so that a count of 1 means something: an arc
 * of .6 of a turn that climbs as far as it is wide already looks like a full turn from aslant. A
 * double helix, whichever way it is labelled (up one rail and down the other, twice upwards, or
 * from rail to rail), has 2.
 *
 * <p>Several curves in one space, such as that of a count and that of a width, are looked at
 * together: their runs may be parallel as those of one curve. But two runs are one strand, drawn
 * twice, if the points of one have the nearest point of the other less than a step away, both the
 * median: so near, a curve cannot be told from its own neighbours. Own definition.
 */
public final class Strands {
  private static final double FULL = 2 * Math.PI;
  private static final double BACK = 0.1;

  private final int count;
  private final int stride;
  private final double turnsTogether;

  private Strands(int count, int stride, double turnsTogether) {
    this.count = count;
    this.stride = stride;
    this.turnsTogether = turnsTogether;
  }

  /**
   * The strands of a curve.
   *
   * @param points [m, d] in the order of their labels, at least 8
   * @param planeShare least share of the variance in the plane about the axis, 0 … 2/3, as for
   *     {@link HelixFit}
   */
  public static Strands of(INDArray points, double planeShare) {
    if (points.rank() != 2 || points.size(0) < 8) {
      throw new IllegalArgumentException(
          "strands: got points of shape "
              + Matrices.shape(points)
              + ", expected a matrix of at least 8 rows, one for each label in order");
    }
    requirePlane(planeShare);
    double[][] scores = HelixFit.scores(PrincipalComponents.of(points));
    int stride = stride(scores);
    return best(scores, planeShare, stride, pieces(scores, stride, 0));
  }

  /**
   * The strands of several curves in one space together. The stride is that of the first.
   *
   * @param curves [m, d] each, in the order of their labels, at least 8 points
   * @param planeShare as above, of all points together
   */
  public static Strands together(List<INDArray> curves, double planeShare) {
    requirePlane(planeShare);
    if (curves.isEmpty() || curves.stream().anyMatch(c -> c.rank() != 2 || c.size(0) < 8)) {
      throw new IllegalArgumentException(
          "strands: got curves of shapes "
              + curves.stream().map(Matrices::shape).toList()
              + ", expected matrices of at least 8 rows, one for each label in order");
    }
    double[][] scores = HelixFit.scores(PrincipalComponents.of(Nd4j.vstack(curves)));
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    int firstStride = 0;
    for (int curve = 0; curve < curves.size(); curve++) {
      int to = from + (int) curves.get(curve).size(0);
      double[][] own = Arrays.copyOfRange(scores, from, to);
      int stride = stride(own);
      firstStride = curve == 0 ? stride : firstStride;
      pieces.addAll(pieces(own, stride, curve));
      from = to;
    }
    return best(scores, planeShare, firstStride, pieces);
  }

  private static void requirePlane(double planeShare) {
    if (!(planeShare >= 0 && planeShare <= 2.0 / 3)) {
      throw new IllegalArgumentException(
          "strands: got a plane's share of "
              + planeShare
              + ", expected 0 to 2/3, which some plane of three components always holds; try 0.3");
    }
  }

  private static Strands best(
      double[][] scores, double planeShare, int stride, List<Piece> pieces) {
    Strands best = new Strands(0, stride, 0);
    for (double[] axis : HelixFit.axes()) {
      if (HelixFit.planeShare(scores, axis) < planeShare - 1e-12) {
        continue;
      }
      Strands found = along(axis, pieces, stride);
      if (found.count > best.count
          || (found.count == best.count && found.turnsTogether > best.turnsTogether)) {
        best = found;
      }
    }
    return best;
  }

  private static int stride(double[][] points) {
    return IntStream.rangeClosed(1, 3)
        .boxed()
        .min(Comparator.comparingDouble(s -> medianStep(points, s)))
        .orElseThrow();
  }

  private static double medianStep(double[][] points, int stride) {
    double[] steps = new double[points.length - stride];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = distance(points[i], points[i + stride]);
    }
    Arrays.sort(steps);
    return steps[steps.length / 2];
  }

  /** The points of a curve, or every so many of them, and which curve it is. */
  private record Piece(double[][] points, int curve) {}

  private static double distance(double[] a, double[] b) {
    double[] difference = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    return Math.sqrt(HelixFit.dot(difference, difference));
  }

  private static List<Piece> pieces(double[][] points, int stride, int curve) {
    List<Piece> pieces = new ArrayList<>();
    for (int first = 0; first < stride; first++) {
      int from = first;
      double[][] piece =
          IntStream.range(0, points.length)
              .filter(i -> i % stride == from)
              .mapToObj(i -> points[i])
              .toArray(double[][]::new);
      pieces.add(new Piece(HelixFit.averaged(piece), curve));
    }
    return pieces;
  }

  private static Strands along(double[] axis, List<Piece> pieces, int stride) {
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (Piece piece : pieces) {
      for (double[] point : piece.points) {
        lowest = Math.min(lowest, HelixFit.dot(point, axis));
        highest = Math.max(highest, HelixFit.dot(point, axis));
      }
    }
    List<Run> runs = new ArrayList<>();
    for (Piece piece : pieces) {
      runs.addAll(Run.of(piece, axis, BACK * (highest - lowest)));
    }
    double alone = runs.stream().mapToDouble(run -> Math.abs(run.turning())).max().orElse(0);
    Strands most =
        new Strands(alone >= FULL - 1e-9 ? 1 : 0, stride, alone >= FULL - 1e-9 ? alone / FULL : 0);
    for (Run run : runs) { // those parallel to one run, and to each other
      List<Run> together = new ArrayList<>(List.of(run));
      double least = Double.POSITIVE_INFINITY;
      for (Run other : runs) {
        double shared =
            together.stream().mapToDouble(known -> known.turningBeside(other)).min().orElseThrow();
        if (!together.contains(other) && shared >= FULL - 1e-9) {
          together.add(other);
          least = Math.min(least, shared);
        }
      }
      if (together.size() > Math.max(1, most.count)) {
        most = new Strands(together.size(), stride, least / FULL);
      }
    }
    return most;
  }

  /** How many strands there are: 0 for no helix, 1 for a single one, 2 for a double one. */
  public int count() {
    return count;
  }

  /** How many labels on the nearest neighbour along a strand is: 1 for a curve in order. */
  public int stride() {
    return stride;
  }

  /** Turns that all strands make beside each other; those of the longest run if there is one. */
  public double turnsTogether() {
    return turnsTogether;
  }

  /**
   * A stretch of a piece that only rises or only falls.
   *
   * @param heights in its order
   * @param angles turned through up to each, steps that count 0 left out
   * @param points themselves
   * @param curve that they are of
   */
  private record Run(double[] heights, double[] angles, double[][] points, int curve) {

    static List<Run> of(Piece of, double[] axis, double back) {
      double[][] piece = of.points;
      double[] first = HelixFit.perpendicular(axis);
      double[] second = HelixFit.cross(axis, first);
      double[] heights = Arrays.stream(piece).mapToDouble(p -> HelixFit.dot(p, axis)).toArray();
      double[] angles = new double[piece.length];
      double before = 0;
      for (int i = 0; i < piece.length; i++) {
        double angle = Math.atan2(HelixFit.dot(piece[i], second), HelixFit.dot(piece[i], first));
        double step = i == 0 ? 0 : Math.IEEEremainder(angle - before, FULL);
        angles[i] = i == 0 ? angle : angles[i - 1] + (Math.abs(step) <= Math.PI / 2 ? step : 0);
        before = angle;
      }
      Run whole = new Run(heights, angles, piece, of.curve);
      List<Run> runs = new ArrayList<>();
      int from = 0;
      int extreme = 0;
      int direction = 0;
      for (int i = 1; i < heights.length; i++) {
        double moved = heights[i] - heights[extreme];
        if (direction == 0) {
          direction = Math.abs(moved) > back ? (int) Math.signum(moved) : 0;
          extreme = direction == 0 ? extreme : i;
        } else if (direction * moved >= 0) {
          extreme = i;
        } else if (-direction * moved > back) { // it has turned back
          runs.add(whole.part(from, extreme + 1));
          from = extreme;
          direction = -direction;
          extreme = i;
        }
      }
      runs.add(whole.part(from, heights.length));
      return runs;
    }

    private Run part(int from, int to) {
      return new Run(
          Arrays.copyOfRange(heights, from, to),
          Arrays.copyOfRange(angles, from, to),
          Arrays.copyOfRange(points, from, to),
          curve);
    }

    /** By how much it turns per rise, with a sign: the handedness. */
    double turning() {
      return turning(lowest(), highest());
    }

    /** By how much it turns between two heights: angle at the upper minus angle at the lower. */
    private double turning(double low, double high) {
      double atLow = 0;
      double atHigh = 0;
      double nearLow = Double.POSITIVE_INFINITY;
      double nearHigh = Double.POSITIVE_INFINITY;
      for (int i = 0; i < heights.length; i++) {
        if (Math.abs(heights[i] - low) < nearLow) {
          nearLow = Math.abs(heights[i] - low);
          atLow = angles[i];
        }
        if (Math.abs(heights[i] - high) < nearHigh) {
          nearHigh = Math.abs(heights[i] - high);
          atHigh = angles[i];
        }
      }
      return atHigh - atLow;
    }

    /** The lesser of two turnings over shared heights, 0 if the handedness differs. */
    double turningBeside(Run other) {
      double low = Math.max(lowest(), other.lowest());
      double high = Math.min(highest(), other.highest());
      if (low >= high) {
        return 0;
      }
      double mine = turning(low, high);
      double others = other.turning(low, high);
      double both = mine * others > 0 ? Math.min(Math.abs(mine), Math.abs(others)) : 0;
      return both >= FULL - 1e-9 && curve != other.curve && isDrawnTwice(other) ? 0 : both;
    }

    /** Whether the median distance to the other's nearest point is less than the median step. */
    private boolean isDrawnTwice(Run other) {
      double[] nearest =
          Arrays.stream(points)
              .mapToDouble(
                  point ->
                      Arrays.stream(other.points)
                          .mapToDouble(near -> distance(point, near))
                          .min()
                          .orElseThrow())
              .sorted()
              .toArray();
      double[] steps =
          IntStream.range(1, points.length)
              .mapToDouble(i -> distance(points[i - 1], points[i]))
              .sorted()
              .toArray();
      return steps.length > 0 && nearest[nearest.length / 2] < steps[steps.length / 2];
    }

    private double lowest() {
      return Arrays.stream(heights).min().orElseThrow();
    }

    private double highest() {
      return Arrays.stream(heights).max().orElseThrow();
    }
  }
}
