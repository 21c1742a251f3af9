package org.grokscope.line;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.grokscope.geometry.Manifold;
import org.grokscope.model.Site;
import org.grokscope.series.Reading;

/** What is read off a model of marks. */
public final class MarkMeasures {
  private static final double HIGH = 0.99; // percentile of a null
  private static final double USUAL = 0.95;
  private static final int WITHIN = 30; // marks, largest difference that a share is of
  private static final long SEED = 5; // of the nulls and of random heads

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
    List<Reading> readings = new ArrayList<>();
    Map<String, Double> own = CurveNull.numbers(model.count());
    boolean beyond = true;
    for (CurveNull.Kind kind : CurveNull.Kind.values()) {
      CurveNull drawn = CurveNull.of(kind, model.count(), draws, new Random(SEED));
      for (String number : List.of("rise", "plane_turns")) {
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
    Subspace six = new Subspace("6 components", curve.principalComponents().basis(6));
    Subspace one = new Subspace("1 component", curve.principalComponents().basis(1));
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
