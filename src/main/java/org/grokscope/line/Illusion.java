package org.grokscope.line;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.grokscope.task.LineAnswers;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineFact;
import org.grokscope.task.LineVocabulary;
import org.grokscope.task.TokenKind;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * An odd token in a line, as long as the word whose place it takes, so that every count stays as it
 * was: does the model still break where it has to? (E10)
 *
 * <p>In every document one decision is taken at which the line has to end, and one earlier word of
 * the same line, as long as the distractors; p is the probability of a line end at the decision.
 * The control is another word of the same length in the same place.
 */
public final class Illusion {
  private static final int FEWEST = 20;

  private Illusion() {}

  /**
   * The change of the break probability by what takes the word's place.
   *
   * @param network that decides
   * @param batch of a task whose vocabulary has distractors
   * @param seed of the choice of words and places
   * @return a row a class, the first "another word", then each distractor: {@code inserted}, {@code
   *     documents}, {@code before}, {@code after} (mean p), {@code change} (mean of after − before)
   *     and {@code error} (its standard error), {@code lost} (share of breaks made before and not
   *     after)
   * @throws IllegalArgumentException if the task has no distractors, or fewer than {@value #FEWEST}
   *     documents have a place for one
   */
  public static Table of(LineNetwork network, LineBatch batch, long seed) {
    LineVocabulary vocabulary = batch.vocabulary();
    int length = batch.task().distractors().length();
    if (length == 0) {
      throw new IllegalArgumentException(
          "illusion: got a task without distractors, expected some in its vocabulary; train with"
              + " withDistractors(0.02, \"@@\", \"##\")");
    }
    RandomGenerator random = new Random(seed);
    List<int[]> places = places(batch, length, random); // position of the word, of the decision
    if (places.size() < FEWEST) {
      throw new IllegalArgumentException(
          "illusion: got "
              + places.size()
              + " documents with a word of "
              + length
              + " characters before a break, expected at least "
              + FEWEST
              + "; read more documents");
    }
    int[] words =
        IntStream.range(0, vocabulary.size())
            .filter(token -> vocabulary.kind(token) == TokenKind.WORD)
            .filter(token -> vocabulary.length(token) == length)
            .toArray();
    Map<String, IntUnaryOperator> inserted = new LinkedHashMap<>();
    inserted.put("another word", old -> otherWord(words, old, random));
    for (int i = 0; i < vocabulary.count(TokenKind.DISTRACTOR); i++) {
      int token = vocabulary.token(TokenKind.DISTRACTOR, i);
      inserted.put(vocabulary.text(token), old -> token);
    }
    LineAnswers before = network.answers(batch);
    StringColumn names = StringColumn.create("inserted");
    IntColumn documents = IntColumn.create("documents");
    List<DoubleColumn> measures = new ArrayList<>();
    for (String name : List.of("before", "after", "change", "error", "lost")) {
      measures.add(DoubleColumn.create(name));
    }
    inserted.forEach(
        (name, token) -> {
          LineBatch changed = batch;
          for (int[] place : places) {
            int i = place[0] / batch.length();
            int t = place[0] % batch.length();
            changed = changed.withReplaced(i, t, token.applyAsInt(batch.token(i, t)));
          }
          LineAnswers after = network.answers(changed);
          names.append(name);
          documents.append(places.size());
          double[] row = row(places, before, after);
          for (int m = 0; m < row.length; m++) {
            measures.get(m).append(row[m]);
          }
        });
    Table table = Table.create("illusion", names, documents);
    measures.forEach(table::addColumns);
    return table;
  }

  private static int otherWord(int[] words, int old, RandomGenerator random) {
    int[] others = Arrays.stream(words).filter(word -> word != old).toArray();
    return others.length == 0 ? old : others[random.nextInt(others.length)];
  }

  private static List<int[]> places(LineBatch batch, int length, RandomGenerator random) {
    int[] mustBreak = batch.facts(LineFact.MUST_BREAK);
    int[] decision = batch.facts(LineFact.DECISION);
    int[] line = batch.facts(LineFact.LINE);
    List<int[]> places = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      List<int[]> choices = new ArrayList<>();
      for (int at = i * batch.length(); at < (i + 1) * batch.length(); at++) {
        for (int word = i * batch.length(); word < at && mustBreak[at] == 1; word++) {
          int token = batch.token(i, word - i * batch.length());
          if (decision[word] == 1
              && line[word] == line[at]
              && batch.vocabulary().length(token) == length) {
            choices.add(new int[] {word, at});
          }
        }
      }
      if (!choices.isEmpty()) {
        places.add(choices.get(random.nextInt(choices.size())));
      }
    }
    return places;
  }

  private static double[] row(List<int[]> places, LineAnswers before, LineAnswers after) {
    int n = places.size();
    double[] changes = new double[n];
    double meanBefore = 0;
    double meanAfter = 0;
    double made = 0;
    double lost = 0;
    for (int i = 0; i < n; i++) {
      int at = places.get(i)[1];
      double first = before.endProbability(at);
      double second = after.endProbability(at);
      changes[i] = second - first;
      meanBefore += first / n;
      meanAfter += second / n;
      made += before.ends(at) ? 1 : 0;
      lost += before.ends(at) && !after.ends(at) ? 1 : 0;
    }
    double change = Arrays.stream(changes).average().orElseThrow();
    double squares = Arrays.stream(changes).map(c -> (c - change) * (c - change)).sum();
    return new double[] {
      meanBefore, meanAfter, change, Math.sqrt(squares / (n - 1) / n), made > 0 ? lost / made : 0
    };
  }
}
