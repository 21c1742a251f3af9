package org.grokscope.line;

import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.grokscope.model.NativeValues;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.LineAnswers;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LinedBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What probes need of a model that reads lines: look inside, and change what is there. */
public interface LineNetwork {

  /** A model of the reference path, which stays the caller's to close. */
  static LineNetwork of(ReferenceTransformer model) {
    Objects.requireNonNull(model, "model");
    return new LineNetwork() {
      @Override
      public INDArray activation(LinedBatch batch, String hook) {
        return model.activation(batch, hook);
      }

      @Override
      public INDArray logits(LineBatch batch, Map<String, UnaryOperator<INDArray>> hooks) {
        return model.logits(batch, hooks);
      }
    };
  }

  /**
   * One activation at every position.
   *
   * @param hook its name, such as {@code blocks.1.hook_resid_post}
   * @return [B, T, …]
   * @throws IllegalArgumentException if there is no hook of the name
   */
  INDArray activation(LinedBatch batch, String hook);

  /**
   * The logits of the next token at every position, with some activations exchanged on their way.
   *
   * @param hooks by name; each receives an activation that it may change, and returns the one to go
   *     on with
   * @return [B, T, vocabulary]
   * @throws IllegalArgumentException if there is no hook of a name
   */
  INDArray logits(LineBatch batch, Map<String, UnaryOperator<INDArray>> hooks);

  /** What the model says, with some activations exchanged on their way. */
  default LineAnswers answers(LineBatch batch, Map<String, UnaryOperator<INDArray>> hooks) {
    return LineAnswers.of(batch, NativeValues.of(logits(batch, hooks)));
  }

  /** What the model says. */
  default LineAnswers answers(LineBatch batch) {
    return answers(batch, Map.of());
  }

  /** Activations at chosen positions. */
  default LineActivations read(LinedBatch batch, String hook, int[] positions) {
    return LineActivations.of(hook, activation(batch, hook), batch, positions);
  }
}
