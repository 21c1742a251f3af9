package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.refusal;
import static org.grokscope.plot.FigureJson.texts;
import static org.grokscope.plot.FigureJson.trace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.grokscope.plot.PhaseDiagram.Fate;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class PhaseDiagramTest {
  private static final double NEVER = -1;

  /** Rows of weight decay, fraction, epoch memorised, epoch understood. */
  private static Table runs(double[]... rows) {
    DoubleColumn decay = DoubleColumn.create("weight_decay");
    DoubleColumn fraction = DoubleColumn.create("fraction");
    LongColumn memorised = LongColumn.create("train_99_epoch");
    LongColumn understood = LongColumn.create("test_99_epoch");
    for (double[] row : rows) {
      decay.append(row[0]);
      fraction.append(row[1]);
      append(memorised, row[2]);
      append(understood, row[3]);
    }
    return Table.create("sweep", decay, fraction, memorised, understood);
  }

  private static void append(LongColumn column, double epoch) {
    if (epoch == NEVER) {
      column.appendMissing();
    } else {
      column.append((long) epoch);
    }
  }

  private static PhaseDiagram of(Table runs) {
    return PhaseDiagram.of("Fates", "fraction", "weight_decay", runs);
  }

  private final JsonNode json =
      FigureJson.of(
          of(
              runs(
                  new double[] {1, 0.6, 200, 4_000},
                  new double[] {1, 0.6, 220, 2_200},
                  new double[] {1, 0.6, 180, NEVER},
                  new double[] {1, 0.8, 300, 900},
                  new double[] {0, 0.6, 150, NEVER},
                  new double[] {0, 0.6, 150, 9_000},
                  new double[] {0, 0.6, 150, NEVER},
                  new double[] {0, 0.1, NEVER, NEVER})));

  @Test
  void settings_are_ordered_and_cells_carry_the_fate_of_their_median_run() {
    JsonNode cells = json.at("/data/0");
    assertEquals(List.of("0.1", "0.6", "0.8"), texts(cells.get("x")));
    assertEquals(List.of("0", "1"), texts(cells.get("y")));
    assertEquals(Fate.NOTHING.ordinal(), cells.at("/z/0/0").asInt(-1));
    assertEquals(Fate.NEVER.ordinal(), cells.at("/z/0/1").asInt(-1));
    assertTrue(cells.at("/z/0/2").isNull(), "not run");
    assertTrue(cells.at("/z/1/0").isNull(), "not run");
    assertEquals(Fate.LATE.ordinal(), cells.at("/z/1/1").asInt(-1));
    assertEquals(Fate.AT_ONCE.ordinal(), cells.at("/z/1/2").asInt(-1));
  }

  @Test
  void a_cell_tells_the_epoch_or_how_many_runs_came_so_far() {
    assertEquals("4,000", json.at("/data/0/text/1/1").asText());
    assertEquals("900", json.at("/data/0/text/1/2").asText());
    assertEquals("1 of 3", json.at("/data/0/text/0/1").asText());
    assertEquals("", json.at("/data/0/text/0/0").asText());
    assertEquals("", json.at("/data/0/text/1/0").textValue(), "not run");
    assertEquals(
        "late: grokking<br>by heart at 200, understood at 4,000<br>2 of 3 runs understood",
        json.at("/data/0/customdata/1/1").asText());
  }

  @Test
  void every_fate_stands_in_the_legend_with_the_colour_of_its_cells() {
    JsonNode steps = json.at("/data/0/colorscale");
    for (Fate fate : Fate.values()) {
      String colour = trace(json, fate.label()).at("/marker/color").asText();
      double middle = (fate.ordinal() + 0.5) / Fate.values().length;
      int above = 0;
      while (steps.get(above).get(0).asDouble() < middle) {
        above++;
      }
      assertEquals(colour, steps.get(above).get(1).asText());
      assertEquals(colour, steps.get(above - 1).get(1).asText());
    }
  }

  @Test
  void the_description_counts_the_cells() {
    assertEquals(
        "fates over weight decay and fraction: 1 cells nothing learnt, 1 cells by heart, never"
            + " more, 1 cells late: grokking, 1 cells at once",
        of(runs(
                new double[] {1, 0.6, 200, 4_000},
                new double[] {1, 0.8, 300, 900},
                new double[] {0, 0.6, 150, NEVER},
                new double[] {0, 0.1, NEVER, NEVER}))
            .figure()
            .description());
  }

  @Test
  void settings_that_are_texts_stay_in_the_order_of_the_runs() {
    Table runs = runs(new double[] {1, 0.6, 200, 4_000}, new double[] {0, 0.6, 150, NEVER});
    runs.addColumns(StringColumn.create("loss", "stablemax", "float32"));
    JsonNode cells =
        FigureJson.of(PhaseDiagram.of("Fates", "fraction", "loss", runs)).at("/data/0");
    assertEquals(List.of("stablemax", "float32"), texts(cells.get("y")));
    assertEquals(Fate.LATE.ordinal(), cells.at("/z/0/0").asInt(-1));
    assertEquals(Fate.NEVER.ordinal(), cells.at("/z/1/0").asInt(-1));
  }

  @Test
  void refuses_a_table_without_the_columns_or_without_rows() {
    Table runs = runs(new double[] {1, 0.6, 200, 4_000});
    assertTrue(
        refusal(() -> PhaseDiagram.of("Fates", "p", "weight_decay", runs))
            .startsWith("phase diagram: the table 'sweep' has no numeric column 'p'"));
    assertTrue(refusal(() -> of(runs())).contains("without rows"));
  }
}
