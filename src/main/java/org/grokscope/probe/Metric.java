package org.grokscope.probe;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;

/**
 * A measure by a written definition: its name, formula and source, and how to read it off a
 * checkpoint.
 *
 * <pre>{@code
 * Metric.named("loss").readings(checkpoint)
 * Metric.named("restricted.logits").readings(checkpoint, KeyFrequencies.given(113, 14, 35, 41))
 * Metric.named("embedding_gini").along(Circle.named("a+b")).readings(control)
 * run.probe(Metric.named("margin.min").probe())
 * }</pre>
 *
 * <p>All are computed in float64 from float32 weights. {@link #all()} is the whole catalogue. One
 * of your own is declared as ours are, beside its definition:
 *
 * <pre>{@code
 * Metric largest = Metric.number("w_e.max", 1, "max of W_E", "my notebook", Set.of(),
 *     subject -> subject.checkpoint().parameters().get("W_E").maxNumber().doubleValue());
 * run.probe(largest.probe())
 * }</pre>
 *
 * @param name such as {@code restricted.logits}
 * @param version to be counted up when the definition changes, so that its kept results, and no
 *     other's, are measured anew
 * @param formula the definition in one line
 * @param source where the definition is from
 * @param needs what it asks of a checkpoint, and what has to be given besides
 * @param fixedColumns whether its columns are the same for every checkpoint; those of {@code
 *     key_frequency} are not
 * @param circle along which its waves run
 * @param measure how it is read
 */
