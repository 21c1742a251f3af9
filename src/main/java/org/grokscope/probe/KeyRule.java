package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.grokscope.fourier.Spectrum;

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
      true,
      "argmax of f_k, k = 1 … (p−3)/2, over neurons that are not dead",
      "code of Nanda et al. 2023") {
    @Override
    List<Integer> choose(AllPairs pairs) {
      NeuronFrequencies neurons = NeuronFrequencies.of(pairs);
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
      true,
      "argmax of f_k, k ≤ (p−1)/2, over neurons whose largest f_k > .85",
      "Nanda et al. 2023, section 4.2") {
    @Override
    List<Integer> choose(AllPairs pairs) {
      NeuronFrequencies neurons = NeuronFrequencies.of(pairs);
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
      false,
      "cos or sin row of F·W_E[:p] longer than a quarter of the longest row",
      "common practice") {
    @Override
    List<Integer> choose(AllPairs pairs) {
      Spectrum spectrum = pairs.onCircle().embeddingSpectrum();
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
      true,
      "√(cos² + sin²) of the columns of W_L Fᵀ above a quarter of the largest",
      "common practice") {
    @Override
    List<Integer> choose(AllPairs pairs) {
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
   * |v<sub>k</sub>ᵀL|², is at least a hundredth of the largest. Works for any model.
   */
  ENERGY(false, "E_k ≥ .01 of the largest", "Grokscope") {
    @Override
    List<Integer> choose(AllPairs pairs) {
      double[] energies = SumWaves.ofLogits(pairs.onCircle()).energies();
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

  private final boolean needsNeurons;
  private final String criterion;
  private final String source;

  KeyRule(boolean needsNeurons, String criterion, String source) {
    this.needsNeurons = needsNeurons;
    this.criterion = criterion;
    this.source = source;
  }

  /** The frequencies chosen, ascending; none if nothing passes. */
  abstract List<Integer> choose(AllPairs pairs);

  /** Which frequencies pass, in one line. */
  public String criterion() {
    return criterion;
  }

  /** Where the rule is from. */
  public String source() {
    return source;
  }

  /** Whether it works only for one layer of ReLU neurons. */
  boolean needsNeurons() {
    return needsNeurons;
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
