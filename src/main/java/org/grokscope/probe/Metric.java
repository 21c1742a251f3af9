package org.grokscope.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
 * run.probe(Metric.named("margin.min").probe())
 * }</pre>
 *
 * <p>All are computed in float64 from float32 weights. {@link #all()} is the whole catalogue.
 */
public final class Metric {
  /** To be counted up when any definition changes, so that kept results are not taken for new. */
  private static final int VERSION = 1;

  /** What has to be given besides the checkpoint. */
  enum Inputs {
    NOTHING,
    KEYS,
    CONTROLS
  }

  /** What the model or its operation has to have. */
  enum Requirement {
    /** The operation is an addition on a circle. */
    CIRCLE,
    /** The model is one layer of ReLU neurons without LayerNorm. */
    NEURONS,
    /** The same, with attention. */
    ATTENTION
  }

  /** How a metric is computed; {@code keys} and {@code controls} are null where not needed. */
  @FunctionalInterface
  interface Measure {
    List<Reading> read(AllPairs pairs, KeyFrequencies keys, Controls controls);
  }

  private final String name;
  private final String formula;
  private final String source;
  private final Inputs inputs;
  private final Set<Requirement> requirements;
  private final boolean fixedColumns;
  private final Measure measure;

  Metric(
      String name,
      String formula,
      String source,
      Inputs inputs,
      Set<Requirement> requirements,
      boolean fixedColumns,
      Measure measure) {
    this.name = name;
    this.formula = formula;
    this.source = source;
    this.inputs = inputs;
    this.requirements = requirements;
    this.fixedColumns = fixedColumns;
    this.measure = measure;
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
              + Catalogue.BY_NAME.keySet().stream().collect(Collectors.joining(", ")));
    }
    return metric;
  }

  /** The name, such as {@code restricted.logits}. */
  public String name() {
    return name;
  }

  /** The definition in one line. */
  public String formula() {
    return formula;
  }

  /** Where the definition is from. */
  public String source() {
    return source;
  }

  /** Whether key frequencies have to be given, alone or with {@link Controls}. */
  public boolean needsKeys() {
    return inputs != Inputs.NOTHING;
  }

  /** Whether random sets of frequencies have to be given. */
  public boolean needsControls() {
    return inputs == Inputs.CONTROLS;
  }

  /** Why this does not work for a checkpoint's model or operation, or empty if it does. */
  public Optional<String> refusal(Checkpoint checkpoint) {
    if (requirements.contains(Requirement.CIRCLE)) {
      Optional<String> refusal = Circle.refusal(checkpoint);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    if (requirements.contains(Requirement.ATTENTION)) {
      return AllPairs.attentionRefusal(checkpoint);
    }
    return requirements.contains(Requirement.NEURONS)
        ? OneLayerPass.refusal(checkpoint)
        : Optional.empty();
  }

  /**
   * The readings of a metric that needs no keys.
   *
   * @throws IllegalArgumentException if it needs keys, or does not work for this model or operation
   */
  public List<Reading> readings(Checkpoint checkpoint) {
    requireInputs(Inputs.NOTHING);
    return read(checkpoint, null, null);
  }

  /**
   * The readings with key frequencies; a metric that needs none passes them over.
   *
   * @throws IllegalArgumentException if it needs controls, does not work for this model or
   *     operation, or the keys are of another modulus
   */
  public List<Reading> readings(Checkpoint checkpoint, KeyFrequencies keys) {
    requireInputs(Inputs.KEYS);
    return read(checkpoint, Objects.requireNonNull(keys, "keys"), null);
  }

  /**
   * The readings with key frequencies and random sets beside them; what is not needed is passed
   * over.
   *
   * @throws IllegalArgumentException if it does not work for this model or operation, or the keys
   *     are of another modulus
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
    requireInputs(Inputs.NOTHING);
    requireFixedColumns();
    return Probe.named(identity(), checkpoint -> columns(readings(checkpoint)));
  }

  /**
   * As a probe with key frequencies.
   *
   * @throws IllegalArgumentException as for {@link #probe()}, but that keys are there
   */
  public Probe probe(KeyFrequencies keys) {
    requireInputs(Inputs.KEYS);
    requireFixedColumns();
    String identity = needsKeys() ? identity(keys) : identity();
    return Probe.named(identity, checkpoint -> columns(readings(checkpoint, keys)));
  }

  /** As a probe with key frequencies and random sets. */
  public Probe probe(Controls controls) {
    requireFixedColumns();
    String identity =
        needsControls() ? identity(controls) : needsKeys() ? identity(controls.keys()) : identity();
    return Probe.named(identity, checkpoint -> columns(readings(checkpoint, controls)));
  }

  /** Equal texts promise equal numbers. */
  String identity() {
    return name + " v" + VERSION;
  }

  String identity(KeyFrequencies keys) {
    return identity() + ", keys " + keys.text() + " of p = " + keys.p();
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
    if (needsKeys()) {
      keys.requireModulusOf(checkpoint);
    }
    refusal(checkpoint)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(name + ": " + reason);
            });
    return measure.read(AllPairs.of(checkpoint), keys, controls);
  }

  private void requireInputs(Inputs given) {
    if (inputs.compareTo(given) > 0) {
      throw new IllegalArgumentException(
          name
              + (inputs == Inputs.KEYS
                  ? ": got no key frequencies, expected some; give"
                      + " KeyFrequencies.of(checkpoint, rule) or KeyFrequencies.given(p, …)"
                  : ": got no random sets, expected some; give"
                      + " Controls.random(keys, count, seed)"));
    }
  }

  private void requireFixedColumns() {
    if (!fixedColumns) {
      throw new IllegalArgumentException(
          name
              + ": what it chooses differs from checkpoint to checkpoint, so it has no fixed"
              + " columns; use readings(checkpoint) or KeyFrequencies.of(checkpoint, rule)");
    }
  }

  @Override
  public String toString() {
    return name + ": " + formula + " (" + source + ")";
  }
}
