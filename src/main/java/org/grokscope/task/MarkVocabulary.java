package org.grokscope.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The tokens of a task of marks, numbered in this order: start, end of the marks, end of a heading
 * where there are any, chunks of marks, then words or numbers, ascending.
 */
public final class MarkVocabulary {
  /** What a token is. */
  public enum Kind {
    /** The first token of a text. */
    START,
    /** Ends a line of marks. */
    END,
    /** Ends a heading. */
    HEADING_END,
    /** Some marks. */
    MARKS,
    /** A word of a heading. */
    WORD,
    /** States how many marks are to come. */
    NUMBER
  }

  private final MarkCounting task;
  private final Lexicon lexicon;
  private final List<Kind> kinds = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final int firstChunk;
  private final int firstSaying; // word or number

  MarkVocabulary(MarkCounting task) {
    this.task = task;
    this.lexicon = Lexicon.of(task.words());
    boolean headings = task.source() == MarkCounting.Source.HEADING;
    add(Kind.START, "start");
    add(Kind.END, "¶");
    if (headings) {
      add(Kind.HEADING_END, "⏎");
    }
    firstChunk = size();
    task.chunks().forEach(chunk -> add(Kind.MARKS, (headings ? "-" : "|").repeat(chunk)));
    firstSaying = size();
    for (int word = 0; headings && word < lexicon.size(); word++) {
      add(Kind.WORD, lexicon.spelling(word));
    }
    for (int number = task.shortest(); !headings && number <= task.longest(); number++) {
      add(Kind.NUMBER, "" + number);
    }
  }

  private void add(Kind kind, String text) {
    kinds.add(kind);
    texts.add(text);
  }

  /** Number of tokens. */
  public int size() {
    return kinds.size();
  }

  /** What a token is. */
  public Kind kind(int token) {
    return kinds.get(Objects.checkIndex(token, size()));
  }

  /** How a token is written. */
  public String text(int token) {
    return texts.get(Objects.checkIndex(token, size()));
  }

  /** Characters that a word or a chunk takes; 0 for others. */
  public int length(int token) {
    Kind kind = kind(token);
    return kind == Kind.WORD || kind == Kind.MARKS ? text(token).length() : 0;
  }

  /** The token that ends a line of marks. */
  public int end() {
    return 1;
  }

  /** The token that ends a heading; of a task with headings. */
  int headingEnd() {
    return 2;
  }

  /** The token of a chunk, which is one of the task's. */
  int chunk(int marks) {
    return firstChunk + task.chunks().indexOf(marks);
  }

  /** Words or numbers: how many there are. */
  int sayings() {
    return size() - firstSaying;
  }

  /** The token of a word or number, counted from 0. */
  int saying(int index) {
    return firstSaying + index;
  }

  /** The number that a token states. */
  int number(int token) {
    return task.shortest() + token - firstSaying;
  }

  /** The length of every word that may follow a word. */
  int nextLength(int word) {
    return lexicon.nextLength(word - firstSaying);
  }

  /** The tokens that may follow a word, each as likely as any other. */
  List<Integer> successors(int word) {
    List<Integer> following = new ArrayList<>();
    for (int i = 0; i < lexicon.successors(); i++) {
      following.add(firstSaying + lexicon.successor(word - firstSaying, i));
    }
    return following;
  }
}
