package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.grokscope.model.ComputationPath;
import org.grokscope.train.History;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the library's own comments say, asked for in a cell. */
class DocumentationTest {
  @Test
  void a_type_is_told_with_what_it_has() {
    String text = Notebook.docs(Trainer.class).toString();
    assertTrue(text.startsWith("class org.grokscope.train.Trainer\n\n"), text);
    assertTrue(
        text.contains(
            "static Trainer of(TrainingConfig config) A trainer of this configuration, on all"
                + " cores, that stops when the budget of epochs is spent."),
        text);
    assertFalse(text.contains("Trainer("), "a private constructor");
    assertFalse(text.contains("heardByDefault"), "a private field");
  }

  @Test
  void a_method_is_told_with_all_its_tags() {
    String text = Notebook.docs("Notebook.docs").toString();
    assertTrue(text.contains("static Documentation docs(Class<?> type)"), text);
    assertTrue(text.contains("static Documentation docs(String name)"), text);
    assertTrue(text.contains("name: as in Trainer, History.Row or Trainer.train, with the"), text);
    assertTrue(text.contains("fails with IllegalArgumentException: if there is none"), text);
    assertFalse(text.contains("{@"), text);
  }

  @Test
  void lines_of_a_comment_flow_and_letters_stay_as_they_are() {
    String text = Notebook.docs("TrainingConfig").toString();
    assertTrue(text.contains("each update first scales a parameter by 1 − rate"), text);
    assertTrue(text.contains("nanda2023() The training of Nanda et al. (2023)"), text);
    String metric = Notebook.docs("Metric").toString();
    assertTrue(metric.contains("Metric.named(\"loss\").readings(checkpoint)\n"), metric);
  }

  @Test
  void names_work_with_and_without_package_and_for_types_within_types() {
    String text = Notebook.docs("History.Row").toString();
    assertTrue(
        text.startsWith(
            "record org.grokscope.train.History.Row(List<String> columns, long epoch, "),
        text);
    assertEquals(text, Notebook.docs("org.grokscope.train.History.Row").toString());
    assertEquals(text, Notebook.docs(History.Row.class).toString());
  }

  @Test
  void interfaces_and_enums_show_what_is_public_in_them_without_saying_so() {
    assertTrue(Notebook.docs(TrainingListener.class).toString().contains("void started("));
    String text = Notebook.docs(ComputationPath.class).toString();
    for (Enum<?> constant : ComputationPath.class.getEnumConstants()) {
      assertTrue(text.contains("ComputationPath " + constant.name()), text);
    }
  }

  @Test
  void the_html_of_a_comment_stays_and_code_in_it_is_escaped() {
    MimeBundle bundle = Notebook.docs("Notebook").bundle();
    String html = (String) bundle.data().get("text/html");
    assertTrue(html.contains("<code>%load ../environment/grokscope.jshell</code>"), html);
    assertTrue(html.contains("docs(Class&lt;?&gt; type)"), html);
    assertFalse(((String) bundle.data().get("text/plain")).contains("<p>"));
  }

  @ParameterizedTest
  @CsvSource({
    "Trainr, Trainer",
    "traningconfig, TrainingConfig",
    "Trainer.trian, Trainer.train",
    "History.Rows, History.rows",
    "org.grokscope.train.Trainer.off, Trainer.of",
    "java.lang.String, near it are",
  })
  void a_name_that_does_not_exist_is_answered_with_near_ones(String wrong, String right) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Notebook.docs(wrong)).getMessage();
    assertTrue(message.startsWith("docs: got "), message);
    assertTrue(message.contains(right), message);
  }

  @Test
  void types_of_every_room_can_be_told() {
    List<String> names = List.copyOf(LibrarySources.texts().keySet());
    assertTrue(names.size() > 300, "the jar carries " + names.size());
    for (int i = 0; i < names.size(); i += 12) {
      assertFalse(Notebook.docs(names.get(i)).toString().contains("{@"), names.get(i));
    }
  }
}
