package org.grokscope.model;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineView;

/**
 * A transformer that reads lines and predicts the next token at every position: pre-LayerNorm,
 * ReLU, no position embedding, each layer of a shape and a {@linkplain LineView view} of its own.
 *
 * <pre>
 *   x_t = W_E[token_t];  in each layer  x ← x + attention(ln1(x)),  x ← x + mlp(ln2(x));
 *   logits_t = ln_final(x_t) W_U + b_U
 * </pre>
 *
 * <p>Beside the parameters of {@link Transformer} its attention has the biases b_Q and b_O and,
 * where a layer {@linkplain ReaderLayer#sink has one}, a sink.
 *
 * @param dModel width of the residual stream
 * @param layers the layers
 * @param vocabulary tokens that it reads and predicts
 * @param length tokens of a document
 */
public record ReaderConfig(int dModel, List<ReaderLayer> layers, int vocabulary, int length) {

  public ReaderConfig {
    layers = List.copyOf(layers);
    if (dModel < 1 || layers.isEmpty() || vocabulary < 2 || length < 1) {
      throw new IllegalArgumentException(
          "reader: got d_model = "
              + dModel
              + ", "
              + layers.size()
              + " layers, a vocabulary of "
              + vocabulary
              + " and documents of "
              + length
              + " tokens, expected at least 1, 1, 2 and 1");
    }
  }

  /**
   * The model of our exploration for a task: {@link #plain} for text that ends its lines with a
   * newline and has no early ends, else {@link #boxed}.
   */
  public static ReaderConfig of(LineBreaking task) {
    return task.readsAsPlainText() ? plain(task) : boxed(task);
  }

  /**
   * For plain text: two layers of 4 heads of 16 and 256 neurons, d_model 64. The first layer sees
   * its own line and what opened it, with slopes .3, .1, 0, 0; the second sees only line ends and
   * the first token, so that it cannot count again.
   */
  public static ReaderConfig plain(LineBreaking task) {
    return new ReaderConfig(
        64,
        List.of(
            ReaderLayer.attention(LineView.OPENED_LINE, 4, 16, 256).withSlopes(0.3, 0.1, 0.0, 0.0),
            ReaderLayer.attention(LineView.LINE_ENDS, 4, 16, 256)),
        task.corpus().vocabulary().size(),
        task.length());
  }

  /**
   * For text in a box, and for its controls: three layers, d_model 48. The first, 4 heads of 12
   * with a sink and 192 neurons, sees its own line; the second is an MLP of 192; the last, 4 heads
   * of 12 without MLP, sees the header, or where there is none the first token.
   */
  public static ReaderConfig boxed(LineBreaking task) {
    return new ReaderConfig(
        48,
        List.of(
            ReaderLayer.attention(LineView.OWN_LINE, 4, 12, 192).withSink(3.5, 3),
            ReaderLayer.mlp(192),
            ReaderLayer.attention(LineView.HEADER, 4, 12, 0)),
        task.corpus().vocabulary().size(),
        task.length());
  }

  /** The same without masks: every head sees everything before. */
  public ReaderConfig unmasked() {
    return new ReaderConfig(
        dModel,
        layers.stream()
            .map(layer -> layer.attends() ? layer.seeing(LineView.EVERYTHING) : layer)
            .toList(),
        vocabulary,
        length);
  }

  /** The names and shapes of its parameters. */
  public ParameterLayout layout() {
    return ParameterLayout.of(this);
  }

  /** The names of every activation, in the order of computation. */
  public List<String> activations() {
    List<String> names = new ArrayList<>(List.of("hook_embed"));
    for (int n = 0; n < layers.size(); n++) {
      for (String point : ActivationCache.blockPoints(layers.get(n))) {
        names.add("blocks." + n + "." + point);
      }
    }
    names.add("ln_final.hook_normalized");
    return List.copyOf(names);
  }
}
