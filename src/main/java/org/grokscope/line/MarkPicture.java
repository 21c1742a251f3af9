package org.grokscope.line;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.grokscope.geometry.CurveFit;
import org.grokscope.geometry.Folds;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.Strands;
import org.grokscope.geometry.TuningCurves;
import org.grokscope.geometry.TuningCurves.Peak;
import org.grokscope.series.Reading;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The essay's picture of the count, held against models of marks: a helix, or a double one, whose
 * angle is the fine count and whose axis the coarse one (E3, E15); neurons that respond to a place
 * and widen with the count (E5); and a count that is a cause, so that the marks end where another
 * count says (E9).
 */
public final class MarkPicture {
  private static final int WAVES = 4; // at most
  private static final int JUDGED = 2; // waves
  private static final int FOLDS = 5;
  private static final long SEED = 1; // of the folds, of what is dealt, and of what is told
  private static final double PLANE_SHARE = 0.3; // as everywhere for Strands
  private static final double WIDE = 2; // labels, the narrowest place field
  private static final int DEALT = 200;
  private static final double HIGH = 0.95;

  private MarkPicture() {}

  /**
   * How many strands the curves of the count and of what was told have together, and each; and the
   * mean cosine of the two at equal labels, each seen from its own centre.
   *
   * @param count at least 8 labels, as the other
   * @param told in the same space
   */
  public static List<Reading> strands(Manifold count, Manifold told) {
    List<Reading> readings = new ArrayList<>();
    Strands both = Strands.together(List.of(count.means(), told.means()), PLANE_SHARE);
    add(readings, "strands", "count", Strands.of(count.means(), PLANE_SHARE).count());
    add(readings, "strands", "told", Strands.of(told.means(), PLANE_SHARE).count());
    add(readings, "strands", "both", both.count());
    add(readings, "strands.turns", "both", both.turnsTogether());
    add(readings, "strands.double", "", both.count() == 2 ? 1 : 0);
    add(readings, "strands.cosine", "", cosine(count, told));
    return readings;
  }

  private static double cosine(Manifold count, Manifold told) {
    int[] common =
        IntStream.of(count.labels())
            .filter(label -> Arrays.binarySearch(told.labels(), label) >= 0)
            .toArray();
    INDArray left = common(count, common);
    INDArray right = common(told, common);
    return left.mul(right).sum(1).div(left.norm2(1).mul(right.norm2(1))).meanNumber().doubleValue();
  }

  private static INDArray common(Manifold curve, int[] labels) {
    INDArray rows =
        Nd4j.vstack(IntStream.of(labels).mapToObj(curve::mean).toArray(INDArray[]::new));
    return rows.subRowVector(rows.mean(0));
  }

  /**
   * How much of a curve is foretold at labels left out, by {@link CurveFit}: by one to four waves
   * with a straight axis and without, by an axis alone, and by natural splines of as many
   * functions. {@code wave.gain} is what two waves and an axis foretell more than the spline does,
   * {@code wave.phase} and {@code wave.axis} what a helix loses without its wave or its axis.
   *
   * @param curve at least 30 labels
   */
  public static List<Reading> waves(Manifold curve) {
    List<Reading> readings = new ArrayList<>();
    double axis = heldOut(curve, CurveFit.spline(2));
    add(readings, "wave.held", "axis", axis);
    double[] alone = new double[WAVES + 1];
    double[] withAxis = new double[WAVES + 1];
    double[] spline = new double[WAVES + 1];
    for (int k = 1; k <= WAVES; k++) {
      alone[k] = heldOut(curve, CurveFit.waves(k, false));
      withAxis[k] = heldOut(curve, CurveFit.waves(k, true));
      spline[k] = heldOut(curve, CurveFit.spline(CurveFit.waves(k, true).functions()));
      String waves = k == 1 ? "1 wave" : k + " waves";
      add(readings, "wave.held", waves, alone[k]);
      add(readings, "wave.held", waves + " + axis", withAxis[k]);
      add(readings, "spline.held", waves + " + axis", spline[k]);
    }
    add(readings, "wave.gain", "", withAxis[JUDGED] - spline[JUDGED]);
    add(readings, "wave.phase", "", withAxis[1] - axis);
    add(readings, "wave.axis", "", withAxis[1] - alone[1]);
    double[] turns =
        CurveFit.of(CurveFit.waves(JUDGED, false), curve.means(), curve.labels()).turns();
    add(readings, "wave.turns", "fine", Math.max(turns[0], turns[1]));
    add(readings, "wave.turns", "coarse", Math.min(turns[0], turns[1]));
    return readings;
  }

  private static double heldOut(Manifold curve, CurveFit.Kind kind) {
    Folds folds = Folds.ofRows(curve.labels().length, FOLDS, SEED);
    return CurveFit.heldOut(kind, curve.means(), curve.labels(), folds);
  }

