package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Multi-head attention on n sequences of T positions, of which all ask or the last one only. For
 * each sequence and head h, x' being the rows of x that ask:
 *
 * <pre>
 *   Q = x' W_Q[h],  K = x W_K[h],  V = x W_V[h]                   (…, d_head)
 *   S = Q Kᵀ/√d_head, −∞ where a query may not look               (queries, T)
 *   A = softmax of the rows of S,  Z = A V,  out = Σ_h Z W_O[h]   (queries, d)
 *
 *   dZ = dout W_O[h]ᵀ,  dW_O[h] = Zᵀ dout,  dA = dZ Vᵀ,  dV = Aᵀ dZ
 *   dS = A∘(dA − Σ over keys of dA∘A),  dQ = dS K/√d_head,  dK = dSᵀ Q/√d_head
 *   dx = Σ_h dK W_K[h]ᵀ + dV W_V[h]ᵀ,  dx' = Σ_h dQ W_Q[h]ᵀ,  dW_Q[h] = x'ᵀ dQ, …
 * </pre>
 *
 * <p>How heads stand in the arrays is written at {@link HeadProducts}.
 */
final class Attention {
  private final int n;
  private final int positions;
  private final int queries; // positions that ask: all, or 1
  private final int d;
  private final int heads;
  private final int dHead;
  private final boolean causal;
  private final String prefix;
  private final HeadProducts products;
  private final INDArray wq; // (d, heads·d_head), and so wk and wv
  private final INDArray wk;
  private final INDArray wv;
  private final INDArray wo; // (heads·d_head, d)

  private INDArray x; // (n·T, d)
  private INDArray asking; // (n·queries, d)
  private INDArray q; // (n·queries, heads·d_head)
  private INDArray k; // (n·T, heads·d_head), and so v
  private INDArray v;
  private INDArray pattern; // (n·heads, queries, T)
  private INDArray z; // (n·queries, heads·d_head)

  /**
   * @param prefix of the layer's parameters
   * @param everyPosition whether every position asks, or the last one only
   */
  Attention(ModelConfig config, String prefix, Weights weights, int n, boolean everyPosition) {
    this.n = n;
    this.positions = config.contextLength();
    this.queries = everyPosition ? positions : 1;
    this.d = config.shape().dModel();
    this.heads = config.shape().heads();
    this.dHead = config.shape().dHead();
    this.causal = config.shape().causal();
    this.prefix = prefix;
    this.products = new HeadProducts(n, heads, dHead);
    this.wq = sideBySide(weights.get(prefix + "W_Q"));
    this.wk = sideBySide(weights.get(prefix + "W_K"));
    this.wv = sideBySide(weights.get(prefix + "W_V"));
    this.wo = weights.get(prefix + "W_O").reshape('c', heads * dHead, d);
  }

  /** (n·T, d) → (n·queries, d). */
  INDArray forward(INDArray input, String block, HookPoints hooks) {
    x = input;
    asking = queries == positions ? x : Positions.last(x, n).dup('c');
    q = hooks.at(block + "attn.hook_q", Linear.apply(asking, wq), n, queries, heads, dHead);
    k = hooks.at(block + "attn.hook_k", Linear.apply(x, wk), n, positions, heads, dHead);
    v = hooks.at(block + "attn.hook_v", Linear.apply(x, wv), n, positions, heads, dHead);
    INDArray scores = products.scores(q, k).divi(Math.sqrt(dHead));
    if (causal && queries > 1) {
      Rows.addRow(scores.reshape('c', (long) n * heads, (long) positions * positions), mask());
    }
    scores = hooks.at(block + "attn.hook_attn_scores", scores, n, heads, queries, positions);
    pattern = Nd4j.nn.softmax(scores, 2);
    pattern = hooks.at(block + "attn.hook_pattern", pattern, n, heads, queries, positions);
    z = products.mix(pattern, v);
    z = hooks.at(block + "attn.hook_z", z, n, queries, heads, dHead);
    return Linear.apply(z, wo);
  }

  /** The gradient at the input, (n·T, d), given that at the output, (n·queries, d). */
  INDArray backward(INDArray dOut, GradientSum gradients) {
    gradients.add(prefix + "W_O", Linear.weightGradient(z, dOut));
    INDArray dz = Linear.inputGradient(dOut, wo);
    INDArray dPattern = products.scores(dz, v);
    INDArray dv = products.spread(pattern, dz);
    INDArray dScores = softmaxGradient(dPattern).divi(Math.sqrt(dHead));
    INDArray dq = products.mix(dScores, k);
    INDArray dk = products.spread(dScores, q);
    gradients.add(prefix + "W_Q", headAfterHead(Linear.weightGradient(asking, dq)));
    gradients.add(prefix + "W_K", headAfterHead(Linear.weightGradient(x, dk)));
    gradients.add(prefix + "W_V", headAfterHead(Linear.weightGradient(x, dv)));
    INDArray dx = Linear.inputGradient(dk, wk).addi(Linear.inputGradient(dv, wv));
    INDArray dAsking = queries == positions ? dx : Positions.last(dx, n);
    dAsking.addi(Linear.inputGradient(dq, wq));
    return dx;
  }

  /** dS = A∘(dA − Σ over keys of dA∘A), (n·heads, queries, T). */
  private INDArray softmaxGradient(INDArray dPattern) {
    long rows = (long) n * heads * queries;
    INDArray a = pattern.reshape('c', rows, positions);
    INDArray da = dPattern.reshape('c', rows, positions);
    INDArray ds = Rows.minusColumn(da, Rows.sums(da.mul(a))).muli(a); // in the place of dA
    return ds.reshape('c', (long) n * heads, queries, positions);
  }

  /** What a causal model adds to its scores, [T·T]: 0 where key ≤ query, else −∞. */
  private INDArray mask() {
    double[] mask = new double[positions * positions];
    for (int query = 0; query < positions; query++) {
      for (int key = query + 1; key < positions; key++) {
        mask[query * positions + key] = Double.NEGATIVE_INFINITY;
      }
    }
    return Nd4j.createFromArray(mask).castTo(x.dataType());
  }

  /** A weight [heads, d, d_head] as (d, heads·d_head). */
  private INDArray sideBySide(INDArray weight) {
    return weight.permute(1, 0, 2).dup('c').reshape('c', d, (long) heads * dHead);
  }

  /** The way back: (d, heads·d_head) as [heads, d, d_head]. */
  private INDArray headAfterHead(INDArray gradient) {
    return gradient.reshape('c', d, heads, dHead).permute(1, 0, 2).dup('c');
  }
}
