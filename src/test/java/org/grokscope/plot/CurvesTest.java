package org.grokscope.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class CurvesTest {
  private final Table one =
      Table.create(
          "one",
          LongColumn.create("epoch", 0, 100, 200),
          DoubleColumn.create("accuracy", 0.25, Double.NaN, 0.75));

  @Test
  void draws_one_line_a_table_and_leaves_a_gap_where_there_is_no_number() {
    var json =
        Curves.of("Title", "epoch", "accuracy", one, one.copy().setName("two")).figure().toMap();
    var data = (java.util.List<?>) json.get("data");
    assertEquals(2, data.size());
    var trace = (java.util.Map<?, ?>) data.get(1);
    assertEquals("two", trace.get("name"));
    assertEquals(java.util.Arrays.asList(0.25, null, 0.75), trace.get("y"));
    assertTrue(
        Curves.of("Title", "epoch", "accuracy", one)
            .figure()
            .description()
            .endsWith("at the end one 0.7500"));
  }

  @Test
  void says_which_column_is_missing_and_which_there_are() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> Curves.of("t", "epoch", "loss", one));
    assertEquals(
        "curves: the table 'one' has no numeric column 'loss', expected one of [epoch, accuracy]",
        error.getMessage());
    Table words = Table.create("words", LongColumn.create("epoch", 1), StringColumn.create("y"));
    assertThrows(IllegalArgumentException.class, () -> Curves.of("t", "epoch", "y", words));
  }

  @Test
  void refuses_none_and_more_than_there_are_colours() {
    assertThrows(IllegalArgumentException.class, () -> Curves.of("t", "epoch", "accuracy"));
    var many = Collections.nCopies(HouseStyle.COLOURS.size() + 1, one);
    assertThrows(
        IllegalArgumentException.class, () -> new Curves("t", "epoch", "accuracy", many, 0));
  }

  @Test
  void the_first_tables_are_points_where_that_is_asked_for() {
    Curves both = Curves.of("Title", "epoch", "accuracy", one, one.copy().setName("theory"));
    var json = FigureJson.of(both.withPoints(1).figure());
    assertEquals("markers", json.at("/data/0/mode").asText());
    assertEquals("lines+markers", json.at("/data/1/mode").asText());
    assertTrue(
        both.withPoints(1)
            .figure()
            .description()
            .endsWith("one from 0.2500 to 0.7500; at the end theory 0.7500"));
    assertThrows(IllegalArgumentException.class, () -> both.withPoints(3));
  }
}
