package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.grokscope.TensorAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LineBreakingTest {
  @Test
  void the_plain_kinds_differ_only_in_how_the_width_is_known() {
    LineBreaking given = LineBreaking.given();
    LineBreaking inferred = LineBreaking.inferred();
    assertEquals(WidthSource.GIVEN, given.widths().source());
    assertEquals(given.widths().all(), inferred.widths().all());
    assertEquals(inferred, given.withWidths(LineWidths.inferred(20, 60, 24, 32, 40, 48, 56)));
  }

  @Test
  void a_ruler_is_a_third_way_to_learn_the_same_widths() {
    LineBreaking ruler = LineBreaking.ruler();
    assertEquals(ruler, LineBreaking.named("ruler"));
    assertEquals(Optional.of("ruler"), ruler.mode());
    assertEquals(WidthSource.RULED, ruler.widths().source());
    assertEquals(LineBreaking.given().widths().trained(), ruler.widths().trained());
    assertEquals(0.5, ruler.breakThreshold(), "every token of the text weighs alike");
    assertTrue(ruler.readsAsPlainText());
  }

  @Test
  void a_width_can_be_inferred_from_lines_of_other_words() {
    assertEquals(LineBreaking.inferred(), LineBreaking.inferred(120));
    assertEquals(500, LineBreaking.inferred(500).words().words());
    assertEquals(LineBreaking.inferred().widths(), LineBreaking.inferred(60).widths());
  }

  @Test
  void the_controls_of_the_box_lack_one_thing_each() {
    assertEquals(LineBreaking.plainNewline(), LineBreaking.box().withEnding(LineEnding.NEWLINE));
    assertEquals(
        LineBreaking.headerOnly(), LineBreaking.boxHeader().withEnding(LineEnding.NEWLINE));
    assertEquals(LineBreaking.variedBox(), LineBreaking.box().withWidths(LineWidths.given(40, 90)));
    assertEquals(
        LineBreaking.variedHeader(), LineBreaking.boxHeader().withWidths(LineWidths.given(48, 64)));
    assertEquals(
        LineBreaking.box(),
        LineBreaking.boxHeader()
            .withHeader(LineHeader.NONE)
            .withWidths(LineWidths.given(90, 90))
            .withLength(48));
  }

  @Test
  void held_out_widths_are_not_trained_and_nothing_else_is_left_out() {
    LineWidths widths = LineWidths.given(20, 24, 21, 23);
    assertEquals(new TreeSet<>(List.of(20, 22, 24)), widths.trained());
    assertEquals(new TreeSet<>(List.of(20, 21, 22, 23, 24)), widths.all());
  }

  @Test
  void the_threshold_of_a_break_is_moved_by_weights_and_early_ends() {
    TensorAssert.assertClose(
        "plain", 0.5, LineBreaking.plainNewline().withEarlyEnds(0).breakThreshold(), 1e-15, 0);
    // q = 1/2, e = 0.12: P = 0.5 + 0.5·0.12 = 0.56
    TensorAssert.assertClose("early", 0.56, LineBreaking.box().breakThreshold(), 1e-15, 0);
    // P = 1/2, w = 3: 3·0.5 / (3·0.5 + 0.5) = 0.75
    TensorAssert.assertClose("weight", 0.75, LineBreaking.given().breakThreshold(), 1e-15, 0);
    // both: 2·0.56 / (2·0.56 + 0.44)
    TensorAssert.assertClose(
        "both", 1.12 / 1.56, LineBreaking.box().withEndWeight(2).breakThreshold(), 1e-15, 0);
  }

  @Nested
  class Refuses {
    @Test
    void a_width_shorter_than_the_longest_word() {
      assertMessage(
          "a width of 11, shorter than the longest word, expected at least its 12 characters",
          () -> LineBreaking.given().withWidths(LineWidths.given(11, 40)));
    }

    @Test
    void an_empty_vocabulary() {
      assertMessage(
          "empty vocabulary of 0 words, expected at least 1", () -> new PseudoWords(0, 1, 1, 0));
    }

    @Test
    void too_few_words_for_successors_of_one_length() {
      assertMessage(
          "got 23 words, expected at least 24, 2 of each length up to 12",
          () -> new PseudoWords(23, 2, 12, 0));
    }

    @Test
    void more_words_than_there_are_spellings() {
      LineBreaking task = LineBreaking.given().withWords(new PseudoWords(2_000, 2, 12, 0));
      assertMessage("more words of length 1 than there are spellings", task::corpus);
    }

    @Test
    void held_out_widths_outside_the_range() {
      assertMessage(
          "got held-out widths [19, 30], expected all of them in 20 … 60",
          () -> LineWidths.inferred(20, 60, 30, 19));
    }

    @Test
    void nothing_left_to_train_on() {
      assertMessage("are held out, expected some to train on", () -> LineWidths.given(20, 20, 20));
    }

    @Test
    void a_reversed_range() {
      assertMessage(
          "got 60 to 20, expected 1 ≤ narrowest ≤ widest", () -> LineWidths.given(60, 20));
    }

    @Test
    void a_header_over_a_width_to_infer() {
      assertMessage(
          "got a header and a width to infer, expected one of them",
          () -> LineBreaking.boxHeader().withWidths(LineWidths.inferred(20, 60)));
    }

    @Test
    void a_header_and_a_ruler() {
      assertMessage(
          "got a header and a ruler, expected one of them, since both are the first line",
          () -> LineBreaking.boxHeader().withWidths(LineWidths.ruled(20, 60)));
    }

    @Test
    void a_ruler_shorter_than_the_longest_word_or_longer_than_the_document() {
      assertMessage(
          "a width of 7, shorter than the longest word, expected at least its 8 characters",
          () -> LineBreaking.ruler().withWidths(LineWidths.ruled(7, 40)));
      assertMessage(
          "got documents of 64 tokens, expected at least 65, so that the text begins within them",
          () -> LineBreaking.ruler().withWidths(LineWidths.ruled(20, 62)));
    }

    @Test
    void documents_without_text() {
      assertMessage(
          "got documents of 18 tokens, expected at least 19",
          () -> LineBreaking.boxHeader().withLength(18));
    }

    @Test
    void shares_that_are_none() {
      assertMessage("a share of 1.0 early ends", () -> LineBreaking.box().withEarlyEnds(1));
      assertMessage(
          "a share of NaN early ends", () -> LineBreaking.box().withEarlyEnds(Double.NaN));
      assertMessage("a share of 0.1 of 0 texts", () -> LineBreaking.box().withDistractors(0.1));
      assertMessage("a caret share of 0.1 with 0 labels", () -> new LineHeader(0, 0, 1, 1, 0.1));
      assertMessage("a weight of 0.0", () -> LineBreaking.box().withEndWeight(0));
    }

    @Test
    void distractors_of_different_lengths() {
      assertMessage(
          "expected texts of one length",
          () -> LineBreaking.box().withDistractors(0.1, "@@", "###"));
    }
  }

  static void assertMessage(String part, org.junit.jupiter.api.function.Executable action) {
    String message = assertThrows(IllegalArgumentException.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }
}
