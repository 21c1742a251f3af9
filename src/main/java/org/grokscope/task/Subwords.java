package org.grokscope.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pieces of words, learnt by byte-pair encoding (Sennrich, Haddow and Birch 2016): every printable
 * character is a piece, and again and again the two neighbours that stand together most often in
 * the words of a text become one.
 *
 * <p>A piece that begins a word is another one than the same characters within a word, so that a
 * reader of pieces sees where words begin. Pieces are numbered from 0: {@value #CHARACTERS}
 * characters that begin, as many that go on, then joined ones in the order in which they were
 * learnt. Of pairs that are equally frequent the one with the smaller numbers is joined first.
 */
public final class Subwords {
  /** Printable characters of ASCII but for the blank. */
  static final int CHARACTERS = '~' - '!' + 1;

  /** Pieces that there are before any is joined. */
  public static final int FEWEST = 2 * CHARACTERS;

  private final List<String> texts = new ArrayList<>();
  private final Map<Pair, Integer> joined = new HashMap<>();

  private record Pair(int left, int right) {
    boolean isBefore(Pair other) {
      return left < other.left || (left == other.left && right < other.right);
    }
  }

  private final List<Boolean> begins = new ArrayList<>();

  private Subwords() {
    for (int piece = 0; piece < FEWEST; piece++) {
      texts.add(String.valueOf((char) ('!' + piece % CHARACTERS)));
      begins.add(piece < CHARACTERS);
    }
  }

  /**
   * The pieces of a text.
   *
   * @param words of the text, in printable ASCII
   * @param pieces how many, at least {@link #FEWEST}; fewer come of a text whose words are whole
   *     pieces before
   * @throws IllegalArgumentException if too few are asked for, or a word has another character
   */
  public static Subwords learn(Collection<String> words, int pieces) {
    if (pieces < FEWEST) {
      throw new IllegalArgumentException(
          "subwords: got "
              + pieces
              + " pieces, expected at least "
              + FEWEST
              + ", every printable character at the beginning of a word and within; try 2000");
    }
    Map<String, Integer> counts = new TreeMap<>();
    words.forEach(word -> counts.merge(word, 1, Integer::sum));
    Subwords subwords = new Subwords();
    Learner learner = new Learner(counts);
    while (subwords.size() < pieces) {
      Pair best = learner.mostFrequent();
      if (best == null) {
        break;
      }
      learner.join(best, subwords.add(best));
    }
    return subwords;
  }

  private int add(Pair pair) {
    texts.add(texts.get(pair.left) + texts.get(pair.right));
    begins.add(begins.get(pair.left));
    joined.put(pair, texts.size() - 1);
    return texts.size() - 1;
  }

  /**
   * The different words of a text as pieces, and how often each pair of neighbours stands there.
   */
  private static final class Learner {
    private final int[][] words; // in pieces
    private final int[] counts;
    private final Map<Pair, Integer> frequencies = new HashMap<>();
    private final Map<Pair, Set<Integer>> holders = new HashMap<>(); // words that have or had it

    Learner(Map<String, Integer> distinct) {
      words = distinct.keySet().stream().map(Subwords::characters).toArray(int[][]::new);
      counts = distinct.values().stream().mapToInt(Integer::intValue).toArray();
      for (int word = 0; word < words.length; word++) {
        count(word, counts[word]);
      }
    }

    private void count(int word, int times) {
      int[] pieces = words[word];
      for (int i = 0; i + 1 < pieces.length; i++) {
        Pair pair = new Pair(pieces[i], pieces[i + 1]);
        if (frequencies.merge(pair, times, Integer::sum) == 0) {
          frequencies.remove(pair);
        }
        if (times > 0) {
          holders.computeIfAbsent(pair, unseen -> new HashSet<>()).add(word);
        }
      }
    }

    /** The pair to join next, or null if there is none. */
    Pair mostFrequent() {
      Pair best = null;
      int most = 0;
      for (Map.Entry<Pair, Integer> entry : frequencies.entrySet()) {
        int frequency = entry.getValue();
        if (frequency > most || (frequency == most && entry.getKey().isBefore(best))) {
          best = entry.getKey();
          most = frequency;
        }
      }
      return best;
    }

    void join(Pair pair, int piece) {
      for (int word : holders.remove(pair)) {
        count(word, -counts[word]);
        words[word] = joinedAll(words[word], pair, piece);
        count(word, counts[word]);
      }
    }
  }

  private static int[] characters(String word) {
    int[] pieces = new int[word.length()];
    for (int i = 0; i < pieces.length; i++) {
      int character = word.charAt(i) - '!';
      if (character < 0 || character >= CHARACTERS) {
        throw new IllegalArgumentException(
            "subwords: got the character '"
                + word.charAt(i)
                + "' in '"
                + word
                + "', expected printable ones of ASCII; let Corpus read the text");
      }
      pieces[i] = i == 0 ? character : CHARACTERS + character;
    }
    return pieces;
  }

  private static int[] joinedAll(int[] pieces, Pair pair, int piece) {
    int[] shorter = new int[pieces.length];
    int count = 0;
    for (int i = 0; i < pieces.length; i++) {
      boolean here = i + 1 < pieces.length && pieces[i] == pair.left && pieces[i + 1] == pair.right;
      shorter[count++] = here ? piece : pieces[i];
      i += here ? 1 : 0;
    }
    return Arrays.copyOf(shorter, count);
  }

  /** Number of pieces. */
  public int size() {
    return texts.size();
  }

  /** The characters of a piece. */
  public String text(int piece) {
    return texts.get(Objects.checkIndex(piece, size()));
  }

  /** Whether a piece begins a word. */
  public boolean begins(int piece) {
    return begins.get(Objects.checkIndex(piece, size()));
  }

  /**
   * A word in pieces, joined in the order in which that was learnt; any word of printable ASCII can
   * be written.
   *
   * @throws IllegalArgumentException if it has another character
   */
  public int[] pieces(String word) {
    int[] pieces = characters(word);
    while (true) {
      Pair first = null;
      int earliest = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < pieces.length; i++) {
        Pair pair = new Pair(pieces[i], pieces[i + 1]);
        int piece = joined.getOrDefault(pair, Integer.MAX_VALUE);
        if (piece < earliest) {
          first = pair;
          earliest = piece;
        }
      }
      if (first == null) {
        return pieces;
      }
      pieces = joinedAll(pieces, first, earliest);
    }
  }

  @Override
  public String toString() {
    return size() + " subwords";
  }
}
