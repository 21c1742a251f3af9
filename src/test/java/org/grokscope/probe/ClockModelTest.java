package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.grokscope.probe.LogitFit.Centring;
import org.grokscope.series.Reading;
import org.grokscope.task.Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model whose algorithm is known is recovered from its weights. */
class ClockModelTest {
  private static final double EXACT = 1e-11; // of sums of a few thousand numbers of order 10
  private static final double ROUNDED_WAVES = 2e-3; // waves are multiples of 2⁻¹², α up to 3

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUBTRACT", "MULTIPLY"})
  void the_logits_are_those_it_was_built_for(Operation operation) {
    ClockModel model = ClockModel.of(operation);
    CirclePairs pairs = AllPairs.of(model.checkpoint).onCircle(Circle.OWN);
    assertEquals(model.m, pairs.places());
    for (int i = 0; i < model.m; i++) {
      for (int j = 0; j < model.m; j++) {
        for (int l = 0; l < model.m; l++) {
          double actual = pairs.logits()[(i * model.m + j) * model.m + l];
          assertClose(i + " " + j + " " + l, model.logit(i, j, l), actual, EXACT, EXACT);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUBTRACT", "MULTIPLY"})
  void the_keys_are_recovered(Operation operation) {
    ClockModel model = ClockModel.of(operation);
    for (KeyRule rule : List.of(KeyRule.ENERGY, KeyRule.WL_QUARTER, KeyRule.EMBEDDING_QUARTER)) {
      KeyFrequencies keys = KeyFrequencies.of(model.checkpoint, rule);
      assertEquals(new KeyFrequencies(13, List.of(2, 5), rule.label()), keys);
    }
    double n = model.m * model.m;
    for (Reading reading : Metric.named("key_frequency.energy").readings(model.checkpoint)) {
      // α² (Σ over rows of cos² = n/2 for each of m classes)
      double alpha = reading.key().equals("2") ? 3 : 1.5;
      double expected = alpha * alpha * n / 2 * model.m;
      assertClose(reading.column(), expected, reading.value(), ROUNDED_WAVES, 0);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUBTRACT", "MULTIPLY"})
  void amplitudes_margins_and_explained_shares_are_recovered(Operation operation) {
    ClockModel model = ClockModel.of(operation);
    KeyFrequencies keys = model.keyFrequencies();
    LogitFit fit = LogitFit.of(model.checkpoint, keys);
    assertClose("α_2", 3, fit.alpha(2), 0, ROUNDED_WAVES);
    assertClose("α_5", 1.5, fit.alpha(5), 0, ROUNDED_WAVES);
    for (Centring centring : Centring.values()) {
      assertClose(centring.toString(), 1, fit.explained(centring), 0, 1e-6);
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (int d = 1; d < model.m; d++) {
      double w = 2 * Math.PI * d / model.m;
      largest = Math.max(largest, 3 * Math.cos(2 * w) + 1.5 * Math.cos(5 * w));
    }
    assertClose("ideal", 4.5 - largest, one("margin.ideal", model), 0, ROUNDED_WAVES);
    Reading right = read("wave.right", model).get(0);
    assertClose("right", 3, right.value(), 0, ROUNDED_WAVES);
    Reading wrong = read("wave.wrong", model).get(0);
    assertClose("wrong", -3.0 / (model.m - 1), wrong.value(), 0, ROUNDED_WAVES);
    assertClose("α", fit.alpha(2), read("fit.alpha", model).get(0).value(), 0, 0);
    assertClose("residual of W_L", 0, one("wl_residual", model), 0, 1e-3);
    assertEquals(4, one("wl_rank_2pct", model));
    double squares = 0; // two waves a key, and nothing else
    for (Reading reading : read("wl_wave_size", model)) {
      squares += reading.value() * reading.value();
      assertEquals(true, reading.value() > 0.1, reading.toString());
    }
    assertClose("size of all key waves", 1, squares, 0, 1e-6);
    assertEquals(1, one("attention_fve", model), "attention does not vary");
    for (Reading reading : read("attention_to_equals", model)) {
      assertEquals(0, reading.value());
    }
    for (Reading reading : read("wl_direction_fve", model)) {
      double value = reading.value();
      assertEquals(true, value > 0 && value <= 1 + EXACT, reading.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUBTRACT"})
  void margins_and_losses_are_those_of_the_known_logits(Operation operation) {
    ClockModel model = ClockModel.of(operation);
    double smallest = Double.POSITIVE_INFINITY;
    double marginSum = 0;
    double lossSum = 0;
    for (int i = 0; i < 13; i++) {
      for (int j = 0; j < 13; j++) {
        double others = Double.NEGATIVE_INFINITY;
        double exponentials = 0;
        for (int l = 0; l < 13; l++) {
          double logit = model.logit(i, j, l);
          exponentials += Math.exp(logit);
          others = l == (i + j) % 13 ? others : Math.max(others, logit);
        }
        double right = model.logit(i, j, (i + j) % 13);
        smallest = Math.min(smallest, right - others);
        marginSum += right - others;
        lossSum += Math.log(exponentials) - right;
      }
    }
    assertClose("min", smallest, one("margin.min", model), EXACT, 0);
    assertClose("mean", marginSum / 169, one("margin.mean", model), EXACT, 0);
    List<Reading> losses = read("loss", model);
    assertEquals("loss[all]", losses.get(2).column());
    assertClose("loss", lossSum / 169, losses.get(2).value(), EXACT, 0);
    // nothing but sums is left to restrict to, and nothing is left without them
    Reading restricted = read("restricted.logits", model).get(2);
    assertClose("restricted", losses.get(2).value(), restricted.value(), ROUNDED_WAVES, 0);
    Reading excluded = read("excluded.logits", model).get(2);
    assertClose("excluded", Math.log(13), excluded.value(), ROUNDED_WAVES, 0);
    for (Reading accuracy : read("accuracy", model)) {
      assertEquals(1, accuracy.value(), accuracy.column());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUBTRACT", "MULTIPLY"})
  void removing_the_keys_destroys_it_and_removing_others_does_not(Operation operation) {
    ClockModel model = ClockModel.of(operation);
    Controls controls = Controls.random(model.keyFrequencies(), 3, 0);
    for (Reading reading : controls.readings(model.checkpoint)) {
      boolean survives =
          reading.metric().equals("key.kept") || reading.metric().equals("control.removed");
      if (survives) {
        assertEquals(1, reading.value(), reading.column());
      } else {
        // what is left is rounding of the waves: chance, give or take
        assertEquals(true, reading.value() < 0.5, reading.toString());
      }
    }
  }

  private static List<Reading> read(String metric, ClockModel model) {
    return Metric.named(metric).readings(model.checkpoint, model.keyFrequencies());
  }

  private static double one(String metric, ClockModel model) {
    return read(metric, model).get(0).value();
  }
}
