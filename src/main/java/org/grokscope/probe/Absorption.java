package org.grokscope.probe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.StandardLoss;
import org.grokscope.series.Probe;

/**
 * How many training questions the softmax of float32 has absorbed: the share of them whose label
 * leads so far that Σ exp(z_c − z_y) rounds to 1. There the loss and the gradient at the label are
 * exactly 0, so that the right answer pulls at nothing any more. Prieto et al. (2025), "Grokking at
 * the Edge of Numerical Stability", call it softmax collapse.
 *
 * <p>It is read off the logits alone, by {@link StandardLoss#CROSS_ENTROPY_FLOAT32}, whatever loss
 * the model was trained with: of one trained in float64 it says what float32 would have absorbed.
 * The column of '=' is dropped. Works for any table of two operands.
 */
public record Absorption() implements Probe {

  /** {@code absorbed[train]}, from 0 to 1. */
  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    AllPairs pairs = AllPairs.of(checkpoint);
    int p = pairs.p();
    double[] logits = pairs.logitValues();
    Questions questions = pairs.questions();
    double[] z = new double[p];
    double[] gradient = new double[p];
    double[] absorbed = new double[questions.size()];
    for (int row = 0; row < absorbed.length; row++) {
      if (questions.isIn(Part.TRAIN, row)) {
        System.arraycopy(logits, row * p, z, 0, p);
        StandardLoss.CROSS_ENTROPY_FLOAT32.of(z, questions.label(row), gradient);
        absorbed[row] = gradient[questions.label(row)] == 0 ? 1 : 0;
      }
    }
    Map<String, Double> columns = new LinkedHashMap<>();
    columns.put(
        "absorbed[train]",
        questions
            .mean(Part.TRAIN, absorbed)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "absorption: got no training questions with an answer, expected at least"
                            + " one")));
    return columns;
  }

  @Override
  public Optional<String> identity() {
    return Optional.of("share absorbed by the softmax of float32, version 1");
  }
}
