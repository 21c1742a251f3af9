package org.grokscope.line;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.Polar;
import org.grokscope.geometry.PrincipalComponents;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a head compares two curves, such as the count of a query with the width of a key: whether its
 * QK map turns one onto the other (E7, E14).
 *
 * <p>With the mean inputs y<sub>c</sub> of queries by their label c and z<sub>k</sub> of keys by
 * theirs, q(c) = y<sub>c</sub> W_Q + b_Q and k(k) = z<sub>k</sub> W_K + b_K; the map of matches is
 * S<sub>ck</sub> = q(c)·k(k)/√d_head. A boundary head has its peak over k on a line k = slope·c +
 * offset, which random heads on the same inputs do not.
 *
 * <p>After "When Models Manipulate Manifolds" (Anthropic, 2025); peak and line are our definition.
 */
public final class QkTwist {
  private static final int FEWEST_PEAKS = 8;
  private static final int EDGE = 2;

  private final Head head;
  private final Manifold queries;
  private final Manifold keys;

  private QkTwist(Head head, Manifold queries, Manifold keys) {
    this.head = head;
    this.queries = queries;
    this.keys = keys;
  }

  /** Which part of the map of matches peaks are looked for in. */
  public enum Part {
    /** S as it is: what the softmax of one query sees. */
    WHOLE,
    /**
     * S less the means of its rows and columns: only what depends on query and key together. A key
     * that every query likes has no say.
     */
    INTERACTION
  }

  /** Along which labels peaks are looked for. */
  public enum Along {
    /** For every query label the key label that it likes best. */
    KEYS,
    /** For every key label the query label that likes it best. */
    QUERIES
  }

  /**
   * A head between two manifolds.
   *
   * @param head whose QK map it is
   * @param queries mean inputs of the head's layer where it asks, by label
   * @param keys mean inputs of the head's layer where it is asked for, by label
   * @throws IllegalArgumentException if the inputs are not as wide as the head's weights expect
   */
  public static QkTwist of(Head head, Manifold queries, Manifold keys) {
    long d = head.queryWeights().size(0);
    if (queries.means().size(1) != d || keys.means().size(1) != d) {
      throw new IllegalArgumentException(
          "QK twist: got inputs of width "
              + queries.means().size(1)
              + " and "
              + keys.means().size(1)
              + " for head "
              + head.name()
              + ", expected "
              + d
              + "; take the manifolds of what enters its attention, such as"
              + " blocks.N.ln1.hook_normalized");
    }
    return new QkTwist(head, queries, keys);
  }

  /** The head. */
  public Head head() {
    return head;
  }

  /** The labels of the queries, [c]; a copy. */
  public int[] queryLabels() {
    return queries.labels();
  }

  /** The labels of the keys, [k]; a copy. */
  public int[] keyLabels() {
    return keys.labels();
  }

  /** The map of matches S, [c, k]. */
  public INDArray scores() {
    return projectedQueries()
        .mmul(projectedKeys().transpose())
        .divi(Math.sqrt(head.queryWeights().size(1)));
  }

  /** A part of the map of matches, [c, k]. */
  public INDArray scores(Part part) {
    INDArray scores = scores();
    if (part == Part.WHOLE) {
      return scores;
    }
    double all = scores.meanNumber().doubleValue();
    return scores.subColumnVector(scores.mean(1)).subiRowVector(scores.mean(0)).addi(all);
  }

  /**
   * The map before the head's own weights: cosines of the centred mean inputs, [c, k].
   *
   * <p>Both are centred by their own mean over the labels, as {@link #alignmentBefore()} does.
   */
  public INDArray cosinesBefore() {
    return cosines(queries.means(), keys.means());
  }

  /** The cosines of the centred q(c) and k(k), [c, k]. */
  public INDArray cosinesAfter() {
    return cosines(projectedQueries(), projectedKeys());
  }

  /** The mean inputs y<sub>c</sub> of the queries, [c, d]. */
  public INDArray queryMeans() {
    return queries.means();
  }

  /** The mean inputs z<sub>k</sub> of the keys, [k, d]. */
  public INDArray keyMeans() {
    return keys.means();
  }

  /** q(c), [c, d_head]. */
  public INDArray projectedQueries() {
    return head.queries(queries.means());
  }

