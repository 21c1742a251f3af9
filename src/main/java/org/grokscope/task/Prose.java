package org.grokscope.task;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;

/**
 * Text that people wrote, in subwords, wrapped greedily at a width that nothing names: the task of
 * {@link LineBreaking} in its natural form.
 *
 * <p>A text is a run of consecutive words from a random place of a corpus, documents following one
 * another. A line ends where count + 1 + length of the next word &gt; width; the next word is not
 * known, only how likely each is. The blank before a word belongs to the token that begins it, so
 * such a token adds 1 + its length to a line that has begun. Words longer than the narrowest width
 * are left out of all texts.
 *
 * @param widths the widths of lines, to be inferred
 * @param subwords pieces of words to learn; see {@link Subwords}
 * @param length tokens that a model reads, T
 * @param endWeight weight in the loss of a target that ends a line; all others weigh 1
 * @param corpus where the words come from
 */
public record Prose(LineWidths widths, int subwords, int length, double endWeight, Corpus corpus)
    implements Task {

  public Prose {
    Objects.requireNonNull(corpus, "corpus");
    require(
        widths.source() == WidthSource.INFERRED,
        "a width that is given",
        "one to be inferred; use LineWidths.inferred");
    require(
        widths.narrowest() >= PseudoWords.LONGEST,
        "a width of " + widths.narrowest(),
        "at least "
            + PseudoWords.LONGEST
            + " characters, since words longer than the narrowest width are left out; widen the"
            + " lines");
    require(
        subwords >= Subwords.FEWEST,
        subwords + " subwords",
        "at least " + Subwords.FEWEST + ", every printable character twice; try 2000");
    require(length >= 16, "texts of " + length + " tokens", "at least 16; try 160");
    require(
        endWeight > 0 && endWeight < Double.POSITIVE_INFINITY,
        "a weight of " + endWeight + " on line ends",
        "a positive number; 1 weighs all targets alike");
  }

  /**
   * English speeches in 2,000 subwords at widths of 20 to 100, five of them held out; 160 tokens,
   * line ends weigh 3.
   *
   * @throws IllegalStateException if the build has not fetched the corpus
   */
  public static Prose english() {
    return of(Corpus.english());
  }

  /** The same of another corpus. */
  public static Prose of(Corpus corpus) {
    return new Prose(LineWidths.inferred(20, 100, 28, 44, 60, 76, 92), 2000, 160, 3, corpus);
  }

  /** The same with other widths. */
  public Prose withWidths(LineWidths value) {
    return new Prose(value, subwords, length, endWeight, corpus);
  }

  /** The same with another number of subwords. */
  public Prose withSubwords(int value) {
    return new Prose(widths, value, length, endWeight, corpus);
  }

  /** The same with texts of another length. */
  public Prose withLength(int value) {
    return new Prose(widths, subwords, value, endWeight, corpus);
  }

  /** The same with another weight on line ends. */
  public Prose withEndWeight(double value) {
    return new Prose(widths, subwords, length, value, corpus);
  }

  /** The tokens that its texts are written in. */
  public ProseVocabulary tokens() {
    return words().vocabulary();
  }

  ProseWords words() {
    return ProseWords.of(this);
  }

  /**
   * Texts to learn from, of trained widths; the same for equal arguments.
   *
   * @param seed of the training
   * @param update updates done before
   * @param size how many
   */
  public ProseBatch training(long seed, long update, int size) {
    RandomStream random = RandomStream.of(seed, "prose of update " + update);
    return draw(words().training(), random, widths.trained(), size);
  }

  /** Texts of trained widths from words that no training has seen. */
  public ProseBatch fresh(long seed, int size) {
    return draw(words().unseen(), RandomStream.of(seed, "fresh prose"), widths.trained(), size);
  }

  /**
   * Texts of held-out widths from words that no training has seen.
   *
   * @throws IllegalArgumentException if no width is held out
   */
  public ProseBatch unseen(long seed, int size) {
    SortedSet<Integer> heldOut = widths.heldOut();
    require(!heldOut.isEmpty(), "no held-out width", "some; name them in LineWidths");
    return draw(words().unseen(), RandomStream.of(seed, "prose of unseen widths"), heldOut, size);
  }

  /**
   * Texts of one width from words that no training has seen.
   *
   * @throws IllegalArgumentException if the width is not in the range
   */
  public ProseBatch ofWidth(int width, long seed, int size) {
    require(
        widths.all().contains(width),
        "a width of " + width,
        widths.narrowest() + " … " + widths.widest() + ", the task's range");
    RandomStream random = RandomStream.of(seed, "prose of width " + width);
    return draw(words().unseen(), random, List.of(width), size);
  }

  private ProseBatch draw(int[] source, RandomStream random, Collection<Integer> choice, int size) {
    require(size >= 1, size + " texts", "at least 1");
    List<Integer> among = List.copyOf(choice);
    ProseWriter writer = new ProseWriter(this, size);
    for (int i = 0; i < size; i++) {
      int width = among.get(random.nextInt(among.size()));
      writer.write(i, width, source, random.nextInt(source.length));
    }
    return writer.batch();
  }

  /**
   * The probability of a line end, where a word has ended, above which a trained model says "the
   * next word does not fit": w / (w + 1) of a loss that weighs line ends w, since it teaches P' =
   * wP / (wP + 1 − P).
   */
  public double breakThreshold() {
    return endWeight / (endWeight + 1);
  }

  @Override
  public String title() {
    return "prose, " + corpus.name() + ", " + widths.narrowest() + " to " + widths.widest();
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
    settings.put("widths", widths);
    settings.put("subwords", subwords);
    settings.put("length", length);
    settings.put("endWeight", endWeight);
    settings.put("corpus", corpus.digest());
    return settings;
  }

  @Override
  public Course course() {
    return new ProseCourse(this);
  }

  private static void require(boolean holds, String given, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("prose: got " + given + ", expected " + expected);
    }
  }
}
