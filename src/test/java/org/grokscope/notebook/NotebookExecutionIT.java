package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.grokscope.environment.CommandResult;
import org.grokscope.environment.VirtualEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a notebook that was executed on the real kernel keeps. */
class NotebookExecutionIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SET_UP = "%load ../environment/grokscope.jshell";

  /** Executes cells in order and gives each one's outputs. */
  private static List<JsonNode> outputs(Path home, String... cells) throws Exception {
    List<Map<String, Object>> made = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      made.add(
          Map.of(
              "cell_type",
              "code",
              "id",
              "cell-" + i,
              "metadata",
              Map.of(),
              "outputs",
              List.of(),
              "source",
              cells[i]));
    }
    Path notebook = home.resolve("tiny.ipynb");
    JSON.writeValue(
        notebook.toFile(),
        Map.of("cells", made, "metadata", Map.of(), "nbformat", 4, "nbformat_minor", 5));
    Python.run(
        home, "execute_notebook.py", "", notebook.toString(), Python.CELLS_FOLDER.toString());
    String text = Files.readString(notebook);
    assertFalse(text.contains(Python.PROJECT.toString()), "a machine's path is in the notebook");
    return JSON.readTree(text).get("cells").findValues("outputs");
  }

  @Test
  void keeps_figures_as_json_objects_tables_as_html_and_the_end_of_a_training(@TempDir Path home)
      throws Exception {
    List<JsonNode> outputs =
        outputs(
            home,
            SET_UP,
            "Notebook.start();",
            "var row = History.Row.of(1, 0.5, Double.NaN, 1, 0, 2000, 0.1);\n"
                + "var history = new History(List.of(row));\n"
                + "LossCurve.of(history)",
            "history.table()",
            "LossCurve.of(history).show(); Notebook.show(history.table());",
            "%classpath ../target/test-classes",
            "var trained = LongTraining.run(Notebook.progress(), 300);");
    assertTrue(outputs.get(0).isEmpty(), outputs.get(0)::toPrettyString);
    assertTrue(outputs.get(1).isEmpty(), outputs.get(1)::toPrettyString);

    JsonNode figure = outputs.get(2).at("/0/data");
    assertEquals("markers", modeOf(figure));
    assertFalse(figure.has("text/html"));
    assertTrue(text(figure, "text/plain").contains("train loss 5.00e-01"));

    JsonNode table = outputs.get(3).at("/0/data");
    assertTrue(text(table, "text/html").contains("<table>"), table::toPrettyString);
    assertEquals("history", text(table, "text/plain").lines().findFirst().orElse(""));

    assertEquals(2, outputs.get(4).size());
    assertTrue(outputs.get(4).at("/0/data").has("application/vnd.plotly.v1+json"));
    assertTrue(outputs.get(4).at("/1/data").has("text/html"));

    assertEquals(1, outputs.get(6).size(), outputs.get(6)::toPrettyString);
    String end = text(outputs.get(6).at("/0/data"), "text/plain");
    assertTrue(end.startsWith("trained: 300 epochs"), end);
    assertTrue(end.contains("epoch 300: train loss 1.00 ("), end);
  }

  /** A text as it stands in a notebook's file: in one piece or line by line. */
  private static String text(JsonNode data, String type) {
    StringBuilder text = new StringBuilder(data.get(type).asText());
    data.get(type).forEach(line -> text.append(line.asText()));
    return text.toString();
  }

  private static String modeOf(JsonNode figure) {
    JsonNode plotly = figure.get("application/vnd.plotly.v1+json");
    assertTrue(plotly.isObject(), figure::toPrettyString);
    assertTrue(plotly.at("/data/1/y/0").isNull(), figure::toPrettyString);
    return plotly.at("/data/0/mode").asText();
  }

  @Test
  void says_what_to_do_when_the_library_is_not_built(@TempDir Path home) throws Exception {
    Path environment = Files.createDirectory(home.resolve("environment"));
    Path notebooks = Files.createDirectory(home.resolve("notebooks"));
    Files.copy(
        Python.PROJECT.resolve("environment/grokscope.jshell"),
        environment.resolve("grokscope.jshell"));
    Map<String, ?> plan =
        Map.of(
            "cwd", notebooks.toString(), "timeout", 60, "cells", List.of(Map.of("code", SET_UP)));
    JsonNode cells =
        JSON.readTree(Python.run(home, "kernel_client.py", JSON.writeValueAsString(plan)));
    assertEquals("error", cells.at("/0/status").asText());
    String message = cells.at("/0/evalue").asText();
    assertTrue(message.contains("run environment/grokscope run once"), message);
  }

  private static CommandResult firstFigure(String options, String... arguments) throws Exception {
    ProcessBuilder builder = timing(arguments);
    builder.environment().put("JJAVA_JVM_OPTS", options);
    return CommandResult.of(builder, Duration.ofMinutes(3));
  }

  private static ProcessBuilder timing(String... arguments) throws Exception {
    ProcessBuilder builder =
        VirtualEnvironment.script(
            "first_figure.py",
            "--notebooks",
            Python.PROJECT.resolve("notebooks").toString(),
            "--rounds",
            "1");
    builder.command().addAll(List.of(arguments));
    return builder;
  }

  @Test
  void a_kernel_starts_from_an_archive_of_the_librarys_classes_and_without_a_word_from_a_broken_one(
      @TempDir Path home) throws Exception {
    Path archive = home.resolve("kernel.jsa");
    CommandResult made = firstFigure("-Xmx1g", "--archive", archive.toString());
    assertEquals(new CommandResult(0, "", ""), made);
    assertEquals(List.of(archive), list(home), "parts are left behind");
    String using = "-Xmx1g -Xlog:disable -Xlog:all=error:stderr -XX:SharedArchiveFile=";
    Path loaded = home.resolve("loaded.txt");
    String watched = using + archive + " -Xlog:class+load:file=" + loaded;
    Path csv = home.resolve("kernel.csv");
    assertEquals(0, firstFigure(watched, "--out", csv.toString()).exit());
    List<String> ours =
        Files.readAllLines(loaded).stream()
            .filter(line -> line.contains("org.grokscope.plot.Figure "))
            .toList();
    assertEquals(1, ours.size(), ours::toString);
    assertTrue(ours.get(0).contains("shared objects file"), ours::toString);

    Path broken = home.resolve("broken.jsa");
    Files.writeString(broken, "no archive");
    CommandResult without = firstFigure(using + broken, "--out", csv.toString());
    assertEquals(0, without.exit(), without::everything);
    assertEquals("", without.err());
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void the_first_figure_of_a_new_kernel_is_timed(@TempDir Path home) throws Exception {
    Path file = home.resolve("kernel.csv");
    CommandResult result =
        CommandResult.of(timing("--out", file.toString()), Duration.ofMinutes(3));
    assertEquals(0, result.exit(), result::everything);
    List<String> rows = Files.readAllLines(file);
    assertEquals(4, rows.size(), rows::toString);
    Path bench = Python.PROJECT.resolve("notebooks/evidence/bench.csv");
    assertEquals(Files.readAllLines(bench).get(0), rows.get(0), "columns of the benchmark");
    double before = 0;
    for (String row : rows.subList(1, 4)) {
      double median = Double.parseDouble(row.split(",")[3]);
      assertTrue(median > before, rows::toString);
      before = median;
    }
    assertTrue(rows.get(3).startsWith("kernel-first-figure,1,0,"), rows::toString);
  }
}
