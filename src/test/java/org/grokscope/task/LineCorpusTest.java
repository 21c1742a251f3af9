package org.grokscope.task;

import static org.grokscope.task.LineBreakingTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.grokscope.TensorAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LineCorpusTest {
  static List<LineBreaking> tasks() {
    return List.of(
        LineBreaking.given(),
        LineBreaking.inferred(),
        LineBreaking.box(),
        LineBreaking.boxHeader(),
        LineBreaking.variedHeader(),
        LineBreaking.variedBox().withDistractors(0.1, "@@", "##"),
        LineBreaking.headerOnly(),
        LineBreaking.plainNewline(),
        LineBreaking.ruler().withWidths(LineWidths.ruled(12, 16, 14)),
        LineBreaking.inferred(60),
        LineBreaking.inferred(500));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void equal_arguments_give_equal_documents_and_others_do_not(LineBreaking task) {
    LineBatch batch = task.corpus().training(3, 17, 8);
    assertEquals(batch, task.corpus().training(3, 17, 8));
    assertNotEquals(batch, task.corpus().training(3, 18, 8));
    assertNotEquals(batch, task.corpus().training(4, 17, 8));
    assertNotEquals(batch, task.corpus().fresh(3, 8));
  }

  @Test
  void a_document_is_the_same_for_ever() {
    assertEquals(
        List.of(
            "width 49",
            "rigukobij mivimokelo it juv rabud asa i uj       │",
            "mebalufid evu ite id onedil esu of apilikep      │"),
        LineBreaking.given().corpus().fresh(0, 2).document(1).text().lines().limit(3).toList());
  }

  /** A document may end anywhere, also between a word that does not fit and its line's end. */
  @ParameterizedTest
  @MethodSource("tasks")
  void documents_may_end_anywhere(LineBreaking task) {
    for (int length = 19; length < 40; length++) {
      LineCorpus corpus = task.withLength(length).corpus();
      for (int step = 0; step < 20; step++) {
        LineBatch batch = corpus.training(0, step, 32);
        for (int i = 0; i < batch.size(); i++) {
          TokenKind last = batch.kind(i, length - 1);
          TokenKind target = batch.vocabulary().kind(batch.target(i, length - 1));
          assertEquals(last == TokenKind.PAD, target == TokenKind.NEWLINE && padded(task));
          assertEquals(last == TokenKind.CARET, target == TokenKind.LABEL);
        }
      }
    }
  }

  private static boolean padded(LineBreaking task) {
    return task.ending() == LineEnding.PADDED;
  }

  /** Wraps the words of a document once more, from its text alone. */
  @ParameterizedTest
  @MethodSource("tasks")
  void lines_are_as_long_as_they_can_be_but_for_early_ends(LineBreaking task) {
    LineBatch batch = task.corpus().fresh(1, 40);
    int ends = 0;
    int early = 0;
    for (int i = 0; i < batch.size(); i++) {
      int width = batch.fact(LineFact.WIDTH, i, 0);
      for (int t = 0; t < batch.length(); t++) {
        assertTrue(batch.fact(LineFact.COUNT, i, t) <= width || headerAt(batch, i, t));
        if (batch.fact(LineFact.DECISION, i, t) == 0) {
          continue;
        }
        int needed = batch.fact(LineFact.COUNT, i, t) + 1 + batch.fact(LineFact.NEXT_LENGTH, i, t);
        boolean ended = batch.vocabulary().endsLine(batch.target(i, t));
        assertEquals(needed > width, batch.fact(LineFact.MUST_BREAK, i, t) == 1);
        assertTrue(ended || needed <= width, "a line runs over its width");
        ends += ended ? 1 : 0;
        early += ended && needed <= width ? 1 : 0;
      }
    }
    assertTrue(ends > 40);
    assertEquals(task.earlyEnds() > 0, early > 0);
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void the_next_word_has_the_length_that_was_announced(LineBreaking task) {
    LineBatch batch = task.corpus().fresh(2, 40);
    int checked = 0;
    for (int i = 0; i < batch.size(); i++) {
      for (int t = 0; t < batch.length(); t++) {
        int announced = batch.fact(LineFact.NEXT_LENGTH, i, t);
        TokenKind next = batch.vocabulary().kind(batch.target(i, t));
        if (announced >= 0 && next == TokenKind.WORD) {
          assertEquals(announced, batch.vocabulary().length(batch.target(i, t)));
          checked++;
        }
        if (batch.kind(i, t) == TokenKind.WORD && next == TokenKind.WORD) {
          assertTrue(batch.vocabulary().successors(batch.token(i, t)).contains(batch.target(i, t)));
        }
      }
    }
    assertTrue(checked > 400);
  }

  @Test
  void a_ruler_is_drawn_in_chunks_that_fit_and_is_as_long_as_the_width() {
    LineBatch batch = LineBreaking.ruler().corpus().fresh(0, 400);
    LineVocabulary vocabulary = batch.vocabulary();
    Map<Integer, Integer> drawn = new TreeMap<>();
    for (int i = 0; i < batch.size(); i++) {
      int width = batch.fact(LineFact.WIDTH, i, 0);
      int dashes = 0;
      int t = 1;
      for (; batch.kind(i, t) == TokenKind.DASHES; t++) {
        int chunk = vocabulary.length(batch.token(i, t));
        drawn.merge(chunk, width - dashes >= 8 ? 1 : 0, Integer::sum);
        dashes += chunk;
        assertEquals("-".repeat(chunk), vocabulary.text(batch.token(i, t)));
        assertEquals(dashes, batch.fact(LineFact.COUNT, i, t));
        assertEquals(0, batch.weight(i, t));
      }
      assertEquals(width, dashes);
      assertEquals(TokenKind.RULER_END, batch.kind(i, t));
      assertEquals(TokenKind.WORD, vocabulary.kind(batch.target(i, t)));
      for (int at = 0; at < batch.length(); at++) {
        assertEquals(at <= t ? 1 : 0, batch.fact(LineFact.HEADER, i, at));
        assertEquals(at > t ? 1 : 0, batch.weight(i, at));
        assertEquals(at <= t, batch.fact(LineFact.LINE, i, at) == 0);
      }
    }
    assertEquals(Set.of(1, 2, 4, 8), drawn.keySet());
    double all = drawn.values().stream().mapToInt(Integer::intValue).sum();
    assertTrue(all > 3_000, "" + all);
    drawn.values().forEach(n -> TensorAssert.assertClose("evenly", 0.25, n / all, 0, 0.03));
  }

  /** The words alone, wrapped by trying every line as a whole. */
  @Test
  void text_under_a_ruler_is_wrapped_as_by_hand() {
    LineBatch batch = LineBreaking.ruler().corpus().fresh(7, 50);
    for (int i = 0; i < batch.size(); i++) {
      List<String> text = batch.document(i).text().lines().toList();
      int width = text.get(1).indexOf('│');
      assertEquals("-".repeat(width) + "│", text.get(1));
      List<String> written =
          text.stream().skip(2).map(row -> row.substring(0, row.indexOf('│')).strip()).toList();
      List<String> words = List.of(String.join(" ", written).split(" "));
      List<String> wrapped = new ArrayList<>();
      for (int from = 0, to = 0; from < words.size(); from = to) {
        for (to = words.size(); String.join(" ", words.subList(from, to)).length() > width; ) {
          to--;
        }
        wrapped.add(String.join(" ", words.subList(from, to)));
      }
      assertEquals(wrapped, written);
    }
  }

  @Test
  void a_ruler_may_be_of_a_width_that_was_never_trained() {
    LineCorpus corpus = LineBreaking.ruler().corpus();
    assertEquals(corpus.task().widths().heldOut(), widths(corpus.unseen(0, 100)));
    for (int step = 0; step < 10; step++) {
      Set<Integer> trained = widths(corpus.training(0, step, 32));
      assertTrue(corpus.task().widths().trained().containsAll(trained), "" + trained);
    }
  }

  @Test
  void a_count_is_what_a_reader_counts_in_the_text() {
    LineBatch batch = LineBreaking.variedBox().withDistractors(0.2, "@@").corpus().fresh(5, 20);
    for (int i = 0; i < batch.size(); i++) {
      String line = "";
      for (int t = 1; t < batch.length(); t++) {
        assertEquals(line.length(), batch.fact(LineFact.COUNT_BEFORE, i, t));
        switch (batch.kind(i, t)) {
          case WORD, DISTRACTOR ->
              line += (line.isEmpty() ? "" : " ") + batch.vocabulary().text(batch.token(i, t));
          case NEWLINE -> line = "";
          default -> assertEquals(TokenKind.PAD, batch.kind(i, t));
        }
        assertEquals(line.length(), batch.fact(LineFact.COUNT, i, t));
        assertEquals(
            batch.fact(LineFact.WIDTH, i, t) - line.length(), batch.fact(LineFact.REMAINING, i, t));
      }
    }
  }

  @Test
  void a_pad_names_the_blanks_left_and_a_newline_follows() {
    LineBatch batch = LineBreaking.box().corpus().fresh(0, 30);
    int pads = 0;
    for (int position : batch.positionsOf(TokenKind.PAD)) {
      int i = position / batch.length();
      int t = position % batch.length();
      assertEquals(
          "pad " + batch.fact(LineFact.REMAINING, i, t),
          batch.vocabulary().text(batch.token(i, t)));
      assertEquals(batch.vocabulary().newline(), batch.target(i, t));
      pads++;
    }
    assertTrue(pads > 100);
  }

  @Test
  void a_caret_is_answered_by_the_label_above_its_column() {
    LineBatch batch = LineBreaking.boxHeader().corpus().fresh(0, 50);
    int carets = 0;
    for (int position : batch.positionsOf(TokenKind.CARET)) {
      int i = position / batch.length();
      int t = position % batch.length();
      // the header row, written out: the label above a column ends at or after it, and begins
      // there or, where the column is the space between two labels, after it
      StringBuilder header = new StringBuilder();
      Set<String> above = new HashSet<>();
      int column = batch.fact(LineFact.COUNT, i, t) + 1;
      for (int j = 1; batch.kind(i, j) == TokenKind.LABEL; j++) {
        String label = batch.vocabulary().text(batch.token(i, j));
        header.append(header.isEmpty() ? "" : " ").append(label);
        if (above.isEmpty() && header.length() >= column) {
          above.add(label);
          assertEquals(j - 1, batch.fact(LineFact.HEADER_LABEL, i, t));
        }
      }
      assertEquals(above, Set.of(batch.vocabulary().text(batch.target(i, t))));
      carets++;
    }
    assertTrue(carets > 50);
  }

  @Test
  void held_out_widths_are_in_no_training_document_and_in_every_unseen_one() {
    LineCorpus corpus = LineBreaking.inferred().corpus();
    Set<Integer> trained = new TreeSet<>();
    for (int step = 0; step < 20; step++) {
      trained.addAll(widths(corpus.training(0, step, 32)));
    }
    assertEquals(corpus.task().widths().trained(), trained);
    assertEquals(corpus.task().widths().heldOut(), widths(corpus.unseen(0, 100)));
    assertEquals(Set.of(33), widths(corpus.ofWidth(33, 0, 5)));
    assertMessage("got a width of 61, expected 20 … 60", () -> corpus.ofWidth(61, 0, 5));
    assertMessage("got no held-out width", () -> LineBreaking.box().corpus().unseen(0, 1));
    assertMessage("got 0 documents", () -> corpus.fresh(0, 0));
  }

  @Test
  void weights_leave_out_what_nothing_announces_and_stress_line_ends() {
    LineBatch batch = LineBreaking.boxHeader().withEndWeight(5).corpus().fresh(0, 10);
    for (int i = 0; i < batch.size(); i++) {
      for (int t = 0; t < batch.length(); t++) {
        boolean opening = batch.fact(LineFact.HEADER, i, t) == 1;
        boolean end = batch.vocabulary().kind(batch.target(i, t)) == TokenKind.PAD;
        assertEquals(opening ? 0 : end ? 5 : 1, batch.weight(i, t));
      }
    }
    assertEquals(0, LineBreaking.inferred().corpus().fresh(0, 1).weight(0, 0));
    assertEquals(1, LineBreaking.inferred().corpus().fresh(0, 1).weight(0, 1));
  }

  @Test
  void every_word_leads_to_every_other_and_lengths_are_those_of_english() {
    double[] english = {3.0, 17.7, 20.5, 14.8, 10.7, 8.4, 7.9, 5.9, 4.4, 3.1, 1.8, 1.0};
    for (LineBreaking task : List.of(LineBreaking.given(), LineBreaking.box())) {
      LineCorpus corpus = task.corpus();
      int words = corpus.vocabulary().count(TokenKind.WORD);
      assertEquals(task.words().words(), words);
      for (int number = 0; number < words; number++) {
        int word = corpus.vocabulary().token(TokenKind.WORD, number);
        assertEquals(words, reached(corpus.vocabulary(), word).size());
        assertEquals(
            task.words().successors(), new HashSet<>(corpus.vocabulary().successors(word)).size());
      }
      LineBatch batch = corpus.fresh(9, 2_000);
      double[] share = new double[12];
      int[] decisions = batch.decisions();
      for (int position : decisions) {
        int token = batch.token(position / batch.length(), position % batch.length());
        share[corpus.vocabulary().length(token) - 1] += 100.0 / decisions.length;
      }
      // few words of each length cannot have the shares exactly: within 3 in 100
      TensorAssert.assertClose("shares of lengths", english, share, 0, 3);
    }
  }

  private static Set<Integer> reached(LineVocabulary vocabulary, int from) {
    Set<Integer> seen = new HashSet<>(Set.of(from));
    Deque<Integer> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      vocabulary.successors(open.pop()).stream().filter(seen::add).forEach(open::push);
    }
    return seen;
  }

  @Nested
  class Masks {
    private final LineBatch batch = LineBreaking.boxHeader().corpus().fresh(0, 3);

    @Test
    void show_the_position_itself_and_what_is_to_come_both_ways_alone() {
      for (View view : View.values()) {
        boolean[] mask = batch.mask(view, 1);
        for (int from = 0; from < batch.length(); from++) {
          assertEquals(view != View.END_BEFORE, mask[from * batch.length() + from]);
          for (int to = from + 1; to < batch.length(); to++) {
            assertEquals(view == View.BOTH_WAYS, mask[from * batch.length() + to], view.name());
          }
        }
      }
    }

    @Test
    void show_a_line_from_its_first_token_to_its_newline() {
      LineBatch plain = LineBreaking.given().corpus().fresh(0, 1);
      int[] newlines = plain.positionsOf(TokenKind.NEWLINE);
      int first = newlines[0];
      int second = newlines[1];
      for (int from = first + 1; from <= second; from++) {
        assertEquals(range(first + 1, from), seen(plain, View.OWN_LINE, from));
        assertEquals(range(first, from), seen(plain, View.OPENED_LINE, from));
        Set<Integer> ends = new TreeSet<>(Set.of(0, first, from));
        assertEquals(ends, seen(plain, View.LINE_ENDS, from));
      }
      assertEquals(range(1, first), seen(plain, View.OWN_LINE, first));
      assertEquals(range(0, first), seen(plain, View.OPENED_LINE, first));
    }

    @Test
    void show_a_ruler_by_its_end() {
      LineBatch ruled = LineBreaking.ruler().corpus().fresh(0, 1);
      int end = ruled.positionsOf(TokenKind.RULER_END)[0];
      int newline = ruled.positionsOf(TokenKind.NEWLINE)[0];
      int from = newline + 1;
      assertEquals(range(1, end), seen(ruled, View.OWN_LINE, end));
      assertEquals(range(end + 1, newline), seen(ruled, View.OWN_LINE, newline));
      assertEquals(range(end, newline), seen(ruled, View.OPENED_LINE, newline));
      assertEquals(Set.of(end), seen(ruled, View.END_BEFORE, newline));
      assertEquals(Set.of(0, end, newline, from), seen(ruled, View.LINE_ENDS, from));
      assertEquals(Set.of(0, end, from), seen(ruled, View.HEADER, from));
    }

    @Test
    void show_the_header_and_no_label_of_the_text() {
      int last = batch.length() - 1;
      Set<Integer> expected = range(0, 16);
      expected.add(last);
      assertEquals(expected, seen(batch, View.HEADER, last));
      assertEquals(range(0, last), seen(batch, View.EVERYTHING, last));
    }

    private Set<Integer> seen(LineBatch documents, View view, int from) {
      Set<Integer> seen = new TreeSet<>();
      IntStream.range(0, documents.length())
          .filter(to -> documents.sees(view, 0, from, to))
          .forEach(seen::add);
      return seen;
    }

    private Set<Integer> range(int first, int last) {
      return new TreeSet<>(IntStream.rangeClosed(first, last).boxed().toList());
    }
  }

  @Nested
  class Replacing {
    private final LineBatch batch =
        LineBreaking.given().withDistractors(0, "@@").corpus().fresh(0, 20);
    private final int odd = batch.vocabulary().token(TokenKind.DISTRACTOR, 0);

    @Test
    void a_word_by_an_odd_token_of_its_length_changes_no_count() {
      int position = decisionOfLength(2);
      int i = position / batch.length();
      int t = position % batch.length();
      LineBatch replaced = batch.withReplaced(i, t, odd);
      assertEquals(odd, replaced.token(i, t));
      assertEquals(0, replaced.fact(LineFact.DECISION, i, t));
      assertEquals(batch.decisions().length - 1, replaced.decisions().length);
      TensorAssert.assertClose(
          "counts",
          IntStream.of(batch.facts(LineFact.COUNT)).asDoubleStream().toArray(),
          IntStream.of(replaced.facts(LineFact.COUNT)).asDoubleStream().toArray(),
          0,
          0);
      assertTrue(replaced.document(i).text().contains("@@"));
      assertEquals(1, batch.fact(LineFact.DECISION, i, t), "the first batch is as it was");
    }

    @Test
    void a_word_of_another_length_is_refused() {
      int position = decisionOfLength(3);
      assertMessage(
          "expected a word or distractor for a word of the same length",
          () -> batch.withReplaced(position / batch.length(), position % batch.length(), odd));
    }

    private int decisionOfLength(int length) {
      return IntStream.of(batch.decisions())
          .filter(
              position ->
                  batch
                          .vocabulary()
                          .length(batch.token(position / batch.length(), position % batch.length()))
                      == length)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void tokens_that_do_not_exist_are_refused_by_name() {
    LineVocabulary vocabulary = LineBreaking.box().corpus().vocabulary();
    assertMessage("got width 91, expected one of the 1 that there are", () -> vocabulary.width(91));
    assertMessage("pad 0 … pad 89", () -> vocabulary.pad(90));
    assertMessage("since only words have successors", () -> vocabulary.nextLength(0));
    assertMessage("expected a pad", () -> vocabulary.blanks(0));
    assertMessage("one of the 0", () -> vocabulary.token(TokenKind.CARET, 0));
    assertEquals(7, vocabulary.blanks(vocabulary.pad(7)));
    assertEquals(
        Map.of(TokenKind.WORD, 48, TokenKind.PAD, 90),
        Map.of(
            TokenKind.WORD, vocabulary.count(TokenKind.WORD),
            TokenKind.PAD, vocabulary.count(TokenKind.PAD)));
  }

  private static boolean headerAt(LineBatch batch, int i, int t) {
    return batch.fact(LineFact.HEADER, i, t) == 1;
  }

  private static Set<Integer> widths(LineBatch batch) {
    Set<Integer> widths = new TreeSet<>();
    for (int i = 0; i < batch.size(); i++) {
      widths.add(batch.fact(LineFact.WIDTH, i, 0));
    }
    return widths;
  }
}
