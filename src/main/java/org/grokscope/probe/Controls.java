package org.grokscope.probe;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;
import org.grokscope.task.RandomStream;

/**
 * Random sets of frequencies beside the keys, each as large as K and disjoint from it: what keeping
 * or removing means only shows against what as many other frequencies do.
 *
 * <p>As a probe it gives the accuracies {@code key.kept}, {@code key.removed}, {@code control.kept}
 * and {@code control.removed}, the latter two for each set.
 *
 * @param keys the key frequencies, K
 * @param sets the random sets, no two alike
 * @param seed of their draw
 */
public record Controls(KeyFrequencies keys, List<KeyFrequencies> sets, long seed) implements Probe {

  static final List<Metric> METRICS =
      List.of(
          Metric.of(
              "key.kept",
              1,
              "accuracy of P_K L + m",
              Metric.COMMON,
              Set.of(Need.SUM, Need.KEYS),
              subject -> kept(subject, subject.keys())),
          Metric.of(
              "key.removed",
              1,
              "accuracy of L − P_K L",
              Metric.COMMON,
              Set.of(Need.SUM, Need.KEYS),
              subject -> removed(subject, subject.keys())),
          Metric.of(
              "control.kept",
              1,
              "accuracy of P_R L + m for each random set R",
              Metric.OWN,
              Set.of(Need.SUM, Need.CONTROLS),
              subject -> ofSets(subject, set -> kept(subject, set))),
          Metric.of(
              "control.removed",
              1,
              "accuracy of L − P_R L for each random set R",
              Metric.OWN,
              Set.of(Need.SUM, Need.CONTROLS),
              subject -> ofSets(subject, set -> removed(subject, set))));

  public Controls {
    Objects.requireNonNull(keys, "keys");
    sets = List.copyOf(sets);
    for (KeyFrequencies set : sets) {
      boolean disjoint = set.frequencies().stream().noneMatch(keys.frequencies()::contains);
      boolean alike = set.p() == keys.p() && set.circle() == keys.circle();
      if (!alike || set.size() != keys.size() || !disjoint) {
        throw new IllegalArgumentException(
            "controls: got the set "
                + set
                + ", expected "
                + keys.size()
                + " frequencies of p = "
                + keys.p()
                + keys.circle().suffix()
                + " that are not in "
                + keys.frequencies());
      }
    }
  }

  /**
   * Draws sets.
   *
   * @param keys the key frequencies
   * @param count how many sets, at least 1, all different
   * @param seed of the draw; equal arguments give equal sets for ever
   * @throws IllegalArgumentException if there are fewer such sets than asked for, or none
   */
  public static Controls random(KeyFrequencies keys, int count, long seed) {
    int highest = (keys.p() - 1) / 2;
    int[] others =
        IntStream.rangeClosed(1, highest).filter(k -> !keys.frequencies().contains(k)).toArray();
    BigInteger possible = combinations(others.length, keys.size());
    if (count < 1 || possible.compareTo(BigInteger.valueOf(count)) < 0) {
      throw new IllegalArgumentException(
          "controls: got a count of "
              + count
              + ", expected 1 to "
              + possible
              + ": beside the "
              + keys.size()
              + " keys "
              + keys.text()
              + " there are "
              + others.length
              + " of the "
              + highest
              + " frequencies of p = "
              + keys.p());
    }
    RandomStream random = RandomStream.of(seed, "controls");
    Set<List<Integer>> drawn = new LinkedHashSet<>();
    while (drawn.size() < count) {
      random.shuffle(others);
      drawn.add(IntStream.of(others).limit(keys.size()).sorted().boxed().toList());
    }
    List<KeyFrequencies> sets = new ArrayList<>();
    drawn.forEach(
        set -> sets.add(new KeyFrequencies(keys.p(), set, "random " + seed, keys.circle())));
    return new Controls(keys, sets, seed);
  }

  /** All four metrics of a checkpoint. */
  public List<Reading> readings(Checkpoint checkpoint) {
    List<Reading> readings = new ArrayList<>();
    for (Metric metric : METRICS) {
      readings.addAll(metric.readings(checkpoint, this));
    }
    return readings;
  }

  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    return Metric.columns(readings(checkpoint));
  }

  @Override
  public Optional<String> identity() {
    String versions =
        METRICS.stream()
            .map(metric -> metric.name() + " v" + metric.version())
            .collect(Collectors.joining(", "));
    return Optional.of(versions + ": " + METRICS.get(METRICS.size() - 1).identity(this));
  }

  private static List<Reading> ofSets(
      Subject subject, Function<KeyFrequencies, List<Reading>> ofSet) {
    return subject.controls().sets().stream().flatMap(set -> ofSet.apply(set).stream()).toList();
  }

  /** Accuracy of P_R L + m. */
  private static List<Reading> kept(Subject subject, KeyFrequencies set) {
    CirclePairs pairs = subject.onCircle();
    double[] table = SumWaves.ofLogits(pairs).projection(set.frequencies());
    double[] hits = pairs.hitsOfSums(RestrictedLoss.plusMeans(pairs, table));
    return pairs.questions().means(subject.metric(), set.text(), hits);
  }

  /** Accuracy of L − P_R L. */
  private static List<Reading> removed(Subject subject, KeyFrequencies set) {
    CirclePairs pairs = subject.onCircle();
    double[] table = SumWaves.ofLogits(pairs).projection(set.frequencies());
    double[] hits = pairs.questions().hits(ExcludedLoss.withoutSums(pairs, table));
    return pairs.questions().means(subject.metric(), set.text(), hits);
  }

  private static BigInteger combinations(int n, int k) {
    BigInteger result = n < k ? BigInteger.ZERO : BigInteger.ONE;
    for (int i = 0; i < k && n >= k; i++) {
      result = result.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1));
    }
    return result;
  }
}
