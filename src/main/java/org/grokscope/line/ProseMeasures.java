package org.grokscope.line;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.TuningCurves;
import org.grokscope.series.Reading;
import org.grokscope.task.LineFact;
import org.grokscope.task.ProseAnswers;
import org.grokscope.task.ProseBatch;
import org.grokscope.task.ProseReader;

/** Every measure of a model that breaks lines of prose: what {@code grokscope evidence} writes. */
public final class ProseMeasures {
  private static final long SEED = 11; // of the controls

  private ProseMeasures() {}

  /**
   * Where it ends lines, beside a reader who counts: {@code break_accuracy} of all decisions,
   * {@code near_edge_accuracy}, {@code unseen_width_accuracy} at widths never trained; the same of
   * {@link ProseReader}, {@code reader_accuracy} and so on; and what the reader has more, {@code
   * below_reader}, {@code near_edge_below_reader}, {@code unseen_below_reader}.
   */
  public static List<Reading> accuracies(ProseSubject model) {
    List<Reading> readings = new ArrayList<>();
    ProseAnswers answers = model.answers();
    double all = answers.breakAccuracy(position -> true);
    double near = answers.nearEdgeAccuracy();
    ProseReader reader = ProseReader.of(model.task());
    double readerAll = reader.accuracy(model.answered());
    double readerNear = reader.nearEdgeAccuracy(model.answered());
    add(readings, "break_accuracy", all);
    add(readings, "near_edge_accuracy", near);
    add(readings, "reader_accuracy", readerAll);
    add(readings, "reader_near_edge_accuracy", readerNear);
    add(readings, "below_reader", readerAll - all);
    add(readings, "near_edge_below_reader", readerNear - near);
    if (!model.task().widths().heldOut().isEmpty()) {
      ProseBatch unseen = model.unseen();
      double own = model.answers(unseen, Map.of()).breakAccuracy(position -> true);
      double readers = ProseReader.ofAllWidths(model.task()).accuracy(unseen);
      add(readings, "unseen_width_accuracy", own);
      add(readings, "reader_unseen_accuracy", readers);
      add(readings, "unseen_below_reader", readers - own);
    }
    if (model.through().noise() > 0) {
      ProseAnswers noisy = model.noisyAnswers();
      add(readings, "noisy_break_accuracy", noisy.breakAccuracy(position -> true));
      add(readings, "noisy_near_edge_accuracy", noisy.nearEdgeAccuracy());
    }
    return readings;
  }

  /**
   * The shape of the curve of the count, effects of tokens taken out, and of that of the lengths of
   * lines at the newlines that end them; and the first against curves that mean nothing, as {@link
   * MarkMeasures#nulls}.
   *
   * @param draws of each null, 200 for evidence
   */
  public static List<Reading> curves(ProseSubject model, int draws) {
    List<Reading> readings = new ArrayList<>();
    Manifold count = model.count().manifold();
    addShape(readings, "count", model.count());
    addShape(readings, "length", model.lengths());
    readings.addAll(LineMeasures.nulls(count, draws));
    return readings;
  }

  private static void addShape(List<Reading> readings, String name, FactManifold curve) {
    curve.shape().numbers().forEach((number, value) -> add(readings, name + "." + number, value));
  }

  /** R² of a linear probe of the count, and of the width after the first line: {@code probe_r2}. */
  public static List<Reading> probes(ProseSubject model) {
    List<Reading> readings = new ArrayList<>();
    LineActivations site = model.atDecisions(model.site());
    ProbeSettings settings = ProbeSettings.fiveFolds(1);
    add(readings, "probe_r2", "count", AbilityProbes.linear(site, LineFact.COUNT, settings).r2());
    LineActivations later = site.where(LineFact.LINE, 1, Integer.MAX_VALUE);
    add(readings, "probe_r2", "width", AbilityProbes.linear(later, LineFact.WIDTH, settings).r2());
    return readings;
  }

