package org.grokscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The README's index and outcomes, what the files say that it leads to, and the form of the
 * committed notebooks.
 */
class ReadmeTest {
  private static final Path NOTEBOOKS = Path.of("notebooks");
  private static final Path README = Path.of("README.md");
  private static final Path VERDICTS = NOTEBOOKS.resolve("verdicts.md");
  private static final Path LIBRARY = Path.of("src/README.md");
  private static final Path ENVIRONMENT = Path.of("environment/README.md");
  private static final long TWO_MEGABYTES = 2L << 20;
  private static final int MOST_LINES = 14;

  private final ObjectMapper json = new ObjectMapper();

  @Test
  void the_index_lists_every_notebook_with_its_title_and_its_outcome() throws IOException {
    String readme = Files.readString(README);
    for (Path path : notebooks()) {
      JsonNode notebook = json.readTree(path.toFile());
      String number = path.getFileName().toString().substring(0, 2);
      String title = text(notebook.at("/cells/0/source")).lines().findFirst().orElseThrow();
      String entry = "[" + number + " · " + title.substring(2) + "](" + path + ")";
      Matcher row =
          Pattern.compile(Pattern.quote(entry) + " \\|[^|]*\\| ([^|]*) \\|").matcher(readme);
      assertTrue(row.find(), "the README's index has no row with " + entry);
      assertEquals(outcome(path, notebook), row.group(1), path::toString);
    }
  }

  @Test
  void the_verdicts_are_those_that_the_committed_values_give() throws IOException {
    String file = Files.readString(VERDICTS);
    Matcher block =
        Pattern.compile("(?s)<!-- verdicts: [^\n]* -->\n\n(.*?)\n\n<!-- end of verdicts -->")
            .matcher(file);
    assertTrue(block.find(), VERDICTS + " has no marks of the verdicts");
    assertEquals(
        RecordedVerdicts.of(notebooks()).markdownTable(),
        block.group(1),
        "environment/grokscope run --save writes the verdicts anew");
  }

