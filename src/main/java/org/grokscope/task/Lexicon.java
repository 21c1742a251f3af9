package org.grokscope.task;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The spelled pseudo-words, and which may follow which.
 *
 * <p>Lengths are distributed as in running English text: the shares of mentions by Norvig, "English
 * Letter Frequency Counts: Mayzner Revisited" (2013), of lengths 1 to 12. The share of words of a
 * length and the share of words that are followed by a length both come from it, so that lengths in
 * a long text do as well.
 */
final class Lexicon {
  /** Per cent of mentions by length 1 … 12. */
  private static final double[] ENGLISH = {
    3.0, 17.7, 20.5, 14.8, 10.7, 8.4, 7.9, 5.9, 4.4, 3.1, 1.8, 1.0
  };

  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
  private static final String CONSONANTS = "bdfgjklmnprstvz";
  private static final String VOWELS = "aeiou";
  private static final int DRAWS = 10_000;

  private final String[] spellings; // [words], ascending length
  private final int[][] successors; // [words][successors], all of one length

  private Lexicon(String[] spellings, int[][] successors) {
    this.spellings = spellings;
    this.successors = successors;
  }

  static Lexicon of(PseudoWords words) {
    RandomStream random = RandomStream.of(words.seed(), "pseudo-words");
    int[] number = divide(words, words.successors());
    String[] spellings = new String[words.words()];
    Set<String> taken = new HashSet<>();
    int next = 0;
    for (int length = 1; length <= words.longest(); length++) {
      for (int i = 0; i < number[length - 1]; i++) {
        spellings[next++] = spell(length, random, taken, "pseudo-words");
      }
    }
    return new Lexicon(spellings, successors(words, number, random));
  }

  /** Divides words among the lengths in proportion to English, but {@code least} to each. */
  private static int[] divide(PseudoWords words, int least) {
    double total = Arrays.stream(ENGLISH, 0, words.longest()).sum();
    int[] number = new int[words.longest()];
    Arrays.fill(number, least);
    for (int word = least * number.length; word < words.words(); word++) {
      int poorest = 0; // the next word goes to the length that lacks most
      for (int i = 1; i < number.length; i++) {
        double lack = words.words() * ENGLISH[i] / total - number[i];
        double most = words.words() * ENGLISH[poorest] / total - number[poorest];
        poorest = lack > most ? i : poorest;
      }
      number[poorest]++;
    }
    return number;
  }

  /**
   * Which words may follow which. Word i is ranked by its place i·φ mod 1 on a circle, begun at
   * random, which spreads every run of words, such as those of one length, evenly over the ranks;
   * ranks are divided among the following lengths. The words of such a length are dealt from a
   * shuffled deck, so that all are followed and preceded alike.
   */
  private static int[][] successors(PseudoWords words, int[] number, RandomStream random) {
    int[][] decks = new int[number.length][];
    for (int i = 0, first = 0; i < number.length; first += number[i++]) {
      decks[i] = IntStream.range(first, first + number[i]).toArray();
      random.shuffle(decks[i]);
    }
    int[] dealt = new int[number.length];
    int[] following = followingLengths(words, random.nextDouble());
    int[][] successors = new int[words.words()][words.successors()];
    for (int word = 0; word < successors.length; word++) {
      for (int i = 0; i < words.successors(); i++) {
        int[] deck = decks[following[word]];
        successors[word][i] = deck[dealt[following[word]]++ % deck.length];
      }
    }
    return successors;
  }

  /** The index of the length that follows each word. */
  private static int[] followingLengths(PseudoWords words, double start) {
    int[] ranked = // words in the order of their places
        IntStream.range(0, words.words())
            .boxed()
            .sorted(Comparator.comparingDouble(word -> (start + word * GOLDEN_RATIO) % 1))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] share = divide(words, 1);
    int[] following = new int[ranked.length];
    int rank = 0;
    for (int length = 0; length < share.length; length++) {
      for (int i = 0; i < share[length]; i++) {
        following[ranked[rank++]] = length;
      }
    }
    return following;
  }

  /** Labels in capitals, all different, of lengths drawn uniformly. */
  static String[] labels(LineHeader header, long seed) {
    RandomStream random = RandomStream.of(seed, "labels of a header");
    String[] labels = new String[header.known()];
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < labels.length; i++) {
      int length = header.shortest() + random.nextInt(header.longest() - header.shortest() + 1);
      labels[i] = spell(length, random, taken, "line header").toUpperCase(Locale.ROOT);
    }
    return labels;
  }

  /** A pronounceable word that is not taken yet: consonants and vowels in turn. */
  private static String spell(int length, RandomStream random, Set<String> taken, String what) {
    for (int draw = 0; draw < DRAWS; draw++) {
      StringBuilder word = new StringBuilder();
      int parity = random.nextInt(2);
      for (int i = 0; i < length; i++) {
        String letters = (i + parity) % 2 == 0 ? CONSONANTS : VOWELS;
        word.append(letters.charAt(random.nextInt(letters.length())));
      }
      if (taken.add(word.toString())) {
        return word.toString();
      }
    }
    throw new IllegalArgumentException(
        what
            + ": got more words of length "
            + length
            + " than there are spellings ("
            + taken.stream().filter(word -> word.length() == length).count()
            + " found); use fewer words or longer ones");
  }

  int size() {
    return spellings.length;
  }

  String spelling(int word) {
    return spellings[word];
  }

  int length(int word) {
    return spellings[word].length();
  }

  int nextLength(int word) {
    return length(successors[word][0]);
  }

  int successors() {
    return successors[0].length;
  }

  int successor(int word, int i) {
    return successors[word][i];
  }
}
