package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TableViewTest {
  private static String html(Table table) {
    return TableView.of(table).data().get("text/html").toString();
  }

  private static String text(Table table) {
    return TableView.of(table).data().get("text/plain").toString();
  }

  private static Table counting(int rows) {
    return Table.create("n", IntColumn.create("i", IntStream.range(0, rows).toArray()));
  }

  @Test
  void numbers_have_five_significant_digits() {
    assertEquals("0", TableView.number(0));
    assertEquals("0", TableView.number(-0.0));
    assertEquals("113", TableView.number(113));
    assertEquals("12345678", TableView.number(12345678));
    assertEquals("4.7273", TableView.number(4.727345));
    assertEquals("0.5", TableView.number(0.5));
    assertEquals("-0.012346", TableView.number(-0.0123456));
    assertEquals("2.000e-07", TableView.number(2e-7));
    assertEquals("1.235e+12", TableView.number(1.2345678e12));
    assertEquals("123457", TableView.number(123456.7));
    assertEquals("Infinity", TableView.number(Double.POSITIVE_INFINITY));
  }

  @Test
  void numbers_stand_to_the_right_and_texts_to_the_left() {
    Table table =
        Table.create(
            StringColumn.create("name", "a", "long"), DoubleColumn.create("loss", 0.25, 113));
    assertEquals("name  loss\na     0.25\nlong   113", text(table));
    assertTrue(html(table).contains("<th scope=\"col\" style=\"text-align:left\">name</th>"));
    assertTrue(html(table).contains("<th scope=\"col\" style=\"text-align:right\">loss</th>"));
  }

  @Test
  void thirty_rows_are_shown_whole() {
    assertFalse(text(counting(30)).contains("more"));
    assertEquals(32, text(counting(30)).lines().count());
  }

  @Test
  void longer_tables_say_how_many_rows_are_left_out() {
    String text = text(counting(1230));
    assertTrue(text.contains("\n  19\n… 1,200 more rows …\n1220\n"), text);
    assertTrue(text.endsWith("\n1229"), text);
    assertTrue(html(counting(1230)).contains("… 1,200 more rows …"));
    assertTrue(html(counting(31)).contains("… 1 more row …"));
  }

  @Test
  void what_is_missing_is_blank() {
    assertFalse(text(Table.create(DoubleColumn.create("x", 1, Double.NaN))).contains("NaN"));
  }

  @Test
  void html_is_escaped() {
    Table table = Table.create("<t>", StringColumn.create("a&b", "<script>alert('x')</script>"));
    assertTrue(html(table).contains("&lt;script&gt;alert(&#39;x&#39;)"), html(table));
    assertTrue(html(table).contains("a&amp;b"), html(table));
    assertTrue(html(table).contains("&lt;t&gt;"), html(table));
    assertFalse(html(table).contains("<script"), html(table));
  }
}
