package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.KeyRemoval.Site;
import org.grokscope.series.Reading;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Removal and its control on a model that has grokked; the readings themselves are NumPy's. */
class KeyRemovalTest {
  private static final Checkpoint GROKKED =
      Checkpoint.load(Path.of("src/test/resources/org/grokscope/probe/add-29.npz"));
  private static final KeyFrequencies KEYS = KeyFrequencies.of(GROKKED, KeyRule.ENERGY);
  private static final KeyFrequencies OTHERS = KeyFrequencies.given(29, 4, 13);

  private static double test(Site site, KeyFrequencies removed, KeyFrequencies asLargeAs) {
    return new KeyRemoval(site, removed, asLargeAs)
        .readings(GROKKED).stream()
            .filter(reading -> reading.part().equals("test"))
            .mapToDouble(Reading::value)
            .findFirst()
            .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Site.class)
  void without_its_keys_the_model_knows_nothing_and_without_others_it_knows_all(Site site) {
    assertTrue(test(site, KEYS, KEYS) < 0.2, site.toString());
    assertTrue(test(site, OTHERS, OTHERS) > 0.8, site.toString());
  }

  @Test
  void a_control_is_as_large_as_what_it_controls() {
    // at the embedding alone: what is taken off is a table of weights, so its size can be seen
    double keys = energy(KEYS);
    double others = energy(OTHERS);
    assertTrue(others < keys / 4, "the keys are where the embedding is large");
    double gain = Math.sqrt(keys / others);
    assertClose("gain", keys, gain * gain * others, 1e-12, 0);
    // taken off so often, the other waves do more harm than taken off once
    assertTrue(
        test(Site.EMBEDDING, OTHERS, KEYS) < test(Site.EMBEDDING, OTHERS, OTHERS) + 1e-9,
        "a larger change helps");
  }

  private static double energy(KeyFrequencies keys) {
    return Metric.named("embedding_norm").readings(GROKKED).stream()
        .filter(reading -> keys.frequencies().stream().anyMatch(k -> isOf(reading.key(), k)))
        .mapToDouble(reading -> reading.value() * reading.value())
        .sum();
  }

  private static boolean isOf(String name, int k) {
    return name.equals("cos" + k) || name.equals("sin" + k);
  }

  @Test
  void keys_of_another_modulus_and_other_models_are_refused() {
    KeyFrequencies other = KeyFrequencies.given(31, 3, 7);
    assertThrows(
        IllegalArgumentException.class,
        () -> new KeyRemoval(Site.NEURONS, other, other).readings(GROKKED));
    Checkpoint two =
        SmallModel.of(SmallModel.SHAPE.withLayers(2), OperationTable.of(Operation.ADD, 7));
    KeyFrequencies seven = KeyFrequencies.given(7, 2);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new KeyRemoval(Site.RESIDUAL, seven, seven).readings(two))
            .getMessage();
    assertTrue(message.startsWith("removed.residual: got a model with 2 layers"), message);
  }

  @Test
  void the_metric_is_the_removal_of_the_keys_that_are_given() {
    assertEquals(
        new KeyRemoval(Site.RESIDUAL, KEYS, KEYS).readings(GROKKED),
        Metric.named("removed.residual").readings(GROKKED, KEYS));
  }
}
