package org.grokscope.model;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.task.TokenSequences;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One forward pass of a batch through the whole model, and the way back:
 *
 * <pre>
 *   x_t = W_E[token_t] + W_pos[t],  x = each block of x in turn,  logits = ln_final(x)_last W_U
 * </pre>
 *
 * <p>The last position answers; the last block computes the others only where somebody looks. A
 * model without attention has a single position inside its blocks, x = Σ_t x_t.
 */
final class Pass {
  private final ModelConfig config;
  private final Weights weights;
  private final int n;
  private final int[] tokens; // [n·T]
  private final List<Block> blocks = new ArrayList<>();
  private final LayerNorm lnFinal; // null in a model without LayerNorm
  private INDArray end; // (n·T, d) or (n, d), the stream after the last block
  private INDArray last; // (n, d), what the unembedding read

  /**
   * @param everyPosition whether every activation is computed, or only those that the answers need
   */
  Pass(ModelConfig config, Weights weights, TokenSequences batch, boolean everyPosition) {
    this.config = config;
    this.weights = weights;
    this.n = batch.size();
    int positions = config.contextLength();
    this.tokens = new int[n * positions];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = batch.token(i / positions, i % positions);
    }
    for (int layer = 0; layer < config.shape().layers(); layer++) {
      boolean lastBlock = layer == config.shape().layers() - 1;
      blocks.add(Block.of(config, layer, weights, n, everyPosition || !lastBlock));
    }
    this.lnFinal = config.shape().layerNorm() ? new LayerNorm("ln_final", weights) : null;
  }

  /** The logits at the last position, (n, outputs). */
  INDArray forward(HookPoints hooks) {
    long positions = config.contextLength();
    long d = config.shape().dModel();
    INDArray embed = Nd4j.pullRows(weights.get("W_E"), 1, tokens); // (n·T, d)
    embed = hooks.at("hook_embed", embed, n, positions, d);
    INDArray place = weights.get("W_pos").reshape('c', 1, positions * d);
    INDArray places = Linear.apply(Nd4j.ones(embed.dataType(), n, 1), place); // (n, T·d)
    places = hooks.at("hook_pos_embed", places, n, positions, d);
    INDArray x = embed.add(places.reshape('c', n * positions, d));
    if (!config.shape().attends()) {
      x = x.reshape('c', n, positions, d);
      x = Rows.sums(x);
    }
    for (Block block : blocks) {
      x = block.forward(x, hooks);
    }
    if (lnFinal != null) {
      x = hooks.at("ln_final.hook_normalized", lnFinal.forward(x), n, x.size(0) / n, d);
    }
    end = x;
    last = Positions.last(x, n).dup('c');
    return Linear.apply(last, weights.get("W_U"));
  }

  /** Adds the gradients of every parameter, given that of the logits; after {@link #forward}. */
  void backward(INDArray dLogits, GradientSum gradients) {
    int positions = config.contextLength();
    gradients.add("W_U", Linear.weightGradient(last, dLogits));
    INDArray dx = Nd4j.zeros(end.dataType(), end.shape());
    Positions.last(dx, n).assign(Linear.inputGradient(dLogits, weights.get("W_U")));
    if (lnFinal != null) {
      dx = lnFinal.backward(dx, gradients);
    }
    for (int layer = blocks.size() - 1; layer >= 0; layer--) {
      dx = blocks.get(layer).backward(dx, gradients);
    }
    gradients.addRows("W_E", tokens, dx);
    INDArray dPlaces = Linear.biasGradient(dx.reshape('c', n, dx.length() / n));
    gradients.add("W_pos", config.shape().attends() ? dPlaces : Nd4j.tile(dPlaces, positions, 1));
  }
}