  /**
   * The place fields of the neurons of the MLP before the site: how many, their median width, and
   * how they widen, with {@code place.widens} 1 where that is above the 95th percentile of widths
   * dealt anew. Nothing is said of widening where there are too few fields.
   */
  public static List<Reading> fields(MarkSubject model) {
    return fields(neurons(model));
  }

  /** The same of any tuning. */
  static List<Reading> fields(TuningCurves curves) {
    List<Reading> readings = new ArrayList<>();
    List<Peak> fields = curves.placeFields(WIDE);
    add(readings, "place.fields", "", fields.size());
    if (mayWiden(fields)) {
      double[] widths = fields.stream().mapToDouble(Peak::width).sorted().toArray();
      add(readings, "place.width", "median", CurveNull.percentile(widths, 0.5));
      addWidening(readings, fields, curves.labels());
    }
    return readings;
  }

  private static boolean mayWiden(List<Peak> fields) {
    return fields.size() >= 3 && fields.stream().mapToInt(Peak::label).distinct().count() >= 2;
  }

  private static void addWidening(List<Reading> readings, List<Peak> fields, int[] labels) {
    double widening = TuningCurves.widening(fields);
    Random random = new Random(SEED);
    double[] dealt =
        IntStream.range(0, DEALT)
            .mapToObj(draw -> dealtAnew(fields, labels, random))
            .mapToDouble(draw -> mayWiden(draw) ? TuningCurves.widening(draw) : 0)
            .sorted()
            .toArray();
    add(readings, "place.widening", "", widening);
    add(readings, "null.place.widening", "95 %", CurveNull.percentile(dealt, HIGH));
    add(readings, "place.widens", "", widening > CurveNull.percentile(dealt, HIGH) ? 1 : 0);
  }

  /**
   * How fields would widen whose width has nothing to do with their place: every width of the model
   * is dealt to the place of one of its fields at which it falls to half on both sides, as it must
   * to be measured.
   *
   * @param random of the draw
   * @return as {@link #fields}, without the number of them
   */
  public static List<Reading> fieldsDealtAnew(MarkSubject model, RandomGenerator random) {
    TuningCurves curves = neurons(model);
    List<Reading> readings = new ArrayList<>();
    List<Peak> dealt = dealtAnew(curves.placeFields(WIDE), curves.labels(), random);
    if (mayWiden(dealt)) {
      addWidening(readings, dealt, curves.labels());
    }
    return readings;
  }

  static List<Peak> dealtAnew(List<Peak> fields, int[] labels, RandomGenerator random) {
    List<Peak> dealt = new ArrayList<>();
    for (Peak of : fields) {
      List<Integer> places =
          fields.stream()
              .map(Peak::label)
              .filter(
                  place ->
                      place - of.width() / 2 >= labels[0]
                          && place + of.width() / 2 <= labels[labels.length - 1])
              .toList();
      int place = places.isEmpty() ? of.label() : places.get(random.nextInt(places.size()));
      dealt.add(new Peak(of.feature(), place, of.height(), of.width()));
    }
    return dealt;
  }

  /**
   * The tuning of the neurons of the MLP before the site: mean activations by count at marks,
   * without additive effects of chunks.
   */
  public static TuningCurves neurons(MarkSubject model) {
    return TuningCurves.of(model.counts("blocks." + (model.last() - 1) + ".mlp.hook_post"));
  }

  /**
   * The share of the texts whose marks end exactly where another count says, {@link
   * MarkSteering#ends}: {@code end.moved} by a swap in the first six principal components of the
   * curve, and beside it in one, in the whole vector, and by a turn along the curve.
   */
  public static List<Reading> ends(MarkSubject model) {
    List<Reading> readings = new ArrayList<>();
    Manifold curve = model.count();
    int d = (int) curve.means().size(1);
    Subspace six = Subspace.components(curve, 6);
    add(readings, "end.moved", "", moved(model, Move.SWAP, six));
    add(
        readings,
        "end.moved",
        "1 component",
        moved(model, Move.SWAP, Subspace.components(curve, 1)));
    add(
        readings,
        "end.moved",
        "4 components",
        moved(model, Move.SWAP, Subspace.components(curve, 4)));
    add(readings, "end.moved", "whole vector", moved(model, Move.SWAP, Subspace.whole(d)));
    add(readings, "end.moved", "turned", moved(model, Move.ROTATE, six));
    return readings;
  }

  /** The same by a swap in some six dimensions of the stream. */
  public static List<Reading> endsAtRandom(MarkSubject model, RandomGenerator random) {
    int d = (int) model.count().means().size(1);
    List<Reading> readings = new ArrayList<>();
    add(
        readings,
        "end.moved",
        "",
        moved(model, Move.SWAP, Subspace.random(6, d, 1, random).get(0)));
    return readings;
  }

  private static double moved(MarkSubject model, Move move, Subspace subspace) {
    return MarkSteering.ends(model, SEED, move, subspace);
  }

  private static void add(List<Reading> readings, String metric, String key, double value) {
    readings.add(new Reading(metric, "", key, value));
  }
}
