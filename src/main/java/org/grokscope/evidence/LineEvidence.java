package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.Polar;
import org.grokscope.line.AbilityProbes;
import org.grokscope.line.Ablation;
import org.grokscope.line.BreakDecision;
import org.grokscope.line.Confounds;
import org.grokscope.line.FactManifold;
import org.grokscope.line.Head;
import org.grokscope.line.Illusion;
import org.grokscope.line.LineActivations;
import org.grokscope.line.LineNetwork;
import org.grokscope.line.Move;
import org.grokscope.line.OneGeometry;
import org.grokscope.line.PlaceFields;
import org.grokscope.line.ProbeSettings;
import org.grokscope.line.QkTwist;
import org.grokscope.line.ShiftRotation;
import org.grokscope.line.Steering;
import org.grokscope.line.Subspace;
import org.grokscope.model.LineReading;
import org.grokscope.model.ReaderConfig;
import org.grokscope.model.ReaderLayer;
import org.grokscope.model.ReferenceReader;
import org.grokscope.series.Reading;
import org.grokscope.task.IdealReader;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineFact;
import org.grokscope.task.TokenKind;
import org.grokscope.task.WidthSource;
import org.grokscope.train.LineRun;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * The evidence of one model that breaks lines, E1 to E10 and E13 to E15, on fresh documents. The
 * count is looked for at the residual stream after the last MLP before the decision: after layer 0
 * of a model of plain text, after layer 1 of one of boxed text; additive word effects are taken out
 * of its means.
 */
public final class LineEvidence {
  public static final int DOCUMENTS = 400;
  private static final int MORE = 5; // half times as many for accuracies
  private static final int LEAST = 12; // rows that a mean needs
  private static final int FIRST_COUNT = 2; // 0 and 1 are begun lines
  private static final int REMAINING = 20; // characters, for the decision
  private static final int RING = 113; // points of the circle that the curve is laid on
  private static final int SHIFT = 4; // counts that a rotation is to add
  private static final long SEED = 11; // of the documents

  private final LineBreaking task;
  private final ReferenceReader reader;
  private final LineNetwork network;
  private final LineBatch batch;
  private final long seed;
  private final long epoch;
  private final int controls;
  private final int layer; // after whose MLP the count is looked for
  private final int last; // the last layer, which compares
  private final StringBuilder text = new StringBuilder();
  private final String experiment;

  private LineEvidence(LineRun run, ReferenceReader reader, int controls, int documents) {
    this.task = run.task();
    this.reader = reader;
    this.network = LineNetwork.of(reader);
    this.batch = task.corpus().fresh(SEED, documents);
    this.seed = run.recipe().seed();
    this.epoch = run.recipe().steps();
    this.controls = controls;
    this.last = reader.config().layers().size() - 1;
    this.layer = last - 1;
    String mode = task.mode().orElse(task.toString());
    ReaderConfig config = reader.config();
    ReaderConfig own = ReaderConfig.of(task);
    this.experiment =
        config.equals(own)
            ? mode
            : mode + (config.equals(own.unmasked()) ? ", unmasked" : ", " + config);
  }

  /**
   * Measures a finished run.
   *
   * @param controls random subspaces and random heads beside each
   * @param documents to read, {@link #DOCUMENTS} for evidence
   */
  public static MeasuredRun measure(LineRun run, int controls, int documents) {
    try (ReferenceReader reader = run.reader()) {
      LineEvidence evidence = new LineEvidence(run, reader, controls, documents);
      evidence.accuracies();
      LineActivations activations = evidence.atDecisions(evidence.site());
      FactManifold count = evidence.manifolds(activations);
      evidence.abilities();
      evidence.decision(activations);
      evidence.widthHeads();
      evidence.heads();
      evidence.steering(count);
      evidence.illusion();
      ObjectMapper json = new ObjectMapper();
      return new MeasuredRun(
          evidence.experiment + ", seed " + evidence.seed,
          evidence.text.toString(),
          json.valueToTree(
              Map.of("task", run.task(), "training", run.recipe(), "controls", controls)));
    }
  }

  private String site() {
    return "blocks." + layer + ".hook_resid_post";
  }

  private LineActivations atDecisions(String hook) {
    return network.read(batch, hook, batch.decisions());
  }

