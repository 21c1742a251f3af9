package org.grokscope.task;

import java.util.List;

/** Writes texts of marks, token by token, and notes what is true at each. */
final class MarkWriter {
  private final MarkCounting task;
  private final MarkVocabulary vocabulary;
  private final int[] tokens; // [texts · (T + 1)], the last one only a target
  private final int[] counts; // [texts · T], and so the next two
  private final int[] wanted;
  private final int[] lines;

  // the text being written
  private int text;
  private int t;
  private int line;

  MarkWriter(MarkCounting task, int texts) {
    this.task = task;
    vocabulary = task.tokens();
    tokens = new int[texts * (task.length() + 1)];
    counts = new int[texts * task.length()];
    wanted = new int[texts * task.length()];
    lines = new int[texts * task.length()];
  }

  MarkBatch batch() {
    return new MarkBatch(task, vocabulary, tokens, counts, wanted, lines);
  }

  /** Writes text number {@code index}: lines that say how many, and lines of marks, till full. */
  void write(int index, RandomStream random) {
    text = index;
    t = 0;
    line = 0;
    emit(0, 0, 0);
    while (!full()) {
      boolean headings = task.source() == MarkCounting.Source.HEADING;
      writeMarks(headings ? writeHeading(random) : writeNumber(random), random);
    }
  }

  /** A heading; returns its length. */
  private int writeHeading(RandomStream random) {
    int limit = task.shortest() + random.nextInt(task.longest() - task.shortest() + 1);
    int word = vocabulary.saying(random.nextInt(vocabulary.sayings()));
    int count = vocabulary.length(word);
    emit(word, count, 0);
    while (count + 1 + vocabulary.nextLength(word) <= limit) {
      List<Integer> successors = vocabulary.successors(word);
      word = successors.get(random.nextInt(successors.size()));
      count += 1 + vocabulary.length(word);
      emit(word, count, 0);
    }
    emit(vocabulary.headingEnd(), count, count);
    line++;
    return count;
  }

  private int writeNumber(RandomStream random) {
    int token = vocabulary.saying(random.nextInt(vocabulary.sayings()));
    int number = vocabulary.number(token);
    emit(token, 0, number);
    line++;
    return number;
  }

  private void writeMarks(int wantedMarks, RandomStream random) {
    int count = 0;
    while (count < wantedMarks) {
      List<Integer> fitting = task.fitting(wantedMarks - count);
      int chunk = fitting.get(random.nextInt(fitting.size()));
      count += chunk;
      emit(vocabulary.chunk(chunk), count, wantedMarks);
    }
    emit(vocabulary.end(), count, 0);
    line++;
  }

  private boolean full() {
    return t > task.length();
  }

  /** Appends a token after which its line has this many characters; in vain when full. */
  private void emit(int token, int count, int marks) {
    if (!full()) {
      tokens[text * (task.length() + 1) + t] = token;
    }
    if (t < task.length()) {
      int at = text * task.length() + t;
      counts[at] = count;
      wanted[at] = marks;
      lines[at] = line;
    }
    t++;
  }
}