public record Metric(
    String name,
    int version,
    String formula,
    String source,
    Set<Need> needs,
    boolean fixedColumns,
    Circle circle,
    Measure measure) {
  static final String PAPER = "Nanda et al. 2023";
  static final String CODE = "code of Nanda et al. 2023";
  static final String DEMO = "TransformerLens, Grokking_Demo";
  static final String COMMON = "common practice";
  static final String OWN = "Grokscope";

  /** How a metric is read off a subject. */
  @FunctionalInterface
  public interface Measure {
    /** The readings, in the order of their columns. */
    List<Reading> read(Subject subject);
  }

  /**
   * What a metric is read off.
   *
   * @param metric its name
   * @param checkpoint the model and its questions
   * @param circle along which waves run
   * @param keys the key frequencies; only for a metric with {@link Need#KEYS}
   * @param controls the random sets; only for a metric with {@link Need#CONTROLS}
   */
  public record Subject(
      String metric, Checkpoint checkpoint, Circle circle, KeyFrequencies keys, Controls controls) {

    @Override
    public KeyFrequencies keys() {
      return Objects.requireNonNull(keys, "a metric that asks for keys has to need KEYS");
    }

    @Override
    public Controls controls() {
      return Objects.requireNonNull(controls, "a metric that asks for sets has to need CONTROLS");
    }

    /** What the model computes on all questions. */
    public AllPairs pairs() {
      return AllPairs.of(checkpoint);
    }

    /** The same in the order of the circle's places. */
    CirclePairs onCircle() {
      return pairs().onCircle(circle);
    }

    /** A reading of this metric. */
    public Reading reading(String part, String key, double value) {
      return new Reading(metric, part, key, value);
    }
  }

  public Metric {
    if (name.isBlank() || formula.isBlank() || source.isBlank() || version < 1) {
      throw new IllegalArgumentException(
          "metric: got the name '"
              + name
              + "', version "
              + version
              + ", the formula '"
              + formula
              + "' and the source '"
              + source
              + "', expected texts and a version from 1 on");
    }
    EnumSet<Need> sorted = EnumSet.noneOf(Need.class);
    sorted.addAll(needs);
    needs = Collections.unmodifiableSet(sorted);
    Objects.requireNonNull(circle, "circle");
    Objects.requireNonNull(measure, "measure");
  }

  /** A metric of the columns that its measure gives, the same for every checkpoint. */
  public static Metric of(
      String name, int version, String formula, String source, Set<Need> needs, Measure measure) {
    return new Metric(name, version, formula, source, needs, true, Circle.OWN, measure);
  }

  /** A metric of one number. */
  public static Metric number(
      String name,
      int version,
      String formula,
      String source,
      Set<Need> needs,
      ToDoubleFunction<Subject> number) {
    return of(
        name,
        version,
        formula,
        source,
        needs,
        subject -> List.of(subject.reading("", "", number.applyAsDouble(subject))));
  }

  /** Every metric, in the order of the catalogue. */
  public static List<Metric> all() {
    return List.copyOf(Catalogue.BY_NAME.values());
  }

  /**
   * The metric of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Metric named(String name) {
    Metric metric = Catalogue.BY_NAME.get(name);
    if (metric == null) {
      throw new IllegalArgumentException(
          "metric: got '"
              + name
              + "', expected one of "
              + String.join(", ", Catalogue.BY_NAME.keySet()));
    }
    return metric;
  }

  /**
   * The same with its waves along a circle. With key frequencies of a named circle that is not
   * called for: they bring theirs along. A metric without waves is the same along any.
   */
  public Metric along(Circle other) {
    return needs.contains(Need.PLACES) || needs.contains(Need.SUM)
        ? new Metric(name, version, formula, source, needs, fixedColumns, other, measure)
        : this;
  }

  /** Whether key frequencies have to be given, alone or with {@link Controls}. */
  public boolean needsKeys() {
    return needs.contains(Need.KEYS) || needsControls();
  }

  /** Whether random sets of frequencies have to be given. */
  public boolean needsControls() {
    return needs.contains(Need.CONTROLS);
  }

  /**
   * Whether it is for tables such as a checkpoint's: one that asks for a group is for those of
   * groups, any other for all.
   */
  public boolean isMeantFor(Checkpoint checkpoint) {
    return !needs.contains(Need.GROUP) || Need.GROUP.refusal(checkpoint, circle).isEmpty();
  }

  /** Why this does not work for a checkpoint's model or labels, or empty if it does. */
  public Optional<String> refusal(Checkpoint checkpoint) {
    return Need.refusal(needs, checkpoint, circle);
  }

  /**
   * The readings of a metric that needs no keys.
   *
   * @throws IllegalArgumentException if it needs keys, or does not work for this model or its
   *     labels
   */
  public List<Reading> readings(Checkpoint checkpoint) {
    requireGiven(false);
    return read(checkpoint, null, null);
  }

  /**
   * The readings with key frequencies; a metric that needs none passes them over.
   *
   * @throws IllegalArgumentException if it needs controls, does not work for this model or its
   *     labels, or the keys are of another modulus or of another named circle
   */
  public List<Reading> readings(Checkpoint checkpoint, KeyFrequencies keys) {
    requireGiven(true);
    return read(checkpoint, Objects.requireNonNull(keys, "keys"), null);
  }

  /**
   * The readings with key frequencies and random sets beside them; what is not needed is passed
   * over.
   *
   * @throws IllegalArgumentException as with key frequencies
   */
  public List<Reading> readings(Checkpoint checkpoint, Controls controls) {
    return read(checkpoint, controls.keys(), controls);
  }

  /**
   * As a probe, whose columns are {@link Reading#column()}.
   *
   * @throws IllegalArgumentException if it needs keys, or its columns differ from checkpoint to
   *     checkpoint, as those of {@code key_frequency} do
   */
  public Probe probe() {
    requireGiven(false);
    return probe(identity(), this::readings);
  }

  /**
   * As a probe with key frequencies.
   *
   * @throws IllegalArgumentException as for {@link #probe()}, but that keys are there
   */
  public Probe probe(KeyFrequencies keys) {
    requireGiven(true);
    return probe(
        needsKeys() ? identity(keys) : identity(), checkpoint -> readings(checkpoint, keys));
  }

  /** As a probe with key frequencies and random sets. */
  public Probe probe(Controls controls) {
    String identity =
        needsControls() ? identity(controls) : needsKeys() ? identity(controls.keys()) : identity();
    return probe(identity, checkpoint -> readings(checkpoint, controls));
  }

  private Probe probe(String identity, Function<Checkpoint, List<Reading>> readings) {
    if (!fixedColumns) {
      throw new IllegalArgumentException(
          name
              + ": what it chooses differs from checkpoint to checkpoint, so it has no fixed"
              + " columns; use readings(checkpoint) or KeyFrequencies.of(checkpoint, rule)");
    }
    return Probe.named(identity, checkpoint -> columns(readings.apply(checkpoint)));
  }

  /** Equal texts promise equal numbers. */
  String identity() {
    return name + " v" + version + circle.suffix();
  }

  String identity(KeyFrequencies keys) {
    return name
        + " v"
        + version
        + ", keys "
        + keys.text()
        + " of p = "
        + keys.p()
        + circleOf(keys).suffix();
  }

  String identity(Controls controls) {
    return identity(controls.keys())
        + ", beside "
        + controls.sets().stream().map(KeyFrequencies::text).collect(Collectors.joining(" "));
  }

  /** The columns of one part. */
  Map<String, Double> measure(Checkpoint checkpoint, KeyFrequencies keys, Part part) {
    return columns(
        readings(checkpoint, keys).stream()
            .filter(reading -> reading.part().equals(part.label()))
            .toList());
  }

  /** The columns of some metrics that need no keys. */
  static Map<String, Double> columns(Checkpoint checkpoint, List<Metric> metrics) {
    return columns(
        metrics.stream().flatMap(metric -> metric.readings(checkpoint).stream()).toList());
  }

  /** Readings by their columns, in order. */
  static Map<String, Double> columns(List<Reading> readings) {
    Map<String, Double> columns = new LinkedHashMap<>();
    readings.forEach(reading -> columns.put(reading.column(), reading.value()));
    return columns;
  }

  private List<Reading> read(Checkpoint checkpoint, KeyFrequencies keys, Controls controls) {
    boolean keyed = needsKeys();
    Circle along = keyed ? circleOf(keys) : circle;
    Need.require(name, needs, checkpoint, along);
    if (keyed) {
      keys.requireModulusOf(checkpoint);
    }
    return measure.read(
        new Subject(
            name, checkpoint, along, keyed ? keys : null, needsControls() ? controls : null));
  }

  /** This metric's circle or, where that is the task's own, the keys'. */
  private Circle circleOf(KeyFrequencies keys) {
    if (circle != Circle.OWN && keys.circle() != Circle.OWN && circle != keys.circle()) {
      throw new IllegalArgumentException(
          name
              + ": got keys along "
              + keys.circle().label()
              + " for a measure along "
              + circle.label()
              + ", expected one circle; choose the keys along "
              + circle.label());
    }
    return circle == Circle.OWN ? keys.circle() : circle;
  }

  private void requireGiven(boolean keys) {
    if (needsControls()) {
      throw new IllegalArgumentException(
          name + ": got no random sets, expected some; give Controls.random(keys, count, seed)");
    }
    if (needsKeys() && !keys) {
      throw new IllegalArgumentException(
          name
              + ": got no key frequencies, expected some; give KeyFrequencies.of(checkpoint, rule)"
              + " or KeyFrequencies.given(p, …)");
    }
  }

  @Override
  public String toString() {
    return name + ": " + formula + " (" + source + ")";
  }
}
