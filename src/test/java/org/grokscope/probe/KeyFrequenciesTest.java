package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.task.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class KeyFrequenciesTest {
  @Test
  void given_ones_are_sorted_and_named() {
    KeyFrequencies keys = KeyFrequencies.given(113, 41, 14, 35);
    assertEquals(List.of(14, 35, 41), keys.frequencies());
    assertEquals("given", keys.rule());
    assertEquals("14+35+41", keys.text());
    assertEquals(3, keys.size());
  }

  @Test
  void wrong_ones_are_refused() {
    assertTrue(refusal(() -> KeyFrequencies.given(113, 14, 0)).contains("got 0 in [14, 0]"));
    assertTrue(refusal(() -> KeyFrequencies.given(113, 57)).contains("expected 1 to (p−1)/2 = 56"));
    assertEquals(1, KeyFrequencies.given(113, 56).size());
    assertTrue(refusal(() -> KeyFrequencies.given(113, 5, 5)).contains("each frequency once"));
    assertTrue(refusal(() -> KeyFrequencies.given(113)).contains("got none"));
    assertTrue(refusal(() -> KeyFrequencies.given(112, 5)).contains("expected an odd p"));
  }

  @Test
  void rules_have_names() {
    assertEquals(KeyRule.EMBEDDING_QUARTER, KeyRule.named("embedding-quarter"));
    assertEquals(KeyRule.NEURON85, KeyRule.named("neuron85"));
    assertEquals(KeyRule.WL_QUARTER, KeyRule.named("wl-quarter"));
    String message = refusal(() -> KeyRule.named("norm"));
    assertTrue(
        message.contains("expected one of repo, neuron85, embedding-quarter, wl-quarter, energy"));
  }

  @Test
  void a_rule_that_chooses_none_says_so() {
    Checkpoint untrained = SmallModel.of(Operation.ADD);
    assertEquals(List.of(), KeyRule.NEURON85.choose(AllPairs.of(untrained).onCircle(Circle.OWN)));
    String message = refusal(() -> KeyFrequencies.of(untrained, KeyRule.NEURON85));
    assertTrue(message.contains("neuron85 chooses none"), message);
  }

  @Test
  void random_sets_are_disjoint_from_the_keys_and_from_each_other_in_choice() {
    KeyFrequencies keys = KeyFrequencies.given(13, 1, 4);
    Controls controls = Controls.random(keys, 6, 3); // there are 4·3/2 = 6
    assertEquals(controls, Controls.random(keys, 6, 3));
    assertNotEquals(controls.sets(), Controls.random(keys, 6, 4).sets());
    Set<List<Integer>> sets = new HashSet<>();
    for (KeyFrequencies set : controls.sets()) {
      assertEquals(2, set.size());
      assertTrue(set.frequencies().stream().noneMatch(keys.frequencies()::contains));
      sets.add(set.frequencies());
    }
    assertEquals(6, sets.size());
    assertTrue(refusal(() -> Controls.random(keys, 7, 3)).contains("expected 1 to 6"));
    assertTrue(refusal(() -> Controls.random(keys, 0, 3)).contains("count of 0"));
    KeyFrequencies most = KeyFrequencies.given(13, 1, 2, 3, 4);
    assertTrue(refusal(() -> Controls.random(most, 1, 0)).contains("expected 1 to 0"));
  }

  @Test
  void sets_that_are_no_controls_are_refused() {
    KeyFrequencies keys = KeyFrequencies.given(13, 1, 4);
    for (KeyFrequencies set :
        List.of(
            KeyFrequencies.given(13, 4, 5),
            KeyFrequencies.given(13, 5),
            KeyFrequencies.given(11, 2, 3))) {
      assertThrows(IllegalArgumentException.class, () -> new Controls(keys, List.of(set), 0));
    }
  }

  private static String refusal(Executable action) {
    return assertThrows(IllegalArgumentException.class, action).getMessage();
  }
}