  /** k(k), [k, d_head]. */
  public INDArray projectedKeys() {
    return head.keys(keys.means());
  }

  private static INDArray cosines(INDArray left, INDArray right) {
    return unit(left).mmul(unit(right).transpose());
  }

  private static INDArray unit(INDArray rows) {
    INDArray centred = rows.subRowVector(rows.mean(0));
    return centred.diviColumnVector(centred.norm2(1));
  }

  /**
   * How much of the map of matches depends on the difference of the labels alone, which is what a
   * head that turns one curve onto the other makes of it; see {@link #differenceShare(INDArray,
   * int[], int[], int)}.
   *
   * @param within largest difference that counts
   */
  public double differenceShareAfter(int within) {
    return differenceShare(scores(), queryLabels(), keyLabels(), within);
  }

  /** The same of the cosines before the head's own weights. */
  public double differenceShareBefore(int within) {
    return differenceShare(cosinesBefore(), queryLabels(), keyLabels(), within);
  }

  /**
   * How much of a map depends on the difference of the labels alone: of the variance of the map
   * less the means of its rows and columns, over all entries with |k − c| ≤ within, the share that
   * the means of its diagonals explain.
   *
   * @param map [c, k]
   * @param from labels of the rows, c
   * @param to labels of the columns, k
   * @param within largest difference that counts
   * @return 0 … 1
   * @throws IllegalArgumentException if there is no variance within
   */
  static double differenceShare(INDArray map, int[] from, int[] to, int within) {
    double all = map.meanNumber().doubleValue();
    double[][] centred =
        map.subColumnVector(map.mean(1)).subiRowVector(map.mean(0)).addi(all).toDoubleMatrix();
    Map<Integer, SummaryStatistics> diagonals = new TreeMap<>();
    SummaryStatistics every = new SummaryStatistics();
    for (int i = 0; i < from.length; i++) {
      for (int j = 0; j < to.length; j++) {
        int difference = to[j] - from[i];
        if (Math.abs(difference) <= within) {
          every.addValue(centred[i][j]);
          diagonals
              .computeIfAbsent(difference, unseen -> new SummaryStatistics())
              .addValue(centred[i][j]);
        }
      }
    }
    double total = every.getN() * every.getPopulationVariance();
    if (!(total > 0)) {
      throw new IllegalArgumentException(
          "QK twist: got a map without variance within a difference of "
              + within
              + ", expected labels of one unit and a map that is not constant");
    }
    double between = 0;
    for (SummaryStatistics diagonal : diagonals.values()) {
      between += diagonal.getN() * Math.pow(diagonal.getMean() - every.getMean(), 2);
    }
    return between / total;
  }

  /** Where each label's peak is: the best key of every query, or the best query of every key. */
  public int[] peaks(Part part, Along along) {
    double[][] scores = oriented(part, along);
    int[] labels = along == Along.KEYS ? keyLabels() : queryLabels();
    return Arrays.stream(scores).mapToInt(row -> labels[largest(row)]).toArray();
  }

  private double[][] oriented(Part part, Along along) {
    INDArray scores = scores(part);
    return (along == Along.KEYS ? scores : scores.transpose()).dup('c').toDoubleMatrix();
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }

  /**
   * The straight line through the peaks, key label = slope · query label + offset, by least
   * squares. Peaks among the first or last {@value #EDGE} labels are left out: there the true peak
   * may lie beyond, and a map without any match peaks there as well.
   *
   * @param part of the map
   * @param along which labels a peak is looked for; the line is fitted to the peak as a function of
   *     the other label, and the offset is in labels peaked along
   */
  public Line line(Part part, Along along) {
    int[] from = along == Along.KEYS ? queryLabels() : keyLabels();
    int[] to = along == Along.KEYS ? keyLabels() : queryLabels();
    int[] peaks = peaks(part, along);
    SimpleRegression line = new SimpleRegression();
    double difference = 0;
    int inside = 0;
    for (int i = 0; i < peaks.length; i++) {
      if (to.length > 2 * EDGE && peaks[i] >= to[EDGE] && peaks[i] <= to[to.length - 1 - EDGE]) {
        line.addData(from[i], peaks[i]);
        difference += peaks[i] - from[i];
        inside++;
      }
    }
    boolean fitted = inside >= FEWEST_PEAKS;
    boolean flat = fitted && line.getTotalSumSquares() == 0;
    return new Line(
        inside,
        peaks.length,
        fitted ? line.getSlope() : Double.NaN,
        fitted ? line.getIntercept() : Double.NaN,
        fitted ? difference / inside : Double.NaN,
        fitted ? (flat ? 0 : line.getRSquare()) : Double.NaN);
  }

