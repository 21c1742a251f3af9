package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.grokscope.evidence.MarkGridEvidence.Cell;
import org.grokscope.evidence.MarkGridEvidence.Row;
import org.grokscope.series.Reading;
import org.grokscope.task.MarkCounting;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.Test;

class MarkGridEvidenceTest {
  @Test
  void every_cell_has_four_of_the_eight_seeds_and_every_seed_twelve_cells() {
    Map<String, Integer> seeds = new HashMap<>();
    for (long seed = MarksEvidence.FIRST; seed < MarksEvidence.FIRST + 8; seed++) {
      List<Cell> cells = MarkGridEvidence.cells(seed);
      assertEquals(12, new HashSet<>(cells).size());
      for (Cell cell : cells) {
        seeds.merge(cell.toString(), 1, Integer::sum);
      }
    }
    assertEquals(24, seeds.size(), seeds::toString);
    assertEquals(List.of(4), seeds.values().stream().distinct().toList());
    assertTrue(seeds.containsKey("noise 0.2, 24 places, width 48"), seeds::toString);
  }

  @Test
  void a_cell_is_trained_as_it_says() {
    Cell cell = new Cell(0.4, 24, 32);
    MarkCounting task = cell.task();
    assertEquals(24, task.longest());
    assertEquals(31, task.length());
    TrainingConfig config = cell.config(23);
    assertEquals(32, config.shape().dModel());
    assertEquals(0.4, config.shape().layers().get(1).site().noise());
    assertTrue(config.shape().layers().get(1).site().rmsNorm());
    assertEquals(8, config.shape().layers().get(2).dHead());
    assertEquals(23, config.seed());
    assertEquals(MarkGridEvidence.UPDATES, config.epochs());
  }

  /** Dimensions that follow the waves in order, and a rise that is the same everywhere. */
  @Test
  void ranks_are_spearmans_over_the_cells() {
    List<Row> rows = new ArrayList<>();
    List<Cell> cells = MarkGridEvidence.cells(20);
    for (int i = 0; i < cells.size(); i++) {
      rows.add(
          new Row(
              cells.get(i),
              List.of(
                  new Reading("theory.waves", "", "", 1 + i),
                  new Reading("count.dimensions", "", "", Math.exp(i)),
                  new Reading("count.plane_turns", "", "", i == 3 ? 4 : i),
                  new Reading("count.components_95", "", "", i / 6),
                  new Reading("count.rise", "", "", 0.25),
                  new Reading("count.trough", "", "", i % 2))));
    }
    Map<String, Double> ranks = ranks(rows);
    assertEquals(1, ranks.get("rank.dimensions[waves]"), 1e-12);
    assertEquals(0, ranks.get("rank.rise[waves]"), "alike everywhere");
    // by hand: six ranks of 3.5 and six of 9.5 beside 1 … 12 give 108 / √(108 · 143)
    assertEquals(Math.sqrt(108 / 143.0), ranks.get("rank.components_95[waves]"), 1e-12);
    // noise grows with the number of the cell, three cells a step: 135 / √(135 · 143)
    assertEquals(Math.sqrt(135 / 143.0), ranks.get("rank.dimensions[noise]"), 1e-12);
    assertEquals(8, ranks.size());
    Collections.reverse(rows);
    assertEquals(ranks, ranks(rows), "the order of the cells does not matter");
    List<Row> unread = List.of(new Row(cells.get(0), List.of()));
    assertThrows(IllegalStateException.class, () -> MarkGridEvidence.ranks(unread));
  }

  private static Map<String, Double> ranks(List<Row> rows) {
    return MarkGridEvidence.ranks(rows).stream()
        .collect(Collectors.toMap(Reading::column, Reading::value));
  }
}
