package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineDocumentTest {
  @Test
  void every_line_reaches_the_same_border() {
    LineBatch batch = LineBreaking.given().corpus().fresh(4, 10);
    for (int i = 0; i < batch.size(); i++) {
      LineDocument document = batch.document(i);
      List<String> lines = document.text().lines().skip(1).toList();
      assertTrue(lines.size() > 3);
      for (String line : lines) {
        assertEquals(document.width(), line.indexOf('│'), line);
      }
    }
  }

  @Test
  void a_ruler_stands_above_its_text_and_breaks_are_marked_below_it() {
    LineBatch batch = LineBreaking.ruler().corpus().fresh(4, 1);
    LineDocument document = batch.document(0);
    int width = document.width();
    List<String> lines =
        document.text(t -> batch.fact(LineFact.MUST_BREAK, 0, t) == 1).lines().toList();
    assertEquals("width " + width + ", as long as the ruler", lines.get(0));
    assertEquals("-".repeat(width) + "│", lines.get(1));
    for (String line : lines.subList(2, lines.size() - 1)) {
      assertTrue(line.endsWith("│ ¶"), line);
      assertEquals(width, line.indexOf('│'), line);
    }
  }

  @Test
  void a_box_stands_under_its_header_and_carets_under_their_columns() {
    LineBatch batch = LineBreaking.boxHeader().corpus().fresh(0, 2);
    List<String> lines = batch.document(0).text().lines().toList();
    assertEquals("width 64", lines.get(0));
    assertTrue(lines.get(1).matches(" [A-Z]+( [A-Z]+){15}"), lines.get(1));
    assertEquals("┌" + "─".repeat(64) + "┐", lines.get(2));
    int carets = 0;
    for (int position : batch.positionsOf(TokenKind.CARET)) {
      if (position >= batch.length()) {
        continue;
      }
      int column = 1 + batch.fact(LineFact.COUNT, 0, position); // the wall is column 0
      String label = batch.vocabulary().text(batch.target(0, position));
      if (position + 1 < batch.length()) {
        assertTrue(
            lines.stream()
                .anyMatch(line -> line.startsWith("^" + label, Math.min(column, line.length()))),
            "no ^" + label + " at column " + column);
        carets++;
      }
    }
    assertTrue(carets > 0);
  }

  @Test
  void a_models_breaks_are_marked_where_it_breaks_and_where_it_fails_to() {
    LineBatch batch = LineBreaking.inferred().corpus().fresh(4, 1);
    LineDocument document = batch.document(0);
    String right = document.text(t -> batch.fact(LineFact.MUST_BREAK, 0, t) == 1);
    String never = document.text(t -> false);
    String always = document.text(t -> true);
    long ends = document.text().lines().filter(line -> !line.endsWith("…")).count() - 1;
    assertEquals(ends, count(right, '¶'));
    assertEquals(ends, count(never, '✗'));
    assertEquals(batch.decisions().length, count(always, '¶'));
    assertFalse(right.contains("✗"));
    assertFalse(never.contains("¶"));
    assertTrue(right.startsWith("width " + document.width() + ", to be inferred\n"));
  }

  @Test
  void an_early_end_that_no_reader_foresees_is_not_held_against_the_model() {
    LineBatch batch = LineBreaking.box().corpus().fresh(0, 1);
    String text = batch.document(0).text(t -> batch.fact(LineFact.MUST_BREAK, 0, t) == 1);
    assertFalse(text.contains("✗"));
    assertTrue(text.contains("early"));
  }

  private static long count(String text, char mark) {
    return text.chars().filter(c -> c == mark).count();
  }
}
