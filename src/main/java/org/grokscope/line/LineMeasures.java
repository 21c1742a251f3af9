package org.grokscope.line;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.grokscope.geometry.Manifold;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;
import org.grokscope.task.IdealReader;
import org.grokscope.task.LineAnswers;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineFact;
import org.grokscope.task.WidthSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * Every measure of a model that breaks lines, E1 to E10 and E13 to E15, by name: what {@code
 * grokscope evidence} writes at the end of a training, and what can be followed over it.
 *
 * <pre>{@code
 * LineSubject model = LineSubject.of(task, reader, 200, 0);
 * LineMeasures.named("count").readings(model)
 * }</pre>
 */
public final class LineMeasures {
  private static final int VERSION = 1; // of all measures; to be counted up when one changes
  private static final int REMAINING = 20; // characters, for the decision
  private static final int RING = 113; // points of the circle that the curve is laid on
  private static final int SHIFT = 4; // counts that a rotation is to add
  private static final int DRAWS = 200; // of curves that mean nothing
  private static final int NAMED_WIDTHS = 8; // fewer make no line to fit

  private static final List<LineFact> LINEAR =
      List.of(LineFact.COUNT, LineFact.WIDTH, LineFact.REMAINING, LineFact.NEXT_LENGTH);

  private static final List<String> OUTCOMES =
      List.of(
          "near_edge_accuracy", "f1", "blanks_accuracy", "label_accuracy", "word_loss", "end_loss");

  /** What a measure costs and needs. */
  private enum Kind {
    /** Seconds: for every checkpoint of a training. */
    CHEAP,
    /** Longer: for the end of a training. */
    COSTLY,
    /** The same, with random subspaces or heads beside it. */
    WITH_CONTROLS
  }

  /** What is read off a model; not defined numbers may be given, they are left out. */
  @FunctionalInterface
  private interface Read {
    void read(LineSubject model, Found found);
  }

  private static final Map<String, Measure> BY_NAME = new LinkedHashMap<>();

