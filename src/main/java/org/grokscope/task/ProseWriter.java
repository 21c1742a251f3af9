package org.grokscope.task;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Writes texts of prose, token by token, and notes what is true at each. */
final class ProseWriter {
  /** Characters left at which a decision is near the edge, as in {@link LineBreaking}. */
  private static final int NEAR = PseudoWords.LONGEST + 1;

  private static final int UNKNOWN = -1;

  /** What is known of prose. */
  private static final LineFact[] KNOWN = {
    LineFact.COUNT,
    LineFact.COUNT_BEFORE,
    LineFact.WIDTH,
    LineFact.REMAINING,
    LineFact.NEXT_LENGTH,
    LineFact.LINE,
    LineFact.DECISION,
    LineFact.MUST_BREAK,
    LineFact.NEAR_EDGE
  };

  private final Prose task;
  private final ProseWords words;
  private final int length;
  private final int[] tokens; // [texts · (length + 1)], the last one only a target
  private final double[] weights; // [texts · length]
  private final Map<LineFact, int[]> facts = new EnumMap<>(LineFact.class);

  // the text being written
  private int text;
  private int width;
  private int t;
  private int count;
  private int line;

  ProseWriter(Prose task, int texts) {
    this.task = task;
    this.words = task.words();
    length = task.length();
    tokens = new int[texts * (length + 1)];
    weights = new double[texts * length];
    Arrays.fill(weights, 1);
    for (LineFact fact : KNOWN) {
      facts.put(fact, new int[texts * length]);
    }
  }

  ProseBatch batch() {
    return new ProseBatch(task, tokens, weights, facts);
  }

  /** Writes text number {@code index}: the words of a source from one on, round its end. */
  void write(int index, int textWidth, int[] source, int from) {
    text = index;
    width = textWidth;
    t = 0;
    count = 0;
    line = 0;
    emit(words.vocabulary().start(), 0);
    for (int at = from; t <= length; at = (at + 1) % source.length) {
      writeWord(source[at], words.length(source[(at + 1) % source.length]));
    }
  }

  private void writeWord(int word, int next) {
    int newCount = count == 0 ? 0 : count + 1;
    for (int token : words.tokens(word)) {
      newCount += words.vocabulary().length(token);
      emit(token, newCount);
    }
    boolean mustBreak = count + 1 + next > width;
    note(LineFact.NEXT_LENGTH, next);
    note(LineFact.DECISION, 1);
    note(LineFact.MUST_BREAK, mustBreak ? 1 : 0);
    note(LineFact.NEAR_EDGE, width - count <= NEAR ? 1 : 0);
    if (mustBreak) {
      if (t <= length) {
        weights[text * length + t - 1] = task.endWeight();
      }
      emit(words.vocabulary().newline(), 0);
      note(LineFact.NEXT_LENGTH, next);
    }
  }

  /** Appends a token after which the line has {@code newCount} characters; in vain when full. */
  private void emit(int token, int newCount) {
    if (t <= length) {
      tokens[text * (length + 1) + t] = token;
    }
    if (t < length) {
      set(LineFact.COUNT, t, newCount);
      set(LineFact.COUNT_BEFORE, t, count);
      set(LineFact.WIDTH, t, width);
      set(LineFact.REMAINING, t, width - newCount);
      set(LineFact.NEXT_LENGTH, t, UNKNOWN);
      set(LineFact.LINE, t, line);
    }
    line += token == words.vocabulary().newline() ? 1 : 0;
    count = newCount;
    t++;
  }

  /** Notes a fact at the token just written. */
  private void note(LineFact fact, int value) {
    if (t <= length) {
      set(fact, t - 1, value);
    }
  }

  private void set(LineFact fact, int at, int value) {
    facts.get(fact)[text * length + at] = value;
  }
}
