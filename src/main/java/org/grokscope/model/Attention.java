package org.grokscope.model;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Multi-head attention on n sequences of T positions. For each sequence and head h:
 *
 * <pre>
 *   Q = x W_Q[h],  K = x W_K[h],  V = x W_V[h]                    (T, d_head)
 *   S = Q Kᵀ/√d_head, −∞ where a query may not look               (T, T), query by key
 *   A = softmax of the rows of S,  Z = A V,  out = Σ_h Z W_O[h]   (T, d)
 *
 *   dZ = dout W_O[h]ᵀ,  dW_O[h] = Zᵀ dout,  dA = dZ Vᵀ,  dV = Aᵀ dZ
 *   dS = A∘(dA − Σ over keys of dA∘A),  dQ = dS K/√d_head,  dK = dSᵀ Q/√d_head
 *   dx = Σ_h dQ W_Q[h]ᵀ + dK W_K[h]ᵀ + dV W_V[h]ᵀ,  dW_Q[h] = xᵀ dQ, …
 * </pre>
 *
 * <p>Heads stand side by side in the matrices of queries, keys and values, (n·T, heads·d_head), and
 * one after another in the batches of small products, (n·heads, T, …).
 */
final class Attention {
  private final int n;
  private final int positions;
  private final int d;
  private final int heads;
  private final int dHead;
  private final boolean causal;
  private final String prefix;
  private final INDArray wq; // (d, heads·d_head), and so wk and wv
  private final INDArray wk;
  private final INDArray wv;
  private final INDArray wo; // (heads·d_head, d)

  private INDArray x; // (n·T, d)
  private INDArray q; // (n·heads, T, d_head), and so k and v
  private INDArray k;
  private INDArray v;
  private INDArray pattern; // (n·heads, T, T)
  private INDArray z; // (n·T, heads·d_head)

  /**
   * @param prefix of the layer's parameters
   */
  Attention(ModelConfig config, String prefix, Weights weights, int n) {
    this.n = n;
    this.positions = config.contextLength();
    this.d = config.shape().dModel();
    this.heads = config.shape().heads();
    this.dHead = config.shape().dHead();
    this.causal = config.shape().causal();
    this.prefix = prefix;
    this.wq = sideBySide(weights.get(prefix + "W_Q"));
    this.wk = sideBySide(weights.get(prefix + "W_K"));
    this.wv = sideBySide(weights.get(prefix + "W_V"));
    this.wo = weights.get(prefix + "W_O").reshape('c', heads * dHead, d);
  }

  /** (n·T, d) → (n·T, d). */
  INDArray forward(INDArray input, String block, HookPoints hooks) {
    x = input;
    q = perHead(hooks.at(block + "attn.hook_q", Linear.apply(x, wq), n, positions, heads, dHead));
    k = perHead(hooks.at(block + "attn.hook_k", Linear.apply(x, wk), n, positions, heads, dHead));
    v = perHead(hooks.at(block + "attn.hook_v", Linear.apply(x, wv), n, positions, heads, dHead));
    INDArray scores = multiply(q, false, k, true).divi(Math.sqrt(dHead));
    if (causal) {
      scores.reshape('c', (long) n * heads, (long) positions * positions).addiRowVector(mask());
    }
    scores = hooks.at(block + "attn.hook_attn_scores", scores, n, heads, positions, positions);
    pattern = Nd4j.nn.softmax(scores, 2);
    pattern = hooks.at(block + "attn.hook_pattern", pattern, n, heads, positions, positions);
    INDArray mixed = allHeads(multiply(pattern, false, v, false));
    z = hooks.at(block + "attn.hook_z", mixed, n, positions, heads, dHead);
    return Linear.apply(z, wo);
  }

  /** The gradient at the input, given that at the output; both (n·T, d). */
  INDArray backward(INDArray dOut, GradientSum gradients) {
    gradients.add(prefix + "W_O", Linear.weightGradient(z, dOut));
    INDArray dz = perHead(Linear.inputGradient(dOut, wo));
    INDArray dPattern = multiply(dz, false, v, true);
    INDArray dv = allHeads(multiply(pattern, true, dz, false));
    INDArray dScores = softmaxGradient(dPattern).divi(Math.sqrt(dHead));
    INDArray dq = allHeads(multiply(dScores, false, k, false));
    INDArray dk = allHeads(multiply(dScores, true, q, false));
    gradients.add(prefix + "W_Q", headAfterHead(Linear.weightGradient(x, dq)));
    gradients.add(prefix + "W_K", headAfterHead(Linear.weightGradient(x, dk)));
    gradients.add(prefix + "W_V", headAfterHead(Linear.weightGradient(x, dv)));
    return Linear.inputGradient(dq, wq)
        .addi(Linear.inputGradient(dk, wk))
        .addi(Linear.inputGradient(dv, wv));
  }

  /** dS = A∘(dA − Σ over keys of dA∘A), (n·heads, T, T). */
  private INDArray softmaxGradient(INDArray dPattern) {
    long rows = (long) n * heads * positions;
    INDArray a = pattern.reshape('c', rows, positions);
    INDArray da = dPattern.reshape('c', rows, positions);
    INDArray ds = da.subColumnVector(da.mul(a).sum(1)).muli(a);
    return ds.reshape('c', (long) n * heads, positions, positions);
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

  /** (n·T, heads·d_head) → (n·heads, T, d_head). */
  private INDArray perHead(INDArray rows) {
    INDArray split = rows.reshape('c', n, positions, heads, dHead).permute(0, 2, 1, 3).dup('c');
    return split.reshape('c', (long) n * heads, positions, dHead);
  }

  /** (n·heads, T, d_head) → (n·T, heads·d_head). */
  private INDArray allHeads(INDArray batch) {
    INDArray joined = batch.reshape('c', n, heads, positions, dHead).permute(0, 2, 1, 3).dup('c');
    return joined.reshape('c', (long) n * positions, (long) heads * dHead);
  }

  /** A weight [heads, d, d_head] as (d, heads·d_head). */
  private INDArray sideBySide(INDArray weight) {
    return weight.permute(1, 0, 2).dup('c').reshape('c', d, (long) heads * dHead);
  }

  /** The way back: (d, heads·d_head) as [heads, d, d_head]. */
  private INDArray headAfterHead(INDArray gradient) {
    return gradient.reshape('c', d, heads, dHead).permute(1, 0, 2).dup('c');
  }

  /** The product of each pair of matrices of two batches, each transposed first where asked. */
  private static INDArray multiply(INDArray a, boolean aT, INDArray b, boolean bT) {
    DataType type = a.dataType();
    long rows = a.size(aT ? 2 : 1);
    long columns = b.size(bT ? 1 : 2);
    INDArray product = Nd4j.createUninitialized(type, a.size(0), rows, columns);
    return Nd4j.matmul(a, b, product, aT, bT, false);
  }
}
