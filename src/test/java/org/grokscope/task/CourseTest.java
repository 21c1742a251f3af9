package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task says of itself, feeds a training with, and examines a model on. */
class CourseTest {

  @Nested
  class OfTables {
    private final OperationTable table = ModularAddition.mod(7);
    private final Split split = table.split(0.5, 3); // knows 24 of 49

    @Test
    void a_split_says_what_a_model_has_to_read_and_answer() {
      assertEquals("a+b mod 7", split.title());
      assertEquals(List.of(8, 3, 7), List.of(split.vocabulary(), split.length(), split.outputs()));
      assertFalse(split.asksEverywhere());
      Task sums = OperationTable.sum(3, 5).split(0.5, 0);
      assertEquals(List.of(6, 4, 5), List.of(sums.vocabulary(), sums.length(), sums.outputs()));
    }

    @Test
    void equal_tasks_have_equal_settings_and_others_do_not() {
      assertEquals(split.settings(), ModularAddition.mod(7).split(0.5, 3).settings());
      OperationTable lambda = OperationTable.of("a+b", 7, (a, b, p) -> a + b);
      assertEquals(split.settings(), lambda.split(0.5, 3).settings());
      OperationTable sameName = OperationTable.of("a+b", 7, (a, b, p) -> a + b + 1);
      List<Task> others =
          List.of(
              table.split(0.5, 4),
              table.split(0.6, 3),
              table.splitMirrorsTogether(0.5, 3),
              table.withRandomLabels(0).split(0.5, 3),
              table.withRandomLabels(1).split(0.5, 3),
              table.withRefusals(1).split(0.5, 3),
              ModularAddition.mod(5).split(0.5, 3),
              OperationTable.of(Operation.MULTIPLY, 7).split(0.5, 3),
              OperationTable.sum(3, 7).split(0.5, 3),
              sameName.split(0.5, 3));
      Set<Object> settings = new HashSet<>(others.stream().map(Task::settings).toList());
      settings.add(split.settings());
      assertEquals(others.size() + 1, settings.size());
    }

    @Test
    void an_update_without_a_size_learns_from_all_known_questions() {
      Course course = split.course();
      assertSame(split.train(), course.training(0, 5, 0));
      assertSame(split.train(), course.training(0, 5, 24));
      assertSame(split.train(), course.training(0, 5, 100));
    }

    @Test
    void a_pass_of_smaller_pieces_shows_each_known_question_once() {
      Course course = split.course();
      List<String> first = pass(course, 9, 0);
      List<String> second = pass(course, 9, 1);
      assertEquals(questions(split.train()), first.stream().sorted().toList());
      assertEquals(questions(split.train()), second.stream().sorted().toList());
      assertNotEquals(first, second, "each pass has an order of its own");
      assertNotEquals(first, pass(course, 10, 0), "and each seed");
      assertNotEquals(first, questions(split.train()));
      assertEquals(4, course.training(9, 2, 10).size(), "what is left of 24");
    }

    private List<String> pass(Course course, long seed, int pass) {
      List<String> all = new ArrayList<>();
      for (int piece = 0; piece < 3; piece++) {
        Batch batch = course.training(seed, 3L * pass + piece, 10);
        all.addAll(IntStream.range(0, batch.size()).mapToObj(i -> question(batch, i)).toList());
      }
      return all;
    }

    private List<String> questions(Batch batch) {
      return IntStream.range(0, batch.size()).mapToObj(i -> question(batch, i)).sorted().toList();
    }

    private String question(Batch batch, int i) {
      return batch.token(i, 0) + "+" + batch.token(i, 1) + "=" + batch.label(i);
    }

    @Test
    void equal_arguments_give_equal_batches_whatever_was_asked_before() {
      Course fresh = split.course();
      Course used = split.course();
      for (int update = 0; update < 20; update++) {
        used.training(1, update, 7);
      }
      Batch expected = fresh.training(9, 4, 10);
      assertArrayEquals(expected.tokens(), used.training(9, 4, 10).tokens());
      assertArrayEquals(expected.labels(), used.training(9, 4, 10).labels());
    }

    @Test
    void a_model_is_examined_on_known_and_unknown_questions() {
      List<Batch> asked = new ArrayList<>();
      Student student =
          new Student() {
            @Override
            public BatchLoss loss(Batch batch) {
              asked.add(batch);
              return new BatchLoss(batch.size(), batch.size() / 2, batch.size());
            }

            @Override
            public float[] logits(Batch batch) {
              throw new AssertionError("nobody needs them");
            }
          };
      Course course = split.course();
      Map<String, Double> values = course.examine(student, split.train());
      assertEquals(Set.copyOf(course.columns()), values.keySet());
      assertEquals(
          List.of("train_loss", "test_loss", "train_accuracy", "test_accuracy"), course.columns());
      assertEquals(24, values.get("train_loss"));
      assertEquals(25, values.get("test_loss"));
      assertEquals(0.5, values.get("train_accuracy"));
      assertEquals(12 / 25.0, values.get("test_accuracy"));
      assertEquals(List.of(split.train(), split.test()), asked);
    }
  }

  @Nested
  class OfLines {
    @Test
    void the_task_says_what_a_model_has_to_read_and_answer() {
      LineBreaking task = LineBreaking.boxHeader();
      assertEquals("lines, box-header", task.title());
      assertTrue(task.withLength(50).title().startsWith("lines, LineBreaking["));
      assertEquals(task.corpus().vocabulary().size(), task.vocabulary());
      assertEquals(task.vocabulary(), task.outputs());
      assertTrue(task.asksEverywhere());
      assertEquals(task.vocabulary(), task.corpus().fresh(0, 1).knownTokens().orElseThrow());
    }

