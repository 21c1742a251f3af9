package org.grokscope.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Breaking lines at a fixed width, the task in which Anthropic's "When Models Manipulate Manifolds"
 * (2025) found the count of characters on a curve.
 *
 * <p>A document is a text of pseudo-words, wrapped greedily: a line ends where count + 1 + length
 * of the next word &gt; width. A model reads it token by token and predicts the next token. It
 * comes in two kinds: <em>plain</em> text, its width {@link #given()}, {@link #inferred()} or drawn
 * as a {@link #ruler()}, and text in a {@link #box()}, with or without a header above ({@link
 * #boxHeader()}); three controls each lack one thing that makes a model name its column.
 *
 * @param widths the widths of lines, and how a reader learns them
 * @param ending what stands at the end of a line
 * @param words what lines are made of
 * @param header the row of labels above the text
 * @param earlyEnds share of the words, where the next would fit, after which the line ends all the
 *     same
 * @param distractors odd tokens
 * @param length tokens that a model reads, T
 * @param endWeight weight in the loss of a target that ends a line; all others weigh 1
 */
public record LineBreaking(
    LineWidths widths,
    LineEnding ending,
    PseudoWords words,
    LineHeader header,
    double earlyEnds,
    Distractors distractors,
    int length,
    double endWeight)
    implements Task {

  /** 120 words with three successors: the plain text of our exploration. */
  private static final PseudoWords MANY_WORDS = new PseudoWords(120, 3, PseudoWords.LONGEST, 0);

  /** 48 words with two successors: the boxed text of our exploration. */
  private static final PseudoWords FEW_WORDS = new PseudoWords(48, 2, PseudoWords.LONGEST, 0);

  /** 16 of 40 labels of 1 to 5 characters, 15 % carets: the header of our exploration. */
  private static final LineHeader LABELS = new LineHeader(16, 40, 1, 5, 0.15);

  /** Share of early line ends in every text but the plain one: 12 %, of our exploration. */
  private static final double SOME_EARLY_ENDS = 0.12;

  public LineBreaking {
    Objects.requireNonNull(ending, "ending");
    int longest = words.longest();
    require(
        widths.narrowest() >= longest,
        "a width of " + widths.narrowest() + ", shorter than the longest word",
        "at least its " + longest + " characters; widen the lines or shorten the words");
    require(
        earlyEnds >= 0 && earlyEnds < 1,
        "a share of " + earlyEnds + " early ends",
        "0 ≤ share < 1, such as 0.12");
    require(
        widths.source() != WidthSource.RULED || !header.present(),
        "a header and a ruler",
        "one of them, since both are the first line; give the width or leave out the header");
    require(
        widths.source() != WidthSource.INFERRED || !header.present(),
        "a header and a width to infer",
        "one of them: what a break says of the width is not known after a caret's label, where the"
            + " next word is new; give the width");
    require(
        distractors.length() <= widths.narrowest(),
        "distractors of " + distractors.length() + " characters",
        "at most the width of " + widths.narrowest() + "; shorten them");
    int above = widths.source() == WidthSource.RULED ? widths.widest() : header.labels(); // at most
    require(
        length >= above + 3,
        "documents of " + length + " tokens",
        "at least " + (above + 3) + ", so that the text begins within them");
    require(
        endWeight > 0 && endWeight < Double.POSITIVE_INFINITY,
        "a weight of " + endWeight + " on line ends",
        "a positive number; 1 weighs all targets alike");
  }

  /**
   * Plain text whose first token names the width, 20 to 60; every decision can be made without a
   * mistake. Five widths spread over the range are held out, and line ends weigh 3: both are
   * choices of ours where the notes of our exploration name no number.
   */
  public static LineBreaking given() {
    return plain(LineWidths.given(20, 60, 24, 32, 40, 48, 56));
  }

  /** The same text without the name of its width: it has to be inferred from earlier lines. */
  public static LineBreaking inferred() {
    return plain(LineWidths.inferred(20, 60, 24, 32, 40, 48, 56));
  }

  /**
   * The same text of other words: the more there are, the less room a stream has beside them.
   *
   * @param words how many, 36 to some 600; each has three successors
   */
  public static LineBreaking inferred(int words) {
    return inferred().withWords(new PseudoWords(words, 3, PseudoWords.LONGEST, 0));
  }

  /**
   * Plain text under a ruler: dashes in chunks of 1, 2, 4 and 8, drawn evenly among those that
   * still fit, exactly as long as the width; then a token that ends the ruler, and the text.
   * Nothing names the width, and nothing but the next token is asked for, every one of the text
   * alike. Widths as of {@link #given()}; the 60 words of {@link MarkCounting#underline()}, since
   * more of them leave the count little room in a narrow stream.
   */
  public static LineBreaking ruler() {
    return new LineBreaking(
        LineWidths.ruled(20, 60, 24, 32, 40, 48, 56),
        LineEnding.NEWLINE,
        MarkCounting.HEADING_WORDS,
        LineHeader.NONE,
        0,
        Distractors.NONE,
        64,
        1);
  }

  /** Text in a box of width 90, every line end naming the blanks left; no header, 48 tokens. */
  public static LineBreaking box() {
    return boxed(LineWidths.given(90, 90), LineEnding.PADDED, LineHeader.NONE, 48);
  }

  /**
   * Text in a box of width 64 under a row of 16 labels; carets in the text are answered by the
   * label above their column; 64 tokens. The exploration's curve from next-token loss alone.
   */
  public static LineBreaking boxHeader() {
    return boxed(LineWidths.given(64, 64), LineEnding.PADDED, LABELS, 64);
  }

  /**
   * The box under a header with widths of 48 to 64, so that a column says nothing of what remains:
   * does a head still compare column with column? Labels that would not fit stand outside.
   */
  public static LineBreaking variedHeader() {
    return boxHeader().withWidths(LineWidths.given(48, 64));
  }

  /**
   * Control: the box with widths of 40 to 90. The blanks left are a difference, which is linear, so
   * no column has to be named.
   */
  public static LineBreaking variedBox() {
    return boxed(LineWidths.given(40, 90), LineEnding.PADDED, LineHeader.NONE, 48);
  }

  /**
   * Control: header and carets, but lines that end in a plain newline. Columns are matched, never
   * named.
   */
  public static LineBreaking headerOnly() {
    return boxed(LineWidths.given(64, 64), LineEnding.NEWLINE, LABELS, 64);
  }

  /** Control: the box's text, its lines ending in a plain newline. Columns are only counted. */
  public static LineBreaking plainNewline() {
    return boxed(LineWidths.given(90, 90), LineEnding.NEWLINE, LineHeader.NONE, 48);
  }

  /**
   * The box's text with an odd token, {@code @@} or {@code ##}, after one word in fifty: as long as
   * a word of two characters, for the illusion.
   */
  public static LineBreaking oddBox() {
    return box().withDistractors(0.02, "@@", "##");
  }

  /** The tasks by the names that commands and evidence know them by. */
  private static final Map<String, Supplier<LineBreaking>> MODES = new LinkedHashMap<>();

  static {
    MODES.put("given", LineBreaking::given);
    MODES.put("inferred", LineBreaking::inferred);
    MODES.put("ruler", LineBreaking::ruler);
    MODES.put("box", LineBreaking::box);
    MODES.put("box-header", LineBreaking::boxHeader);
    MODES.put("varied-header", LineBreaking::variedHeader);
    MODES.put("varied-box", LineBreaking::variedBox);
    MODES.put("header-only", LineBreaking::headerOnly);
    MODES.put("plain-newline", LineBreaking::plainNewline);
    MODES.put("odd-box", LineBreaking::oddBox);
  }

  /**
   * The task of a mode: given, inferred, ruler, box, box-header, varied-header, varied-box,
   * header-only, plain-newline or odd-box.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public static LineBreaking named(String mode) {
    Supplier<LineBreaking> task = MODES.get(mode);
    if (task == null) {
      throw new IllegalArgumentException(
          "mode: got "
              + (mode == null ? "none" : "'" + mode + "'")
              + ", expected one of "
              + String.join(", ", MODES.keySet()));
    }
    return task.get();
  }

  /** The names of modes, in the order of {@link #named}. */
  public static List<String> modes() {
    return List.copyOf(MODES.keySet());
  }

  /** The mode whose task this is, or empty if it was changed. */
  public Optional<String> mode() {
    return MODES.keySet().stream().filter(mode -> named(mode).equals(this)).findFirst();
  }

  private static LineBreaking plain(LineWidths widths) {
    return new LineBreaking(
        widths, LineEnding.NEWLINE, MANY_WORDS, LineHeader.NONE, 0, Distractors.NONE, 64, 3);
  }

  private static LineBreaking boxed(
      LineWidths widths, LineEnding ending, LineHeader header, int length) {
    return new LineBreaking(
        widths, ending, FEW_WORDS, header, SOME_EARLY_ENDS, Distractors.NONE, length, 1);
  }

  /** The same with other widths. */
  public LineBreaking withWidths(LineWidths value) {
    return with(draft -> draft.widths = value);
  }

  /** The same with another line ending. */
  public LineBreaking withEnding(LineEnding value) {
    return with(draft -> draft.ending = value);
  }

  /** The same with other words. */
  public LineBreaking withWords(PseudoWords value) {
    return with(draft -> draft.words = value);
  }

  /** The same with another header, or {@link LineHeader#NONE}. */
  public LineBreaking withHeader(LineHeader value) {
    return with(draft -> draft.header = value);
  }

  /** The same with another share of early line ends. */
  public LineBreaking withEarlyEnds(double value) {
    return with(draft -> draft.earlyEnds = value);
  }

  /** The same with odd tokens in its vocabulary, and after a share of its words. */
  public LineBreaking withDistractors(double share, String... texts) {
    return with(draft -> draft.distractors = new Distractors(List.of(texts), share));
  }

  /** The same with documents of another length. */
  public LineBreaking withLength(int value) {
    return with(draft -> draft.length = value);
  }

  /** The same with another weight on line ends. */
  public LineBreaking withEndWeight(double value) {
    return with(draft -> draft.endWeight = value);
  }

  /** Whether lines end in a newline, and only where the next word does not fit; no header. */
  public boolean readsAsPlainText() {
    return ending == LineEnding.NEWLINE && !header.present() && earlyEnds == 0;
  }

  /** Documents of this task. */
  public LineCorpus corpus() {
    return LineCorpus.of(this);
  }

  @Override
  public String title() {
    return "lines, " + mode().orElseGet(this::toString);
  }

  @Override
  public int vocabulary() {
    return corpus().vocabulary().size();
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
    settings.put("ending", ending);
    settings.put("words", words);
    settings.put("header", header);
    settings.put("earlyEnds", earlyEnds);
    settings.put("distractors", distractors);
    settings.put("length", length);
    settings.put("endWeight", endWeight);
    return settings;
  }

  @Override
  public Course course() {
    return new LineCourse(this);
  }

  /**
   * The probability of a line end above which a trained model says "the next word does not fit".
   *
   * <p>A line ends with P = q + (1 − q)·e after a word, where q is the chance that the next does
   * not fit and e the share of early ends; a loss that weighs line ends w teaches P' = wP / (wP + 1
   * − P). So q &gt; ½ is P &gt; (1 + e)/2, and P' &gt; w(1 + e) / (w(1 + e) + 1 − e): ½ for w = 1,
   * e = 0.
   */
  public double breakThreshold() {
    double ends = endWeight * (1 + earlyEnds);
    return ends / (ends + 1 - earlyEnds);
  }

  private LineBreaking with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.task();
  }

  /** A task being changed. */
  private static final class Draft {
    private LineWidths widths;
    private LineEnding ending;
    private PseudoWords words;
    private LineHeader header;
    private double earlyEnds;
    private Distractors distractors;
    private int length;
    private double endWeight;

    Draft(LineBreaking from) {
      widths = from.widths;
      ending = from.ending;
      words = from.words;
      header = from.header;
      earlyEnds = from.earlyEnds;
      distractors = from.distractors;
      length = from.length;
      endWeight = from.endWeight;
    }

    LineBreaking task() {
      return new LineBreaking(
          widths, ending, words, header, earlyEnds, distractors, length, endWeight);
    }
  }

  private static void require(boolean holds, String given, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("line breaking: got " + given + ", expected " + expected);
    }
  }
}
