package org.grokscope.task;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Writes texts in lines, token by token, and notes what is true at each. */
abstract class LinedWriter {
  static final int UNKNOWN = -1;

  final int length;
  final int[] tokens; // [texts · (length + 1)], the last one only a target
  final double[] weights; // [texts · length]
  final Map<LineFact, int[]> facts = new EnumMap<>(LineFact.class);

  // the text being written
  int text;
  int width;
  int t;
  int count;
  private int line;

  /**
   * @param known the facts of such texts
   */
  LinedWriter(int texts, int length, Set<LineFact> known) {
    this.length = length;
    tokens = new int[texts * (length + 1)];
    weights = new double[texts * length];
    known.forEach(fact -> facts.put(fact, new int[texts * length]));
  }

  /** Whether a token is the last of its row. */
  abstract boolean closesRow(int token);

  final void begin(int index, int textWidth) {
    text = index;
    width = textWidth;
    t = 0;
    count = 0;
    line = 0;
  }

  final boolean full() {
    return t > length;
  }

  /** Appends a token after which the line has {@code newCount} characters; in vain when full. */
  void emit(int token, int newCount) {
    if (!full()) {
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
    line += closesRow(token) ? 1 : 0;
    count = newCount;
    t++;
  }

  /** Notes that a word has ended, what follows, and whether it still fits; returns the last. */
  final boolean decide(int next, int near) {
    boolean mustBreak = count + 1 + next > width;
    note(LineFact.NEXT_LENGTH, next);
    note(LineFact.DECISION, 1);
    note(LineFact.MUST_BREAK, mustBreak ? 1 : 0);
    note(LineFact.NEAR_EDGE, width - count <= near ? 1 : 0);
    return mustBreak;
  }

  /** Notes a fact at the token just written. */
  final void note(LineFact fact, int value) {
    if (t <= length) {
      set(fact, t - 1, value);
    }
  }

  final void set(LineFact fact, int at, int value) {
    facts.get(fact)[text * length + at] = value;
  }
}
