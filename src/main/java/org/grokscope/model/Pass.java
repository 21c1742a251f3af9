package org.grokscope.model;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.task.Batch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One forward pass of a batch through the whole model, and the way back:
 *
 * <pre>
 *   x_t = W_E[token_t] + W_pos[t],  x = each block of x in turn,  logits = ln_final(x) W_U + b_U
 * </pre>
 *
 * <p>of which a model may lack W_pos, ln_final and b_U; behind a block may be a {@link Site}. Where
 * the last position answers, the last block computes the others only where somebody looks. A model
 * of questions without attention has a single position inside its blocks, x = Σ_t x_t.
 */
final class Pass {
  private final ModelConfig config;
  private final ModelShape shape;
  private final Weights weights;
  private final int n;
  private final int[] tokens; // [n·T]
  private final boolean answersEverywhere;
  private final List<Block> blocks = new ArrayList<>();
  private final List<SitePass> sites = new ArrayList<>(); // behind each block
  private final LayerNorm lnFinal; // null in a model without LayerNorm
  private INDArray end; // (n·T, d) or (n, d), the stream after the last block and its norm
  private INDArray read; // what the unembedding read: the end, or its last positions (n, d)

  /**
   * @param everyPosition whether every activation is computed, or only those that the answers need
   * @param noise that sites add
   * @param first the first sequence's place in the batch that this is a part of
   */
  Pass(
      ModelConfig config,
      Weights weights,
      Batch batch,
      boolean everyPosition,
      Noise noise,
      int first) {
    this.config = config;
    this.shape = config.shape();
    this.weights = weights;
    this.n = batch.size();
    this.tokens = batch.tokens();
    this.answersEverywhere = shape.answers() == ModelShape.Answer.EVERYWHERE;
    for (int layer = 0; layer < shape.depth(); layer++) {
      LayerShape of = shape.layers().get(layer);
      boolean every =
          everyPosition || answersEverywhere || layer < shape.depth() - 1 || !ScoreRule.isPlain(of);
      blocks.add(Block.of(config, layer, weights, ScoreRule.of(of, batch), n, every));
      sites.add(new SitePass(of.site(), layer, noise, first));
    }
    this.lnFinal = shape.layerNorm() ? new LayerNorm("ln_final", weights) : null;
  }

  /** The logits, (n, outputs) at the last position or (n·T, outputs) at every one. */
  INDArray forward(HookPoints hooks) {
    long positions = config.contextLength();
    long d = shape.dModel();
    INDArray x = Nd4j.pullRows(weights.get("W_E"), 1, tokens); // (n·T, d)
    x = hooks.at("hook_embed", x, n, positions, d);
    if (shape.positions()) {
      INDArray place = weights.get("W_pos").reshape('c', 1, positions * d);
      INDArray places = Linear.apply(Nd4j.ones(x.dataType(), n, 1), place); // (n, T·d)
      places = hooks.at("hook_pos_embed", places, n, positions, d);
      x = x.add(places.reshape('c', n * positions, d));
    }
    if (shape.sumsPositions()) {
      x = Rows.sums(x.reshape('c', n, positions, d));
    }
    for (int layer = 0; layer < blocks.size(); layer++) {
      x = sites.get(layer).forward(blocks.get(layer).forward(x, hooks), n);
    }
    if (lnFinal != null) {
      x = hooks.at("ln_final.hook_normalized", lnFinal.forward(x), n, x.size(0) / n, d);
    }
    end = x;
    read = answersEverywhere ? end : Positions.last(x, n).dup('c');
    return shape.biases()
        ? Linear.apply(read, weights.get("W_U"), weights.get("b_U"))
        : Linear.apply(read, weights.get("W_U"));
  }

  /** Adds the gradients of every parameter, given that of the logits; after {@link #forward}. */
  void backward(INDArray dLogits, GradientSum gradients) {
    gradients.add("W_U", Linear.weightGradient(read, dLogits));
    if (shape.biases()) {
      gradients.add("b_U", Linear.biasGradient(dLogits));
    }
    INDArray dx = Linear.inputGradient(dLogits, weights.get("W_U"));
    dx = Positions.spread(dx, n, end.size(0));
    if (lnFinal != null) {
      dx = lnFinal.backward(dx, gradients);
    }
    for (int layer = blocks.size() - 1; layer >= 0; layer--) {
      dx = blocks.get(layer).backward(sites.get(layer).backward(dx), gradients);
    }
    gradients.addRows("W_E", tokens, dx);
    if (shape.positions()) {
      INDArray dPlaces = Linear.biasGradient(dx.reshape('c', n, dx.length() / n));
      int positions = config.contextLength();
      gradients.add("W_pos", shape.sumsPositions() ? Nd4j.tile(dPlaces, positions, 1) : dPlaces);
    }
  }
}
