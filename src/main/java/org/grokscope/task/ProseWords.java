package org.grokscope.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words that a task of prose draws texts from, numbered, in tokens. Words longer than the
 * narrowest width are left out. Made once a process for equal settings.
 */
final class ProseWords {
  private record Key(String digest, int subwords, int longest) {}

  private static final Map<Key, ProseWords> KNOWN = new HashMap<>();
  private static final Map<Key, Subwords> LEARNT = new HashMap<>();

  private final ProseVocabulary vocabulary;
  private final int longest;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> spellings = new ArrayList<>();
  private final List<int[]> tokens = new ArrayList<>();
  private final int[] training;
  private final int[] unseen;

  private ProseWords(Corpus corpus, Subwords subwords, int longest) {
    this.longest = longest;
    vocabulary = new ProseVocabulary(subwords);
    training = numbered(corpus.training());
    unseen = numbered(corpus.unseen());
  }

  static synchronized ProseWords of(Prose task) {
    Corpus corpus = task.corpus();
    Subwords subwords =
        LEARNT.computeIfAbsent(
            new Key(corpus.digest(), task.subwords(), 0),
            unseen -> Subwords.learn(corpus.training(), task.subwords()));
    int longest = task.widths().narrowest();
    return KNOWN.computeIfAbsent(
        new Key(corpus.digest(), task.subwords(), longest),
        unseen -> new ProseWords(corpus, subwords, longest));
  }

  private int[] numbered(List<String> words) {
    return words.stream()
        .filter(word -> word.length() <= longest)
        .mapToInt(word -> numbers.computeIfAbsent(word, this::add))
        .toArray();
  }

  private int add(String word) {
    spellings.add(word);
    tokens.add(vocabulary.tokens(word));
    return spellings.size() - 1;
  }

  ProseVocabulary vocabulary() {
    return vocabulary;
  }

  /** Characters of the longest word that there may be. */
  int longest() {
    return longest;
  }

  /** How many different words there are. */
  int size() {
    return spellings.size();
  }

  /** The number of a word, which texts are made of. */
  int number(String word) {
    return numbers.get(word);
  }

  int length(int word) {
    return spellings.get(word).length();
  }

  int[] tokens(int word) {
    return tokens.get(word);
  }

  /** The text to train on, in words. */
  int[] training() {
    return training;
  }

  /** The text never trained on. */
  int[] unseen() {
    return unseen;
  }
}
