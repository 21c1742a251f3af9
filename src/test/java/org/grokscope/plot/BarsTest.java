package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

class BarsTest {
  private final Table one =
      Table.create(
          "one",
          IntColumn.create("answer", new int[] {0, 1, 2}),
          DoubleColumn.create("probability", 0.25, 0.5, 0.25));

  @Test
  void draws_the_bars_of_each_table_side_by_side() {
    var figure = Bars.of("Title", "answer", "probability", one, one.copy().setName("two")).figure();
    var json = FigureJson.of(figure);
    assertEquals("bar", json.at("/data/1/type").asText());
    assertEquals("two", json.at("/data/1/name").asText());
    assertEquals(List.of(0.25, 0.5, 0.25), numbers(json.at("/data/0/y")));
    assertEquals("group", json.at("/layout/barmode").asText());
    assertEquals(142, json.at("/layout/meta/narrow/margin/t").asInt(), "a row for each name");
    assertEquals(
        "probability over answer; largest one 0.5000 at 1.000, two 0.5000 at 1.000",
        figure.description());
  }

  @Test
  void refuses_a_missing_column_and_no_table() {
    assertThrows(IllegalArgumentException.class, () -> Bars.of("t", "answer", "loss", one));
    assertThrows(IllegalArgumentException.class, () -> Bars.of("t", "answer", "probability"));
  }
}
