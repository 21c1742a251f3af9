package org.grokscope.line;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.LineAnswers;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineFact;
import org.grokscope.task.TokenKind;
import org.grokscope.task.WidthSource;

/**
 * A model that breaks lines, on fresh documents: what {@link LineMeasures} are taken of. The count
 * is looked for at the residual stream after the last MLP before the decision: after layer 0 of a
 * model of plain text, after layer 1 of one of boxed text; and where the stream goes through a norm
 * or noise there, behind the norm, without the noise.
 *
 * <p>What several measures need is computed once, when the first one asks. For one thread.
 */
public final class LineSubject extends LinedSubject<LineBatch> {
  /** Documents that evidence is read off. */
  public static final int DOCUMENTS = 400;

  /** Of the documents, and of the controls. */
  static final long SEED = 11;

  private static final int MORE = 5; // half times as many documents for accuracies
  private static final int LEAST_AT_POSITIONS = 8; // the same, where there are fewer
  private static final int LEAST_RULED = 5; // the same at ends of rulers

  private final LineBreaking task;
  private final int controls;
  private LineAnswers reading; // null until asked for, as the next
  private List<QkTwist> twists;

  private LineSubject(LineBreaking task, ReferenceTransformer reader, int documents, int controls) {
    super(reader, task.corpus().fresh(SEED, documents));
    this.task = task;
    this.controls = controls;
  }

  /**
   * A model, which stays the caller's to close.
   *
   * @param documents to read, {@link #DOCUMENTS} for evidence
   * @param controls random subspaces and random heads beside each; 0 where no measure needs them
   * @throws IllegalArgumentException if there are fewer than 1 document or 0 controls
   */
  public static LineSubject of(
      LineBreaking task, ReferenceTransformer reader, int documents, int controls) {
    if (documents < 1 || controls < 0) {
      throw new IllegalArgumentException(
          "line subject: got "
              + documents
              + " documents and "
              + controls
              + " controls, expected at least 1 and at least 0");
    }
    return new LineSubject(task, reader, documents, controls);
  }

  LineBreaking task() {
    return task;
  }

  int controls() {
    return controls;
  }

  /** A third as many other documents, for probes. */
  LineBatch some() {
    return task.corpus().fresh(SEED + 3, batch().size() / 3);
  }

  /** Many documents of widths that the model has not seen. */
  LineBatch unseen() {
    return task.corpus().unseen(SEED + 2, many());
  }

  private int many() {
    return MORE * batch().size() / 2;
  }

  /** What the model says of many documents. */
  LineAnswers reading() {
    if (reading == null) {
      reading = reading(task.corpus().fresh(SEED + 1, many()));
    }
    return reading;
  }

  /** What it says of them with noise where the count is looked for. */
  LineAnswers noisyReading() {
    return network()
        .answers(reading().batch(), Map.of(site(), LineActivations.noise(through().noise(), SEED)));
  }

  LineAnswers reading(LineBatch documents) {
    return network().answers(documents);
  }

  BreakDecision decision(int remaining) {
    return BreakDecision.of(atDecisions(site()), remaining, LEAST);
  }

  /** Means by count at some positions. */
  FactManifold counts(String hook, int[] positions) {
    return FactManifold.of(
        read(hook, positions), LineFact.COUNT, Confounds.KEPT, LEAST_AT_POSITIONS);
  }

  /** Whether something says the width, and there are several. */
  public boolean saysWidths() {
    return task.widths().source() != WidthSource.INFERRED && task.widths().all().size() > 1;
  }

  /**
   * The curve of the width: means at what says it, the first token or the end of the ruler.
   *
   * @throws IllegalArgumentException if nothing says it
   */
  public FactManifold widths() {
    return widths(site());
  }

  /** The same of another activation. */
  FactManifold widths(String hook) {
    return switch (task.widths().source()) {
      case GIVEN ->
          widths(
              hook, IntStream.range(0, batch().size()).map(i -> i * batch().length()).toArray(), 1);
      case RULED -> widths(hook, batch().positionsOf(TokenKind.RULER_END), LEAST_RULED);
      case INFERRED ->
          throw new IllegalArgumentException(
              "line subject: got widths to infer, expected a token that says them; take a task"
                  + " whose width is given or ruled");
    };
  }

  private FactManifold widths(String hook, int[] positions, int least) {
    return FactManifold.of(read(hook, positions), LineFact.WIDTH, Confounds.KEPT, least);
  }

  int[] carets() {
    return batch().positionsOf(TokenKind.CARET);
  }

  private int[] headerLabels() {
    int[] header = batch().facts(LineFact.HEADER);
    return Arrays.stream(batch().positionsOf(TokenKind.LABEL))
        .filter(position -> header[position] == 1)
        .toArray();
  }

  /** Every head of the last layer between carets and the header's labels; none without header. */
  List<QkTwist> twists() {
    if (twists == null) {
      twists = task.header().present() ? betweenCaretsAndLabels() : List.of();
    }
    return twists;
  }

  private List<QkTwist> betweenCaretsAndLabels() {
    FactManifold queries = counts(keysAndQueries(), carets());
    FactManifold keys = counts(keysAndQueries(), headerLabels());
    return IntStream.range(0, layer(last()).heads())
        .mapToObj(head -> twist(head, queries, keys))
        .toList();
  }

  /** The subspaces of the published experiment. */
  List<Subspace> subspaces(FactManifold manifold, int draw) {
    return Steering.subspaces(manifold, controls, new Random(SEED + draw));
  }
}
