package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.task.Batch;
import org.grokscope.task.ModularAddition;
import org.junit.jupiter.api.Test;

class PairBatchTest {
  private static final int P = 37;
  private static final Batch ALL = ModularAddition.mod(P).all();
  private static final Batch BATCH = ModularAddition.mod(P).split(0.3, 0).train();

  @Test
  void keeps_every_pair_with_its_label() {
    for (Batch batch : List.of(ALL, BATCH)) {
      PairBatch pairs = PairBatch.sorted(batch, P + 1, P);
      List<Integer> expected = new ArrayList<>();
      List<Integer> actual = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        expected.add(batch.token(i, 0) * P + batch.token(i, 1));
        int a = pairs.node(0, i);
        int b = pairs.node(1, i) - (P + 1);
        actual.add(a * P + b);
        assertEquals((a + b) % P, pairs.label(i));
      }
      assertEquals(expected.stream().sorted().toList(), actual.stream().sorted().toList());
    }
  }

  @Test
  void lists_the_users_of_each_node_in_ascending_order() {
    PairBatch pairs = PairBatch.sorted(BATCH, P + 1, P);
    int listed = 0;
    for (int node = 0; node < 2 * (P + 1); node++) {
      for (int use = 0; use < pairs.uses(node); use++) {
        assertEquals(node, pairs.node(node / (P + 1), pairs.user(node, use)));
        assertTrue(use == 0 || pairs.user(node, use - 1) < pairs.user(node, use));
        listed++;
      }
    }
    assertEquals(2 * BATCH.size(), listed);
  }

  @Test
  void neighbours_share_a_first_token_and_a_tile_of_second_ones() {
    PairBatch pairs = PairBatch.sorted(ALL, P + 1, P);
    int changes = 0;
    for (int i = 1; i < pairs.size(); i++) {
      changes += pairs.node(0, i) == pairs.node(0, i - 1) ? 0 : 1;
    }
    assertEquals(3 * P - 1, changes); // three tiles of at most 16 second tokens
  }

  @Test
  void pieces_cover_the_batch_in_order() {
    PairBatch pairs = PairBatch.inOrder(BATCH, P + 1, P);
    assertEquals(0, pairs.start(0, 4));
    assertEquals(BATCH.size(), pairs.start(4, 4));
    for (int i = 0; i < BATCH.size(); i++) {
      assertEquals(BATCH.token(i, 0), pairs.node(0, i));
    }
  }
}
