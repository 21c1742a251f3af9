package org.grokscope.line;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.grokscope.geometry.SparseDictionary;
import org.grokscope.model.NativeValues;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.LineFact;
import org.grokscope.task.Prose;
import org.grokscope.task.ProseAnswers;
import org.grokscope.task.ProseBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model that breaks lines of prose, on texts that no training has seen: what {@link
 * ProseMeasures} are taken of. Decisions are where a word has ended.
 *
 * <p>What several measures need is computed once, when the first one asks. For one thread.
 */
public final class ProseSubject extends LinedSubject<ProseBatch> {
  /** Texts that evidence is read off. */
  public static final int TEXTS = 400;

  private static final long SEED = 11; // of the texts, and of the noise
  private static final int LEAST_LINES = 8; // line ends that a mean needs
  private static final int LEARNT = 3; // quarters of the texts that a dictionary is learnt from
  private static final int FEATURES = 384;
  private static final int ACTIVE = 16;
  private static final int PASSES = 20;

  private final Prose task;
  private final ProseBatch answered;
  private ProseAnswers answers; // null until asked for, as all below
  private ProseAnswers withoutVector;
  private SparseDictionary dictionary;
  private LineActivations codes;
  private FactManifold asking;
  private FactManifold asked;

  private ProseSubject(Prose task, ReferenceTransformer reader, int texts) {
    super(reader, task.fresh(SEED, texts));
    this.task = task;
    this.answered = task.fresh(SEED + 1, Math.max(1, texts / 4));
  }

  /**
   * A model, which stays the caller's to close.
   *
   * @param texts to read, {@link #TEXTS} for evidence; a quarter as many others to answer
   * @throws IllegalArgumentException unless it is at least 4
   */
  public static ProseSubject of(Prose task, ReferenceTransformer reader, int texts) {
    if (texts < 4) {
      throw new IllegalArgumentException(
          "prose subject: got " + texts + " texts, expected at least 4; try 400");
    }
    return new ProseSubject(task, reader, texts);
  }

  Prose task() {
    return task;
  }

  /** Texts to answer. */
  ProseBatch answered() {
    return answered;
  }

  /** As many of widths that the model has not seen. */
  ProseBatch unseen() {
    return task.unseen(SEED + 2, answered.size());
  }

  /** The curve of the lengths of lines, at the newlines that end them. */
  public FactManifold lengths() {
    return lengths(site());
  }

  FactManifold lengths(String hook) {
    int newline = batch().vocabulary().newline();
    int[] tokens = batch().tokens();
    int[] ends = batch().where(position -> tokens[position] == newline);
    return FactManifold.of(read(hook, ends), LineFact.COUNT_BEFORE, Confounds.KEPT, LEAST_LINES);
  }

  /** A head of the last layer between the count and the length of lines. */
  public QkTwist twist(int head) {
    if (asking == null) {
      asking = means(keysAndQueries(), Confounds.KEPT);
      asked = lengths(keysAndQueries());
    }
    return twist(head, asking, asked);
  }

  /** What the model says of the texts to answer. */
  public ProseAnswers answers() {
    if (answers == null) {
      answers = answers(answered, Map.of());
    }
    return answers;
  }

  /** What it says of them with noise where the count is looked for. */
  ProseAnswers noisyAnswers() {
    return answers(answered, Map.of(site(), LineActivations.noise(through().noise(), SEED)));
  }

  /** What it says of them without a subspace at decisions: the curve's mean is taken for it. */
  ProseAnswers answersWithout(Subspace subspace) {
    INDArray mean = count().manifold().means().mean(0);
    return ProseAnswers.of(
        answered,
        part ->
            logits(
                part,
                Map.of(
                    site(),
                    activation ->
                        Steering.exchanged(
                            activation, part.decisions(), rows -> subspace.moved(rows, mean)))));
  }

  /** The same without the whole vector. */
  ProseAnswers answersWithoutVector() {
    if (withoutVector == null) {
      withoutVector = answersWithout(Subspace.whole((int) count().manifold().means().size(1)));
    }
    return withoutVector;
  }

  ProseAnswers answers(ProseBatch texts, Map<String, UnaryOperator<INDArray>> hooks) {
    return ProseAnswers.of(texts, part -> logits(part, hooks));
  }

  private float[] logits(ProseBatch part, Map<String, UnaryOperator<INDArray>> hooks) {
    return NativeValues.floats(reader().logits(part, hooks).castTo(DataType.FLOAT));
  }

  /**
   * A dictionary of {@value #FEATURES} features, {@value #ACTIVE} on at a time, of the stream where
   * the count is looked for, learnt at the decisions of three quarters of the texts.
   */
  public SparseDictionary dictionary() {
    if (dictionary == null) {
      INDArray learnt = dictionaryTexts(true).values();
      dictionary = SparseDictionary.learn(learnt, FEATURES, ACTIVE, PASSES, SEED);
    }
    return dictionary;
  }

  /** The decisions of the texts that the dictionary is learnt from, or of the others. */
  LineActivations dictionaryTexts(boolean learnt) {
    int border = LEARNT * batch().size() / 4 * batch().length();
    return atDecisions(site()).where(position -> position < border == learnt);
  }

  /** The codes of the dictionary at every decision. */
  LineActivations codes() {
    if (codes == null) {
      LineActivations site = atDecisions(site());
      codes = site.with(site() + ", dictionary", dictionary().codes(site.values()));
    }
    return codes;
  }

  /** The features of the dictionary by count: means of their codes, effects of tokens removed. */
  public FactManifold features() {
    return means(codes(), Confounds.TOKENS_REMOVED);
  }

  @Override
  public String toString() {
    return task.title() + ", " + batch().size() + " texts";
  }
}
