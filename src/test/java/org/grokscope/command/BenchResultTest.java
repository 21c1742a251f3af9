package org.grokscope.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchResultTest {

  @Test
  void medians_minima_and_ratios() {
    BenchResult result = new BenchResult();
    result.add("fast", 1, 113, List.of(9.0, 3.0, 4.0));
    result.add("torch-last", 1, 113, List.of(10.0, 8.0));
    assertEquals(new BenchResult.Row("fast", 1, 113, 4, 3, 3), result.rows().get(0));
    assertEquals(4.0 / 9, result.ratio("fast", "torch-last", 1).getAsDouble(), 1e-15);
    assertTrue(result.ratio("fast", "torch-last", 2).isEmpty());
    result.add("fast", 2, 113, List.of(3.0));
    assertEquals(3.0 / 4, result.ratioOfThreads("fast", 2, 1).getAsDouble(), 1e-15);
    assertTrue(result.ratioOfThreads("torch-last", 2, 1).isEmpty());
  }
}
