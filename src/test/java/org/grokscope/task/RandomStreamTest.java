package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RandomStreamTest {
  private static final int DRAWS = 200_000;

  @Test
  void the_same_seed_and_purpose_give_the_same_bits_for_ever() {
    RandomStream stream = RandomStream.of(0, "split");
    // computed by an independent program
    assertEquals(Long.parseUnsignedLong("7196009867308234284"), stream.nextLong());
    assertEquals(Long.parseUnsignedLong("7026187175525066462"), stream.nextLong());
    assertEquals(Long.parseUnsignedLong("17674860892603057944"), stream.nextLong());
  }

  @Test
  void purposes_and_neighbouring_seeds_are_different_streams() {
    long first = RandomStream.of(0, "split").nextLong();
    assertNotEquals(first, RandomStream.of(0, "weights").nextLong());
    assertNotEquals(first, RandomStream.of(1, "split").nextLong());
  }

  @Test
  void gaussians_have_the_moments_of_a_standard_normal() {
    RandomStream stream = RandomStream.of(1, "test");
    double[] moments = new double[5];
    for (int i = 0; i < DRAWS; i++) {
      double x = stream.nextGaussian();
      for (int power = 1; power <= 4; power++) {
        moments[power] += Math.pow(x, power) / DRAWS;
      }
    }
    // five standard errors of each mean: 5·√(Var xᵏ / n), Var = 1, 2, 15, 96
    assertEquals(0, moments[1], 5 * Math.sqrt(1.0 / DRAWS));
    assertEquals(1, moments[2], 5 * Math.sqrt(2.0 / DRAWS));
    assertEquals(0, moments[3], 5 * Math.sqrt(15.0 / DRAWS));
    assertEquals(3, moments[4], 5 * Math.sqrt(96.0 / DRAWS));
  }

  @Test
  void bounded_integers_are_uniform() {
    RandomStream stream = RandomStream.of(2, "test");
    int[] counts = new int[7];
    for (int i = 0; i < DRAWS; i++) {
      counts[stream.nextInt(7)]++;
    }
    double expected = DRAWS / 7.0;
    double chiSquared = 0;
    for (int count : counts) {
      chiSquared += (count - expected) * (count - expected) / expected;
    }
    assertTrue(chiSquared < 22.5, "χ² = " + chiSquared); // 6 degrees of freedom, p = 0.001
  }

  @Test
  void refuses_a_bound_below_one() {
    assertThrows(IllegalArgumentException.class, () -> RandomStream.of(0, "x").nextInt(0));
  }
}