  static {
    put(
        "accuracy",
        "share of the decisions that are right: break_accuracy of all, near_edge_accuracy where"
            + " one more word might not fit; column_accuracy and label_accuracy of the tokens named;"
            + " noisy_break_accuracy and noisy_near_edge_accuracy with the noise of the training",
        Kind.CHEAP,
        LineMeasures::accuracy);
    put(
        "ceiling",
        "bayes_ceiling: accuracy of the reader that weighs every width by Bayes' rule;"
            + " below_ceiling: ceiling − break_accuracy; both on unseen widths as well",
        Kind.COSTLY,
        LineMeasures::ceiling);
    put(
        "count",
        "shape of the curve of means by count, word effects taken out: components_95, first,"
            + " first_six, trough and rise of the mean cosine by distance, turns, climb,"
            + " mode_overlap, strands; residual of the unrolled circle and of a rotation by "
            + SHIFT,
        Kind.CHEAP,
        LineMeasures::count);
    put(
        "raw_count",
        "shape of the curve of means by count, nothing taken out",
        Kind.CHEAP,
        (model, found) -> found.shape("raw_count", model.means(model.site(), Confounds.KEPT)));
    put(
        "width",
        "shape of the curve of means by width at what says it, the first token or a ruler's end",
        Kind.CHEAP,
        LineMeasures::width);
    put(
        "count_null",
        "where the stream is normed or noisy: count.plane_turns, turns in the plane of two"
            + " components; null.rise and null.plane_turns, 99th percentiles of smooth curves and"
            + " random walks; count.beyond_nulls, 1 where rise and turns are above both",
        Kind.COSTLY,
        LineMeasures::countNull);
    put(
        "best_neuron_r2",
        "the largest R² of one neuron with the count, in each layer with neurons",
        Kind.CHEAP,
        LineMeasures::bestNeuron);
    put(
        "dilation",
        "rank correlation of a place field's width with its place, of neurons and of probes",
        Kind.COSTLY,
        LineMeasures::dilation);
    put(
        "probe_r2",
        "R² of a linear probe on unseen documents, five folds, of the count, width, characters left"
            + " and next length, at every place of the residual stream",
        Kind.CHEAP,
        LineMeasures::linearProbes);
    put(
        "probe_auc",
        "area under the curve of a logistic probe of whether the line must end, five folds, at"
            + " every place of the residual stream",
        Kind.COSTLY,
        LineMeasures::decisionProbes);
    put(
        "decision",
        "angle between the curves of characters left and of the next length; the share of their"
            + " sums in 2 and 3 components, and how well these tell whether the line must end",
        Kind.WITH_CONTROLS,
        LineMeasures::decision);
    put(
        "width_head",
        "slope and R² of the line on which a head of the last layer matches counts with named"
            + " or ruled widths; width_boundary_heads: how many have slope 1 ± .05 and R² ≥ .95",
        Kind.CHEAP,
        LineMeasures::widthHeads);
    put(
        "head",
        "slope, offset and R² of the line on which a head of the last layer matches counts of"
            + " carets with ends of labels, cosines before and after it, share of rotation;"
            + " boundary_heads: how many have slope 1 ± .05 and R² ≥ .95",
        Kind.CHEAP,
        LineMeasures::heads);
    put(
        "random_head",
        "the same of random heads: share that are boundary heads, mean cosine and rotation",
        Kind.WITH_CONTROLS,
        LineMeasures::randomHeads);
    put(
        "steer",
        "share of the decisions, and of the labels, that follow a count that was moved, by every"
            + " move and in every subspace; the share of what the whole vector does",
        Kind.WITH_CONTROLS,
        LineMeasures::steer);
    put(
        "ablate",
        "what every subspace leaves when the count's mean is taken for it; the share of what the"
            + " whole vector takes",
        Kind.WITH_CONTROLS,
        LineMeasures::ablate);
    put(
        "steer_labels",
        "share of the labels that follow a count that was moved at a caret, as steer",
        Kind.WITH_CONTROLS,
        LineMeasures::steerLabels);
    put(
        "illusion",
        "how an inserted text changes the count that is decided by, and how many decisions it"
            + " costs",
        Kind.COSTLY,
        LineMeasures::illusion);
  }

  private LineMeasures() {}

  /**
   * A measure by a written definition. It gives no reading where the task has nothing of the kind,
   * such as heads that compare labels where there are none.
   *
   * @param name such as {@code count}
   * @param formula the definition in one line, with the names of the readings
   * @param isCheap whether it is quick enough for every checkpoint of a training
   * @param needsControls whether the model has to be given with random controls
   * @param reads what it reads off a model; a number that is not defined is not a number
   */
  public record Measure(
      String name,
      String formula,
      boolean isCheap,
      boolean needsControls,
      Function<LineSubject, List<Reading>> reads) {
    /**
     * What it reads off a model; what is not defined, such as a share of nothing, is left out.
     *
     * @throws IllegalArgumentException if it needs controls and there are none, or the documents
     *     are too few for a curve
     */
    public List<Reading> readings(LineSubject model) {
      if (needsControls && model.controls() < 1) {
        throw new IllegalArgumentException(
            name + ": got no controls, expected at least 1; give the model with some");
      }
      return reads.apply(model).stream()
          .filter(reading -> Double.isFinite(reading.value()))
          .toList();
    }

    /**
     * As a probe of checkpoints of models that break lines, to be followed over a training; what is
     * not defined, such as a turn of a single point, is not a number.
     *
     * @param documents to read, as many of the task's own
     */
    public Probe probe(int documents) {
      return Probe.named(
          "lines: " + name + " v" + VERSION + ", " + documents + " documents",
          checkpoint -> {
            Map<String, Double> columns = new LinkedHashMap<>();
            try (ReferenceTransformer model =
                ReferenceTransformer.of(checkpoint.config(), checkpoint.parameters())) {
              reads
                  .apply(LineSubject.of(checkpoint.lines(), model, documents, 0))
                  .forEach(reading -> columns.put(reading.column(), reading.value()));
            }
            return columns;
          });
    }
  }

