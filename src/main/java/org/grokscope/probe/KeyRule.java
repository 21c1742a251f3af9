package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.grokscope.fourier.Spectrum;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Reading;

/**
 * How key frequencies are chosen. Published sources differ, and their choices differ on the same
 * weights, so there is no default.
 */
public enum KeyRule {
  /**
   * The frequencies argmax<sub>k</sub> f<sub>k</sub> of the neurons that are not dead, k = 1 …
   * (p−3)/2, without a threshold (see {@link NeuronFrequencies}). From the code published with
   * Nanda et al. (2023), whose range stops one short of the highest frequency.
   */
  REPO(
      Set.of(Need.PLACES, Need.NEURONS),
      "argmax of f_k, k = 1 … (p−3)/2, over neurons that are not dead",
      "code of Nanda et al. 2023") {
    @Override
    List<Integer> choose(CirclePairs pairs) {
      NeuronFrequencies neurons = pairs.neuronFrequencies();
      TreeSet<Integer> chosen = new TreeSet<>();
      for (int j = 0; j < neurons.size(); j++) {
        int best = neurons.strongestBelow(j, neurons.frequencies());
        if (!neurons.isDead(j) && best > 0) {
          chosen.add(best);
        }
      }
      return List.copyOf(chosen);
    }
  },

  /**
   * The frequencies argmax<sub>k</sub> f<sub>k</sub>, k ≤ (p−1)/2, of the neurons whose largest
   * f<sub>k</sub> is above .85: those that Nanda et al. (2023) count as explained.
   */
  NEURON85(
      Set.of(Need.PLACES, Need.NEURONS),
      "argmax of f_k, k ≤ (p−1)/2, over neurons whose largest f_k > .85",
      "Nanda et al. 2023, section 4.2") {
    @Override
    List<Integer> choose(CirclePairs pairs) {
      NeuronFrequencies neurons = pairs.neuronFrequencies();
      TreeSet<Integer> chosen = new TreeSet<>();
      for (int j = 0; j < neurons.size(); j++) {
        if (neurons.largest(j) > NeuronFrequencies.EXPLAINED) {
          chosen.add(neurons.strongest(j));
        }
      }
      return List.copyOf(chosen);
    }
  },

  /**
   * The frequencies whose cosine or sine row of F·W_E is longer than a quarter of the longest row
   * (the constant row counts as a longest row only).
   */
  EMBEDDING_QUARTER(
      Set.of(Need.PLACES),
      "cos or sin row of F·W_E[:p] longer than a quarter of the longest row",
      "common practice") {
    @Override
    List<Integer> choose(CirclePairs pairs) {
      Spectrum spectrum = pairs.embeddingSpectrum();
      List<Integer> chosen = new ArrayList<>();
      for (int k = 1; k <= spectrum.frequencies(); k++) {
        if (Math.max(spectrum.cosine(k), spectrum.sine(k)) > spectrum.largest() / 4) {
          chosen.add(k);
        }
      }
      return chosen;
    }
  },

  /**
   * The frequencies for which √(cos² + sin²) of W_L Fᵀ's columns is above a quarter of the largest.
   */
  WL_QUARTER(
      Set.of(Need.PLACES, Need.NEURONS),
      "√(cos² + sin²) of the columns of W_L Fᵀ above a quarter of the largest",
      "common practice") {
    @Override
    List<Integer> choose(CirclePairs pairs) {
      Spectrum spectrum = NeuronLogitMap.of(pairs).spectrum();
      double largest = 0;
      for (int k = 1; k <= spectrum.frequencies(); k++) {
        largest = Math.max(largest, spectrum.norm(k));
      }
      List<Integer> chosen = new ArrayList<>();
      for (int k = 1; k <= spectrum.frequencies(); k++) {
        if (spectrum.norm(k) > largest / 4) {
          chosen.add(k);
        }
      }
      return chosen;
    }
  },

  /**
   * The frequencies whose energy in the logits, E<sub>k</sub> = |u<sub>k</sub>ᵀL|² +
   * |v<sub>k</sub>ᵀL|², is at least a hundredth of the largest. Works for any model, but asks along
   * which circle, as the other rules do not.
   */
  ENERGY(Set.of(Need.SUM), "E_k ≥ .01 of the largest", "Grokscope") {
    @Override
    List<Integer> choose(CirclePairs pairs) {
      double[] energies = SumWaves.ofLogits(pairs).energies();
      double largest = Arrays.stream(energies).max().orElseThrow();
      List<Integer> chosen = new ArrayList<>();
      for (int k = 1; k < energies.length; k++) {
        if (energies[k] >= largest / 100 && energies[k] > 0) {
          chosen.add(k);
        }
      }
      return chosen;
    }
  };

  static final List<Metric> METRICS =
      Arrays.stream(values())
          .map(
              rule ->
                  new Metric(
                      "key_frequency." + rule.label(),
                      1,
                      "a row a frequency, value E_k = |u_kᵀL|² + |v_kᵀL|²; chosen: "
                          + rule.criterion,
                      rule.source,
                      rule.needs,
                      false,
                      Circle.OWN,
                      rule::chosen))
          .toList();

  private final Set<Need> needs;
  private final String criterion;
  private final String source;

  KeyRule(Set<Need> needs, String criterion, String source) {
    this.needs = needs;
    this.criterion = criterion;
    this.source = source;
  }

  /** The frequencies chosen, ascending; none if nothing passes. */
  abstract List<Integer> choose(CirclePairs pairs);

  /** Which frequencies pass, in one line. */
  public String criterion() {
    return criterion;
  }

  /** Where the rule is from. */
  public String source() {
    return source;
  }

  /** What it asks of a checkpoint. */
  Set<Need> needs() {
    return needs;
  }

  private List<Reading> chosen(Subject subject) {
    double[] energies = SumWaves.ofLogits(subject.onCircle()).energies();
    return choose(subject.onCircle()).stream()
        .map(k -> subject.reading("", "" + k, energies[k]))
        .toList();
  }

  /** The rule's name, such as {@code embedding-quarter}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The rule of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static KeyRule named(String label) {
    return Arrays.stream(values())
        .filter(rule -> rule.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "key rule: got '"
                        + label
                        + "', expected one of "
                        + Arrays.stream(values())
                            .map(KeyRule::label)
                            .collect(Collectors.joining(", "))));
  }
}
