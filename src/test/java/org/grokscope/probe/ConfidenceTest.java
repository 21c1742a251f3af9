package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.junit.jupiter.api.Test;

class ConfidenceTest {
  private static final int P = 7;

  /** A model whose logits are all 0: every answer has the probability 1/7. */
  private static Checkpoint guesser() {
    ModelConfig config = new ModelConfig(SmallModel.SHAPE, P + 1, P + 1, 3);
    Parameters zero = Parameters.zeros(config.layout());
    return Checkpoint.of(ModularAddition.mod(P).split(0.4, 0), config, zero, 0, "{}");
  }

  @Test
  void a_guesser_has_the_entropy_of_all_answers_and_its_error_is_chance_against_luck() {
    Map<String, Double> measured = new Confidence(15).measure(guesser());
    assertEquals(Math.log(P), measured.get("entropy[test]"), 1e-12);
    assertEquals(1.0 / P, measured.get("confidence[train]"), 1e-12);
    // of equal logits the first counts, so that it says 0 everywhere
    double right =
        new LossAndAccuracy().measure(guesser()).get("accuracy[test]"); // share of a + b = 0
    assertEquals(Math.abs(right - 1.0 / P), measured.get("calibration_error[test]"), 1e-12);
  }

  @Test
  void one_bin_compares_the_mean_confidence_with_the_accuracy() {
    Checkpoint model = SmallModel.of(Operation.ADD);
    Map<String, Double> measured = new Confidence(1).measure(model);
    double right = new LossAndAccuracy().measure(model).get("accuracy[train]");
    assertEquals(
        Math.abs(measured.get("confidence[train]") - right),
        measured.get("calibration_error[train]"),
        1e-12);
    assertTrue(
        new Confidence(15).measure(model).get("calibration_error[train]")
            >= measured.get("calibration_error[train]") - 1e-12,
        "finer bins can only show more");
  }

  @Test
  void the_bins_hold_all_questions_and_the_distribution_sums_to_one() {
    Checkpoint model = SmallModel.of(Operation.ADD);
    assertEquals(
        model.testRows().length,
        new Confidence(4).reliability(model, Part.TEST).longColumn("questions").sum());
    var blank = Confidence.distribution(model, 2, 3);
    assertEquals(P, blank.rowCount());
    assertEquals(1, blank.doubleColumn("probability").sum(), 1e-12);
    assertThrows(IndexOutOfBoundsException.class, () -> Confidence.distribution(model, 7, 0));
  }

  @Test
  void questions_to_be_refused_have_no_answer_among_the_residues() {
    OperationTable refusing = ModularAddition.mod(P).withRefusals(3);
    Checkpoint model = SmallModel.of(SmallModel.SHAPE, refusing);
    long asked =
        new Confidence(3)
            .reliability(model, Part.ALL).longColumn("questions").asList().stream()
                .mapToLong(Long::longValue)
                .sum();
    assertEquals(36, asked, "of 49 questions, 13 ask with a 3");
  }

  @Test
  void refuses_no_bins() {
    assertThrows(IllegalArgumentException.class, () -> new Confidence(0));
  }
}