  /** Every measure, in the order of the evidence. */
  public static List<Measure> all() {
    return List.copyOf(BY_NAME.values());
  }

  /**
   * The measure of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Measure named(String name) {
    Measure measure = BY_NAME.get(name);
    if (measure == null) {
      throw new IllegalArgumentException(
          "measure: got '" + name + "', expected one of " + String.join(", ", BY_NAME.keySet()));
    }
    return measure;
  }

  private static void put(String name, String formula, Kind kind, Read read) {
    BY_NAME.put(
        name,
        new Measure(
            name,
            formula,
            kind == Kind.CHEAP,
            kind == Kind.WITH_CONTROLS,
            model -> {
              Found found = new Found(new ArrayList<>());
              read.read(model, found);
              return List.copyOf(found.readings);
            }));
  }

  /** The readings under way. */
  private record Found(List<Reading> readings) {
    void add(String metric, String key, double value) {
      readings.add(new Reading(metric, "", key, value));
    }

    void shape(String name, FactManifold manifold) {
      manifold.shape().numbers().forEach((number, value) -> add(name + "." + number, "", value));
    }
  }

  /** E1. */
  private static void accuracy(LineSubject model, Found found) {
    found.add("break_accuracy", "", model.reading().breakAccuracy(position -> true));
    found.add("near_edge_accuracy", "", model.reading().nearEdgeAccuracy());
    model.reading().columnAccuracy().ifPresent(value -> found.add("column_accuracy", "", value));
    model.reading().labelAccuracy().ifPresent(value -> found.add("label_accuracy", "", value));
    if (model.through().noise() > 0) {
      LineAnswers noisy = model.noisyReading();
      found.add("noisy_break_accuracy", "", noisy.breakAccuracy(position -> true));
      found.add("noisy_near_edge_accuracy", "", noisy.nearEdgeAccuracy());
    }
  }

  private static void ceiling(LineSubject model, Found found) {
    if (model.task().widths().source() == WidthSource.GIVEN) {
      return;
    }
    double ceiling = IdealReader.of(model.task()).ceiling(model.reading().batch()).everywhere();
    found.add("bayes_ceiling", "", ceiling);
    found.add("below_ceiling", "", ceiling - model.reading().breakAccuracy(position -> true));
    if (model.task().widths().heldOut().isEmpty()) {
      return;
    }
    LineBatch unseen = model.unseen();
    double accuracy = model.reading(unseen).breakAccuracy(position -> true);
    double unseenCeiling = IdealReader.ofAllWidths(model.task()).ceiling(unseen).everywhere();
    found.add("unseen_width_accuracy", "", accuracy);
    found.add("unseen_below_ceiling", "", unseenCeiling - accuracy);
  }

  /** E3, E4, E5, E12, E13, E15. */
  private static void count(LineSubject model, Found found) {
    FactManifold count = model.count();
    found.shape("count", count);
    found.add(
        "count.unrolled_residual",
        "",
        OneGeometry.unrolledResidual(count.manifold(), OneGeometry.idealCircle(RING)));
    found.add(
        "count.shift_residual",
        "" + SHIFT,
        ShiftRotation.of(count.manifold(), SHIFT, Subspace.components(count, 6).basis())
            .residual());
  }

  private static void countNull(LineSubject model, Found found) {
    if (!model.through().present()) {
      return;
    }
    found.readings.addAll(nulls(model.count().manifold(), DRAWS));
  }

