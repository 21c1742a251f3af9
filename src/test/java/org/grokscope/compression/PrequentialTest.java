package org.grokscope.compression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PrequentialTest {
  private static final List<Supplier<SequenceModel>> MODELS =
      List.of(() -> ContextMixture.of(4), () -> OnlineNet.of(6, 8, 0.1, 0));

  @Test
  void a_model_that_always_guesses_pays_the_floor() {
    SequenceModel guess =
        new SequenceModel() {
          @Override
          public double[] predict() {
            double[] alike = new double[DIGITS];
            Arrays.fill(alike, 0.1);
            return alike;
          }

          @Override
          public void learn(int digit) {}
        };
    Prequential read = Prequential.of(guess, DigitString.counting(100));
    assertEquals(1, read.overFloor(), 1e-12);
    assertEquals(4, read.table(4).rowCount());
    assertEquals(
        Math.log(10) / Math.log(2), read.table(4).doubleColumn("bits_per_digit").get(2), 1e-12);
  }

  @Test
  void contexts_begin_by_the_counts_that_can_be_done_by_hand() {
    // order 0 only: 1/10, then (1 + 1/10)/2, then (2 + 1/10)/3
    Prequential read = Prequential.of(ContextMixture.of(0), new DigitString("x", "777"));
    double expected = -Math.log(0.1 * 0.55 * 0.7) / Math.log(2);
    assertEquals(expected, read.bits(), 1e-12);
  }

  @Test
  void every_prediction_is_a_probability() {
    DigitString string = DigitString.counting(60);
    for (Supplier<SequenceModel> fresh : MODELS) {
      SequenceModel model = fresh.get();
      for (int i = 0; i < string.length(); i++) {
        double[] probabilities = model.predict();
        assertEquals(1, Arrays.stream(probabilities).sum(), 1e-12);
        assertTrue(Arrays.stream(probabilities).allMatch(x -> x > 0));
        model.learn(string.digit(i));
      }
    }
  }

  @Test
  void learns_a_period_and_finds_nothing_in_random_digits() {
    DigitString period = new DigitString("period", "31415926".repeat(500));
    for (Supplier<SequenceModel> fresh : MODELS) {
      assertTrue(Prequential.of(fresh.get(), period).overFloor() < 0.1);
      double onNoise = Prequential.of(fresh.get(), DigitString.random(4_000, 2)).overFloor();
      assertTrue(onNoise > 0.99 && onNoise < 1.1, () -> "over floor " + onNoise);
    }
  }

  @Test
  void the_net_learns_to_count_and_contexts_do_not() {
    DigitString numbers = DigitString.counting(3_000);
    double net = Prequential.of(OnlineNet.of(12, 16, 0.1, 0), numbers).overFloor();
    double contexts = Prequential.of(ContextMixture.of(6), numbers).overFloor();
    assertTrue(net < 0.25 && contexts > 0.5, () -> net + " and " + contexts);
  }

  @Test
  void refuses_impossible_models_and_tables() {
    assertThrows(IllegalArgumentException.class, () -> ContextMixture.of(16));
    assertThrows(IllegalArgumentException.class, () -> OnlineNet.of(0, 8, 0.1, 0));
    SequenceModel sure =
        new SequenceModel() {
          @Override
          public double[] predict() {
            return new double[DIGITS];
          }

          @Override
          public void learn(int digit) {}
        };
    assertThrows(
        IllegalArgumentException.class, () -> Prequential.of(sure, DigitString.counting(3)));
    Prequential read = Prequential.of(ContextMixture.of(1), DigitString.counting(3));
    assertThrows(IllegalArgumentException.class, () -> read.table(4));
  }
}
