package org.grokscope.task;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/** Writes documents, token by token, and notes what is true at each. */
final class LineWriter extends LinedWriter {
  private final LineBreaking task;
  private final LineVocabulary vocabulary;

  // the document being written
  private RandomStream random;
  private int[] headerEnds;
  private int[] header;
  private int pending; // the word to come

  LineWriter(LineBreaking task, LineVocabulary vocabulary, int documents) {
    super(documents, task.length(), EnumSet.allOf(LineFact.class));
    this.task = task;
    this.vocabulary = vocabulary;
  }

  LineBatch batch() {
    return new LineBatch(task, vocabulary, tokens, weights, facts);
  }

  /** Writes document number {@code index}: what opens it, then lines of text until it is full. */
  void write(int index, int documentWidth, RandomStream stream) {
    begin(index, documentWidth);
    random = stream;
    header = new int[0];
    headerEnds = new int[0];
    pending = freshWord();
    emit(
        task.widths().source() == WidthSource.GIVEN
            ? vocabulary.width(width)
            : vocabulary.token(TokenKind.START, 0),
        0);
    if (task.header().present()) {
      writeHeader();
    }
    if (task.widths().source() == WidthSource.RULED) {
      writeRuler();
    }
    int opening = t; // tokens before the first word, which nothing announces
    while (!full()) {
      writeWord();
    }
    for (int i = 0; i < length; i++) {
      boolean ends = vocabulary.endsLine(tokens[text * (length + 1) + i + 1]);
      weights[text * length + i] = i < opening ? 0 : ends ? task.endWeight() : 1;
    }
  }

  private void writeHeader() {
    int labels = task.header().labels();
    header = new int[labels];
    headerEnds = new int[labels];
    for (int j = 0; j < labels; j++) {
      header[j] = vocabulary.token(TokenKind.LABEL, random.nextInt(task.header().known()));
      headerEnds[j] = vocabulary.length(header[j]) + (j == 0 ? 0 : headerEnds[j - 1] + 1);
    }
    for (int j = 0; j < labels; j++) {
      emit(header[j], headerEnds[j]);
    }
    emit(vocabulary.newline(), 0);
    noteHeader();
  }

  /** Dashes in chunks, drawn evenly among those that still fit, till there are as many as width. */
  private void writeRuler() {
    while (count < width) {
      List<Integer> fitting = vocabulary.dashesWithin(width - count);
      int chunk = fitting.get(random.nextInt(fitting.size()));
      emit(chunk, count + vocabulary.length(chunk));
    }
    emit(vocabulary.token(TokenKind.RULER_END, 0), 0);
    noteHeader();
  }

  /** Everything so far stands above the text. */
  private void noteHeader() {
    for (int i = 0; i < t; i++) {
      set(LineFact.HEADER, i, 1);
    }
  }

  /** The next word, and whatever comes between it and the one after. */
  private void writeWord() {
    breakIfFull();
    emit(pending, place(vocabulary.length(pending)));
    int written = pending;
    pending = vocabulary.successors(written).get(random.nextInt(task.words().successors()));
    int next = vocabulary.length(pending);
    boolean mustBreak = decide(next, task.words().longest() + 1);
    double early = random.nextDouble();
    double caret = random.nextDouble();
    double distractor = random.nextDouble();
    if (mustBreak || early < task.earlyEnds()) {
      endLine();
    } else if (caret < task.header().caretShare() && labelAbove(count) != UNKNOWN) {
      writeCaret();
    } else if (distractor < task.distractors().share()
        && count + 1 + task.distractors().length() <= width) {
      int which = random.nextInt(task.distractors().texts().size());
      emit(vocabulary.token(TokenKind.DISTRACTOR, which), place(task.distractors().length()));
      note(LineFact.NEXT_LENGTH, next);
    }
  }

  /** A caret and the label above the next column; the word after it is a new one. */
  private void writeCaret() {
    int above = header[labelAbove(count)];
    emit(vocabulary.token(TokenKind.CARET, 0), count);
    emit(above, count);
    pending = freshWord();
  }

  private void breakIfFull() {
    if (place(vocabulary.length(pending)) > width) {
      endLine();
    }
  }

  private void endLine() {
    int next = vocabulary.length(pending);
    if (task.ending() == LineEnding.PADDED) {
      emit(vocabulary.pad(width - count), count);
      note(LineFact.NEXT_LENGTH, next);
    }
    emit(vocabulary.newline(), 0);
    note(LineFact.NEXT_LENGTH, next);
  }

  /** Where a text of this many characters ends, with a space before it unless it opens a line. */
  private int place(int characters) {
    return count == 0 ? characters : count + 1 + characters;
  }

  private int freshWord() {
    return vocabulary.token(TokenKind.WORD, random.nextInt(task.words().words()));
  }

  /** Which label of the header row stands above the column after {@code characters}. */
  private int labelAbove(int characters) {
    int first = Arrays.binarySearch(headerEnds, characters + 1);
    int above = first < 0 ? -first - 1 : first;
    return above < headerEnds.length ? above : UNKNOWN;
  }

  @Override
  boolean closesRow(int token) {
    return vocabulary.closesRow(token);
  }

  @Override
  void emit(int token, int newCount) {
    if (t < length) {
      set(LineFact.HEADER_LABEL, t, labelAbove(newCount));
    }
    super.emit(token, newCount);
  }
}
