package org.grokscope.line;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.grokscope.geometry.CirculantEmbedding;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.PrincipalComponents;
import org.grokscope.model.Site;
import org.grokscope.series.Reading;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What is read off a model of marks. */
public final class MarkMeasures {
  private static final double HIGH = 0.99; // percentile of a null
  private static final double USUAL = 0.95;
  private static final int WITHIN = 30; // marks, largest difference that a share is of
  private static final List<String> COMPARED = List.of("rise", "plane_turns");
  private static final long SEED = 5; // of the nulls and of random heads

  /** So that at least nine places of ten are read right: a wrong one is off by one or more. */
  private static final double ERROR = 0.1;

  private static final int READINGS = 4_000; // of places through noise

  private MarkMeasures() {}

  /**
   * Accuracies without and with the noise of its site; the curve of the count and that of what was
   * told, as {@link FactManifold.Shape} measures them.
   */
  public static List<Reading> shapes(MarkSubject model) {
    List<Reading> readings = new ArrayList<>();
    add(readings, "stop_accuracy", "", model.answers().stopAccuracy());
    add(readings, "near_stop_accuracy", "", model.answers().nearStopAccuracy());
    Site site = model.reader().config().shape().layers().get(model.last() - 1).site();
    add(readings, "noisy_stop_accuracy", "", model.noisyAnswers(site.noise()).stopAccuracy());
    addShape(readings, "count", model.count());
    addShape(readings, "told", model.told());
    return readings;
  }

  private static void addShape(List<Reading> readings, String name, Manifold curve) {
    for (Map.Entry<String, Double> number : FactManifold.Shape.of(curve).numbers().entrySet()) {
      add(readings, name + "." + number.getKey(), "", number.getValue());
    }
  }

  /**
   * The curve of the count against curves that mean nothing: the 99th percentiles of their rise and
   * turns in the plane of the first two components, and {@code count.beyond_nulls}, 1 where rise
   * and turns both are above those of both.
   *
   * @param draws of each null, 200 for evidence
   */
  public static List<Reading> nulls(MarkSubject model, int draws) {
    return nulls(model.count(), draws);
  }

  /** The same of any curve of a count. */
  static List<Reading> nulls(Manifold count, int draws) {
    List<Reading> readings = new ArrayList<>();
    Map<String, Double> own = CurveNull.numbers(count);
    boolean beyond = true;
    for (CurveNull.Kind kind : CurveNull.Kind.values()) {
      CurveNull drawn = CurveNull.of(kind, count, draws, new Random(SEED));
      for (String number : COMPARED) {
        double high = drawn.percentile(number, HIGH);
        add(readings, "null." + number, kind.word(), high);
        beyond &= own.get(number) > high;
      }
    }
    add(readings, "count.plane_turns", "", own.get("plane_turns"));
    add(readings, "count.beyond_nulls", "", beyond ? 1 : 0);
    return readings;
  }

  /**
   * What theory says of the curve, before any training: how many waves so many places need to be
   * told from their neighbours through such noise, at least nine of ten read right, {@link
   * CirculantEmbedding#fewestWaves} on a ring of twice the places, since a line has two free ends;
   * the shape of the half of that ring; the mean error with one wave alone, a half circle, and with
   * as many waves as the stream has room for, which is the best that can be done there.
   *
   * @param places to be told apart
   * @param width of the stream, whose norm is the square root of it
   * @param noise σ on each number of the stream
   */
  public static List<Reading> predicted(int places, int width, double noise) {
    List<Reading> readings = new ArrayList<>();
    int ring = 2 * places;
    int room = Math.min(width / 2, (ring - 1) / 2);
    double each = noise / Math.sqrt(width); // beside a vector of length 1
    int waves = CirculantEmbedding.fewestWaves(ring, each, ERROR, room, READINGS, SEED);
    add(readings, "theory.waves", "", waves);
    CirculantEmbedding embedding = CirculantEmbedding.triangle(ring, 1, 2 * Math.min(waves, room));
    addCurve(
        readings,
        "theory",
        Manifold.of(
            embedding.points().get(NDArrayIndex.interval(0, places), NDArrayIndex.all()),
            IntStream.rangeClosed(1, places).toArray()));
    add(readings, "theory.read_error", "one wave", error(ring, each, 1));
    add(readings, "theory.read_error", "all waves", error(ring, each, room));
    return readings;
  }