  /**
   * What the heads of the last layer make of the count and of the length of earlier lines: {@code
   * head.slope}, {@code head.r2}, {@code head.cosine_before} and {@code head.cosine_after} of each;
   * {@code boundary_heads}, how many have slope 1 ± .05 and R² ≥ .95; {@code cosine_before} and
   * {@code cosine_after}, the largest.
   */
  public static List<Reading> heads(ProseSubject model) {
    List<Reading> readings = new ArrayList<>();
    double before = -1;
    double after = -1;
    int boundary = 0;
    for (int h = 0; h < model.layer(model.last()).heads(); h++) {
      QkTwist twist = model.twist(h);
      QkTwist.Line line = twist.line(QkTwist.Part.INTERACTION, QkTwist.Along.KEYS);
      if (line.fitted()) {
        add(readings, "head.slope", "" + h, line.slope());
        add(readings, "head.r2", "" + h, line.r2());
      }
      boundary += LineMeasures.boundary(line) ? 1 : 0;
      add(readings, "head.cosine_before", "" + h, twist.alignmentBefore().cosine());
      add(readings, "head.cosine_after", "" + h, twist.alignmentAfter().cosine());
      before = Math.max(before, twist.alignmentBefore().cosine());
      after = Math.max(after, twist.alignmentAfter().cosine());
    }
    add(readings, "boundary_heads", boundary);
    add(readings, "cosine_before", before);
    add(readings, "cosine_after", after);
    return readings;
  }

  /**
   * What is right near the edge when the mean is taken for the count: {@code ablate.near_edge} of
   * nothing, one component, six and the whole vector, and {@code ablate_share}, what six components
   * lose of what the whole vector loses.
   */
  public static List<Reading> ablation(ProseSubject model) {
    List<Reading> readings = new ArrayList<>();
    double left = without(model, Subspace.components(model.count(), 6));
    add(readings, "ablate.near_edge", "nothing", model.answers().nearEdgeAccuracy());
    double one = without(model, Subspace.components(model.count(), 1));
    add(readings, "ablate.near_edge", "1 component", one);
    add(readings, "ablate.near_edge", "6 components", left);
    double whole = model.answersWithoutVector().nearEdgeAccuracy();
    add(readings, "ablate.near_edge", "whole vector", whole);
    add(readings, "ablate_share", shareLost(model, left));
    return readings;
  }

  /** The same of six random dimensions of the stream. */
  public static List<Reading> ablationAtRandom(ProseSubject model, long seed) {
    List<Reading> readings = new ArrayList<>();
    int d = (int) model.count().manifold().means().size(1);
    double left = without(model, Subspace.random(6, d, 1, new Random(SEED + seed)).get(0));
    add(readings, "ablate.near_edge", left);
    add(readings, "ablate_share", shareLost(model, left));
    return readings;
  }

  /** Of what is lost without the whole vector, what is lost where so many are right. */
  private static double shareLost(ProseSubject model, double left) {
    double untouched = model.answers().nearEdgeAccuracy();
    return (untouched - left) / (untouched - model.answersWithoutVector().nearEdgeAccuracy());
  }

  private static double without(ProseSubject model, Subspace subspace) {
    return model.answersWithout(subspace).nearEdgeAccuracy();
  }

  /**
   * The dictionary of the stream: {@code dictionary.explained} on texts that it was not learnt
   * from; {@code dictionary.count_r2}, R² of single features with the count, the two highest; and
   * the place fields of its features, as {@link MarkPicture#fields}.
   */
  public static List<Reading> dictionary(ProseSubject model) {
    List<Reading> readings = new ArrayList<>();
    add(
        readings,
        "dictionary.explained",
        model.dictionary().explained(model.dictionaryTexts(false).values()));
    double[] r2 = AbilityProbes.neuronR2(model.codes(), LineFact.COUNT);
    Arrays.sort(r2);
    add(readings, "dictionary.count_r2", "best feature", r2[r2.length - 1]);
    add(readings, "dictionary.count_r2", "next", r2[r2.length - 2]);
    TuningCurves features = TuningCurves.of(model.features().manifold());
    readings.addAll(MarkPicture.fields(features));
    return readings;
  }

  private static void add(List<Reading> readings, String metric, double value) {
    add(readings, metric, "", value);
  }

  private static void add(List<Reading> readings, String metric, String key, double value) {
    readings.add(new Reading(metric, "", key, value));
  }
}