  /** E1. */
  private void accuracies() {
    LineBatch many = task.corpus().fresh(SEED + 1, MORE * batch.size() / 2);
    LineReading reading = LineReading.of(many, reader.logits(many));
    double accuracy = reading.breakAccuracy(position -> true);
    add("break_accuracy", "", accuracy);
    add("near_edge_accuracy", "", reading.nearEdgeAccuracy());
    reading.columnAccuracy().ifPresent(value -> add("column_accuracy", "", value));
    reading.labelAccuracy().ifPresent(value -> add("label_accuracy", "", value));
    if (task.widths().source() == WidthSource.INFERRED) {
      IdealReader ideal = IdealReader.of(task);
      double ceiling = ideal.ceiling(many).everywhere();
      add("bayes_ceiling", "", ceiling);
      add("below_ceiling", "", ceiling - accuracy);
      LineBatch unseen = task.corpus().unseen(SEED + 2, MORE * batch.size() / 2);
      double unseenAccuracy =
          LineReading.of(unseen, reader.logits(unseen)).breakAccuracy(position -> true);
      double unseenCeiling = IdealReader.ofAllWidths(task).ceiling(unseen).everywhere();
      add("unseen_width_accuracy", "", unseenAccuracy);
      add("unseen_below_ceiling", "", unseenCeiling - unseenAccuracy);
    }
  }

  /** E3, E4, E5, E6, E13, E15. */
  private FactManifold manifolds(LineActivations activations) {
    FactManifold count =
        FactManifold.of(activations, LineFact.COUNT, Confounds.TOKENS_REMOVED, LEAST)
            .between(FIRST_COUNT, Integer.MAX_VALUE);
    shape("count", count.shape());
    add(
        "count.unrolled_residual",
        "",
        OneGeometry.unrolledResidual(count.manifold(), OneGeometry.idealCircle(RING)));
    add(
        "count.shift_residual",
        "" + SHIFT,
        ShiftRotation.of(count.manifold(), SHIFT, Subspace.components(count, 6).basis())
            .residual());
    shape(
        "raw_count",
        FactManifold.of(activations, LineFact.COUNT, Confounds.KEPT, LEAST)
            .between(FIRST_COUNT, Integer.MAX_VALUE)
            .shape());
    if (task.widths().source() == WidthSource.GIVEN && task.widths().all().size() > 1) {
      shape(
          "width",
          FactManifold.of(
                  network.read(batch, site(), firstTokens()), LineFact.WIDTH, Confounds.KEPT, 1)
              .shape());
    }
    for (int n = 0; n <= last; n++) {
      if (reader.config().layers().get(n).dMlp() > 0) {
        double best = bestNeuron(n);
        add("best_neuron_r2", n == layer ? "" : "layer " + n, best);
      }
    }
    String neurons = "blocks." + layer + ".mlp.hook_post";
    FactManifold tuned =
        FactManifold.of(atDecisions(neurons), LineFact.COUNT, Confounds.TOKENS_REMOVED, LEAST)
            .between(FIRST_COUNT, Integer.MAX_VALUE);
    add("dilation", "neurons", PlaceFields.ofNeurons(tuned).dilation().rankCorrelation());
    add(
        "dilation",
        "probe",
        PlaceFields.ofProbe(activations, LineFact.COUNT, 0.01, 1).dilation().rankCorrelation());
    return count;
  }

  private double bestNeuron(int n) {
    return Arrays.stream(
            AbilityProbes.neuronR2(atDecisions("blocks." + n + ".mlp.hook_post"), LineFact.COUNT))
        .max()
        .orElseThrow();
  }

  private void shape(String name, FactManifold.Shape shape) {
    add(name + ".values", "", shape.values());
    add(name + ".components_95", "", shape.componentsFor95());
    add(name + ".first", "", shape.first());
    add(name + ".first_six", "", shape.firstSix());
    add(name + ".trough", "", shape.trough());
    add(name + ".rise", "", shape.rise());
    add(name + ".turns", "", shape.turns());
    add(name + ".climb", "", shape.climb());
    add(name + ".mode_overlap", "", shape.modeOverlap());
    add(name + ".strands", "", shape.strands());
  }

  /** E2: at the site of the count, and at every place of the residual stream. */
  private void abilities() {
    LineBatch some = task.corpus().fresh(SEED + 3, batch.size() / 3);
    ProbeSettings settings = ProbeSettings.fiveFolds(1);
    for (String hook : residualStream()) {
      LineActivations activations = network.read(some, hook, some.decisions());
      for (LineFact fact :
          List.of(LineFact.COUNT, LineFact.WIDTH, LineFact.REMAINING, LineFact.NEXT_LENGTH)) {
        int[] values = activations.facts(fact);
        if (Arrays.stream(values).filter(value -> value >= 0).distinct().count() > 1) {
          ability("probe_r2", fact, hook, AbilityProbes.linear(activations, fact, settings).r2());
        }
      }
      LineFact decision = LineFact.MUST_BREAK;
      double area = AbilityProbes.categorical(activations, decision, settings).auc();
      ability("probe_auc", decision, hook, area);
    }
  }

