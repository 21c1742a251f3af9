package org.grokscope.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grokscope.model.NativeValues;
import org.grokscope.task.LineAnswers;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineFact;
import org.grokscope.task.TokenKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.nd4j.linalg.api.ndarray.INDArray;
import tech.tablesaw.api.Table;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SteeringTest {
  private LineBatch box;
  private CurveNetwork network;
  private FactManifold counts;

  @BeforeAll
  void read_boxes() {
    box = LineBreaking.box().corpus().fresh(1, 150);
    network = new CurveNetwork(91, box.vocabulary().size());
    counts =
        FactManifold.of(
            network.read(box, CurveNetwork.HOOK, box.decisions()),
            LineFact.COUNT,
            Confounds.TOKENS_REMOVED,
            5);
  }

  @Nested
  class Decisions {
    @Test
    void follow_the_six_dimensions_in_which_the_count_lies_and_no_random_ones() {
      Steering steering = Steering.ofBreaks(network, box, counts, 3);
      assertTrue(steering.size() > 60, "documents with a decision to change: " + steering.size());
      Steering.Outcome six = steering.outcome(Move.SWAP, Subspace.components(counts, 6));
      assertEquals(1, six.decisions().orElseThrow());
      assertEquals(1, six.names().orElseThrow());
      // one logit of 20 among 90 of 0
      assertEquals(1, six.certainty().orElseThrow(), 1e-6);
      double random = 0;
      for (Subspace subspace : Subspace.random(6, CurveNetwork.WIDTH, 10, new Random(0))) {
        random += steering.outcome(Move.SWAP, subspace).decisions().orElseThrow() / 10;
      }
      assertTrue(random < 0.35, "6 of 24 dimensions at random: " + random);
    }

    @Test
    void do_not_follow_dimensions_perpendicular_to_those_of_the_count() {
      Steering steering = Steering.ofBreaks(network, box, counts, 3);
      Subspace six = Subspace.components(counts, 6);
      for (Subspace apart : six.randomApart(6, 5, new Random(1))) {
        INDArray overlap = apart.basis().mmul(six.basis().transpose());
        assertEquals(0, overlap.amaxNumber().doubleValue(), 1e-9);
        assertEquals(6, apart.dimensions());
        double follow = steering.outcome(Move.SWAP, apart).decisions().orElseThrow();
        assertTrue(follow < 0.05, apart.name() + ": " + follow);
      }
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> six.randomApart(CurveNetwork.WIDTH - 5, 1, new Random(1)))
              .getMessage();
      assertTrue(message.contains("expected 1 … " + (CurveNetwork.WIDTH - 6)), message);
    }

    @Test
    void stay_as_they_are_untouched() {
      Steering steering = Steering.ofBreaks(network, box, counts, 3);
      assertEquals(0, steering.untouched().decisions().orElseThrow());
    }

    @Test
    void follow_a_chord_and_the_whole_vector_as_well() {
      Steering steering = Steering.ofBreaks(network, box, counts, 3);
      Subspace six = Subspace.components(counts, 6);
      assertEquals(1, steering.outcome(Move.CHORD, six).decisions().orElseThrow());
      assertEquals(
          1,
          steering
              .outcome(Move.CHORD, Subspace.whole(CurveNetwork.WIDTH))
              .decisions()
              .orElseThrow());
    }

    @Test
    void a_turn_names_the_right_column_where_going_straight_leaves_the_curve() {
      Steering steering = Steering.ofBreaks(network, box, counts, 3);
      Subspace six = Subspace.components(counts, 6);
      double turned = steering.outcome(Move.ROTATE, six).names().orElseThrow();
      double straight = steering.outcome(Move.STRAIGHT, six).names().orElseThrow();
      // three quarter circles of frequencies 1, 2, 3 are turned about their own mean, not quite
      // about their centre
      assertTrue(turned > straight + 0.2, turned + " against " + straight);
    }

    @Test
    void make_a_table_with_a_row_for_every_move_and_subspace() {
      Steering steering = Steering.ofBreaks(network, box, counts, 3);
      Table table =
          steering.outcomes(List.of(Move.SWAP), Steering.subspaces(counts, 2, new Random(1)));
      assertEquals(6, table.rowCount());
      assertEquals("whole vector", table.stringColumn("subspace").get(3));
      assertEquals(24, table.intColumn("dimensions").get(3));
      assertTrue(table.doubleColumn("decisions").get(0) < 1, "one component is not enough");
    }
  }

  @Test
  void labels_follow_the_count_at_the_caret() {
    LineBatch header = LineBreaking.boxHeader().corpus().fresh(2, 150);
    CurveNetwork labeller = new CurveNetwork(120, header.vocabulary().size());
    FactManifold carets =
        FactManifold.of(
            labeller.read(header, CurveNetwork.HOOK, header.positionsOf(TokenKind.CARET)),
            LineFact.COUNT,
            Confounds.KEPT,
            3);
    Steering steering = Steering.ofLabels(labeller, header, carets, 5);
    Steering.Outcome six = steering.outcome(Move.SWAP, Subspace.components(carets, 6));
    assertEquals(1, six.names().orElseThrow());
    assertTrue(six.decisions().isEmpty());
    assertEquals(0, steering.untouched().names().orElseThrow());
  }

  @Test
  void ablating_the_count_breaks_the_lines_and_a_random_subspace_less() {
    Table table =
        Ablation.of(
            network,
            box,
            counts,
            List.of(
                Subspace.components(counts, 6),
                Subspace.random(6, CurveNetwork.WIDTH, 1, new Random(0)).get(0)));
    double[] near = table.doubleColumn("near_edge_accuracy").asDoubleArray();
    assertEquals(1, near[0]);
    assertTrue(near[1] < 0.7, "one count for all: " + near[1]);
    assertTrue(near[2] > near[1] + 0.1, "random: " + near[2]);
    assertEquals(1, table.doubleColumn("blanks_accuracy").get(0));
    assertTrue(table.doubleColumn("label_accuracy").isMissing(0), "a box has no labels");
  }

  @Test
  void refuses_what_it_cannot_steer() {
    FactManifold remaining =
        FactManifold.of(
            network.read(box, CurveNetwork.HOOK, box.decisions()),
            LineFact.REMAINING,
            Confounds.TOKENS_REMOVED,
            5);
    assertRefused("manifold of REMAINING", () -> Steering.ofBreaks(network, box, remaining, 0));
    assertRefused("without a header", () -> Steering.ofLabels(network, box, counts, 0));
    LineBatch few = LineBreaking.box().corpus().fresh(1, 3);
    assertRefused("at least 20", () -> Steering.ofBreaks(network, few, counts, 0));
    Steering steering = Steering.ofBreaks(network, box, counts, 3);
    assertRefused("subspace of 5 dimensions", () -> steering.outcome(Move.SWAP, Subspace.whole(5)));
    assertRefused(
        "not orthonormal", () -> new Subspace("half", Subspace.whole(4).basis().mul(0.5)));
    assertRefused(
        "expected " + CurveNetwork.HOOK, () -> network.read(box, "hook_nowhere", box.decisions()));
    assertRefused(
        "expected %d positions of %d tokens".formatted(150 * 48, box.vocabulary().size()),
        () -> LineAnswers.of(box, NativeValues.of(network.logits(few, Map.of()))));
  }

  private static void assertRefused(String part, Runnable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
