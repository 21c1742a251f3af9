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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A notebook run with other parameters than its own, on the real kernel. */
class ParametersIT {
  @TempDir Path folder;
  private Path notebooks;
  private Path notebook;

  @BeforeEach
  void copy_the_fixtures() throws Exception {
    notebooks = Files.createDirectory(folder.resolve("notebooks"));
    notebook = copy("08-parameters.ipynb");
    copy("05-goes-through.ipynb");
  }

  private Path copy(String name) throws Exception {
    return Files.copy(
        Path.of(ParametersIT.class.getResource(name).toURI()), notebooks.resolve(name));
  }

  private CommandResult run(String... arguments) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                "run",
                "--no-build",
                "--notebooks",
                notebooks.toString(),
                "--site",
                folder.resolve("site").toString()));
    words.addAll(List.of(arguments));
    return CommandResult.of(
        VirtualEnvironment.readyScript(words.toArray(String[]::new)), Duration.ofMinutes(3));
  }

  @Test
  void what_is_given_stands_in_a_cell_of_its_own_and_the_page_has_a_name_of_its_own()
      throws Exception {
    String before = Files.readString(notebook);
    CommandResult result =
        run(
            "8",
            "-p",
            "p=059",
            "-p",
            "word=six \"and\"",
            "-p",
            "mirrored=true",
            "-p",
            "share=2",
            "-p",
            "steps=5_000_000_000");
    assertEquals(0, result.exit(), result::everything);
    String label = "p059-wordsix__and_-mirroredtrue-share2-steps5_000_000_000";
    String page = Files.readString(folder.resolve("site/08-parameters-" + label + ".html"));
    String said = "six &quot;and&quot; | p 59, share 2.0, mirrored true, steps 5000000000";
    assertTrue(page.replace("&#34;", "&quot;").replace("\"", "&quot;").contains(said), page);
    assertTrue(page.contains("Run with other parameters: mirrored = true, p = 59, share"), page);
    try (Stream<Path> pages = Files.list(folder.resolve("site"))) {
      assertEquals(
          List.of("08-parameters-" + label + ".html", "assets", "index.html", "verdicts.html"),
          pages.map(path -> path.getFileName().toString()).sorted().toList(),
          "a page of a notebook that was not run");
    }
    JsonNode copy =
        new ObjectMapper()
            .readTree(folder.resolve("site-work/08-parameters-" + label + ".ipynb").toFile());
    assertEquals(
        "{\"mirrored\":true,\"p\":59,\"share\":2.0,\"steps\":5000000000,"
            + "\"word\":\"six \\\"and\\\"\"}",
        copy.at("/metadata/grokscope/parameters").toString());
    assertEquals("[\"parameters\"]", copy.at("/cells/1/metadata/tags").toString());
    assertEquals("[\"injected-parameters\"]", copy.at("/cells/2/metadata/tags").toString());
    assertTrue(copy.at("/cells/2/source").toString().contains("p = 59;"), copy::toPrettyString);
    assertEquals(before, Files.readString(notebook), "the notebook itself was written to");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "8 -p q=1           | 08-parameters.ipynb has no parameter q; there are p, share, mirrored, word, steps, half",
        "8 -p p=1.5         | p is a whole number (int), got 1.5",
        "8 -p p=3000000000  | p is of type int, for which 3000000000 is too large",
        "8 -p share=lots    | share is a number (double), got lots",
        "8 -p mirrored=1    | mirrored is true or false (boolean), got 1",
        "8 -p p=            | p is a whole number (int), got nothing",
        "8 -p half=3        | half is declared as more than a plain value",
        "8 -p p=3 -p p=5    | p is given twice",
        "5 -p p=3           | 05-goes-through.ipynb takes no parameters: none of its cells has the tag 'parameters'",
        "6 -p p=3           | no notebook numbered 6; there are 05, 08",
        "5 8 -p p=3         | -p is for one notebook; give its number",
        "-p p=3             | -p is for one notebook; give its number",
        "8 -p p             | -p needs a name and a value",
        "8 -p               | -p needs a name and a value",
        "8 -p p=3 --save    | a notebook keeps the outputs of its own parameters",
      })
  void what_cannot_be_given_is_said_in_one_line(String arguments, String message) throws Exception {
    CommandResult result = run(arguments.split(" "));
    assertEquals(2, result.exit(), result::everything);
    assertEquals(1, result.err().lines().count(), result::everything);
    assertTrue(result.err().startsWith("grokscope: run: " + message), result::everything);
    assertFalse(Files.exists(folder.resolve("site")), "published all the same");
  }

  @Test
  void the_tag_at_two_cells_is_refused() throws Exception {
    String text = Files.readString(notebook);
    Files.writeString(
        notebook,
        text.replaceFirst(
            "\"metadata\": \\{\\},\n   \"outputs\"",
            "\"metadata\": {\"tags\": [\"parameters\"]},\n   \"outputs\""));
    CommandResult result = run("8", "-p", "p=3");
    assertEquals(2, result.exit(), result::everything);
    assertTrue(
        result.err().contains("has the tag 'parameters' at its cells 2 and 3"), result::everything);
  }
}
