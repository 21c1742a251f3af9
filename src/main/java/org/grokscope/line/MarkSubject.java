package org.grokscope.line;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.model.NativeValues;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.MarkAnswers;
import org.grokscope.task.MarkBatch;
import org.grokscope.task.MarkCounting;
import org.grokscope.task.MarkVocabulary;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model of marks on fresh texts. The count is looked for where the last layer reads the stream,
 * {@code blocks.N.hook_resid_pre}: behind the norm of the site, without its noise.
 *
 * <p>What several measures need is computed once. For one thread.
 */
public final class MarkSubject {
  /** Texts that evidence is read off. */
  public static final int TEXTS = 400;

  private static final long SEED = 11; // of the texts, and of the noise
  private static final int LEAST = 10; // rows that a mean needs
  private static final int LEAST_TOLD = 5; // the same at what says how many, which is rarer

  private final ReferenceTransformer reader;
  private final MarkBatch batch;
  private final int last;
  private Manifold count; // null until asked for, as the next
  private Manifold told;

  private MarkSubject(MarkCounting task, ReferenceTransformer reader, int texts) {
    this.reader = reader;
    this.batch = task.fresh(SEED, texts);
    this.last = reader.config().shape().layers().size() - 1;
  }

  /**
   * A model, which stays the caller's to close.
   *
   * @param texts to read, {@link #TEXTS} for evidence
   */
  public static MarkSubject of(MarkCounting task, ReferenceTransformer reader, int texts) {
    return new MarkSubject(task, reader, texts);
  }

  /** The texts. */
  public MarkBatch batch() {
    return batch;
  }

  /** The last layer, which compares. */
  public int last() {
    return last;
  }

  /** Where the count is looked for. */
  public String site() {
    return "blocks." + last + ".hook_resid_pre";
  }

  ReferenceTransformer reader() {
    return reader;
  }

  /** The curve of the count: means by count at marks, without additive effects of chunks. */
  public Manifold count() {
    if (count == null) {
      count = counts(site());
    }
    return count;
  }

  /** The curve of what was told: means by number at what says how many marks there are to be. */
  public Manifold told() {
    if (told == null) {
      told = tolds(site());
    }
    return told;
  }

  /**
   * A head of the last layer between the two curves, as they enter its attention: means by count
   * and by number behind the LayerNorm, in which the chunks' effects are kept.
   */
  public QkTwist twist(int head) {
    String inputs = "blocks." + last + ".ln1.hook_normalized";
    int[] marks = batch.positionsOf(MarkVocabulary.Kind.MARKS);
    Manifold queries =
        Manifold.of(rows(inputs, marks), IntStream.of(marks).map(batch::count).toArray())
            .between(1, Integer.MAX_VALUE, LEAST);
    Head plain = Head.of(reader.parameters(), last, head);
    boolean normed = reader.config().shape().layers().get(last).bounds().normed();
    return QkTwist.of(normed ? plain.normalised() : plain, queries, tolds(inputs));
  }

  /** Means by count of another activation at marks. */
  Manifold counts(String hook) {
    int[] marks = batch.positionsOf(MarkVocabulary.Kind.MARKS);
    int[] tokens = batch.tokens();
    return Manifold.adjusted(
            rows(hook, marks),
            IntStream.of(marks).map(batch::count).toArray(),
            List.of(IntStream.of(marks).map(position -> tokens[position]).toArray()))
        .between(1, Integer.MAX_VALUE, LEAST);
  }

  /** Means by number of another activation at what says how many. */
  Manifold tolds(String hook) {
    int[] tellings = batch.tellings();
    return Manifold.of(rows(hook, tellings), IntStream.of(tellings).map(batch::wanted).toArray())
        .between(1, Integer.MAX_VALUE, LEAST_TOLD);
  }

  /** An activation at some positions, [n, …], float64; what follows is flattened. */
  INDArray rows(String hook, int[] positions) {
    INDArray activation = reader.activation(batch, hook);
    double[] numbers = activation.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    int width = numbers.length / (batch.size() * batch.length());
    return LineActivations.rows(numbers, width, positions);
  }

  /** What the model says without noise. */
  public MarkAnswers answers() {
    return answers(Map.of());
  }

  /** What it says with noise of this size where the count is looked for. */
  public MarkAnswers noisyAnswers(double sigma) {
    return answers(Map.of(site(), LineActivations.noise(sigma, SEED)));
  }

  /** What it says with some activations exchanged on their way. */
  MarkAnswers answers(Map<String, UnaryOperator<INDArray>> hooks) {
    INDArray logits = hooks.isEmpty() ? reader.logits(batch) : reader.logits(batch, hooks);
    return MarkAnswers.of(batch, NativeValues.floats(logits.castTo(DataType.FLOAT)));
  }
}