  private static double error(int ring, double noise, int waves) {
    return CirculantEmbedding.triangle(ring, 1, 2 * waves)
        .meanError(noise, READINGS, new Random(SEED));
  }

  /** The curve of the count in the numbers that {@link #predicted} has of theory's. */
  public static List<Reading> curve(MarkSubject model) {
    List<Reading> readings = new ArrayList<>();
    addCurve(readings, "count", model.count());
    return readings;
  }

  private static void addCurve(List<Reading> readings, String name, Manifold curve) {
    PrincipalComponents components = curve.principalComponents();
    add(readings, name + ".components_95", "", components.componentsFor(0.95));
    add(readings, name + ".dimensions", "", dimensions(components));
    add(readings, name + ".first", "", components.explained(1));
    add(readings, name + ".trough", "", curve.cosines().ringing().trough());
    Map<String, Double> numbers = CurveNull.numbers(curve);
    for (String number : COMPARED) {
      add(readings, name + "." + number, "", numbers.get(number));
    }
  }

  /**
   * How many dimensions a curve fills: (Σ λ)² / Σ λ² over the variances λ of its components, n for
   * n equal ones.
   */
  private static double dimensions(PrincipalComponents components) {
    double[] variances = components.variances().toDoubleVector();
    double sum = DoubleStream.of(variances).sum();
    return sum * sum / DoubleStream.of(variances).map(v -> v * v).sum();
  }

  /**
   * What noise has made of the curve of the count: {@link #curve}; its radius, the root mean square
   * distance of the means from their centre, beside the norm of the stream; how far off a count is
   * read where noise is added to its mean and the nearest mean is taken; what is right near the end
   * through noise; and the 95th percentiles of smooth curves.
   *
   * @param noise σ on the stream
   * @param draws of smooth curves
   */
  public static List<Reading> bent(MarkSubject model, double noise, int draws) {
    List<Reading> readings = curve(model);
    Manifold count = model.count();
    INDArray means = count.means();
    INDArray centred = means.subRowVector(means.mean(0));
    add(
        readings,
        "count.radius",
        "",
        centred.norm2Number().doubleValue() / Math.sqrt(means.size(0)));
    add(readings, "stream.norm", "", Math.sqrt(means.size(1)));
    add(readings, "count.read_error", "", readError(count, noise));
    add(readings, "noisy_near_stop_accuracy", "", model.noisyAnswers(noise).nearStopAccuracy());
    CurveNull drawn = CurveNull.of(CurveNull.Kind.SMOOTH, count, draws, new Random(SEED));
    for (String number : COMPARED) {
      add(readings, "null." + number, "smooth 95 %", drawn.percentile(number, USUAL));
    }
    return readings;
  }

  /** Mean distance of the count that is read from the true one, the counts taken in turn. */
  private static double readError(Manifold curve, double noise) {
    double[][] means = curve.means().toDoubleMatrix();
    int[] labels = curve.labels();
    Random random = new Random(SEED);
    double error = 0;
    for (int draw = 0; draw < READINGS; draw++) {
      int place = draw % means.length;
      double[] seen = means[place].clone();
      for (int j = 0; j < seen.length; j++) {
        seen[j] += noise * random.nextGaussian();
      }
      error += Math.abs(labels[nearest(means, seen)] - labels[place]) / (double) READINGS;
    }
    return error;
  }

