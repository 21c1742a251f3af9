package org.grokscope.task;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/**
 * The documents of a line-breaking task: endless, and for ever the same for equal arguments.
 *
 * <p>Training batches and fresh documents come from streams of different names, so that a fresh
 * document was never trained on but by a chance that does not count.
 */
public final class LineCorpus {
  private final LineBreaking task;
  private final LineVocabulary vocabulary;

  private LineCorpus(LineBreaking task) {
    this.task = task;
    vocabulary = LineVocabulary.of(task);
  }

  /** The documents of a task. */
  public static LineCorpus of(LineBreaking task) {
    return new LineCorpus(Objects.requireNonNull(task, "task"));
  }

  /** The task. */
  public LineBreaking task() {
    return task;
  }

  /** The tokens that its documents are made of. */
  public LineVocabulary vocabulary() {
    return vocabulary;
  }

  /**
   * The documents of one training step, widths drawn from the trained ones.
   *
   * @param seed of the run
   * @param step counted from 0; a batch does not depend on those before it
   * @param documents how many, at least 1
   */
  public LineBatch training(long seed, long step, int documents) {
    return draw(documents, RandomStream.of(seed, "lines to train on, step " + step), trained());
  }

  /**
   * Documents to measure on, widths drawn from the trained ones.
   *
   * @param seed of the measurement
   * @param documents how many, at least 1
   */
  public LineBatch fresh(long seed, int documents) {
    return draw(documents, RandomStream.of(seed, "fresh lines"), trained());
  }

  /**
   * Documents of widths that were held out.
   *
   * @throws IllegalArgumentException if none is
   */
  public LineBatch unseen(long seed, int documents) {
    SortedSet<Integer> heldOut = task.widths().heldOut();
    if (heldOut.isEmpty()) {
      throw new IllegalArgumentException(
          "line corpus: got no held-out width, expected some to draw unseen documents from; name"
              + " them in LineWidths");
    }
    return draw(documents, RandomStream.of(seed, "lines of unseen widths"), heldOut);
  }

  /**
   * Documents of one width.
   *
   * @throws IllegalArgumentException if the width is not in the task's range
   */
  public LineBatch ofWidth(int width, long seed, int documents) {
    if (!task.widths().all().contains(width)) {
      throw new IllegalArgumentException(
          "line corpus: got a width of "
              + width
              + ", expected "
              + task.widths().narrowest()
              + " … "
              + task.widths().widest()
              + ", the task's range");
    }
    return draw(documents, RandomStream.of(seed, "lines of width " + width), List.of(width));
  }

  private Collection<Integer> trained() {
    return task.widths().trained();
  }

  private LineBatch draw(int documents, RandomStream random, Collection<Integer> widths) {
    if (documents < 1) {
      throw new IllegalArgumentException(
          "line corpus: got " + documents + " documents, expected at least 1");
    }
    List<Integer> choice = List.copyOf(widths);
    LineWriter writer = new LineWriter(task, vocabulary, documents);
    for (int i = 0; i < documents; i++) {
      writer.write(i, choice.get(random.nextInt(choice.size())), random);
    }
    return writer.batch();
  }

  @Override
  public String toString() {
    return task.toString();
  }
}
