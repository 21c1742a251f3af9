package org.grokscope.line;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.task.LineAnswers;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineFact;
import org.grokscope.task.LineVocabulary;
import org.grokscope.task.TokenKind;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a model does when it is told another count: at one position of every document the count's
 * component is changed from c to c', and the answer is held against what c' would ask for (E9).
 *
 * <p>A decision follows if the line ends exactly where c' + 1 + next length &gt; width; only such
 * c' are asked for which this differs from the truth, and is clear by more than {@value #CLEAR}
 * characters. A name follows if the blanks that the model would name are within {@value #NEAR} of
 * width − c' (boxes), or the label is the one above c' (headers).
 *
 * <p>The unit is what exchanging the whole vector does; the control are random subspaces of the
 * same size.
 */
public final class Steering {
  private static final double CLEAR = 2;
  private static final int NEAR = 2;
  private static final int FEWEST = 20;

  private final LineNetwork network;
  private final LineBatch batch;
  private final String hook;
  private final Manifold manifold;
  private final List<Ask> asks;

  /**
   * One position and what it is told.
   *
   * @param position i·T + t
   * @param from c
   * @param to c'
   * @param label the token of the label above c', or −1 where the question is whether to break
   */
  private record Ask(int position, int from, int to, int label) {}

  private Steering(LineNetwork network, LineBatch batch, FactManifold manifold, List<Ask> asks) {
    if (manifold.fact() != LineFact.COUNT) {
      throw new IllegalArgumentException(
          "steering: got the manifold of " + manifold.fact() + ", expected that of COUNT");
    }
    if (asks.size() < FEWEST) {
      throw new IllegalArgumentException(
          "steering: got "
              + asks.size()
              + " documents in which another count would change the answer, expected at least "
              + FEWEST
              + "; read more documents");
    }
    this.network = network;
    this.batch = batch;
    this.hook = manifold.hook();
    this.manifold = manifold.manifold();
    this.asks = List.copyOf(asks);
  }

  /**
   * Steers decisions whether to break.
   *
   * @param network that decides
   * @param batch one decision is taken of every document, where there is one
   * @param manifold of the counts, at the hook where they are exchanged
   * @param seed of the choice of positions and counts
   * @throws IllegalArgumentException if the manifold is not that of the count, or fewer than
   *     {@value #FEWEST} documents have a decision to change
   */
  public static Steering ofBreaks(
      LineNetwork network, LineBatch batch, FactManifold manifold, long seed) {
    RandomGenerator random = new Random(seed);
    int[] counts = manifold.manifold().labels();
    List<Ask> asks = new ArrayList<>();
    for (List<Integer> choices : byDocument(batch, batch.decisions())) {
      int position = choices.get(random.nextInt(choices.size()));
      int from = fact(batch, LineFact.COUNT, position);
      int next = fact(batch, LineFact.NEXT_LENGTH, position);
      int width = fact(batch, LineFact.WIDTH, position);
      if (next < 0 || Arrays.binarySearch(counts, from) < 0) {
        continue;
      }
      boolean breaks = from + 1 + next > width;
      int[] others =
          Arrays.stream(counts)
              .filter(to -> to <= width && (to + 1 + next > width) != breaks)
              .filter(to -> Math.abs(to + 1 + next - width - 0.5) > CLEAR)
              .toArray();
      if (others.length > 0) {
        asks.add(new Ask(position, from, others[random.nextInt(others.length)], -1));
      }
    }
    return new Steering(network, batch, manifold, asks);
  }

  /**
   * Steers which label a caret is answered with.
   *
   * @param network that answers
   * @param batch of a task with a header; one caret is taken of every document
   * @param manifold of the counts at carets, at the hook where they are exchanged
   * @param seed of the choice
   * @throws IllegalArgumentException as {@link #ofBreaks} does, and if the task has no header
   */
  public static Steering ofLabels(
      LineNetwork network, LineBatch batch, FactManifold manifold, long seed) {
    if (!batch.task().header().present()) {
      throw new IllegalArgumentException(
          "steering: got a task without a header, expected one whose carets ask for a label, such"
              + " as LineBreaking.boxHeader()");
    }
    RandomGenerator random = new Random(seed);
    int[] counts = manifold.manifold().labels();
    List<Ask> asks = new ArrayList<>();
    for (List<Integer> choices : byDocument(batch, batch.positionsOf(TokenKind.CARET))) {
      int position = choices.get(random.nextInt(choices.size()));
      int document = position / batch.length();
      int from = fact(batch, LineFact.COUNT, position);
      int now = labelAbove(batch, document, from);
      int[] others =
          Arrays.stream(counts)
              .filter(to -> labelAbove(batch, document, to) >= 0)
              .filter(to -> labelAbove(batch, document, to) != now)
              .toArray();
      if (now >= 0 && others.length > 0 && Arrays.binarySearch(counts, from) >= 0) {
        int to = others[random.nextInt(others.length)];
        asks.add(new Ask(position, from, to, labelAbove(batch, document, to)));
      }
    }
    return new Steering(network, batch, manifold, asks);
  }

  /** The label whose end in the header row is the first at or after the column after c, or −1. */
  static int labelAbove(LineBatch batch, int document, int count) {
    for (int t = 0; t < batch.length(); t++) {
      if (batch.fact(LineFact.HEADER, document, t) == 1
          && batch.kind(document, t) == TokenKind.LABEL
          && batch.fact(LineFact.COUNT, document, t) >= count + 1) {
        return batch.token(document, t);
      }
    }
    return -1;
  }

  private static List<List<Integer>> byDocument(LineBatch batch, int[] positions) {
    Map<Integer, List<Integer>> documents = new TreeMap<>();
    for (int position : positions) {
      documents.computeIfAbsent(position / batch.length(), key -> new ArrayList<>()).add(position);
    }
    return List.copyOf(documents.values());
  }

  private static int fact(LineBatch batch, LineFact fact, int position) {
    return batch.fact(fact, position / batch.length(), position % batch.length());
  }

  /** How many documents are asked. */
  public int size() {
    return asks.size();
  }

  /**
   * What follows a move in one subspace.
   *
   * @throws IllegalArgumentException if the subspace is not one of the hook's space
   */
  public Outcome outcome(Move move, Subspace subspace) {
    if (subspace.basis().size(1) != manifold.means().size(1)) {
      throw new IllegalArgumentException(
          "steering: got a subspace of "
              + subspace.basis().size(1)
              + " dimensions, expected one of the "
              + manifold.means().size(1)
              + " at "
              + hook);
    }
    int[] positions = asks.stream().mapToInt(Ask::position).toArray();
    UnaryOperator<INDArray> change =
        activation -> exchanged(activation, positions, rows -> moved(rows, move, subspace));
    LineAnswers reading = network.answers(batch, Map.of(hook, change));
    return outcome(reading);
  }

  /** What the model does untouched: how many answers happen to be those asked for. */
  public Outcome untouched() {
    return outcome(network.answers(batch));
  }

  /** An activation with other rows at some positions. */
  static INDArray exchanged(INDArray activation, int[] positions, UnaryOperator<INDArray> change) {
    int width = (int) activation.size(-1);
    double[] numbers = activation.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    INDArray rows = change.apply(LineActivations.rows(numbers, width, positions));
    double[] changed = rows.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    for (int i = 0; i < positions.length; i++) {
      System.arraycopy(changed, i * width, numbers, positions[i] * width, width);
    }
    return Nd4j.createFromArray(numbers)
        .reshape('c', activation.shape())
        .castTo(activation.dataType());
  }

  private INDArray moved(INDArray rows, Move move, Subspace subspace) {
    int[] from = asks.stream().mapToInt(Ask::from).toArray();
    int[] to = asks.stream().mapToInt(Ask::to).toArray();
    return new CountMove(manifold, move, subspace).moved(rows, from, to);
  }

  private Outcome outcome(LineAnswers reading) {
    LineVocabulary vocabulary = batch.vocabulary();
    double decisions = 0;
    double names = 0;
    double certainty = 0;
    boolean labels = asks.get(0).label() >= 0;
    boolean pads = vocabulary.count(TokenKind.PAD) > 0;
    for (Ask ask : asks) {
      if (labels) {
        int answer = reading.likeliest(ask.position(), TokenKind.LABEL);
        names += answer == ask.label() ? 1 : 0;
        certainty += reading.shareWithinKind(ask.position(), answer);
        continue;
      }
      int width = fact(batch, LineFact.WIDTH, ask.position());
      boolean wanted = ask.to() + 1 + fact(batch, LineFact.NEXT_LENGTH, ask.position()) > width;
      decisions += reading.ends(ask.position()) == wanted ? 1 : 0;
      if (pads) {
        int answer = reading.likeliest(ask.position(), TokenKind.PAD);
        int blanks = vocabulary.blanks(answer);
        certainty += reading.shareWithinKind(ask.position(), answer);
        names += Math.abs(blanks - (width - ask.to())) <= NEAR ? 1 : 0;
      }
    }
    int n = asks.size();
    return new Outcome(
        n,
        labels ? OptionalDouble.empty() : OptionalDouble.of(decisions / n),
        labels || pads ? OptionalDouble.of(names / n) : OptionalDouble.empty(),
        labels || pads ? OptionalDouble.of(certainty / n) : OptionalDouble.empty());
  }

  /**
   * What followed.
   *
   * @param documents asked
   * @param decisions share that follow, where it was asked whether to break
   * @param names share of blanks or labels that follow, where the task has them
   * @param certainty mean probability, among the blanks or among the labels, of the one that is
   *     named: near 1 where the answer is sharp, whether or not it follows
   */
  public record Outcome(
      int documents, OptionalDouble decisions, OptionalDouble names, OptionalDouble certainty) {}

  /**
   * Several moves in several subspaces.
   *
   * @return a row each: {@code move}, {@code subspace}, {@code dimensions}, {@code documents},
   *     {@code decisions}, {@code names}, {@code certainty}; what was not asked for is missing
   */
  public Table outcomes(List<Move> moves, List<Subspace> subspaces) {
    StringColumn move = StringColumn.create("move");
    StringColumn subspace = StringColumn.create("subspace");
    IntColumn dimensions = IntColumn.create("dimensions");
    IntColumn documents = IntColumn.create("documents");
    DoubleColumn decisions = DoubleColumn.create("decisions");
    DoubleColumn names = DoubleColumn.create("names");
    DoubleColumn certainty = DoubleColumn.create("certainty");
    for (Move each : moves) {
      for (Subspace space : subspaces) {
        Outcome outcome = outcome(each, space);
        move.append(each.name());
        subspace.append(space.name());
        dimensions.append(space.dimensions());
        documents.append(outcome.documents());
        append(decisions, outcome.decisions());
        append(names, outcome.names());
        append(certainty, outcome.certainty());
      }
    }
    return Table.create(
        "steering", move, subspace, dimensions, documents, decisions, names, certainty);
  }

  /**
   * The subspaces of the published experiment: the first 1, 3, 6 components, the whole vector, and
   * random ones of 6 dimensions.
   *
   * @param draws random subspaces, at least 10 for a verdict
   * @param random of these
   */
  public static List<Subspace> subspaces(FactManifold manifold, int draws, RandomGenerator random) {
    int d = (int) manifold.manifold().means().size(1);
    List<Subspace> subspaces = new ArrayList<>();
    IntStream.of(1, 3, 6).forEach(k -> subspaces.add(Subspace.components(manifold, k)));
    subspaces.add(Subspace.whole(d));
    subspaces.addAll(Subspace.random(6, d, draws, random));
    return List.copyOf(subspaces);
  }

  private static void append(DoubleColumn column, OptionalDouble value) {
    if (value.isPresent()) {
      column.append(value.getAsDouble());
    } else {
      column.appendMissing();
    }
  }
}
