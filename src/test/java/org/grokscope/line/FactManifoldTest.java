package org.grokscope.line;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.grokscope.TensorAssert;
import org.grokscope.geometry.Manifold;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineFact;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FactManifoldTest {
  private LineBatch box;
  private CurveNetwork network;
  private LineActivations words;

  @BeforeAll
  void read_boxes() {
    box = LineBreaking.box().corpus().fresh(1, 150);
    network = new CurveNetwork(91, box.vocabulary().size());
    words = network.read(box, CurveNetwork.HOOK, box.decisions());
  }

  @Test
  void with_tokens_removed_the_means_are_the_curve_but_for_one_shift() {
    Manifold curve = FactManifold.of(words, LineFact.COUNT, Confounds.TOKENS_REMOVED, 5).manifold();
    INDArray truth = network.curve().getRows(curve.labels());
    INDArray means = curve.means();
    // least squares on a model without noise: exact but for the solver's rounding
    TensorAssert.assertClose(
        "means", truth.subRowVector(truth.mean(0)), means.subRowVector(means.mean(0)), 1e-7, 1e-7);
  }

  @Test
  void the_shape_is_that_of_the_curve_and_raw_means_have_spurious_dimensions() {
    FactManifold.Shape clean =
        FactManifold.of(words, LineFact.COUNT, Confounds.TOKENS_REMOVED, 5).shape();
    assertEquals(1, clean.firstSix(), 1e-9);
    assertEquals(1, clean.betweenShare(), 1e-9);
    FactManifold.Shape raw = FactManifold.of(words, LineFact.COUNT, Confounds.KEPT, 5).shape();
    assertTrue(raw.componentsFor95() > clean.componentsFor95(), raw + " " + clean);
    assertTrue(raw.firstSix() < 0.99, "" + raw.firstSix());
  }

  @Test
  void remaining_is_the_count_reversed_where_there_is_one_width() {
    Manifold remaining =
        FactManifold.of(words, LineFact.REMAINING, Confounds.TOKENS_REMOVED, 5).manifold();
    Manifold count = FactManifold.of(words, LineFact.COUNT, Confounds.TOKENS_REMOVED, 5).manifold();
    int[] reversed = Arrays.stream(count.labels()).map(c -> 90 - c).sorted().toArray();
    assertArrayEquals(reversed, remaining.labels());
    TensorAssert.assertClose(
        "means",
        count.mean(40).sub(count.mean(50)),
        remaining.mean(50).sub(remaining.mean(40)),
        1e-7,
        1e-7);
  }

  @Test
  void rows_where_a_fact_is_not_known_are_left_out() {
    LineActivations everywhere =
        network.read(
            box, CurveNetwork.HOOK, IntStream.range(0, box.size() * box.length()).toArray());
    Manifold next =
        FactManifold.of(everywhere, LineFact.NEXT_LENGTH, Confounds.COUNT_REMOVED, 5).manifold();
    assertTrue(next.labels()[0] >= 1, Arrays.toString(next.labels()));
  }

  @Test
  void activations_know_tokens_and_documents_of_their_rows() {
    int[] positions = {3, 50, 49};
    INDArray plain = Nd4j.arange(150L * 48 * 2).castTo(DataType.DOUBLE).reshape('c', 150, 48, 2);
    LineActivations some = LineActivations.of("hook", plain, box, positions);
    TensorAssert.assertClose(
        "means",
        Nd4j.createFromArray(new double[][] {{6, 7}, {100, 101}, {98, 99}}),
        some.values(),
        0,
        0);
    assertArrayEquals(new int[] {0, 1, 1}, some.documents());
    assertArrayEquals(new int[] {box.token(0, 3), box.token(1, 2), box.token(1, 1)}, some.tokens());
    assertEquals(2, some.where(position -> position > 10).size());
  }

  @Test
  void refuses_too_few_values_and_what_is_no_activation_of_the_batch() {
    assertRefused(
        "expected at least 8",
        () -> FactManifold.of(words, LineFact.COUNT, Confounds.KEPT, 5).between(3, 6));
    assertRefused(
        "[149, 48, 2]",
        () -> LineActivations.of("hook", Nd4j.zeros(149, 48, 2), box, new int[] {0}));
    assertRefused(
        "got 0 positions",
        () -> LineActivations.of("hook", Nd4j.zeros(150, 48, 2), box, new int[0]));
    assertRefused("none of", () -> words.where(LineFact.COUNT, 500, 600));
    assertRefused(
        "label 500",
        () -> FactManifold.of(words, LineFact.COUNT, Confounds.KEPT, 5).manifold().mean(500));
  }

  private static void assertRefused(String part, Runnable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