  private static int nearest(double[][] means, double[] seen) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < means.length; i++) {
      double distance = 0;
      for (int j = 0; j < seen.length; j++) {
        distance += (seen[j] - means[i][j]) * (seen[j] - means[i][j]);
      }
      if (distance < least) {
        least = distance;
        nearest = i;
      }
    }
    return nearest;
  }

  /**
   * What every head of the last layer makes of the two curves: how alike they are before it and
   * after W_Q and W_K, the line of its peaks, the share of its map that depends on the difference
   * alone; and of random heads the 95th percentile of that share, and the share that is boundary
   * heads, slope 1 ± .05 and R² ≥ .95 over 80 % of the counts.
   *
   * @param draws random heads beside each, 200 for evidence
   */
  public static List<Reading> twists(MarkSubject model, int draws) {
    List<Reading> readings = new ArrayList<>();
    int heads = model.reader().config().shape().layers().get(model.last()).heads();
    for (int h = 0; h < heads; h++) {
      QkTwist twist = model.twist(h);
      QkTwist.Line line = line(twist);
      String key = "" + h;
      add(readings, "twist.cosine_before", key, twist.alignmentBefore().cosine());
      add(readings, "twist.cosine_after", key, twist.alignmentAfter().cosine());
      add(readings, "twist.share_before", key, twist.differenceShareBefore(WITHIN));
      add(readings, "twist.share_after", key, twist.differenceShareAfter(WITHIN));
      add(readings, "twist.inside", key, line.inside() / (double) line.labels());
      if (line.fitted()) {
        add(readings, "twist.slope", key, line.slope());
        add(readings, "twist.offset", key, line.offset());
        add(readings, "twist.r2", key, line.r2());
      }
      add(readings, "twist.boundary", key, boundary(line) ? 1 : 0);
      List<QkTwist> random = twist.randomHeads(draws, new Random(SEED + h));
      double[] shares =
          random.stream().mapToDouble(of -> of.differenceShareAfter(WITHIN)).sorted().toArray();
      add(readings, "null.twist.share_after", key, CurveNull.percentile(shares, USUAL));
      double passing = random.stream().filter(of -> boundary(line(of))).count();
      add(readings, "null.twist.boundary", key, passing / draws);
    }
    return readings;
  }

  /**
   * What follows from changing the count, and what is left without it: {@code steer}, the share of
   * the texts that end or go on as the count asks that they were told, and {@code ablate}, the
   * share of the marks near the end that are right without a subspace.
   *
   * @param draws random subspaces beside the curve's, 20 for evidence
   */
  public static List<Reading> causes(MarkSubject model, int draws) {
    List<Reading> readings = new ArrayList<>();
    MarkSteering steering = MarkSteering.of(model, SEED);
    Manifold curve = model.count();
    int d = (int) curve.means().size(1);
    Subspace six = Subspace.components(curve, 6);
    Subspace one = Subspace.components(curve, 1);
    add(readings, "steer.swap", "nothing", steering.untouched());
    for (Subspace subspace : List.of(one, six, Subspace.whole(d))) {
      add(readings, "steer.swap", subspace.name(), steering.followed(Move.SWAP, subspace));
    }
    add(readings, "steer.chord", six.name(), steering.followed(Move.CHORD, six));
    add(readings, "steer.rotate", six.name(), steering.followed(Move.ROTATE, six));
    List<Subspace> random = Subspace.random(6, d, draws, new Random(SEED));
    List<Subspace> apart = six.randomApart(6, draws, new Random(SEED + 1));
    add(readings, "steer.swap", "random", mean(random, s -> steering.followed(Move.SWAP, s)));
    add(readings, "steer.swap", "random apart", mean(apart, s -> steering.followed(Move.SWAP, s)));
    add(readings, "ablate", "nothing", model.answers().nearStopAccuracy());
    add(readings, "ablate", six.name(), steering.rightWithout(six));
    add(readings, "ablate", "random", mean(random, steering::rightWithout));
    add(readings, "ablate", "random apart", mean(apart, steering::rightWithout));
    return readings;
  }

  private static double mean(List<Subspace> subspaces, ToDoubleFunction<Subspace> of) {
    return subspaces.stream().mapToDouble(of).average().orElseThrow();
  }

  private static QkTwist.Line line(QkTwist twist) {
    return twist.line(QkTwist.Part.WHOLE, QkTwist.Along.KEYS);
  }

  private static boolean boundary(QkTwist.Line line) {
    return line.fitted()
        && line.inside() >= 0.8 * line.labels()
        && Math.abs(line.slope() - 1) <= 0.05
        && line.r2() >= 0.95;
  }

  private static void add(List<Reading> readings, String metric, String key, double value) {
    readings.add(new Reading(metric, "", key, value));
  }
}
