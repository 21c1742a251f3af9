package org.grokscope.evidence;

import static org.grokscope.TensorAssert.assertClose;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

class LandscapeEvidenceTest {
  private static final double ROUNDING = 1e-12;

  private static Table series(long[] epochs, double... lambda) {
    return Table.create(
        LongColumn.create("epoch", epochs), DoubleColumn.create("lambda[train]", lambda));
  }

  @Test
  void half_of_a_fall_is_where_the_logarithm_has_come_half_the_way() {
    long[] epochs = {0, 100, 200, 300, 400};
    // from 100 to 0.01: log half way is 1, between 10 at 200 and 0.1 at 300
    Table falling = series(epochs, 1, 100, 10, 0.1, 0.01);
    assertClose("middle", 250, LandscapeEvidence.halfway(falling, 100), ROUNDING, 0);
    // at 150 the straight line is at 55, so half way to 0.01 is √.55 = .74
    double expected = 200 + 100 * Math.log(10 / Math.sqrt(0.55)) / Math.log(100);
    assertClose("between", expected, LandscapeEvidence.halfway(falling, 150), ROUNDING, 0);
  }

  @Test
  void a_fall_that_is_taken_back_counts_when_it_lasts() {
    long[] epochs = {0, 100, 200, 300, 400};
    Table again = series(epochs, 100, 0.01, 100, 0.01, 0.01);
    assertClose("the second", 250, LandscapeEvidence.halfway(again, 0), ROUNDING, 0);
  }
}
