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
 * attention mid = pre, in a layer without MLP post = mid. Where only the last position's answer is
 * wanted, mid and post are computed there alone.
 */
final class Block {
  private final int n;
  private final boolean everyPosition;
  private final String name;
  private final LayerNorm ln1; // null in a model without LayerNorm or without attention
  private final LayerNorm ln2; // null in a model without LayerNorm or a layer without MLP
  private final Attention attention; // null in a model without
  private final Mlp mlp; // null in a layer without
  private long rows; // of the residual stream before the block

  private Block(
      int layer,
      int n,
      boolean everyPosition,
      LayerNorm ln1,
      Attention attention,
      LayerNorm ln2,
      Mlp mlp) {
    this.n = n;
    this.everyPosition = everyPosition;
    this.name = "blocks." + layer + ".";
    this.ln1 = ln1;
    this.attention = attention;
    this.ln2 = ln2;
    this.mlp = mlp;
  }

  /**
   * A layer of a model.
   *
   * @param rule what it adds to attention's scores
   * @param n sequences of a batch
   * @param everyPosition whether the stream goes on at every position, or at the last one only
   */
  static Block of(
      ModelConfig config,
      int layer,
      Weights weights,
      ScoreRule rule,
      int n,
      boolean everyPosition) {
    ModelShape shape = config.shape();
    LayerShape of = shape.layers().get(layer);
    String prefix = ParameterLayout.prefix(shape, layer);
    int positions = config.contextLength();
    boolean norm = shape.layerNorm();
    boolean hasMlp = of.dMlp() > 0;
    return new Block(
        layer,
        n,
        everyPosition,
        norm && of.attends() ? new LayerNorm(prefix + "ln1", weights) : null,
        of.attends()
            ? new Attention(prefix, weights, rule, of.bounds(), n, positions, everyPosition)
            : null,
        norm && hasMlp ? new LayerNorm(prefix + "ln2", weights) : null,
        hasMlp ? new Mlp(shape.activation(), prefix, weights, n) : null);
  }

  /** The residual stream after the block, at every position or at the last. */
  INDArray forward(INDArray residual, HookPoints hooks) {
    INDArray pre = show("hook_resid_pre", residual, hooks);
    rows = pre.size(0);
    INDArray goesOn = everyPosition ? pre : Positions.last(pre, n);
    INDArray mid = attention == null ? goesOn : goesOn.add(attentionOut(pre, hooks));
    mid = show("hook_resid_mid", mid, hooks);
    INDArray post = mlp == null ? mid : mid.add(mlpOut(mid, hooks));
    return show("hook_resid_post", post, hooks);
  }

  private INDArray mlpOut(INDArray mid, HookPoints hooks) {
    INDArray in = ln2 == null ? mid : show("ln2.hook_normalized", ln2.forward(mid), hooks);
    return show("hook_mlp_out", mlp.forward(in, name, hooks), hooks);
  }

  private INDArray attentionOut(INDArray pre, HookPoints hooks) {
    INDArray in = ln1 == null ? pre : show("ln1.hook_normalized", ln1.forward(pre), hooks);
    return show("hook_attn_out", attention.forward(in, name, hooks), hooks);
  }

  /** The gradient at the block's input, given that at its output. */
  INDArray backward(INDArray dPost, GradientSum gradients) {
    INDArray dMid = mlp == null ? dPost : dPost.add(mlpGradient(dPost, gradients));
    if (attention == null) {
      return Positions.spread(dMid, n, rows);
    }
    INDArray dAttentionIn = attention.backward(dMid, gradients);
    INDArray dPre = ln1 == null ? dAttentionIn : ln1.backward(dAttentionIn, gradients);
    (everyPosition ? dPre : Positions.last(dPre, n)).addi(dMid);
    return dPre;
  }

  private INDArray mlpGradient(INDArray dPost, GradientSum gradients) {
    INDArray dIn = mlp.backward(dPost, gradients);
    return ln2 == null ? dIn : ln2.backward(dIn, gradients);
  }

  private INDArray show(String point, INDArray rows, HookPoints hooks) {
    return hooks.at(name + point, rows, n, rows.size(0) / n, rows.size(1));
  }
}