  private void ability(String metric, LineFact fact, String hook, double value) {
    String name = fact.name().toLowerCase(Locale.ROOT);
    add(metric + "." + name, hook, value);
    if (hook.equals(site())) {
      add(metric, name, value);
    }
  }

  /** The residual stream wherever something was added to it. */
  private List<String> residualStream() {
    List<String> hooks = new ArrayList<>(List.of("hook_embed"));
    for (int n = 0; n <= last; n++) {
      ReaderLayer shape = reader.config().layers().get(n);
      if (shape.attends() && shape.dMlp() > 0) {
        hooks.add("blocks." + n + ".hook_resid_mid");
      }
      hooks.add("blocks." + n + ".hook_resid_post");
    }
    return hooks;
  }

  /** E8. */
  private void decision(LineActivations activations) {
    BreakDecision decision = BreakDecision.of(activations, REMAINING, LEAST);
    ProbeSettings settings = ProbeSettings.fiveFolds(1);
    add("decision.angle", "", decision.angles(1)[0]);
    add("decision.share", "2", decision.sums().explained(2));
    add("decision.share", "3", decision.sums().explained(3));
    add("decision.auc", "2", decision.areaUnderCurve(2, settings));
    add("decision.auc", "3", decision.areaUnderCurve(3, settings));
    add(
        "decision.auc",
        "random",
        Arrays.stream(decision.randomAreas(2, controls, new Random(SEED), settings))
            .average()
            .orElseThrow());
  }

  /** E7: heads that may compare the count with the width that the first token names. */
  private void widthHeads() {
    if (task.widths().source() != WidthSource.GIVEN || task.widths().all().size() < 8) {
      return;
    }
    String in = "blocks." + last + ".ln1.hook_normalized";
    Manifold queries = means(in, batch.decisions());
    Manifold keys =
        FactManifold.of(network.read(batch, in, firstTokens()), LineFact.WIDTH, Confounds.KEPT, 1)
            .manifold();
    int clean = 0;
    for (int h = 0; h < reader.config().layers().get(last).heads(); h++) {
      QkTwist twist = QkTwist.of(Head.of(reader.parameters(), last, h), queries, keys);
      QkTwist.Line line = twist.line(QkTwist.Part.INTERACTION, QkTwist.Along.KEYS);
      clean += boundary(line) ? 1 : 0;
      add("width_head.fitted", "" + h, line.fitted() ? 1 : 0);
      if (line.fitted()) {
        add("width_head.slope", "" + h, line.slope());
        add("width_head.r2", "" + h, line.r2());
      }
    }
    add("width_boundary_heads", "", clean);
  }

  private int[] firstTokens() {
    return IntStream.range(0, batch.size()).map(i -> i * batch.length()).toArray();
  }

  /** E7 and E14: heads that compare the count of a caret with the ends of the header's labels. */
  private void heads() {
    if (!task.header().present()) {
      return;
    }
    String in = "blocks." + last + ".ln1.hook_normalized";
    int[] header = batch.facts(LineFact.HEADER);
    int[] labels =
        Arrays.stream(batch.positionsOf(TokenKind.LABEL))
            .filter(position -> header[position] == 1)
            .toArray();
    Manifold queries = means(in, batch.positionsOf(TokenKind.CARET));
    Manifold keys = means(in, labels);
    int clean = 0;
    for (int h = 0; h < reader.config().layers().get(last).heads(); h++) {
      QkTwist twist = QkTwist.of(Head.of(reader.parameters(), last, h), queries, keys);
      QkTwist.Line line = twist.line(QkTwist.Part.WHOLE, QkTwist.Along.KEYS);
      add("head.slope", "" + h, line.slope());
      add("head.offset", "" + h, line.offset());
      add("head.r2", "" + h, line.r2());
      add("head.cosine_before", "" + h, twist.alignmentBefore().cosine());
      add("head.cosine_after", "" + h, twist.alignmentAfter().cosine());
      Polar polar = twist.polar(6);
      add("head.rotation_share", "" + h, polar.rotationShare());
      clean += boundary(line) ? 1 : 0;
      List<QkTwist> random = twist.randomHeads(controls, new Random(SEED + h));
      add(
          "random_head.boundary",
          "" + h,
          random.stream()
              .mapToInt(r -> boundary(r.line(QkTwist.Part.WHOLE, QkTwist.Along.KEYS)) ? 1 : 0)
              .average()
              .orElseThrow());
      add(
          "random_head.cosine_after",
          "" + h,
          random.stream().mapToDouble(r -> r.alignmentAfter().cosine()).average().orElseThrow());
      add(
          "random_head.rotation_share",
          "" + h,
          random.stream().mapToDouble(r -> r.polar(6).rotationShare()).average().orElseThrow());
    }
    add("boundary_heads", "", clean);
  }

