package org.grokscope.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * As many marks as: a rule of dashes exactly as long as the heading above it, as in Markdown and
 * reStructuredText, or a bar of exactly the stated number of marks.
 *
 * <p>A text is pairs of lines, one that says how many, one of marks. Marks come in chunks, drawn
 * evenly among those that still fit, so how many there are has to be added up; when there are
 * enough, and only then, the token that ends the line follows. A heading is made of pseudo-words,
 * greedily, until the next would pass a limit that is drawn anew for each and that nobody is told.
 * Nothing but the next token is ever asked for.
 *
 * @param source what says how many
 * @param shortest smallest limit of a heading, or smallest stated number
 * @param longest largest of them
 * @param chunks marks in a chunk, ascending, the first 1
 * @param words what headings are made of
 * @param length tokens that a model reads, T
 */
public record MarkCounting(
    Source source, int shortest, int longest, List<Integer> chunks, PseudoWords words, int length)
    implements Task {

  /** What says how many marks there are to be. */
  public enum Source {
    /** The length of the heading in the line before, in characters. */
    HEADING,
    /** The token before, which states it. */
    NUMBER
  }

  /** 60 words of up to 8 characters with two successors: the headings of our exploration. */
  static final PseudoWords HEADING_WORDS = new PseudoWords(60, 2, 8, 0);

  public MarkCounting {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(words, "words");
    chunks = List.copyOf(chunks);
    require(
        shortest >= 1 && longest >= shortest,
        shortest + " to " + longest + " marks",
        "1 ≤ shortest ≤ longest");
    require(
        source == Source.NUMBER || shortest >= words.longest(),
        "headings of at most " + shortest + " characters, shorter than the longest word",
        "at least its " + words.longest() + " characters; widen them or shorten the words");
    require(
        !chunks.isEmpty()
            && chunks.get(0) == 1
            && List.copyOf(new TreeSet<>(chunks)).equals(chunks),
        "chunks of " + chunks + " marks",
        "different ones, ascending, the first 1 so that every number can be reached");
    require(length >= 4, "texts of " + length + " tokens", "at least 4");
  }

  /**
   * A heading of up to 8 to 60 characters, and a rule of as many dashes in chunks of 1, 2, 4, 8.
   */
  public static MarkCounting underline() {
    return new MarkCounting(Source.HEADING, 8, 60, List.of(1, 2, 4, 8), HEADING_WORDS, 64);
  }

  /** A number from 6 to 60, and as many marks in chunks of 1, 2, 4, 8. */
  public static MarkCounting bar() {
    return new MarkCounting(Source.NUMBER, 6, 60, List.of(1, 2, 4, 8), HEADING_WORDS, 64);
  }

  /** The same with other limits. */
  public MarkCounting between(int newShortest, int newLongest) {
    return new MarkCounting(source, newShortest, newLongest, chunks, words, length);
  }

  /** The same with texts of another length. */
  public MarkCounting withLength(int value) {
    return new MarkCounting(source, shortest, longest, chunks, words, value);
  }

  /** The tokens that its texts are written in. */
  public MarkVocabulary tokens() {
    return new MarkVocabulary(this);
  }

  /**
   * Texts to learn from; the same for equal arguments.
   *
   * @param seed of the training
   * @param update updates done before
   * @param size how many
   */
  public MarkBatch training(long seed, long update, int size) {
    return draw(RandomStream.of(seed, "marks of update " + update), size);
  }

  /** Texts that no training has seen. */
  public MarkBatch fresh(long seed, int size) {
    return draw(RandomStream.of(seed, "fresh marks"), size);
  }

  private MarkBatch draw(RandomStream random, int size) {
    require(size >= 1, size + " texts", "at least 1");
    MarkWriter writer = new MarkWriter(this, size);
    for (int i = 0; i < size; i++) {
      writer.write(i, random);
    }
    return writer.batch();
  }

  /** The chunks that fit into what is left. */
  List<Integer> fitting(int left) {
    List<Integer> fitting = new ArrayList<>();
    for (int chunk : chunks) {
      if (chunk <= left) {
        fitting.add(chunk);
      }
    }
    return fitting;
  }

  @Override
  public String title() {
    return source == Source.HEADING
        ? "headings and rules, up to " + longest
        : "numbers and bars, up to " + longest;
  }

  @Override
  public int vocabulary() {
    return tokens().size();
  }

  @Override
  public int outputs() {
    return vocabulary();
  }

  @Override
  public boolean asksEverywhere() {
    return true;
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("source", source);
    settings.put("shortest", shortest);
    settings.put("longest", longest);
    settings.put("chunks", chunks);
    settings.put("words", words);
    settings.put("length", length);
    return settings;
  }

  @Override
  public Course course() {
    return new MarkCourse(this);
  }

  private static void require(boolean holds, String given, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("marks: got " + given + ", expected " + expected);
    }
  }
}
