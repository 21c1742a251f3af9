package org.grokscope.model;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The products of attention, for each of n sequences and each head:
 *
 * <pre>
 *   scores  S = Q Kᵀ    (queries, d_head)·(d_head, keys)   → (queries, keys)
 *   mix     Z = A V     (queries, keys)·(keys, d_head)     → (queries, d_head)
 *   spread  dV = Aᵀ dZ  (keys, queries)·(queries, d_head)  → (keys, d_head)
 * </pre>
 *
 * <p>Heads stand side by side in Q, K, V and Z, (n·positions, heads·d_head), and one after another
 * in S and A, (n·heads, queries, keys).
 *
 * <p>With a few positions these are thousands of products of a few numbers each, and calling BLAS
 * for every one takes five times as long as the loops that the formulas say; so in float32 up to
 * {@value #FEW} positions are looped over. Everything else goes to ND4J.
 */
final class HeadProducts {
  private static final int FEW = 8;

  private final int n;
  private final int heads;
  private final int dHead;

  HeadProducts(int n, int heads, int dHead) {
    this.n = n;
    this.heads = heads;
    this.dHead = dHead;
  }

  /** S = Q Kᵀ, (n·heads, queries, keys). */
  INDArray scores(INDArray q, INDArray k) {
    if (!few(q, k)) {
      return multiply(perHead(q), false, perHead(k), true);
    }
    int queries = positions(q);
    int keys = positions(k);
    float[] left = NativeValues.floats(q);
    float[] right = NativeValues.floats(k);
    float[] product = new float[n * heads * queries * keys];
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int h = 0; h < heads; h++) {
        for (int t = 0; t < queries; t++) {
          for (int s = 0; s < keys; s++) {
            product[at++] = dot(left, row(i, t, queries, h), right, row(i, s, keys, h));
          }
        }
      }
    }
    return NativeValues.array(product, (long) n * heads, queries, keys);
  }

  /** Z = A V, (n·queries, heads·d_head). */
  INDArray mix(INDArray a, INDArray v) {
    if (!few(v, v)) {
      return allHeads(multiply(a, false, perHead(v), false));
    }
    int queries = Math.toIntExact(a.size(1));
    int keys = Math.toIntExact(a.size(2));
    float[] weights = NativeValues.floats(a);
    float[] values = NativeValues.floats(v);
    float[] product = new float[n * queries * heads * dHead];
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int h = 0; h < heads; h++) {
        for (int t = 0; t < queries; t++) {
          for (int s = 0; s < keys; s++) {
            add(product, row(i, t, queries, h), weights[at++], values, row(i, s, keys, h));
          }
        }
      }
    }
    return rows(product, queries);
  }

  /** dV = Aᵀ dZ, (n·keys, heads·d_head). */
  INDArray spread(INDArray a, INDArray dz) {
    int queries = Math.toIntExact(a.size(1));
    int keys = Math.toIntExact(a.size(2));
    if (keys > FEW || !few(dz, dz)) {
      return allHeads(multiply(a, true, perHead(dz), false));
    }
    float[] weights = NativeValues.floats(a);
    float[] gradients = NativeValues.floats(dz);
    float[] product = new float[n * keys * heads * dHead];
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int h = 0; h < heads; h++) {
        for (int t = 0; t < queries; t++) {
          for (int s = 0; s < keys; s++) {
            add(product, row(i, s, keys, h), weights[at++], gradients, row(i, t, queries, h));
          }
        }
      }
    }
    return rows(product, keys);
  }

  private boolean few(INDArray a, INDArray b) {
    return a.dataType() == DataType.FLOAT && positions(a) <= FEW && positions(b) <= FEW;
  }

  private int positions(INDArray rows) {
    return Math.toIntExact(rows.size(0) / n);
  }

  /** Where the entries of a head begin, at a position of sequence i. */
  private int row(int i, int position, int positions, int head) {
    return ((i * positions + position) * heads + head) * dHead;
  }

  private float dot(float[] a, int fromA, float[] b, int fromB) {
    double sum = 0;
    for (int j = 0; j < dHead; j++) {
      sum += (double) a[fromA + j] * b[fromB + j];
    }
    return (float) sum;
  }

  private void add(float[] target, int to, float weight, float[] source, int from) {
    for (int j = 0; j < dHead; j++) {
      target[to + j] += weight * source[from + j];
    }
  }

  private INDArray rows(float[] values, int positions) {
    return NativeValues.array(values, (long) n * positions, (long) heads * dHead);
  }

  /** (n·T, heads·d_head) → (n·heads, T, d_head). */
  private INDArray perHead(INDArray rows) {
    int positions = positions(rows);
    INDArray split = rows.reshape('c', n, positions, heads, dHead).permute(0, 2, 1, 3).dup('c');
    return split.reshape('c', (long) n * heads, positions, dHead);
  }

  /** (n·heads, T, d_head) → (n·T, heads·d_head). */
  private INDArray allHeads(INDArray batch) {
    long positions = batch.size(1);
    INDArray joined = batch.reshape('c', n, heads, positions, dHead).permute(0, 2, 1, 3).dup('c');
    return joined.reshape('c', n * positions, (long) heads * dHead);
  }

  /** The product of each pair of matrices of two batches, each transposed first where asked. */
  private static INDArray multiply(INDArray a, boolean aT, INDArray b, boolean bT) {
    long rows = a.size(aT ? 2 : 1);
    long columns = b.size(bT ? 1 : 2);
    INDArray product = Nd4j.createUninitialized(a.dataType(), a.size(0), rows, columns);
    return Nd4j.matmul(a, b, product, aT, bT, false);
  }
}
