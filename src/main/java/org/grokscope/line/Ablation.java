package org.grokscope.line;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.task.LineAnswers;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineFact;
import org.grokscope.task.LineVocabulary;
import org.grokscope.task.TokenKind;
import org.nd4j.linalg.api.ndarray.INDArray;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a model loses without its count: at every word and caret of the text, x − P(x − m) takes the
 * place of x, m the mean over the manifold (E9).
 *
 * <p>If the count is used for line breaks alone, these suffer and the words do not.
 */
public final class Ablation {
  private Ablation() {}

  /**
   * Takes subspaces out, one at a time; the first row is the untouched model.
   *
   * @param manifold at the hook where it is taken out
   * @return a row each: {@code subspace}, {@code dimensions}, {@code break_accuracy}, {@code
   *     near_edge_accuracy}, {@code f1} of the line ends, {@code blanks_accuracy} (right blanks
   *     named exactly), {@code label_accuracy} after carets, {@code word_loss} in nats among words,
   *     {@code end_loss} in nats, −ln of the probability that the line ends, where it does; missing
   *     where the task has none
   */
  public static Table of(
      LineNetwork network, LineBatch batch, FactManifold manifold, List<Subspace> subspaces) {
    StringColumn names = StringColumn.create("subspace");
    IntColumn dimensions = IntColumn.create("dimensions");
    DoubleColumn[] measures =
        Arrays.stream(
                new String[] {
                  "break_accuracy",
                  "near_edge_accuracy",
                  "f1",
                  "blanks_accuracy",
                  "label_accuracy",
                  "word_loss",
                  "end_loss"
                })
            .map(DoubleColumn::create)
            .toArray(DoubleColumn[]::new);
    names.append("nothing");
    dimensions.append(0);
    append(measures, network.answers(batch));
    for (Subspace subspace : subspaces) {
      names.append(subspace.name());
      dimensions.append(subspace.dimensions());
      append(measures, without(network, batch, manifold, subspace));
    }
    Table table = Table.create("ablation", names, dimensions);
    for (DoubleColumn measure : measures) {
      table.addColumns(measure);
    }
    return table;
  }

  /** What the model says without a subspace. */
  public static LineAnswers without(
      LineNetwork network, LineBatch batch, FactManifold manifold, Subspace subspace) {
    Manifold curve = manifold.manifold();
    INDArray mean = curve.means().mean(0);
    int[] positions =
        IntStream.concat(
                Arrays.stream(batch.decisions()), Arrays.stream(batch.positionsOf(TokenKind.CARET)))
            .sorted()
            .toArray();
    return network.answers(
        batch,
        Map.of(
            manifold.hook(),
            activation ->
                Steering.exchanged(activation, positions, rows -> subspace.moved(rows, mean))));
  }

  private static void append(DoubleColumn[] measures, LineAnswers reading) {
    LineBatch batch = reading.batch();
    LineVocabulary vocabulary = batch.vocabulary();
    int[] decisions = batch.decisions();
    measures[0].append(reading.breakAccuracy(position -> true));
    measures[1].append(reading.nearEdgeAccuracy());
    measures[2].append(f1(reading, decisions));
    measures[3].append(
        share(
            Arrays.stream(decisions)
                .filter(p -> vocabulary.kind(reading.target(p)) == TokenKind.PAD),
            p -> reading.likeliest(p, TokenKind.PAD) == reading.target(p)));
    measures[4].append(
        share(
            Arrays.stream(batch.positionsOf(TokenKind.CARET))
                .filter(p -> vocabulary.kind(reading.target(p)) == TokenKind.LABEL),
            p -> reading.likeliest(p, TokenKind.LABEL) == reading.target(p)));
    measures[5].append(
        Arrays.stream(decisions)
            .filter(p -> vocabulary.kind(reading.target(p)) == TokenKind.WORD)
            .mapToDouble(reading::lossWithinKind)
            .average()
            .orElse(Double.NaN));
    measures[6].append(
        Arrays.stream(decisions)
            .filter(p -> vocabulary.endsLine(reading.target(p)))
            .mapToDouble(p -> -Math.log(reading.endProbability(p)))
            .average()
            .orElse(Double.NaN));
  }

  /** NaN, which is missing in a table, where there is nothing to count. */
  private static double share(IntStream positions, IntPredicate right) {
    return positions.map(position -> right.test(position) ? 1 : 0).average().orElse(Double.NaN);
  }

  /** 2·hits / (2·hits + misses + false alarms) of "the line has to end here". */
  private static double f1(LineAnswers reading, int[] decisions) {
    int[] mustBreak = reading.batch().facts(LineFact.MUST_BREAK);
    double hits = 0;
    double wrong = 0;
    for (int position : decisions) {
      boolean ends = reading.ends(position);
      boolean must = mustBreak[position] == 1;
      hits += ends && must ? 1 : 0;
      wrong += ends != must ? 1 : 0;
    }
    return hits + wrong == 0 ? 0 : 2 * hits / (2 * hits + wrong);
  }
}