  /** As {@link MarkMeasures#nulls}; a curve whose neighbours do not agree is none at all. */
  static List<Reading> nulls(Manifold count, int draws) {
    return CurveNull.neighbours(count) > 0
        ? MarkMeasures.nulls(count, draws)
        : List.of(new Reading("count.beyond_nulls", "", "", 0));
  }

  private static void width(LineSubject model, Found found) {
    if (model.saysWidths()) {
      found.shape("width", model.widths(model.site()));
    }
  }

  /** E6. */
  private static void bestNeuron(LineSubject model, Found found) {
    for (int n = 0; n <= model.last(); n++) {
      if (model.layer(n).dMlp() > 0) {
        double[] all =
            AbilityProbes.neuronR2(
                model.atDecisions("blocks." + n + ".mlp.hook_post"), LineFact.COUNT);
        found.add(
            "best_neuron_r2",
            n == model.last() - 1 ? "" : "layer " + n,
            Arrays.stream(all).max().orElseThrow());
      }
    }
  }

  private static void dilation(LineSubject model, Found found) {
    FactManifold tuned =
        model.means("blocks." + (model.last() - 1) + ".mlp.hook_post", Confounds.TOKENS_REMOVED);
    LineActivations site = model.atDecisions(model.site());
    found.add("dilation", "neurons", PlaceFields.ofNeurons(tuned).dilation().rankCorrelation());
    found.add(
        "dilation",
        "probe",
        PlaceFields.ofProbe(site, LineFact.COUNT, 0.01, 1).dilation().rankCorrelation());
  }

  /** E2: at every place of the residual stream, and once more by the site of the count alone. */
  private static void linearProbes(LineSubject model, Found found) {
    ProbeSettings settings = ProbeSettings.fiveFolds(1);
    everywhere(
        model,
        (hook, activations) -> {
          for (LineFact fact : LINEAR) {
            int[] values = activations.facts(fact);
            if (Arrays.stream(values).filter(value -> value >= 0).distinct().count() > 1) {
              double r2 = AbilityProbes.linear(activations, fact, settings).r2();
              ability(model, found, "probe_r2", fact, hook, r2);
            }
          }
        });
  }

  private static void decisionProbes(LineSubject model, Found found) {
    LineFact fact = LineFact.MUST_BREAK;
    ProbeSettings settings = ProbeSettings.fiveFolds(1);
    everywhere(
        model,
        (hook, activations) ->
            ability(
                model,
                found,
                "probe_auc",
                fact,
                hook,
                AbilityProbes.categorical(activations, fact, settings).auc()));
  }

  private static void everywhere(LineSubject model, BiConsumer<String, LineActivations> probe) {
    LineBatch some = model.some();
    for (String hook : residualStream(model)) {
      probe.accept(hook, model.network().read(some, hook, some.decisions()));
    }
  }

  private static void ability(
      LineSubject model, Found found, String metric, LineFact fact, String hook, double value) {
    String name = fact.name().toLowerCase(Locale.ROOT);
    found.add(metric + "." + name, hook, value);
    if (hook.equals(model.site())) {
      found.add(metric, name, value);
    }
  }

  /** The residual stream wherever something was added to it. */
  private static List<String> residualStream(LineSubject model) {
    List<String> hooks = new ArrayList<>(List.of("hook_embed"));
    for (int n = 0; n <= model.last(); n++) {
      LayerShape shape = model.layer(n);
      if (shape.attends() && shape.dMlp() > 0) {
        hooks.add("blocks." + n + ".hook_resid_mid");
      }
      hooks.add("blocks." + n + ".hook_resid_post");
      if (n == model.last() - 1 && model.through().present()) {
        hooks.add(model.site());
      }
    }
    return hooks;
  }

