package org.grokscope.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineFact;
import org.junit.jupiter.api.Test;

class ToldCountsTest {
  private final LineBatch box = LineBreaking.box().corpus().fresh(1, 80);
  private final CurveNetwork network = new CurveNetwork(91, box.vocabulary().size());
  private final FactManifold counts =
      FactManifold.of(
          network.read(box, CurveNetwork.HOOK, box.decisions()),
          LineFact.COUNT,
          Confounds.TOKENS_REMOVED,
          3);

  @Test
  void a_model_that_believes_its_six_dimensions_breaks_and_points_where_it_is_told() {
    ToldCounts told =
        ToldCounts.of(network, box, counts, Subspace.components(counts, 6), List.of(20, 80, 86));
    assertTrue(told.namesColumns());
    for (int m = 0; m < 3; m++) {
      int count = told.counts().get(m);
      for (int l = 0; l < told.lengths().size(); l++) {
        double expected = count + 1 + told.lengths().get(l) > 90 ? 1 : 0;
        assertEquals(expected, told.ends().getDouble(m, l), 1e-6, count + " " + l);
      }
      // one logit of 20 among 90 of 0
      assertEquals(1, told.columns().getDouble(m, count), 1e-6);
      assertEquals(1, told.columns().getRow(m).sumNumber().doubleValue(), 1e-9);
    }
  }

  @Test
  void a_random_subspace_tells_it_little() {
    Subspace random = Subspace.random(6, CurveNetwork.WIDTH, 1, new Random(0)).get(0);
    ToldCounts told = ToldCounts.of(network, box, counts, random, List.of(20, 60));
    assertTrue(told.columns().getDouble(0, 20) < 0.3, "" + told.columns().getDouble(0, 20));
  }

  @Test
  void refuses_several_widths_and_counts_outside_the_manifold() {
    LineBatch varied = LineBreaking.variedBox().corpus().fresh(1, 20);
    Subspace six = Subspace.components(counts, 6);
    assertRefused("several widths", () -> ToldCounts.of(network, varied, counts, six, List.of(20)));
    assertRefused("label 400", () -> ToldCounts.of(network, box, counts, six, List.of(400)));
  }

  private static void assertRefused(String part, Runnable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