  /** A head whose matches lie on a line of slope 1 ± .05 with R² of at least .95. */
  private static boolean boundary(QkTwist.Line line) {
    return line.fitted() && Math.abs(line.slope() - 1) <= 0.05 && line.r2() >= 0.95;
  }

  private Manifold means(String hook, int[] positions) {
    return FactManifold.of(network.read(batch, hook, positions), LineFact.COUNT, Confounds.KEPT, 8)
        .manifold();
  }

  /** E9. */
  private void steering(FactManifold count) {
    List<Subspace> subspaces = Steering.subspaces(count, controls, new Random(SEED));
    follow("steer", Steering.ofBreaks(network, batch, count, 3), subspaces);
    List<Subspace> taken = new ArrayList<>(subspaces);
    taken.addAll(sixOf(subspaces).randomApart(6, controls, new Random(SEED + 2)));
    ablations(Ablation.of(network, batch, count, taken));
    if (task.header().present()) {
      FactManifold atCarets =
          FactManifold.of(
              network.read(batch, site(), batch.positionsOf(TokenKind.CARET)),
              LineFact.COUNT,
              Confounds.KEPT,
              8);
      follow(
          "steer_labels",
          Steering.ofLabels(network, batch, atCarets, 3),
          Steering.subspaces(atCarets, controls, new Random(SEED + 1)));
    }
  }

  /** What every subspace leaves, and the share of what the whole vector takes that it takes. */
  private void ablations(Table outcomes) {
    for (String measure :
        List.of(
            "near_edge_accuracy",
            "f1",
            "blanks_accuracy",
            "label_accuracy",
            "word_loss",
            "end_loss")) {
      Map<String, Double> left = new LinkedHashMap<>();
      for (Row row : outcomes) {
        if (!row.isMissing(measure)) {
          left.put(row.getString("subspace"), row.getDouble(measure));
          add("ablate." + measure, row.getString("subspace"), row.getDouble(measure));
        }
      }
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
      add(name, "6 components", share.applyAsDouble("6 components"::equals));
      add(name, "random", share.applyAsDouble(key -> key.startsWith("random 6-D, ")));
      add(name, "random apart", share.applyAsDouble(key -> key.startsWith("random 6-D apart, ")));
    }
  }

  private static Subspace sixOf(List<Subspace> subspaces) {
    return subspaces.stream()
        .filter(s -> s.name().equals("6 components"))
        .findFirst()
        .orElseThrow();
  }

  private void follow(String name, Steering steering, List<Subspace> subspaces) {
    Subspace components = sixOf(subspaces);
    for (Move move : List.of(Move.CHORD, Move.ROTATE, Move.STRAIGHT)) {
      Steering.Outcome outcome = steering.outcome(move, components);
      String key = move.name().toLowerCase(Locale.ROOT);
      outcome.decisions().ifPresent(share -> add(name + "_move.decisions", key, share));
      outcome.names().ifPresent(share -> add(name + "_move.names", key, share));
    }
    Table outcomes = steering.outcomes(List.of(Move.SWAP), subspaces);
    for (String measure : List.of("decisions", "names")) {
      double whole = Double.NaN;
      double six = Double.NaN;
      double random = 0;
      for (Row row : outcomes) {
        if (row.isMissing(measure)) {
          continue;
        }
        String subspace = row.getString("subspace");
        double share = row.getDouble(measure);
        add(name + "." + measure, subspace, share);
        whole = subspace.equals("whole vector") ? share : whole;
        six = subspace.equals("6 components") ? share : six;
        random += subspace.startsWith("random") ? share / controls : 0;
      }
      if (!Double.isNaN(whole)) {
        add(name + "_share." + measure, "6 components", six / whole);
        add(name + "_share." + measure, "random", random / whole);
      }
    }
  }

  /** E10. */
  private void illusion() {
    if (task.distractors().texts().isEmpty()) {
      return;
    }
    for (Row row : Illusion.of(network, batch, 1)) {
      String inserted = row.getString("inserted");
      add("illusion.change", inserted, row.getDouble("change"));
      add("illusion.before", inserted, row.getDouble("before"));
      add("illusion.lost", inserted, row.getDouble("lost"));
    }
  }

  /** Adds a number; what is not defined, such as a share of nothing, is left out. */
  private void add(String metric, String key, double value) {
    if (!Double.isFinite(value)) {
      return;
    }
    text.append(ReadingsCsv.quoted(experiment)).append(',').append(seed).append(",last,");
    text.append(epoch).append(',');
    text.append(ReadingsCsv.cells(new Reading(metric, "", key, value))).append('\n');
  }
}
