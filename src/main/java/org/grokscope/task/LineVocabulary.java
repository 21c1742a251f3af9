package org.grokscope.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The tokens of a line-breaking task, numbered in this order, each group only where the task has
 * it: newline, start, end of the ruler, chunks of dashes, caret, words by ascending length, widths,
 * pads, labels, distractors.
 */
public final class LineVocabulary {
  /** Dashes in a chunk of a ruler, ascending. */
  private static final List<Integer> DASHES = List.of(1, 2, 4, 8);

  private final Lexicon lexicon;
  private final int narrowest;
  private final List<TokenKind> kinds = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final int firstWord;
  private final int firstWidth;
  private final int firstPad;
  private final int firstLabel;
  private final boolean padded;

  private LineVocabulary(LineBreaking task) {
    lexicon = Lexicon.of(task.words());
    narrowest = task.widths().narrowest();
    padded = task.ending() == LineEnding.PADDED;
    add(TokenKind.NEWLINE, "⏎");
    if (task.widths().source() != WidthSource.GIVEN) {
      add(TokenKind.START, "start");
    }
    if (task.widths().source() == WidthSource.RULED) {
      add(TokenKind.RULER_END, "ruler end");
      DASHES.forEach(dashes -> add(TokenKind.DASHES, "-".repeat(dashes)));
    }
    if (task.header().present()) {
      add(TokenKind.CARET, "^");
    }
    firstWord = size();
    for (int word = 0; word < lexicon.size(); word++) {
      add(TokenKind.WORD, lexicon.spelling(word));
    }
    firstWidth = size();
    if (task.widths().source() == WidthSource.GIVEN) {
      task.widths().all().forEach(width -> add(TokenKind.WIDTH, "width " + width));
    }
    firstPad = size();
    for (int blanks = 0; padded && blanks < task.widths().widest(); blanks++) {
      add(TokenKind.PAD, "pad " + blanks);
    }
    firstLabel = size();
    for (String label : Lexicon.labels(task.header(), task.words().seed())) {
      add(TokenKind.LABEL, label);
    }
    task.distractors().texts().forEach(text -> add(TokenKind.DISTRACTOR, text));
  }

  static LineVocabulary of(LineBreaking task) {
    return new LineVocabulary(task);
  }

  private void add(TokenKind kind, String text) {
    kinds.add(kind);
    texts.add(text);
  }

  /** Number of tokens. */
  public int size() {
    return kinds.size();
  }

  /** What a token is. */
  public TokenKind kind(int token) {
    return kinds.get(Objects.checkIndex(token, size()));
  }

  /** How a token is written, such as {@code kato}, {@code width 34}, {@code pad 7}. */
  public String text(int token) {
    return texts.get(Objects.checkIndex(token, size()));
  }

  /**
   * Characters that a word, a distractor, dashes, or a label in the header row takes; 0 for others.
   */
  public int length(int token) {
    return switch (kind(token)) {
      case WORD, LABEL, DISTRACTOR, DASHES -> text(token).length();
      default -> 0;
    };
  }

  /** The length of every word that may follow a word. */
  public int nextLength(int word) {
    return lexicon.nextLength(wordIndex(word));
  }

  /** The tokens that may follow a word, each as likely as any other. */
  public List<Integer> successors(int word) {
    List<Integer> following = new ArrayList<>();
    for (int i = 0; i < lexicon.successors(); i++) {
      following.add(firstWord + lexicon.successor(wordIndex(word), i));
    }
    return following;
  }

  /** The token that ends a line, before any blanks are counted. */
  public int newline() {
    return 0;
  }

  /**
   * The token that names a width.
   *
   * @throws IllegalArgumentException if the vocabulary has no such width
   */
  public int width(int width) {
    return numbered(firstWidth, firstPad, width - narrowest, "width " + width);
  }

  /** The token that names the blanks left. */
  public int pad(int blanks) {
    return numbered(firstPad, firstLabel, blanks, "pad " + blanks);
  }

  /**
   * The blanks that a pad names.
   *
   * @throws IllegalArgumentException if the token is no pad
   */
  public int blanks(int token) {
    if (kind(token) != TokenKind.PAD) {
      throw new IllegalArgumentException(
          "line vocabulary: got the token '" + text(token) + "', expected a pad");
    }
    return token - firstPad;
  }

  /**
   * The token of this kind and number, counted from 0 within its kind.
   *
   * @throws IllegalArgumentException if the vocabulary has none
   */
  public int token(TokenKind kind, int number) {
    int first = kinds.indexOf(kind);
    int last = kinds.lastIndexOf(kind);
    return numbered(Math.max(first, 0), first < 0 ? 0 : last + 1, number, kind + " " + number);
  }

  /** How many tokens of a kind there are. */
  public int count(TokenKind kind) {
    return (int) kinds.stream().filter(kind::equals).count();
  }

  /**
   * Whether a token, standing after a word, ends the line: a pad in a box, else a newline. A
   * model's probability of a line end is the sum over these.
   */
  public boolean endsLine(int token) {
    return kind(token) == (padded ? TokenKind.PAD : TokenKind.NEWLINE);
  }

  /** Whether a token is the last of its row: a newline, or the end of a ruler. */
  public boolean closesRow(int token) {
    return kind(token) == TokenKind.NEWLINE || kind(token) == TokenKind.RULER_END;
  }

  /** The chunks of dashes that fit into what is left of a ruler; of a task with rulers. */
  List<Integer> dashesWithin(int left) {
    List<Integer> fitting = new ArrayList<>();
    for (int number = 0; number < DASHES.size() && DASHES.get(number) <= left; number++) {
      fitting.add(token(TokenKind.DASHES, number));
    }
    return fitting;
  }

  private int numbered(int first, int end, int number, String what) {
    if (number < 0 || first + number >= end) {
      throw new IllegalArgumentException(
          "line vocabulary: got "
              + what
              + ", expected one of the "
              + (end - first)
              + " that there are"
              + (end > first
                  ? ", " + texts.get(first) + " … " + texts.get(end - 1)
                  : " in this task"));
    }
    return first + number;
  }

  private int wordIndex(int token) {
    if (kind(token) != TokenKind.WORD) {
      throw new IllegalArgumentException(
          "line vocabulary: got the token '"
              + text(token)
              + "', expected a word, "
              + texts.get(firstWord)
              + " … "
              + texts.get(firstWord + lexicon.size() - 1)
              + ", since only words have successors");
    }
    return token - firstWord;
  }
}
