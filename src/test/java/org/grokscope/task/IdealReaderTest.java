package org.grokscope.task;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.task.LineBreakingTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdealReaderTest {
  static List<LineBreaking> certain() {
    return List.of(
        LineBreaking.given(),
        LineBreaking.box(),
        LineBreaking.boxHeader(),
        LineBreaking.variedBox(),
        LineBreaking.headerOnly(),
        LineBreaking.ruler(),
        LineBreaking.plainNewline());
  }

  static List<LineBreaking> uncertain() {
    LineBreaking inferred = LineBreaking.inferred();
    return List.of(
        inferred,
        inferred.withEarlyEnds(0.12),
        inferred.withDistractors(0.15, "@@"),
        inferred.withEarlyEnds(0.2).withDistractors(0.3, "@@"),
        inferred.withEnding(LineEnding.PADDED).withEarlyEnds(0.05));
  }

  @ParameterizedTest
  @MethodSource("certain")
  void a_given_width_leaves_no_doubt(LineBreaking task) {
    BreakCeiling ceiling = IdealReader.of(task).ceiling(task.corpus().fresh(0, 100));
    assertEquals(1.0, ceiling.everywhere());
    assertEquals(1.0, ceiling.nearEdge());
    assertEquals(1.0, ceiling.accuracy());
    assertEquals(1.0, ceiling.nearEdgeAccuracy());
  }

  /** Without early ends the belief is an interval; here it is found by wrapping at every width. */
  @ParameterizedTest
  @ValueSource(ints = {60, 120, 500})
  void an_inferred_width_is_believed_where_wrapping_the_words_gives_the_same_lines(int words) {
    LineBreaking task = LineBreaking.inferred(words);
    LineBatch batch = task.corpus().fresh(6, 30);
    double[] q = IdealReader.of(task).breakProbabilities(batch);
    for (int i = 0; i < batch.size(); i++) {
      for (int t = 0; t < batch.length(); t++) {
        if (batch.fact(LineFact.DECISION, i, t) == 0) {
          assertTrue(Double.isNaN(q[i * batch.length() + t]));
          continue;
        }
        int consistent = 0;
        int breaking = 0;
        int needed = batch.fact(LineFact.COUNT, i, t) + 1 + batch.fact(LineFact.NEXT_LENGTH, i, t);
        for (int width : task.widths().trained()) {
          if (wrapsAlike(batch, i, t, width)) {
            consistent++;
            breaking += needed > width ? 1 : 0;
          }
        }
        assertTrue(consistent > 0);
        assertClose("q", (double) breaking / consistent, q[i * batch.length() + t], 1e-12, 1e-15);
      }
    }
  }

  /** Whether the words up to position t, wrapped anew, break where the document does. */
  private static boolean wrapsAlike(LineBatch batch, int i, int t, int width) {
    int count = 0;
    boolean broken = false;
    for (int s = 1; s <= t; s++) {
      if (batch.kind(i, s) == TokenKind.NEWLINE) {
        broken = true;
        continue;
      }
      int length = batch.vocabulary().length(batch.token(i, s));
      boolean breaks = count > 0 && count + 1 + length > width;
      if (breaks != broken) {
        return false;
      }
      count = broken || count == 0 ? length : count + 1 + length;
      broken = false;
    }
    // a newline as the last token would be checked by the word after it; t is a word
    return true;
  }

  /**
   * A reader who is right about its own doubts: among decisions with q near x, a share x breaks.
   * Thousands of decisions a bin leave a standard error below 0.01; 0.04 is four of them.
   */
  @ParameterizedTest
  @MethodSource("uncertain")
  void doubts_are_calibrated(LineBreaking task) {
    LineBatch batch = task.corpus().fresh(2, 6_000);
    double[] q = IdealReader.of(task).breakProbabilities(batch);
    int[] mustBreak = batch.facts(LineFact.MUST_BREAK);
    int checked = 0;
    for (int bin = 1; bin < 9; bin++) {
      double low = bin / 10.0;
      int[] inside =
          IntStream.of(batch.decisions()).filter(p -> q[p] > low && q[p] <= low + 0.1).toArray();
      double believed = IntStream.of(inside).mapToDouble(p -> q[p]).average().orElse(0);
      double happened = IntStream.of(inside).map(p -> mustBreak[p]).average().orElse(0);
      if (inside.length > 1_000) {
        assertClose("q in (" + low + ", " + (low + 0.1) + "]", believed, happened, 0, 0.04);
        checked++;
      }
    }
    assertTrue(checked >= 3, "only " + checked + " bins had enough decisions");
  }

  @ParameterizedTest
  @MethodSource("uncertain")
  void the_expected_and_the_realised_accuracy_agree(LineBreaking task) {
    BreakCeiling ceiling = IdealReader.of(task).ceiling(task.corpus().fresh(8, 5_000));
    // 250,000 decisions in 5,000 documents: standard error below 0.001
    assertClose("everywhere", ceiling.everywhere(), ceiling.accuracy(), 0, 0.004);
    assertClose("near the edge", ceiling.nearEdge(), ceiling.nearEdgeAccuracy(), 0, 0.008);
    assertTrue(ceiling.everywhere() < 0.99);
  }

  /** Our exploration measured 97.0 % with widths of 20 to 60 and 64 tokens. */
  @Test
  void the_ceiling_of_the_inferred_width_is_that_of_the_exploration() {
    LineBreaking task = LineBreaking.inferred();
    BreakCeiling ceiling = IdealReader.of(task).ceiling(task.corpus().fresh(1, 5_000));
    assertClose("everywhere", 0.970, ceiling.everywhere(), 0, 0.003);
  }

  @Test
  void early_ends_say_less_than_late_ones_and_a_longer_text_says_more() {
    LineBreaking task = LineBreaking.inferred();
    double plain = everywhere(task);
    assertTrue(everywhere(task.withEarlyEnds(0.12)) < plain - 0.003);
    assertTrue(everywhere(task.withLength(96)) > plain + 0.003);
  }

  private static double everywhere(LineBreaking task) {
    return IdealReader.of(task).ceiling(task.corpus().fresh(0, 2_000)).everywhere();
  }

  @Test
  void held_out_widths_need_a_reader_who_thinks_them_possible() {
    LineBreaking task = LineBreaking.inferred();
    LineBatch unseen = task.corpus().unseen(0, 2_000);
    BreakCeiling ceiling = IdealReader.ofAllWidths(task).ceiling(unseen);
    assertClose("unseen widths", 0.970, ceiling.accuracy(), 0, 0.006);
    assertMessage(
        "expected one of the widths it believes in, " + new TreeSet<>(task.widths().trained()),
        () -> IdealReader.of(task).ceiling(unseen));
  }
}
