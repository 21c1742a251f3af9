package org.grokscope.model;

import java.util.stream.IntStream;
import org.grokscope.task.TokenSequences;

/**
 * A batch as the fast path reads it: which table rows each sequence adds up.
 *
 * <p>A <em>node</em> is a token at a position before the last: node = position · vocabulary +
 * token.
 */
final class PairBatch {
  private final int[][] nodes; // [contextLength−1][n]
  private final int[] labels; // [n]

  private PairBatch(int[][] nodes, int[] labels) {
    this.nodes = nodes;
    this.labels = labels;
  }

  /**
   * Sorts a batch by its first token, so that neighbours share a table row.
   *
   * @param lastToken the token that every sequence has to end on
   * @throws IllegalArgumentException if a sequence ends otherwise
   */
  static PairBatch sorted(TokenSequences batch, int vocabulary, int lastToken) {
    int[] order =
        IntStream.range(0, batch.size())
            .boxed()
            .sorted((i, j) -> Integer.compare(batch.token(i, 0), batch.token(j, 0)))
            .mapToInt(Integer::intValue)
            .toArray();
    return of(batch, order, vocabulary, lastToken);
  }

  /** The same in the batch's own order. */
  static PairBatch inOrder(TokenSequences batch, int vocabulary, int lastToken) {
    return of(batch, IntStream.range(0, batch.size()).toArray(), vocabulary, lastToken);
  }

  private static PairBatch of(TokenSequences batch, int[] order, int vocabulary, int lastToken) {
    int positions = batch.contextLength() - 1;
    int n = batch.size();
    int[][] nodes = new int[positions][n];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      int sequence = order[i];
      requireLastToken(batch.token(sequence, positions), lastToken);
      labels[i] = batch.label(sequence);
      for (int t = 0; t < positions; t++) {
        nodes[t][i] = t * vocabulary + batch.token(sequence, t);
      }
    }
    return new PairBatch(nodes, labels);
  }

  private static void requireLastToken(int token, int expected) {
    if (token != expected) {
      throw new IllegalArgumentException(
          "fast path: got a sequence that ends on the token "
              + token
              + ", expected every sequence to end on "
              + expected
              + " ('='); use the reference path for other sequences");
    }
  }

  /**
   * Where piece {@code index} of {@code pieces} about equal ones begins; pairs of one first node
   * stay together.
   */
  int boundary(int index, int pieces) {
    int at = (int) ((long) size() * index / pieces);
    while (at > 0 && at < size() && nodes[0][at] == nodes[0][at - 1]) {
      at++;
    }
    return at;
  }

  int size() {
    return labels.length;
  }

  int positions() {
    return nodes.length;
  }

  int node(int position, int i) {
    return nodes[position][i];
  }

  int label(int i) {
    return labels[i];
  }
}
