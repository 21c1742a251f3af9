package org.grokscope.line;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.grokscope.geometry.Manifold;
import org.grokscope.task.LineAnswers;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineFact;
import org.grokscope.task.TokenKind;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a model says at its decisions when every one of them is told the same count: x + P(μ(c') −
 * x) at all decisions of a batch, for some c' (E9).
 *
 * @param subspace what was exchanged
 * @param counts told, ascending, [m]
 * @param lengths of the next word, ascending, [l]
 * @param ends mean probability that the line ends, by told count and next length, [m, l]
 * @param columns mean probability of each column, width − blanks, among the blanks that the model
 *     would name, [m, columns]; no columns where the task names none
 */
public record ToldCounts(
    String subspace, List<Integer> counts, List<Integer> lengths, INDArray ends, INDArray columns) {

  /**
   * @throws IllegalArgumentException if the shapes do not agree
   */
  public ToldCounts {
    counts = List.copyOf(counts);
    lengths = List.copyOf(lengths);
    if (!Arrays.equals(ends.shape(), new long[] {counts.size(), lengths.size()})
        || columns.size(0) != counts.size()) {
      throw new IllegalArgumentException(
          "told counts: got "
              + Arrays.toString(ends.shape())
              + " and "
              + Arrays.toString(columns.shape())
              + " for "
              + counts.size()
              + " counts and "
              + lengths.size()
              + " lengths, expected a row a count");
    }
  }

  /**
   * Tells some counts, one after the other.
   *
   * @param network that decides
   * @param batch of one width, so that a count means one thing
   * @param manifold of the counts, at the hook where they are exchanged
   * @param subspace that is exchanged
   * @param counts to tell, each on the manifold
   * @throws IllegalArgumentException if the batch has several widths, or a count is not on the
   *     manifold
   */
  public static ToldCounts of(
      LineNetwork network,
      LineBatch batch,
      FactManifold manifold,
      Subspace subspace,
      List<Integer> counts) {
    int[] decisions = batch.decisions();
    int width = batch.fact(LineFact.WIDTH, 0, 0);
    if (Arrays.stream(batch.facts(LineFact.WIDTH)).anyMatch(other -> other != width)) {
      throw new IllegalArgumentException(
          "told counts: got documents of several widths, expected one; take"
              + " corpus.ofWidth(width, seed, documents)");
    }
    Manifold curve = manifold.manifold();
    int[] next = batch.facts(LineFact.NEXT_LENGTH, decisions);
    List<Integer> lengths =
        Arrays.stream(next).filter(length -> length >= 0).distinct().sorted().boxed().toList();
    int pads = batch.vocabulary().count(TokenKind.PAD);
    INDArray ends = Nd4j.zeros(DataType.DOUBLE, counts.size(), lengths.size());
    INDArray columns = Nd4j.zeros(DataType.DOUBLE, counts.size(), pads == 0 ? 1 : width + 1);
    for (int m = 0; m < counts.size(); m++) {
      INDArray told = curve.mean(counts.get(m));
      LineAnswers reading =
          network.answers(
              batch,
              Map.of(
                  manifold.hook(),
                  activation ->
                      Steering.exchanged(
                          activation, decisions, rows -> subspace.moved(rows, told))));
      Map<Integer, double[]> byLength = new TreeMap<>();
      for (int i = 0; i < decisions.length; i++) {
        if (next[i] >= 0) {
          double[] sum = byLength.computeIfAbsent(next[i], key -> new double[2]);
          sum[0] += reading.endProbability(decisions[i]);
          sum[1]++;
        }
        for (int blanks = 0; blanks < pads; blanks++) {
          double share =
              reading.shareWithinKind(decisions[i], batch.vocabulary().pad(blanks))
                  / decisions.length;
          columns.putScalar(m, width - blanks, columns.getDouble(m, width - blanks) + share);
        }
      }
      for (int l = 0; l < lengths.size(); l++) {
        double[] sum = byLength.get(lengths.get(l));
        ends.putScalar(m, l, sum[0] / sum[1]);
      }
    }
    return new ToldCounts(subspace.name(), counts, lengths, ends, columns);
  }

  /** Whether the task names columns. */
  public boolean namesColumns() {
    return columns.size(1) > 1;
  }
}
