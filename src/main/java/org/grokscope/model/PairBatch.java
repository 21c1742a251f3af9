package org.grokscope.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.grokscope.task.Batch;

/**
 * A batch as the fast path reads it: which table rows each sequence adds up, and which sequences
 * use a row.
 *
 * <p>A <em>node</em> is a token at a position before the last: node = position · vocabulary +
 * token.
 */
final class PairBatch {
  /**
   * Second tokens whose pairs lie together: few enough that their table rows, 10 kB a token at the
   * published widths, stay in a core's second-level cache while the first tokens pass by.
   */
  private static final int TILE = 16;

  private final int[][] nodes; // [positions][n]
  private final int[] labels; // [n]
  private final int[][] users; // [positions·vocabulary][·], the sequences that use a node

  private PairBatch(int[][] nodes, int[] labels, int[][] users) {
    this.nodes = nodes;
    this.labels = labels;
    this.users = users;
  }

  /**
   * Sorts a batch by tiles of second tokens, then by the first token, so that neighbours share
   * table rows.
   *
   * @param lastToken the token that every sequence has to end on
   * @throws IllegalArgumentException if a sequence ends otherwise
   */
  static PairBatch sorted(Batch batch, int vocabulary, int lastToken) {
    Integer[] order = IntStream.range(0, batch.size()).boxed().toArray(Integer[]::new);
    int second = Math.min(1, batch.length() - 2);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingInt(i -> batch.token(i, second) / TILE)
            .thenComparingInt(i -> batch.token(i, 0))
            .thenComparingInt(i -> batch.token(i, second)));
    return of(batch, order, vocabulary, lastToken);
  }

  /** The same in the batch's own order. */
  static PairBatch inOrder(Batch batch, int vocabulary, int lastToken) {
    Integer[] order = IntStream.range(0, batch.size()).boxed().toArray(Integer[]::new);
    return of(batch, order, vocabulary, lastToken);
  }

  private static PairBatch of(Batch batch, Integer[] order, int vocabulary, int lastToken) {
    int positions = batch.length() - 1;
    int[][] nodes = new int[positions][order.length];
    int[] labels = new int[order.length];
    int[] uses = new int[positions * vocabulary];
    for (int i = 0; i < order.length; i++) {
      requireLastToken(batch.token(order[i], positions), lastToken);
      labels[i] = batch.label(order[i]);
      for (int t = 0; t < positions; t++) {
        nodes[t][i] = t * vocabulary + batch.token(order[i], t);
        uses[nodes[t][i]]++;
      }
    }
    int[][] users = new int[uses.length][];
    Arrays.setAll(users, node -> new int[uses[node]]);
    for (int i = order.length - 1; i >= 0; i--) {
      for (int t = 0; t < positions; t++) {
        users[nodes[t][i]][--uses[nodes[t][i]]] = i;
      }
    }
    return new PairBatch(nodes, labels, users);
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

  int size() {
    return labels.length;
  }

  /** Where piece number {@code piece} of {@code pieces} about equal ones begins. */
  int start(int piece, int pieces) {
    return (int) ((long) labels.length * piece / pieces);
  }

  /** Positions before the last. */
  int positions() {
    return nodes.length;
  }

  int node(int position, int i) {
    return nodes[position][i];
  }

  int label(int i) {
    return labels[i];
  }

  /** How many sequences use a node. */
  int uses(int node) {
    return users[node].length;
  }

  /** The sequence that uses a node as its {@code use}-th, in ascending order. */
  int user(int node, int use) {
    return users[node][use];
  }
}
