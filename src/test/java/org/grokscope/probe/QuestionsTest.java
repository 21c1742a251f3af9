package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.grokscope.series.Reading;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final double[][] LOGITS = {{0, 0, 0}, {1, 3, 3}, {5, 0, 0}, {0, 2, 0}};
  private static final Questions.Logits ROWS =
      (row, z) -> System.arraycopy(LOGITS[row], 0, z, 0, 3);

  /** Answers 0, 2, 0 and none; rows 0 and 2 are known. */
  private final Questions questions =
      new Questions(3, new int[] {0, 2, 0, -1}, new boolean[] {true, false, true, false});

  @Test
  void losses_by_hand() {
    double[] losses = questions.losses(ROWS);
    assertClose("uniform", Math.log(3), losses[0], 1e-15, 0);
    assertClose("tie", Math.log(2 + Math.exp(-2)), losses[1], 1e-15, 0);
    assertClose("confident", Math.log1p(2 * Math.exp(-5)), losses[2], 1e-15, 0);
    assertEquals(0, losses[3], "no answer");
  }

  @Test
  void of_equal_logits_the_first_counts() {
    assertClose("hits", new double[] {1, 0, 1, 0}, questions.hits(ROWS), 0, 0);
  }

  @Test
  void means_are_over_the_answerable_questions_of_a_part() {
    List<Reading> means = questions.means("x", "k", new double[] {1, 4, 3, 100});
    assertEquals(
        List.of(
            new Reading("x", "train", "k", 2),
            new Reading("x", "test", "k", 4),
            new Reading("x", "all", "k", 8 / 3.0)),
        means);
  }

  @Test
  void a_part_without_questions_has_no_mean() {
    Questions known = new Questions(3, new int[] {0}, new boolean[] {true});
    assertTrue(known.mean(Part.TEST, new double[] {1}).isEmpty());
    assertEquals(2, known.means("x", "", new double[] {1}).size());
  }

  @Test
  void margins_by_hand() {
    double[] flat = {0, 0, 0, 1, 3, 3, 5, 0, 0, 0, 2, 0};
    Margins margins = Margins.of(questions, flat, 3);
    assertEquals(new Margins(0, 5 / 3.0), margins);
  }

  @Test
  void parts_and_readings_have_names() {
    assertEquals(Part.TRAIN, Part.named("train"));
    assertThrows(IllegalArgumentException.class, () -> Part.named("validation"));
    assertEquals("loss[test]", new Reading("loss", "test", "", 0).column());
    assertEquals(
        "excluded.single[train][14]", new Reading("excluded.single", "train", "14", 0).column());
    assertEquals("squared_norm[total]", new Reading("squared_norm", "", "total", 0).column());
    assertThrows(IllegalArgumentException.class, () -> new Reading(" ", "", "", 0));
  }
}
