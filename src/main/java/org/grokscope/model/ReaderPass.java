package org.grokscope.model;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.task.LineBatch;
import org.grokscope.task.VisibleKeys;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One forward pass of documents through a model that reads lines, and the way back. */
final class ReaderPass {
  private final ReaderConfig config;
  private final Weights weights;
  private final int n;
  private final int[] tokens; // [n·T]
  private final List<Block> blocks = new ArrayList<>();
  private final LayerNorm lnFinal;
  private INDArray end; // (n·T, d), what the unembedding read

  ReaderPass(ReaderConfig config, Weights weights, LineBatch batch) {
    this.config = config;
    this.weights = weights;
    this.n = batch.size();
    this.tokens = batch.tokens();
    for (int layer = 0; layer < config.layers().size(); layer++) {
      ReaderLayer shape = config.layers().get(layer);
      ScoreRule rule =
          shape.attends()
              ? scores -> scores.addi(rule(shape, batch, scores.dataType()))
              : ScoreRule.NONE;
      blocks.add(Block.of(config, layer, weights, rule, n));
    }
    this.lnFinal = new LayerNorm("ln_final", weights);
  }

  /** The logits at every position, (n·T, vocabulary). */
  INDArray forward(HookPoints hooks) {
    long positions = config.length();
    long d = config.dModel();
    INDArray x = Nd4j.pullRows(weights.get("W_E"), 1, tokens); // (n·T, d)
    x = hooks.at("hook_embed", x, n, positions, d);
    for (Block block : blocks) {
      x = block.forward(x, hooks);
    }
    end = hooks.at("ln_final.hook_normalized", lnFinal.forward(x), n, positions, d);
    return Linear.apply(end, weights.get("W_U"), weights.get("b_U"));
  }

  /** Adds the gradients of every parameter, given that of the logits; after {@link #forward}. */
  void backward(INDArray dLogits, GradientSum gradients) {
    gradients.add("W_U", Linear.weightGradient(end, dLogits));
    gradients.add("b_U", Linear.biasGradient(dLogits));
    INDArray dx = lnFinal.backward(Linear.inputGradient(dLogits, weights.get("W_U")), gradients);
    for (int layer = blocks.size() - 1; layer >= 0; layer--) {
      dx = blocks.get(layer).backward(dx, gradients);
    }
    gradients.addRows("W_E", tokens, dx);
  }

  /** −slope · distance where a position sees another, −∞ elsewhere, (n·heads, T, T). */
  private static INDArray rule(ReaderLayer layer, LineBatch batch, DataType type) {
    int positions = batch.length();
    int heads = layer.heads();
    VisibleKeys visible = batch.visible(layer.view());
    float[] rule = new float[batch.size() * heads * positions * positions];
    java.util.Arrays.fill(rule, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < batch.size(); i++) {
      for (int h = 0; h < heads; h++) {
        double slope = layer.slopes().isEmpty() ? 0 : layer.slopes().get(h);
        for (int t = 0; t < positions; t++) {
          int row = ((i * heads + h) * positions + t) * positions;
          int position = i * positions + t;
          for (int j = visible.starts()[position]; j < visible.starts()[position + 1]; j++) {
            int key = visible.keys()[j];
            rule[row + key] = (float) (-slope * (t - key));
          }
        }
      }
    }
    return NativeValues.array(rule, (long) batch.size() * heads, positions, positions).castTo(type);
  }
}