    @Test
    void equal_tasks_have_equal_settings_and_others_do_not() {
      LineBreaking task = LineBreaking.box();
      assertEquals(
          task.settings(),
          LineBreaking.boxHeader()
              .withHeader(LineHeader.NONE)
              .withWidths(LineWidths.given(90, 90))
              .withLength(48)
              .settings());
      List<LineBreaking> others =
          List.of(
              task.withWidths(LineWidths.given(80, 90)),
              task.withWidths(LineWidths.given(80, 90, 85)),
              task.withEnding(LineEnding.NEWLINE),
              task.withWords(new PseudoWords(48, 2, PseudoWords.LONGEST, 1)),
              LineBreaking.boxHeader(),
              task.withEarlyEnds(0.13),
              task.withDistractors(0.02, "@@", "##"),
              task.withLength(49),
              task.withEndWeight(2));
      Set<Object> settings = new HashSet<>(others.stream().map(LineBreaking::settings).toList());
      settings.add(task.settings());
      assertEquals(others.size() + 1, settings.size());
    }

    @Test
    void equal_arguments_give_equal_documents_whatever_was_asked_before() {
      Course fresh = LineBreaking.box().course();
      Course used = LineBreaking.box().course();
      used.training(1, 0, 5);
      Batch expected = fresh.training(7, 3, 4);
      assertEquals(expected, used.training(7, 3, 4));
      assertEquals(expected, LineBreaking.box().corpus().training(7, 3, 4));
      assertNotEquals(expected, used.training(8, 3, 4));
      assertNotEquals(expected, used.training(7, 4, 4));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "given | train_loss test_loss break_accuracy near_edge_accuracy",
          "inferred | train_loss test_loss break_accuracy near_edge_accuracy"
              + " unseen_width_accuracy bayes_ceiling",
          "ruler | train_loss test_loss break_accuracy near_edge_accuracy unseen_width_accuracy",
          "box | train_loss test_loss break_accuracy near_edge_accuracy column_accuracy",
          "box-header | train_loss test_loss break_accuracy near_edge_accuracy column_accuracy"
              + " label_accuracy"
        })
    void a_model_is_examined_on_what_the_task_can_answer(String mode, String columns) {
      LineBreaking task = LineBreaking.named(mode);
      Course course = task.course();
      assertEquals(List.of(columns.split(" ")), course.columns());
      Batch next = course.training(0, 0, 3);
      Knowing student = new Knowing();
      Map<String, Double> values = course.examine(student, next);
      assertEquals(Set.copyOf(course.columns()), values.keySet());
      assertEquals(3, values.get("train_loss"), "of the documents that come next");
      assertEquals(400, values.get("test_loss"), "of fresh ones");
      values.forEach(
          (name, value) -> {
            if (name.endsWith("accuracy")) {
              assertEquals(1.0, value, name + " of one who knows");
            }
          });
      if (mode.equals("inferred")) {
        double ceiling = values.get("bayes_ceiling");
        assertTrue(ceiling > 0.9 && ceiling < 1, "ceiling " + ceiling);
      }
      if (course.columns().contains("unseen_width_accuracy")) {
        assertTrue(student.widths.containsAll(task.widths().heldOut()), "" + student.widths);
      } else {
        assertTrue(student.widths.stream().noneMatch(task.widths().heldOut()::contains));
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"given", "box"})
    void who_never_ends_a_line_is_right_where_it_goes_on(String mode) {
      Course course = LineBreaking.named(mode).course();
      Student student =
          new Knowing() {
            @Override
            boolean ends(LineBatch batch, int position) {
              return false;
            }
          };
      double accuracy = course.examine(student, course.training(0, 0, 3)).get("break_accuracy");
      LineBatch fresh = LineBreaking.named(mode).corpus().fresh(1, 400);
      int[] mustBreak = fresh.facts(LineFact.MUST_BREAK, fresh.decisions());
      double share = 1 - Arrays.stream(mustBreak).average().orElseThrow();
      assertEquals(share, accuracy, 1e-12);
    }
  }

  /** Answers every position by what is true there; its loss is the number of documents. */
  private static class Knowing implements Student {
    final Set<Integer> widths = new HashSet<>();

    boolean ends(LineBatch batch, int position) {
      return batch.facts(LineFact.MUST_BREAK, new int[] {position})[0] == 1;
    }

    @Override
    public BatchLoss loss(Batch batch) {
      return new BatchLoss(batch.size(), 0, 1);
    }

    @Override
    public float[] logits(Batch batch) {
      LineBatch lines = (LineBatch) batch;
      int tokens = lines.vocabulary().size();
      float[] logits = new float[batch.size() * batch.length() * tokens];
      for (int width : lines.facts(LineFact.WIDTH)) {
        widths.add(width);
      }
      Set<Integer> decisions = new HashSet<>();
      IntStream.of(lines.decisions()).forEach(decisions::add);
      int[] targets = lines.targets();
      for (int position = 0; position < targets.length; position++) {
        logits[position * tokens + targets[position]] = 5;
        if (decisions.contains(position)) {
          boolean ends = ends(lines, position);
          for (int token = 0; token < tokens; token++) {
            boolean end = lines.vocabulary().endsLine(token);
            logits[position * tokens + token] += end == ends ? 50 : 0;
          }
        }
      }
      return logits;
    }
  }
}
