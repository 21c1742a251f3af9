package org.grokscope.model;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Multi-head attention on n sequences of T positions, of which all ask or the last one only. For
 * each sequence and head h, x' being the rows of x that ask:
 *
 * <pre>
 *   Q = x' W_Q[h],  K = x W_K[h],  V = x W_V[h]                   (…, d_head)
 *   S = bounded(Q Kᵀ/√d_head) + what the rule of the layer adds   (queries, T)
 *   A = softmax of the rows of S,  Z = A V,  out = Σ_h Z W_O[h]   (queries, d)
 *
 *   dZ = dout W_O[h]ᵀ,  dW_O[h] = Zᵀ dout,  dA = dZ Vᵀ,  dV = Aᵀ dZ
 *   dS = A∘(dA − Σ over keys of dA∘A),  dQ = dS K/√d_head,  dK = dSᵀ Q/√d_head
 *   dx = Σ_h dK W_K[h]ᵀ + dV W_V[h]ᵀ,  dx' = Σ_h dQ W_Q[h]ᵀ,  dW_Q[h] = x'ᵀ dQ, …
 * </pre>
 *
 * <p>A model may have biases, b_Q on Q and b_O on the output, and a sink: one more logit in each
 * row's softmax, whose weight goes nowhere.
 *
 * <p>Where scores are {@linkplain ScoreBounds bounded} by a QK-norm, Q and K are first normalised
 * head by head, S = g/d_head · Q Kᵀ; by a soft cap c, S = c tanh(S/c), dS ← dS (1 − (S/c)²).
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
  private final String prefix;
  private final ScoreRule rule;
  private final ScoreBounds bounds;
  private final HeadProducts products;
  private final INDArray wq; // (d, heads·d_head), and so wk and wv
  private final INDArray wk;
  private final INDArray wv;
  private final INDArray wo; // (heads·d_head, d)
  private final INDArray bq; // [heads·d_head], null in a model without
  private final INDArray bo; // [d], null in a model without
  private final INDArray sink; // [heads], null in a model without

  private INDArray x; // (n·T, d)
  private INDArray asking; // (n·queries, d)
  private INDArray q; // (n·queries, heads·d_head)
  private INDArray k; // (n·T, heads·d_head), and so v
  private INDArray v;
  private INDArray pattern; // (n·heads, queries, T)
  private INDArray toSink; // (n·heads, queries, 1), the weight of the sink
  private INDArray z; // (n·queries, heads·d_head)
  private final RmsNorm normOfQueries = new RmsNorm();
  private final RmsNorm normOfKeys = new RmsNorm();
  private INDArray steepness; // (n·heads, queries, T), 1 − (S/c)², null without a soft cap

  /**
   * @param prefix of the layer's parameters
   * @param n sequences
   * @param positions of a sequence, T
   * @param everyPosition whether every position asks, or the last one only
   */
  Attention(
      String prefix,
      Weights weights,
      ScoreRule rule,
      ScoreBounds bounds,
      int n,
      int positions,
      boolean everyPosition) {
    INDArray query = weights.get(prefix + "W_Q");
    this.n = n;
    this.positions = positions;
    this.queries = everyPosition ? positions : 1;
    this.heads = Math.toIntExact(query.size(0));
    this.d = Math.toIntExact(query.size(1));
    this.dHead = Math.toIntExact(query.size(2));
    this.prefix = prefix;
    this.rule = rule;
    this.bounds = bounds;
    this.products = new HeadProducts(n, heads, dHead);
    this.wq = sideBySide(query);
    this.wk = sideBySide(weights.get(prefix + "W_K"));
    this.wv = sideBySide(weights.get(prefix + "W_V"));
    this.wo = weights.get(prefix + "W_O").reshape('c', heads * dHead, d);
    this.bq = weights.has(prefix + "b_Q") ? weights.get(prefix + "b_Q").ravel() : null;
    this.bo = weights.has(prefix + "b_O") ? weights.get(prefix + "b_O") : null;
    this.sink = weights.has(prefix + "sink") ? weights.get(prefix + "sink") : null;
  }

  /** (n·T, d) → (n·queries, d). */
  INDArray forward(INDArray input, String block, HookPoints hooks) {
    x = input;
    asking = queries == positions ? x : Positions.last(x, n).dup('c');
    q = bq == null ? Linear.apply(asking, wq) : Linear.apply(asking, wq, bq);
    q = hooks.at(block + "attn.hook_q", q, n, queries, heads, dHead);
    k = hooks.at(block + "attn.hook_k", Linear.apply(x, wk), n, positions, heads, dHead);
    v = hooks.at(block + "attn.hook_v", Linear.apply(x, wv), n, positions, heads, dHead);
    q = bounds.normed() ? byHead(normOfQueries::forward, q) : q;
    k = bounds.normed() ? byHead(normOfKeys::forward, k) : k;
    INDArray scores = capped(scaled(products.scores(q, k)));
    if (queries > 1) {
      rule.addTo(scores);
    }
    scores = hooks.at(block + "attn.hook_attn_scores", scores, n, heads, queries, positions);
    pattern = sink == null ? Nd4j.nn.softmax(scores, 2) : softmaxBesideSink(scores);
    pattern = hooks.at(block + "attn.hook_pattern", pattern, n, heads, queries, positions);
    z = products.mix(pattern, v);
    z = hooks.at(block + "attn.hook_z", z, n, queries, heads, dHead);
    return bo == null ? Linear.apply(z, wo) : Linear.apply(z, wo, bo);
  }

  /** In place, since scores and their gradients are large. */
  private INDArray scaled(INDArray scores) {
    return bounds.normed() ? scores.muli(bounds.scale(dHead)) : scores.divi(Math.sqrt(dHead));
  }

  private INDArray capped(INDArray scores) {
    if (!bounds.capped()) {
      return scores;
    }
    INDArray bent = Transforms.tanh(scores.divi(bounds.softCap()), false);
    steepness = bent.mul(bent).rsubi(1);
    return bent.muli(bounds.softCap());
  }

  /** Each head of each row by itself, (rows, heads·d_head). */
  private INDArray byHead(UnaryOperator<INDArray> norm, INDArray rows) {
    INDArray heads = rows.reshape('c', rows.length() / dHead, dHead);
    return norm.apply(heads).reshape('c', rows.shape());
  }

  /** The softmax over the keys and the sink, whose weight goes nowhere. */
  private INDArray softmaxBesideSink(INDArray scores) {
    long rows = (long) n * heads;
    INDArray logits = Nd4j.ones(scores.dataType(), rows, queries);
    INDArray column = Nd4j.tile(sink.reshape('c', heads, 1), n, 1).ravel(); // [n·heads]
    Rows.timesColumn(logits, column);
    INDArray all =
        Nd4j.nn.softmax(Nd4j.concat(2, scores, logits.reshape('c', rows, queries, 1)), 2);
    toSink = all.get(all(), all(), interval(positions, positions + 1)).dup('c');
    return all.get(all(), all(), interval(0, positions)).dup('c');
  }

  /** The gradient at the input, (n·T, d), given that at the output, (n·queries, d). */
  INDArray backward(INDArray dOut, GradientSum gradients) {
    gradients.add(prefix + "W_O", Linear.weightGradient(z, dOut));
    if (bo != null) {
      gradients.add(prefix + "b_O", Linear.biasGradient(dOut));
    }
    INDArray dz = Linear.inputGradient(dOut, wo);
    INDArray dPattern = products.scores(dz, v);
    INDArray dv = products.spread(pattern, dz);
    INDArray dBent = softmaxGradient(dPattern, gradients);
    INDArray dScores = scaled(bounds.capped() ? dBent.muli(steepness) : dBent);
    INDArray dq = products.mix(dScores, k);
    INDArray dk = products.spread(dScores, q);
    if (bounds.normed()) {
      dq = byHead(normOfQueries::backward, dq);
      dk = byHead(normOfKeys::backward, dk);
    }
    if (bq != null) {
      gradients.add(prefix + "b_Q", Linear.biasGradient(dq));
    }
    gradients.add(prefix + "W_Q", headAfterHead(Linear.weightGradient(asking, dq)));
    gradients.add(prefix + "W_K", headAfterHead(Linear.weightGradient(x, dk)));
    gradients.add(prefix + "W_V", headAfterHead(Linear.weightGradient(x, dv)));
    INDArray dx = Linear.inputGradient(dk, wk).addi(Linear.inputGradient(dv, wv));
    INDArray dAsking = queries == positions ? dx : Positions.last(dx, n);
    dAsking.addi(Linear.inputGradient(dq, wq));
    return dx;
  }

  /**
   * dS = A∘(dA − Σ over keys of dA∘A), (n·heads, queries, T). The sink has no dA: its dS is −A_sink
   * Σ dA∘A.
   */
  private INDArray softmaxGradient(INDArray dPattern, GradientSum gradients) {
    long rows = (long) n * heads * queries;
    INDArray a = pattern.reshape('c', rows, positions);
    INDArray da = dPattern.reshape('c', rows, positions);
    INDArray along = Rows.sums(da.mul(a));
    if (sink != null) {
      INDArray bySequence = toSink.ravel().mul(along).negi().reshape('c', n, heads, queries);
      gradients.add(prefix + "sink", bySequence.sum(0, 2));
    }
    INDArray ds = Rows.minusColumn(da, along).muli(a); // in the place of dA
    return ds.reshape('c', (long) n * heads, queries, positions);
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
