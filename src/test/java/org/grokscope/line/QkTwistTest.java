package org.grokscope.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.grokscope.TensorAssert;
import org.grokscope.geometry.Manifold;
import org.grokscope.line.QkTwist.Along;
import org.grokscope.line.QkTwist.Part;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Heads built to turn one curve onto another, in a space of 8 dimensions. */
class QkTwistTest {
  private static final int D = 8;
  private static final int LABELS = 60;
  private static final double STEP = Math.PI / 40; // of the slowest wave; the curve does not close
  private static final int OFFSET = 7;

  /** cos and sin of k·STEP·label for k = 1, 2, 3: a curve in the first six dimensions. */
  private static INDArray curve(int[] labels) {
    double[][] rows = new double[labels.length][D];
    for (int i = 0; i < labels.length; i++) {
      for (int k = 1; k <= 3; k++) {
        rows[i][2 * k - 2] = Math.cos(k * STEP * labels[i]);
        rows[i][2 * k - 1] = Math.sin(k * STEP * labels[i]);
      }
    }
    return Nd4j.createFromArray(rows);
  }

  private static final int[] COUNTS = IntStream.range(1, LABELS + 1).toArray();
  private static final Manifold QUERIES = Manifold.of(curve(COUNTS), COUNTS);

  /** The keys' curve runs through other dimensions: the queries' ones, turned at random. */
  private static final INDArray KEY_SPACE = BreakDecision.orthonormal(D, D, new Random(4));

  private static final Manifold KEYS = Manifold.of(curve(COUNTS).mmul(KEY_SPACE), COUNTS);

  /** W_Q turns every plane by OFFSET labels, W_K turns the keys back into the queries' space. */
  private static Head rotation() {
    double[][] turn = new double[D][D];
    for (int k = 1; k <= 3; k++) {
      double angle = k * STEP * OFFSET;
      turn[2 * k - 2][2 * k - 2] = Math.cos(angle);
      turn[2 * k - 1][2 * k - 1] = Math.cos(angle);
      turn[2 * k - 2][2 * k - 1] = Math.sin(angle);
      turn[2 * k - 1][2 * k - 2] = -Math.sin(angle);
    }
    turn[6][6] = 1;
    turn[7][7] = 1;
    return Head.of("0.0", Nd4j.createFromArray(turn), KEY_SPACE.transpose());
  }

  @Test
  void a_head_built_as_a_rotation_by_a_known_offset_is_recovered() {
    QkTwist twist = QkTwist.of(rotation(), QUERIES, KEYS);
    QkTwist.Line line = twist.line(Part.WHOLE, Along.KEYS);
    assertEquals(1, line.slope(), 1e-9);
    assertEquals(OFFSET, line.offset(), 1e-9);
    assertEquals(OFFSET, line.intercept(), 1e-9);
    assertEquals(1, line.r2(), 1e-9);
    // keys 3 … 58 lie inside, so counts 1 … 51 have their peak there
    assertEquals(51, line.inside());
    assertEquals(LABELS, line.labels());
    QkTwist.Line back = twist.line(Part.WHOLE, Along.QUERIES);
    assertEquals(-OFFSET, back.offset(), 1e-9);
  }

  @Test
  void the_map_of_matches_is_the_curves_own_similarity_shifted() {
    INDArray scores = QkTwist.of(rotation(), QUERIES, KEYS).scores();
    for (int c : new int[] {0, 20, 41}) {
      for (int k : new int[] {3, 30, 59}) {
        double apart = STEP * (c + OFFSET - k);
        double expected =
            (Math.cos(apart) + Math.cos(2 * apart) + Math.cos(3 * apart)) / Math.sqrt(D);
        assertEquals(expected, scores.getDouble(c, k), 1e-12);
      }
    }
  }

  @Test
  void alignment_is_the_heads_work() {
    QkTwist twist = QkTwist.of(rotation(), QUERIES, KEYS);
    assertEquals(OFFSET, twist.alignmentAfter().shift());
    // not 1: the open curves are centred on their own means, which the head does not map
    assertTrue(twist.alignmentAfter().cosine() > 0.95, "" + twist.alignmentAfter());
    assertTrue(
        twist.alignmentBefore().cosine() < 0.6, "turned at random: " + twist.alignmentBefore());
  }

  @Test
  void a_line_of_another_slope_is_found_as_such() {
    int[] doubled = Arrays.stream(COUNTS).map(c -> 2 * c).toArray();
    Manifold keys = Manifold.of(curve(COUNTS).mmul(KEY_SPACE), doubled);
    QkTwist.Line line = QkTwist.of(rotation(), QUERIES, keys).line(Part.WHOLE, Along.KEYS);
    assertEquals(2, line.slope(), 1e-9);
    assertEquals(2 * OFFSET, line.intercept(), 1e-9);
  }