  /** E8. */
  private static void decision(LineSubject model, Found found) {
    BreakDecision decision = model.decision(REMAINING);
    ProbeSettings settings = ProbeSettings.fiveFolds(1);
    found.add("decision.angle", "", decision.angles(1)[0]);
    found.add("decision.share", "2", decision.sums().explained(2));
    found.add("decision.share", "3", decision.sums().explained(3));
    found.add("decision.auc", "2", decision.areaUnderCurve(2, settings));
    found.add("decision.auc", "3", decision.areaUnderCurve(3, settings));
    found.add(
        "decision.auc",
        "random",
        mean(decision.randomAreas(2, model.controls(), new Random(LineSubject.SEED), settings)));
  }

  /** E7: heads that may compare the count with the width that is said. */
  private static void widthHeads(LineSubject model, Found found) {
    if (!model.saysWidths() || model.task().widths().all().size() < NAMED_WIDTHS) {
      return;
    }
    FactManifold queries = model.counts(model.keysAndQueries(), model.batch().decisions());
    FactManifold keys = model.widths(model.keysAndQueries());
    int clean = 0;
    for (int h = 0; h < model.layer(model.last()).heads(); h++) {
      QkTwist.Line line =
          model.twist(h, queries, keys).line(QkTwist.Part.INTERACTION, QkTwist.Along.KEYS);
      found.add("width_head.fitted", "" + h, line.fitted() ? 1 : 0);
      if (line.fitted()) {
        found.add("width_head.slope", "" + h, line.slope());
        found.add("width_head.r2", "" + h, line.r2());
      }
      clean += boundary(line) ? 1 : 0;
    }
    found.add("width_boundary_heads", "", clean);
  }

  /** E7 and E14: heads that compare the count of a caret with the ends of the header's labels. */
  private static void heads(LineSubject model, Found found) {
    List<QkTwist> twists = model.twists();
    int clean = 0;
    for (int h = 0; h < twists.size(); h++) {
      QkTwist twist = twists.get(h);
      QkTwist.Line line = matches(twist);
      found.add("head.slope", "" + h, line.slope());
      found.add("head.offset", "" + h, line.offset());
      found.add("head.r2", "" + h, line.r2());
      found.add("head.cosine_before", "" + h, twist.alignmentBefore().cosine());
      found.add("head.cosine_after", "" + h, twist.alignmentAfter().cosine());
      found.add("head.rotation_share", "" + h, twist.polar(6).rotationShare());
      clean += boundary(line) ? 1 : 0;
    }
    if (!twists.isEmpty()) {
      found.add("boundary_heads", "", clean);
    }
  }

  private static void randomHeads(LineSubject model, Found found) {
    List<QkTwist> twists = model.twists();
    for (int h = 0; h < twists.size(); h++) {
      List<QkTwist> random =
          twists.get(h).randomHeads(model.controls(), new Random(LineSubject.SEED + h));
      Map<String, ToDoubleFunction<QkTwist>> means = new LinkedHashMap<>();
      means.put("boundary", twist -> boundary(matches(twist)) ? 1 : 0);
      means.put("cosine_after", twist -> twist.alignmentAfter().cosine());
      means.put("rotation_share", twist -> twist.polar(6).rotationShare());
      String head = "" + h;
      means.forEach(
          (name, of) ->
              found.add(
                  "random_head." + name, head, mean(random.stream().mapToDouble(of).toArray())));
    }
  }

  private static QkTwist.Line matches(QkTwist twist) {
    return twist.line(QkTwist.Part.WHOLE, QkTwist.Along.KEYS);
  }

  /** A head whose matches lie on a line of slope 1 ± .05 with R² of at least .95. */
  static boolean boundary(QkTwist.Line line) {
    return line.fitted() && Math.abs(line.slope() - 1) <= 0.05 && line.r2() >= 0.95;
  }

  /** E9. */
  private static void steer(LineSubject model, Found found) {
    follow(
        "steer",
        Steering.ofBreaks(model.network(), model.batch(), model.count(), 3),
        model.subspaces(model.count(), 0),
        found);
  }

