package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One layer of the residual stream, (n·T, d):
 *
 * <pre>
 *   mid  = pre + attention(ln1(pre))
 *   post = mid + mlp(ln2(mid))
 * </pre>
 *
 * <p>where ln1 and ln2 are LayerNorms or, in a model without LayerNorm, nothing. In a model without
 * attention mid = pre. Where only the last position's answer is wanted, mid and post are computed
 * there alone.
 */
final class Block {
  private final int n;
  private final boolean everyPosition;
  private final String name;
  private final LayerNorm ln1; // null in a model without LayerNorm or without attention
  private final LayerNorm ln2; // null in a model without LayerNorm
  private final Attention attention; // null in a model without
  private final Mlp mlp;

  /**
   * @param n sequences of a batch
   * @param everyPosition whether the stream goes on at every position, or at the last one only
   */
  Block(ModelConfig config, int layer, Weights weights, int n, boolean everyPosition) {
    String prefix = ParameterLayout.prefix(config.shape(), layer);
    boolean layerNorm = config.shape().layerNorm();
    boolean attends = config.shape().attends();
    this.n = n;
    this.everyPosition = everyPosition;
    this.name = "blocks." + layer + ".";
    this.ln1 = layerNorm && attends ? new LayerNorm(prefix + "ln1", weights) : null;
    this.ln2 = layerNorm ? new LayerNorm(prefix + "ln2", weights) : null;
    this.attention = attends ? new Attention(config, prefix, weights, n, everyPosition) : null;
    this.mlp = new Mlp(config, prefix, weights, n);
  }

  /** The residual stream after the block, at every position or at the last. */
  INDArray forward(INDArray residual, HookPoints hooks) {
    INDArray pre = show("hook_resid_pre", residual, hooks);
    INDArray goesOn = everyPosition ? pre : Positions.last(pre, n);
    INDArray mid = attention == null ? goesOn : goesOn.add(attentionOut(pre, hooks));
    mid = show("hook_resid_mid", mid, hooks);
    INDArray mlpIn = ln2 == null ? mid : show("ln2.hook_normalized", ln2.forward(mid), hooks);
    INDArray mlpOut = mlp.forward(mlpIn, name, hooks);
    INDArray post = mid.add(show("hook_mlp_out", mlpOut, hooks));
    return show("hook_resid_post", post, hooks);
  }

  private INDArray attentionOut(INDArray pre, HookPoints hooks) {
    INDArray in = ln1 == null ? pre : show("ln1.hook_normalized", ln1.forward(pre), hooks);
    return show("hook_attn_out", attention.forward(in, name, hooks), hooks);
  }

  /** The gradient at the block's input, given that at its output. */
  INDArray backward(INDArray dPost, GradientSum gradients) {
    INDArray dMlpIn = mlp.backward(dPost, gradients);
    INDArray dMid = dPost.add(ln2 == null ? dMlpIn : ln2.backward(dMlpIn, gradients));
    if (attention == null) {
      return dMid;
    }
    INDArray dAttentionIn = attention.backward(dMid, gradients);
    INDArray dPre = ln1 == null ? dAttentionIn : ln1.backward(dAttentionIn, gradients);
    (everyPosition ? dPre : Positions.last(dPre, n)).addi(dMid);
    return dPre;
  }

  private INDArray show(String point, INDArray rows, HookPoints hooks) {
    return hooks.at(name + point, rows, n, rows.size(0) / n, rows.size(1));
  }
}
