package org.grokscope.task;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.grokscope.task.MarkVocabulary.Kind;
import org.junit.jupiter.api.Test;

class MarkCountingTest {
  private static final MarkCounting UNDERLINE = MarkCounting.underline();
  private static final MarkCounting BAR = MarkCounting.bar();

  private static List<String> lines(MarkBatch batch, int i) {
    return List.of(batch.text(i).split("\n"));
  }

  @Test
  void a_rule_is_exactly_as_long_as_the_heading_above_it() {
    MarkBatch batch = UNDERLINE.fresh(0, 40);
    int rules = 0;
    for (int i = 0; i < batch.size(); i++) {
      List<String> lines = lines(batch, i);
      for (int line = 1; line < lines.size(); line += 2) {
        String heading = lines.get(line - 1);
        String rule = lines.get(line);
        assertTrue(heading.length() <= UNDERLINE.longest(), heading);
        assertTrue(rule.matches("-+¶?"), rule);
        if (rule.endsWith("¶")) {
          assertEquals(heading.length(), rule.length() - 1, heading);
          rules++;
        } else {
          assertEquals(lines.size() - 1, line, "only the last rule may be cut off");
        }
      }
    }
    assertTrue(rules > 40, rules + " rules");
  }

  @Test
  void a_bar_has_as_many_marks_as_were_stated() {
    MarkBatch batch = BAR.fresh(0, 40);
    int bars = 0;
    for (int i = 0; i < batch.size(); i++) {
      for (String line : lines(batch, i)) {
        if (line.endsWith("¶")) {
          int stated = Integer.parseInt(line.substring(0, line.indexOf(' ')));
          assertEquals(stated, line.length() - line.indexOf(' ') - 2, line);
          bars++;
        }
      }
    }
    assertTrue(bars > 40, bars + " bars");
  }

  @Test
  void a_reader_sees_where_a_model_stops_too_early_and_where_it_runs_over() {
    MarkBatch batch = BAR.fresh(3, 1);
    assertTrue(batch.text(0).contains("|¶\n"));
    assertTrue(batch.text(0, t -> false).contains("|✗\n"));
    String eager = batch.text(0, t -> true);
    assertTrue(eager.contains("|¶|"), eager);
    assertEquals(batch.text(0), eager.replace("¶|", "|").replaceAll("([|])¶$", "$1"));
  }

  /** Every target has a positive chance under the exact probabilities, which sum to 1. */
  @Test
  void the_best_reader_knows_what_can_follow() {
    for (MarkCounting task : List.of(UNDERLINE, BAR)) {
      MarkBatch batch = task.fresh(1, 30);
      int[] targets = batch.targets();
      for (int position = 0; position < targets.length; position++) {
        double[] next = batch.next(position);
        assertClose("sum", 1, Arrays.stream(next).sum(), 0, 1e-12);
        assertTrue(next[targets[position]] > 0, "position " + position);
      }
    }
  }

  /** The loss and the hits of the exact probabilities are what they say is to be expected. */
  @Test
  void the_best_reader_gets_on_average_what_it_expects() {
    for (MarkCounting task : List.of(UNDERLINE, BAR)) {
      MarkBatch batch = task.fresh(2, 1500);
      int[] targets = batch.targets();
      double loss = 0;
      double hits = 0;
      for (int position = 0; position < targets.length; position++) {
        double[] next = batch.next(position);
        loss -= Math.log(next[targets[position]]) / targets.length;
        int likeliest =
            IntStream.range(0, next.length).reduce(0, (best, c) -> next[c] > next[best] ? c : best);
        hits += likeliest == targets[position] ? 1.0 / targets.length : 0;
      }
      MarkBatch.Best best = batch.best();
      // 96,000 positions: a standard error of about .004 of the loss, .0016 of the share
      assertClose(task.title(), best.loss(), loss, 0, 0.012);
      assertClose(task.title(), best.accuracy(), hits, 0, 0.005);
      assertEquals(1, best.stopAccuracy());
    }
  }

  @Test
  void after_a_mark_the_chance_is_even_among_chunks_that_fit() {
    MarkBatch batch = BAR.fresh(0, 20);
    MarkVocabulary vocabulary = batch.vocabulary();
    boolean[] seen = new boolean[9];
    for (int position : batch.positionsOf(Kind.MARKS)) {
      int left = batch.wanted(position) - batch.count(position);
      if (left <= 8) {
        seen[left] = true;
        double[] next = batch.next(position);
        double each = left == 0 ? 0 : 1.0 / List.of(1, 2, 2, 3, 3, 3, 3, 4).get(left - 1);
        assertEquals(left == 0 ? 1 : 0, next[vocabulary.end()]);
        assertEquals(each, next[vocabulary.chunk(1)]);
        assertEquals(left >= 4 ? each : 0, next[vocabulary.chunk(4)]);
      }
    }
    for (boolean every : seen) {
      assertTrue(every);
    }
  }

