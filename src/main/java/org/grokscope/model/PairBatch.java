package org.grokscope.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.grokscope.task.TokenSequences;

/**
 * A batch as the fast path reads it: which table rows each sequence adds up.
 *
 * <p>A <em>node</em> is a token at a position before the last: node = position · vocabulary +
 * token. The batch is divided into stripes; the sequences of one first token lie side by side and
 * in one stripe.
 */
final class PairBatch {
  private final int[][] nodes; // [contextLength−1][n]
  private final int[] labels; // [n]
  private final int[] starts; // [stripes+1], where each stripe begins

  private PairBatch(int[][] nodes, int[] labels, int[] starts) {
    this.nodes = nodes;
    this.labels = labels;
    this.starts = starts;
  }

  /**
   * Sorts a batch by its first token, so that neighbours share a table row.
   *
   * @param lastToken the token that every sequence has to end on
   * @throws IllegalArgumentException if a sequence ends otherwise
   */
  static PairBatch sorted(TokenSequences batch, int vocabulary, int lastToken, int stripes) {
    Integer[] order = IntStream.range(0, batch.size()).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingInt(i -> batch.token(i, 0)));
    int[] starts = new int[stripes + 1];
    for (int stripe = 1; stripe <= stripes; stripe++) {
      int at = (int) ((long) order.length * stripe / stripes);
      while (at > 0
          && at < order.length
          && batch.token(order[at], 0) == batch.token(order[at - 1], 0)) {
        at++;
      }
      starts[stripe] = at;
    }
    return of(batch, order, vocabulary, lastToken, starts);
  }

  /** The same in the batch's own order, for a forward pass only. */
  static PairBatch inOrder(TokenSequences batch, int vocabulary, int lastToken, int stripes) {
    Integer[] order = IntStream.range(0, batch.size()).boxed().toArray(Integer[]::new);
    int[] starts =
        IntStream.rangeClosed(0, stripes)
            .map(stripe -> (int) ((long) order.length * stripe / stripes))
            .toArray();
    return of(batch, order, vocabulary, lastToken, starts);
  }

  private static PairBatch of(
      TokenSequences batch, Integer[] order, int vocabulary, int lastToken, int[] starts) {
    int positions = batch.contextLength() - 1;
    int[][] nodes = new int[positions][order.length];
    int[] labels = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      requireLastToken(batch.token(order[i], positions), lastToken);
      labels[i] = batch.label(order[i]);
      for (int t = 0; t < positions; t++) {
        nodes[t][i] = t * vocabulary + batch.token(order[i], t);
      }
    }
    return new PairBatch(nodes, labels, starts);
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

  /** Where a stripe begins; stripe number {@code stripes} is the end. */
  int start(int stripe) {
    return starts[stripe];
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
