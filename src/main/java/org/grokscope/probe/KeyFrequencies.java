package org.grokscope.probe;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.grokscope.checkpoint.Checkpoint;

/**
 * The frequencies K that a model is said to use. One K a run, chosen at one named checkpoint,
 * normally the last, and used for all of its checkpoints.
 *
 * @param p the modulus
 * @param frequencies from 1 to (p−1)/2, ascending, no two alike
 * @param rule how they were chosen: the name of a {@link KeyRule}, or {@code given}
 * @param circle along which they are frequencies; what is measured with them is measured along it
 */
public record KeyFrequencies(int p, List<Integer> frequencies, String rule, Circle circle) {
  private static final String GIVEN = "given";

  public KeyFrequencies {
    circle
        .refusal(p)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException("key frequencies: " + reason);
            });
    if (frequencies.isEmpty()) {
      throw new IllegalArgumentException(
          "key frequencies: got none (rule "
              + rule
              + "), expected at least one from 1 to "
              + (p - 1) / 2);
    }
    for (int k : frequencies) {
      if (k < 1 || k > (p - 1) / 2) {
        throw new IllegalArgumentException(
            "key frequencies: got "
                + k
                + " in "
                + frequencies
                + ", expected 1 to (p−1)/2 = "
                + (p - 1) / 2
                + " for p = "
                + p);
      }
    }
    List<Integer> sorted = frequencies.stream().sorted().distinct().toList();
    if (sorted.size() != frequencies.size()) {
      throw new IllegalArgumentException(
          "key frequencies: got " + frequencies + ", expected each frequency once");
    }
    frequencies = sorted;
  }

  /** Along the circle of whatever task they are asked of. */
  public KeyFrequencies(int p, List<Integer> frequencies, String rule) {
    this(p, frequencies, rule, Circle.OWN);
  }

  /**
   * Chosen by a rule from one checkpoint's weights.
   *
   * @throws IllegalArgumentException if the rule chooses none, as some do before the model has
   *     learnt anything, or does not work for this model or operation
   */
  public static KeyFrequencies of(Checkpoint checkpoint, KeyRule rule) {
    return of(checkpoint, rule, Circle.OWN);
  }

  /**
   * The same along a circle.
   *
   * @throws IllegalArgumentException as without one, or if there is no such circle modulo p
   */
  public static KeyFrequencies of(Checkpoint checkpoint, KeyRule rule, Circle circle) {
    Need.require("key frequencies by " + rule.label(), rule.needs(), checkpoint, circle);
    List<Integer> chosen = rule.choose(AllPairs.of(checkpoint).onCircle(circle));
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "key frequencies: the rule "
              + rule.label()
              + " chooses none at "
              + checkpoint
              + ", expected at least one; take a later checkpoint or another rule");
    }
    return new KeyFrequencies(checkpoint.p(), chosen, rule.label(), circle);
  }

  /**
   * Chosen by the caller.
   *
   * @param p the modulus
   * @param frequencies each from 1 to (p−1)/2
   * @throws IllegalArgumentException if p is even, there is none, one is out of range, or two are
   *     alike
   */
  public static KeyFrequencies given(int p, int... frequencies) {
    return new KeyFrequencies(p, Arrays.stream(frequencies).boxed().toList(), GIVEN);
  }

  /** The same along a circle. */
  public KeyFrequencies along(Circle other) {
    return new KeyFrequencies(p, frequencies, rule, other);
  }

  /** How many. */
  public int size() {
    return frequencies.size();
  }

  /** The frequencies joined by +, such as {@code 14+35+41}. */
  public String text() {
    return frequencies.stream().map(String::valueOf).collect(Collectors.joining("+"));
  }

  @Override
  public String toString() {
    return "KeyFrequencies[p="
        + p
        + ", frequencies="
        + frequencies
        + ", rule="
        + rule
        + circle.suffix()
        + "]";
  }

  /**
   * Checks that these are frequencies of a checkpoint's modulus.
   *
   * @throws IllegalArgumentException if they are those of another
   */
  void requireModulusOf(Checkpoint checkpoint) {
    if (p != checkpoint.p()) {
      throw new IllegalArgumentException(
          "key frequencies: got those of p = "
              + p
              + " for a checkpoint of p = "
              + checkpoint.p()
              + ", expected the same modulus; choose them from a checkpoint of the run");
    }
  }
}
