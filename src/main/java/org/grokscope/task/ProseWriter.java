package org.grokscope.task;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Writes texts of prose, token by token, and notes what is true at each. */
final class ProseWriter extends LinedWriter {
  /** Characters left at which a decision is near the edge, as in {@link LineBreaking}. */
  private static final int NEAR = PseudoWords.LONGEST + 1;

  /** What is known of prose. */
  private static final Set<LineFact> KNOWN =
      EnumSet.of(
          LineFact.COUNT,
          LineFact.COUNT_BEFORE,
          LineFact.WIDTH,
          LineFact.REMAINING,
          LineFact.NEXT_LENGTH,
          LineFact.LINE,
          LineFact.DECISION,
          LineFact.MUST_BREAK,
          LineFact.NEAR_EDGE);

  private final Prose task;
  private final ProseWords words;

  ProseWriter(Prose task, int texts) {
    super(texts, task.length(), KNOWN);
    this.task = task;
    this.words = task.words();
    Arrays.fill(weights, 1);
  }

  ProseBatch batch() {
    return new ProseBatch(task, tokens, weights, facts);
  }

  /** Writes text number {@code index}: the words of a source from one on, round its end. */
  void write(int index, int textWidth, int[] source, int from) {
    begin(index, textWidth);
    emit(words.vocabulary().start(), 0);
    for (int at = from; !full(); at = (at + 1) % source.length) {
      writeWord(source[at], words.length(source[(at + 1) % source.length]));
    }
  }

  private void writeWord(int word, int next) {
    int newCount = count == 0 ? 0 : count + 1;
    for (int token : words.tokens(word)) {
      newCount += words.vocabulary().length(token);
      emit(token, newCount);
    }
    if (decide(next, NEAR)) {
      if (!full()) {
        weights[text * length + t - 1] = task.endWeight();
      }
      emit(words.vocabulary().newline(), 0);
      note(LineFact.NEXT_LENGTH, next);
    }
  }

  @Override
  boolean closesRow(int token) {
    return token == words.vocabulary().newline();
  }
}