  /**
   * A line through peaks.
   *
   * @param inside labels whose peak lies inside
   * @param labels all of them
   * @param slope of the line; not a number where fewer than {@value #FEWEST_PEAKS} peaks lie inside
   * @param intercept of the line at label 0
   * @param offset mean of peak − label over the peaks inside
   * @param r2 squared correlation of peak and label; 0 where all peaks lie at one label
   */
  public record Line(
      int inside, int labels, double slope, double intercept, double offset, double r2) {

    /** Whether there were enough peaks for a line. */
    public boolean fitted() {
      return !Double.isNaN(slope);
    }
  }

  /**
   * How alike the two curves are before the head: for every shift s, the mean over c of the cosine
   * of the centred means at c and c + s; the largest over all shifts at which at least half of the
   * shorter curve's labels have a partner.
   */
  public Alignment alignmentBefore() {
    return alignment(cosinesBefore());
  }

  /** The same of q(c) and k(c + s), after the head's W_Q and W_K. */
  public Alignment alignmentAfter() {
    return alignment(cosinesAfter());
  }

  private Alignment alignment(INDArray cosines) {
    int[] from = queryLabels();
    int[] to = keyLabels();
    int least = (Math.min(from.length, to.length) + 1) / 2;
    Alignment best = null;
    for (int shift = to[0] - from[from.length - 1]; shift <= to[to.length - 1] - from[0]; shift++) {
      double sum = 0;
      int pairs = 0;
      for (int i = 0; i < from.length; i++) {
        int j = Arrays.binarySearch(to, from[i] + shift);
        if (j >= 0) {
          sum += cosines.getDouble(i, j);
          pairs++;
        }
      }
      if (pairs >= least && (best == null || sum / pairs > best.cosine())) {
        best = new Alignment(shift, sum / pairs);
      }
    }
    if (best == null) {
      throw new IllegalArgumentException(
          "QK twist: got query labels "
              + from[0]
              + " … "
              + from[from.length - 1]
              + " and key labels "
              + to[0]
              + " … "
              + to[to.length - 1]
              + " of which no shift brings half together, expected labels of one unit");
    }
    return best;
  }

  /**
   * The shift at which two curves are most alike.
   *
   * @param shift key label − query label
   * @param cosine mean cosine there
   */
  public record Alignment(int shift, double cosine) {}

  /**
   * The head's W_Q W_Kᵀ as a rotation after a stretch, in the subspace that both curves fill: B W_Q
   * W_Kᵀ Bᵀ with B [n, d] the first n principal components of the centred means of both.
   *
   * @param n dimensions of the subspace, at most d_head; 6 for the published manifold
   * @throws IllegalArgumentException if the head's map has a lower rank there
   */
  public Polar polar(int n) {
    INDArray left = queries.means();
    INDArray right = keys.means();
    INDArray basis =
        PrincipalComponents.of(
                Nd4j.vstack(left.subRowVector(left.mean(0)), right.subRowVector(right.mean(0))))
            .basis(n);
    return Polar.of(
        basis
            .mmul(head.queryWeights())
            .mmul(head.keyWeights().transpose())
            .mmul(basis.transpose()));
  }

  /**
   * Heads of random weights on the same inputs, the control.
   *
   * @param draws how many, at least 1
   * @param random of their weights
   */
  public List<QkTwist> randomHeads(int draws, RandomGenerator random) {
    if (draws < 1) {
      throw new IllegalArgumentException(
          "QK twist: got " + draws + " random heads, expected at least 1, such as 10");
    }
    List<QkTwist> heads = new ArrayList<>();
    IntStream.range(0, draws)
        .forEach(draw -> heads.add(new QkTwist(head.random(random), queries, keys)));
    return List.copyOf(heads);
  }
}