  /** What a notebook's claims came to, and how many of its predictions about one run held. */
  private static String outcome(Path path, JsonNode notebook) throws IOException {
    String claims = RecordedVerdicts.of(List.of(path)).inOneLine();
    String predictions = predictions(notebook);
    assertFalse(claims.isEmpty() && predictions.isEmpty(), path + " compares nothing");
    return Stream.of(claims, predictions)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private static String predictions(JsonNode notebook) {
    List<String> verdicts =
        outputs(notebook).stream()
            .map(output -> text(output.at("/data").path("text/plain")))
            .filter(table -> table.contains("holds here"))
            .flatMap(String::lines)
            .map(line -> line.replaceAll(".*\\s", ""))
            .filter(word -> word.equals("yes") || word.equals("no"))
            .toList();
    if (verdicts.isEmpty()) {
      return "";
    }
    long held = verdicts.stream().filter("yes"::equals).count();
    return held + " of " + verdicts.size() + " predictions held";
  }

  @Test
  void the_reading_order_names_every_room_and_a_class_that_is_there() throws IOException {
    String library = Files.readString(LIBRARY);
    Path sources = Path.of("src/main/java/org/grokscope");
    List<String> listed = new ArrayList<>();
    Matcher row = Pattern.compile("\\| `(\\w+)` \\|[^|]*\\| `(\\w+)` \\|").matcher(library);
    while (row.find()) {
      listed.add(row.group(1));
      assertTrue(
          Files.exists(sources.resolve(row.group(1)).resolve(row.group(2) + ".java")), row.group());
    }
    try (Stream<Path> rooms = Files.list(sources)) {
      assertEquals(
          rooms.map(room -> room.getFileName().toString()).sorted().toList(),
          listed.stream().sorted().toList());
    }
  }

  @Test
  void the_drawing_of_the_rooms_has_every_import_and_no_arrow_too_many() throws IOException {
    Matcher drawing =
        Pattern.compile("(?s)```mermaid\nflowchart TD\n(.*?)```")
            .matcher(Files.readString(LIBRARY));
    assertTrue(drawing.find(), LIBRARY + " has no drawing");
    Map<String, Set<String>> arrows = new TreeMap<>();
    for (String line : drawing.group(1).lines().toList()) {
      String[] ends = line.strip().split(" --> ");
      arrows.put(ends[0], Set.of(ends[1].split(" & ")));
    }
    Map<String, Set<String>> imports = LayersTest.imports();
    Set<String> drawn = new TreeSet<>(arrows.keySet());
    arrows.values().forEach(drawn::addAll);
    assertEquals(imports.keySet(), drawn);
    arrows.forEach(
        (room, below) -> assertTrue(imports.get(room).containsAll(below), room + " --> " + below));
    imports.forEach(
        (room, below) ->
            assertTrue(
                reachable(room, arrows).containsAll(below),
                room + " imports " + below + ", arrows lead to " + reachable(room, arrows)));
  }

  private static Set<String> reachable(String room, Map<String, Set<String>> arrows) {
    Set<String> reached = new TreeSet<>();
    for (String below : arrows.getOrDefault(room, Set.of())) {
      reached.add(below);
      reached.addAll(reachable(below, arrows));
    }
    return reached;
  }

  @Test
  void the_version_is_that_of_the_pom_wherever_it_stands() throws IOException {
    Matcher version =
        Pattern.compile("<artifactId>grokscope</artifactId>\\s*<version>(.*?)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(version.find(), "the POM has no version");
    Map<String, Path> places =
        Map.of(
            "%%maven org.grokscope:grokscope:%s\n", README,
            "version = {%s}", README,
            "grokscope-%s-bundle.zip", ENVIRONMENT,
            "- **%s** ", ENVIRONMENT);
    for (Map.Entry<String, Path> place : places.entrySet()) {
      String expected = place.getKey().formatted(version.group(1));
      assertTrue(
          Files.readString(place.getValue()).contains(expected),
          place.getValue() + " has no " + expected);
    }
  }

  @Test
  void the_kernel_of_the_readme_is_the_one_that_the_tests_run() throws IOException {
    Matcher kernel = Pattern.compile("pip install (jjava==\\S+)").matcher(Files.readString(README));
    assertTrue(kernel.find(), "the README does not say how to install JJava");
    assertTrue(
        Files.readAllLines(Path.of("environment/requirements.in")).contains(kernel.group(1)),
        kernel.group());
  }

  @Test
  void what_the_readme_and_its_three_files_link_to_is_there() throws IOException {
    for (Path file : List.of(README, VERDICTS, LIBRARY, ENVIRONMENT)) {
      Matcher link = Pattern.compile("\\]\\(([^):#]+)\\)").matcher(Files.readString(file));
      int links = 0;
      while (link.find()) {
        links++;
        assertTrue(
            Files.exists(file.resolveSibling(link.group(1)).normalize()),
            file + " links to " + link.group(1));
      }
      assertTrue(links > 0, file + " has no link");
    }
    String readme = Files.readString(README);
    for (Path file : List.of(VERDICTS, LIBRARY, ENVIRONMENT)) {
      assertTrue(readme.contains("](" + file + ")"), "the README does not lead to " + file);
    }
  }

  @Test
  void ci_runs_the_two_commands_of_the_readme() throws IOException {
    String readme = Files.readString(README);
    String ci = Files.readString(Path.of(".ci/run"));
    for (String command : List.of("environment/grokscope run", "mvn -B verify")) {
      assertTrue(readme.contains(command) && ci.contains(command), command);
    }
  }

  @Test
  void notebooks_are_executed_small_and_free_of_errors_and_of_machine_paths() throws IOException {
    for (Path path : notebooks()) {
      assertTrue(Files.size(path) < TWO_MEGABYTES, path + " is too large");
      JsonNode notebook = json.readTree(path.toFile());
      assertFalse(notebook.at("/metadata/grokscope/quick").asBoolean(true), path + " is not run");
      String stored = outputs(notebook).toString();
      assertFalse(stored.contains("\"output_type\":\"error\""), path + " has an error");
      for (String folder :
          List.of(System.getProperty("user.dir"), System.getProperty("user.home"))) {
        assertFalse(stored.contains(folder), path + " names a folder of this machine");
      }
      for (JsonNode cell : notebook.get("cells")) {
        if (cell.get("cell_type").asText().equals("code")) {
          String source = text(cell.get("source"));
          boolean folded = cell.at("/metadata/jupyter/source_hidden").asBoolean();
          assertTrue(
              folded || source.lines().count() <= MOST_LINES, path + ": a long cell: " + source);
          assertFalse(source.matches("(?s).*\\b(class|record|interface) \\w+.*\\{.*"), source);
        }
      }
    }
  }

  private static List<JsonNode> outputs(JsonNode notebook) {
    return StreamSupport.stream(notebook.get("cells").spliterator(), false)
        .flatMap(cell -> StreamSupport.stream(cell.path("outputs").spliterator(), false))
        .toList();
  }

  /** Notebooks keep a text as one string or as a list of lines. */
  private static String text(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining())
        : node.asText();
  }

  private static List<Path> notebooks() throws IOException {
    try (Stream<Path> files = Files.list(NOTEBOOKS)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
      assertFalse(found.isEmpty(), "there are no notebooks");
      return found;
    }
  }
}