  @Test
  void right_and_wrong_stops_are_counted() {
    MarkBatch batch = UNDERLINE.fresh(0, 10);
    int size = batch.vocabulary().size();
    float[] logits = new float[batch.size() * batch.length() * size];
    int[] marks = batch.positionsOf(Kind.MARKS);
    MarkAnswers never = MarkAnswers.of(batch, logits); // 1/size for every token
    double stops = Arrays.stream(marks).filter(p -> batch.count(p) == batch.wanted(p)).count();
    assertClose("never", 1 - stops / marks.length, never.stopAccuracy(), 1e-12, 0);
    for (int p : marks) {
      logits[p * size + batch.vocabulary().end()] =
          batch.count(p) == batch.wanted(p) ? 10 : batch.wanted(p) - batch.count(p) == 1 ? 10 : 0;
    }
    MarkAnswers eager = MarkAnswers.of(batch, logits);
    double wrong = Arrays.stream(marks).filter(p -> batch.wanted(p) - batch.count(p) == 1).count();
    double near = Arrays.stream(marks).filter(p -> batch.wanted(p) - batch.count(p) <= 2).count();
    assertTrue(wrong > 0);
    assertClose("eager", 1 - wrong / marks.length, eager.stopAccuracy(), 1e-12, 0);
    assertClose("near", 1 - wrong / near, eager.nearStopAccuracy(), 1e-12, 0);
    assertTrue(eager.text(0).contains("¶-"), eager.text(0));
  }

  private static Set<Integer> seen(MarkBatch batch, View view, int position) {
    VisibleKeys visible = batch.visible(view);
    Set<Integer> seen = new LinkedHashSet<>();
    for (int j = visible.starts()[position]; j < visible.starts()[position + 1]; j++) {
      seen.add(visible.keys()[j]);
    }
    return seen;
  }

  @Test
  void marks_see_their_own_line_or_what_told_how_many() {
    for (MarkCounting task : List.of(UNDERLINE, BAR)) {
      MarkBatch batch = task.fresh(0, 5).part(1, 4);
      int[] tellings = batch.tellings();
      int marks = 0;
      for (int position : batch.positionsOf(Kind.MARKS)) {
        int telling = Arrays.stream(tellings).filter(p -> p < position).max().orElseThrow();
        int t = position % batch.length();
        assertEquals(
            Set.of(telling % batch.length()), seen(batch, View.END_BEFORE, position), "" + t);
        Set<Integer> own = new LinkedHashSet<>();
        IntStream.rangeClosed(telling % batch.length() + 1, t).forEach(own::add);
        assertEquals(own, seen(batch, View.OWN_LINE, position));
        assertEquals(batch.wanted(telling), batch.wanted(position));
        marks++;
      }
      assertTrue(marks > 20);
      assertEquals(Set.of(), seen(batch, View.END_BEFORE, 0));
      assertEquals(Set.of(0), seen(batch, View.OWN_LINE, 0));
      String message =
          assertThrows(IllegalArgumentException.class, () -> batch.visible(View.HEADER))
              .getMessage();
      assertTrue(message.contains("END_BEFORE"), message);
    }
  }

  @Test
  void texts_are_those_of_their_seed_and_update() {
    assertEquals(UNDERLINE.training(3, 5, 4), UNDERLINE.training(3, 5, 4));
    assertNotEquals(UNDERLINE.training(3, 5, 4), UNDERLINE.training(3, 6, 4));
    assertNotEquals(UNDERLINE.training(3, 5, 4), UNDERLINE.training(4, 5, 4));
    assertNotEquals(UNDERLINE.fresh(3, 4), UNDERLINE.training(3, 0, 4));
    MarkBatch some = UNDERLINE.fresh(3, 6);
    MarkBatch chosen = some.select(new int[] {4, 2});
    assertEquals(some.text(4), chosen.text(0));
    assertArrayEquals(some.part(2, 3).tokens(), chosen.part(1, 2).tokens());
  }

  @Test
  void what_cannot_be_is_refused_and_said() {
    assertMessage(
        "marks: got headings of at most 7 characters, shorter than the longest word, expected at"
            + " least its 8 characters; widen them or shorten the words",
        () -> UNDERLINE.between(7, 60));
    assertMessage(
        "marks: got 9 to 8 marks, expected 1 ≤ shortest ≤ longest", () -> BAR.between(9, 8));
    assertMessage("marks: got texts of 3 tokens, expected at least 4", () -> BAR.withLength(3));
    assertMessage("marks: got 0 texts, expected at least 1", () -> BAR.fresh(0, 0));
    assertMessage(
        "marks: got chunks of [2, 4] marks, expected different ones, ascending, the first 1 so that"
            + " every number can be reached",
        () ->
            new MarkCounting(
                MarkCounting.Source.NUMBER, 6, 60, List.of(2, 4), UNDERLINE.words(), 64));
    MarkBatch batch = BAR.fresh(0, 1);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> MarkAnswers.of(batch, new float[3]))
            .getMessage()
            .startsWith("marks: got 3 logits, expected 64 positions"));
  }

  private static void assertMessage(String expected, Runnable call) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