  @Test
  void random_heads_have_no_such_line() {
    QkTwist twist = QkTwist.of(rotation(), QUERIES, KEYS);
    int lines = 0;
    for (QkTwist random : twist.randomHeads(20, new Random(0))) {
      QkTwist.Line line = random.line(Part.WHOLE, Along.KEYS);
      lines += line.fitted() && Math.abs(line.slope() - 1) < 0.05 && line.r2() > 0.95 ? 1 : 0;
      assertTrue(random.alignmentAfter().cosine() < twist.alignmentAfter().cosine());
    }
    assertEquals(0, lines);
  }

  @Test
  void a_key_that_all_queries_like_has_no_say_in_the_interaction() {
    INDArray means = KEYS.means();
    // k·q grows by the same for every query: along a direction that queries have in common
    INDArray queries = curve(COUNTS);
    queries.getColumn(7).addi(10);
    INDArray liked = means.dup();
    liked.getRow(30).addi(KEY_SPACE.getRow(7).mul(100));
    QkTwist twist =
        QkTwist.of(rotation(), Manifold.of(queries, COUNTS), Manifold.of(liked, COUNTS));
    assertTrue(Arrays.stream(twist.peaks(Part.WHOLE, Along.KEYS)).allMatch(k -> k == 31));
    assertEquals(0, twist.line(Part.WHOLE, Along.KEYS).r2(), "all peaks at one key");
    QkTwist.Line line = twist.line(Part.INTERACTION, Along.KEYS);
    assertEquals(1, line.slope(), 0.15);
    assertTrue(line.r2() > 0.95, "" + line);
  }

  @Test
  void the_interaction_has_no_mean_along_rows_or_columns() {
    INDArray part = QkTwist.of(rotation(), QUERIES, KEYS).scores(Part.INTERACTION);
    TensorAssert.assertClose("rows", Nd4j.zeros(60), part.mean(1), 0, 1e-12);
    TensorAssert.assertClose("columns", Nd4j.zeros(60), part.mean(0), 0, 1e-12);
  }

  @Test
  void a_head_that_only_turns_is_all_rotation_and_one_that_stretches_is_not() {
    INDArray identity = Nd4j.eye(D).castTo(KEY_SPACE.dataType());
    QkTwist twist =
        QkTwist.of(Head.of("turn", rotation().queryWeights(), identity), QUERIES, QUERIES);
    assertEquals(1, twist.polar(6).rotationShare(), 1e-9);
    assertFalse(twist.polar(6).mirrors());
    // the planes are turned by OFFSET steps of 1, 2 and 3 waves
    double[] angles = twist.polar(6).angles().toDoubleVector();
    for (int k = 1; k <= 3; k++) {
      assertEquals(k * STEP * OFFSET, angles[2 * k - 1], 1e-9);
    }
    double[][] stretch = new double[D][D];
    for (int j = 0; j < D; j++) {
      stretch[j][j] = j == 0 ? 100 : 1;
    }
    double share =
        QkTwist.of(Head.of("stretch", Nd4j.createFromArray(stretch), identity), QUERIES, QUERIES)
            .polar(6)
            .rotationShare();
    assertTrue(share < 0.25, "near 1/6: " + share);
  }

  @Test
  void a_bias_of_the_queries_shifts_all_matches_of_a_key() {
    Head plain = rotation();
    INDArray bias = Nd4j.createFromArray(1.0, 2, 3, 4, 5, 6, 7, 8);
    Head biased = new Head("b", plain.queryWeights(), bias, plain.keyWeights(), Nd4j.zeros(D));
    INDArray before = QkTwist.of(plain, QUERIES, KEYS).scores();
    INDArray after = QkTwist.of(biased, QUERIES, KEYS).scores();
    INDArray shift = after.sub(before);
    INDArray expected =
        KEYS.means().mmul(plain.keyWeights()).mmul(bias.reshape(-1, 1)).divi(Math.sqrt(D));
    for (int c = 0; c < LABELS; c += 20) {
      TensorAssert.assertClose(
          "query " + c, expected.reshape(-1), shift.getRow(c).reshape(-1), 1e-9, 1e-9);
    }
  }

  @Test
  void refuses_what_does_not_go_together() {
    assertRefused(
        "got inputs of width 5",
        () -> QkTwist.of(rotation(), Manifold.of(Nd4j.rand(60, 5), COUNTS), KEYS));
    assertRefused("W_K [7, 8]", () -> Head.of("x", Nd4j.zeros(8, 8), Nd4j.zeros(7, 8)));
    assertRefused(
        "0 random heads",
        () -> QkTwist.of(rotation(), QUERIES, KEYS).randomHeads(0, new Random(0)));
  }

  private static void assertRefused(String part, Runnable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
