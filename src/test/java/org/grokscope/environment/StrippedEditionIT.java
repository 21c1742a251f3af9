package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notebooks as a class gets them. */
@Order(9)
class StrippedEditionIT {
  @TempDir Path folder;
  private Path notebooks;
  private Path edition;

  @BeforeEach
  void copy_the_fixture() throws Exception {
    notebooks = Files.createDirectory(folder.resolve("notebooks"));
    edition = folder.resolve("class");
    String name = "10-exercises.ipynb";
    Files.copy(Path.of(StrippedEditionIT.class.getResource(name).toURI()), notebooks.resolve(name));
    Files.createDirectory(notebooks.resolve("evidence"));
    Files.writeString(notebooks.resolve("evidence/numbers.csv"), "one\n1\n");
  }

  private CommandResult grokscope(String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.add("--notebooks");
    words.add((arguments[0].equals("run") ? edition : notebooks).toString());
    return CommandResult.of(
        VirtualEnvironment.readyScript(words.toArray(String[]::new)), Duration.ofMinutes(3));
  }

  private JsonNode strip() throws Exception {
    CommandResult result = grokscope("strip", "--out", edition.toString());
    assertEquals(0, result.exit(), result::everything);
    assertTrue(result.out().contains("1 notebook without outputs and solutions in "));
    return new ObjectMapper().readTree(edition.resolve("10-exercises.ipynb").toFile());
  }

  @Test
  void has_no_outputs_no_solutions_and_empty_answers() throws Exception {
    String before = Files.readString(notebooks.resolve("10-exercises.ipynb"));
    JsonNode notebook = strip();
    assertTrue(notebook.at("/metadata/grokscope").isMissingNode(), notebook::toPrettyString);
    List<String> sources = new ArrayList<>();
    for (JsonNode cell : notebook.get("cells")) {
      StringBuilder source = new StringBuilder();
      cell.get("source").forEach(line -> source.append(line.asText()));
      sources.add(source.toString());
      assertTrue(cell.at("/metadata/grokscope").isMissingNode(), cell::toPrettyString);
      if (cell.get("cell_type").asText().equals("code")) {
        assertTrue(cell.get("outputs").isEmpty(), cell::toPrettyString);
        assertTrue(cell.get("execution_count").isNull(), cell::toPrettyString);
      }
    }
    assertEquals(
        List.of(
            "# An exercise\n\nFor a test.\n\n**Prediction.** The label is 6.",
            "%load grokscope.jshell",
            "System.out.println(\"label \" + ModularAddition.mod(31).label(17, 20));",
            "## Exercises\n\n1. **Predict.** What is the label of 1 and 2?\n\n"
                + "2. **Modify.** And of 30 and 2?\n\n"
                + "<details><summary>A hint</summary>\n\nGo around.\n</details>",
            "// your answer",
            "System.out.println(\"checked: \" +"
                + " java.nio.file.Files.exists(java.nio.file.Path.of(\"evidence/numbers.csv\")));",
            "3. **Break.** Which of them fail?",
            "4. *Write.* Why?",
            "*Your answer.*"),
        sources);
    assertEquals(before, Files.readString(notebooks.resolve("10-exercises.ipynb")));
  }

  @Test
  void runs_where_it_is() throws Exception {
    strip();
    CommandResult result =
        grokscope("run", "--no-build", "--site", folder.resolve("site").toString());
    assertEquals(0, result.exit(), result::everything);
    String page = Files.readString(folder.resolve("site/10-exercises.html"));
    assertTrue(page.contains("label 6"), page);
    assertTrue(page.contains("checked: true"), page);
  }

  @Test
  void beside_the_notebooks_keeps_the_set_up_cell_of_all_others() throws Exception {
    Path beside = VirtualEnvironment.PROJECT.resolve("class-of-a-test");
    edition = beside;
    try {
      JsonNode notebook = strip();
      assertEquals(
          "%load ../environment/grokscope.jshell", notebook.at("/cells/1/source/0").asText());
      assertFalse(Files.exists(beside.resolve("grokscope.jshell")));
    } finally {
      for (String file : List.of("evidence/numbers.csv", "evidence", "10-exercises.ipynb", "")) {
        Files.deleteIfExists(beside.resolve(file));
      }
    }
  }

  @Test
  void never_goes_where_something_is() throws Exception {
    Files.createDirectory(edition);
    Files.writeString(edition.resolve("answers.txt"), "mine");
    refuses("is there already, maybe with somebody's answers", "--out", edition.toString());
    refuses("is within", "--out", notebooks.resolve("class").toString());
    refuses("no notebook numbered 7; there are 10", "7", "--out", folder.resolve("x").toString());
  }

  @Test
  void names_the_notebook_whose_solution_does_not_end() throws Exception {
    Path file = notebooks.resolve("10-exercises.ipynb");
    String text = Files.readString(file);
    int last = text.lastIndexOf("</details>");
    Files.writeString(file, text.substring(0, last) + text.substring(last + "</details>".length()));
    refuses(
        "10-exercises.ipynb has a folded solution without its </details>",
        "--out",
        edition.toString());
    assertFalse(Files.exists(edition));
  }

  private void refuses(String message, String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of("strip"));
    words.addAll(List.of(arguments));
    CommandResult result = grokscope(words.toArray(String[]::new));
    assertEquals(2, result.exit(), result::everything);
    assertEquals(1, result.err().lines().count(), result::everything);
    assertTrue(result.err().contains(message), result::everything);
  }
}