  private static void steerLabels(LineSubject model, Found found) {
    if (model.task().header().present()) {
      FactManifold atCarets = model.counts(model.site(), model.carets());
      follow(
          "steer_labels",
          Steering.ofLabels(model.network(), model.batch(), atCarets, 3),
          model.subspaces(atCarets, 1),
          found);
    }
  }

  private static void follow(
      String name, Steering steering, List<Subspace> subspaces, Found found) {
    Subspace components = sixOf(subspaces);
    for (Move move : List.of(Move.CHORD, Move.ROTATE, Move.STRAIGHT)) {
      Steering.Outcome outcome = steering.outcome(move, components);
      String key = move.name().toLowerCase(Locale.ROOT);
      outcome.decisions().ifPresent(share -> found.add(name + "_move.decisions", key, share));
      outcome.names().ifPresent(share -> found.add(name + "_move.names", key, share));
    }
    Table outcomes = steering.outcomes(List.of(Move.SWAP), subspaces);
    for (String measure : List.of("decisions", "names")) {
      Map<String, Double> shares = bySubspace(outcomes, measure);
      shares.forEach((subspace, share) -> found.add(name + "." + measure, subspace, share));
      if (shares.isEmpty()) {
        continue;
      }
      double whole = shares.get("whole vector");
      double random = 0;
      int draws = (int) shares.keySet().stream().filter(s -> s.startsWith("random")).count();
      for (Map.Entry<String, Double> share : shares.entrySet()) {
        random += share.getKey().startsWith("random") ? share.getValue() / draws : 0;
      }
      found.add(name + "_share." + measure, "6 components", shares.get("6 components") / whole);
      found.add(name + "_share." + measure, "random", random / whole);
    }
  }

  /** What every subspace leaves, and the share of what the whole vector takes that it takes. */
  private static void ablate(LineSubject model, Found found) {
    List<Subspace> subspaces = new ArrayList<>(model.subspaces(model.count(), 0));
    subspaces.addAll(
        sixOf(subspaces).randomApart(6, model.controls(), new Random(LineSubject.SEED + 2)));
    Table outcomes = Ablation.of(model.network(), model.batch(), model.count(), subspaces);
    for (String measure : OUTCOMES) {
      Map<String, Double> left = bySubspace(outcomes, measure);
      left.forEach((subspace, value) -> found.add("ablate." + measure, subspace, value));
      if (left.isEmpty()) {
        continue;
      }
      double untouched = left.get("nothing");
      double all = untouched - left.get("whole vector");
      ToDoubleFunction<Predicate<String>> share =
          chosen ->
              left.entrySet().stream()
                  .filter(entry -> chosen.test(entry.getKey()))
                  .mapToDouble(entry -> (untouched - entry.getValue()) / all)
                  .average()
                  .orElseThrow();
      String name = "ablate_share." + measure;
      found.add(name, "6 components", share.applyAsDouble("6 components"::equals));
      found.add(name, "random", share.applyAsDouble(key -> key.startsWith("random 6-D, ")));
      found.add(
          name, "random apart", share.applyAsDouble(key -> key.startsWith("random 6-D apart, ")));
    }
  }

  /** One column by subspace, without what is missing. */
  private static Map<String, Double> bySubspace(Table outcomes, String measure) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Row row : outcomes) {
      if (!row.isMissing(measure)) {
        values.put(row.getString("subspace"), row.getDouble(measure));
      }
    }
    return values;
  }

  private static Subspace sixOf(List<Subspace> subspaces) {
    return subspaces.stream()
        .filter(subspace -> subspace.name().equals("6 components"))
        .findFirst()
        .orElseThrow();
  }

  /** E10. */
  private static void illusion(LineSubject model, Found found) {
    if (model.task().distractors().texts().isEmpty()) {
      return;
    }
    for (Row row : Illusion.of(model.network(), model.batch(), 1)) {
      for (String measure : List.of("change", "before", "lost")) {
        found.add("illusion." + measure, row.getString("inserted"), row.getDouble(measure));
      }
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
