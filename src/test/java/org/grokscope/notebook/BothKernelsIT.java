package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same cells on JJava and on a kernel of IJava's base, each in a process of its own. */
@Order(7)
class BothKernelsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SET_UP = "%load ../environment/grokscope.jshell";

  @TempDir Path folder;

  @BeforeEach
  void register_the_small_kernel() throws Exception {
    SmallIJava.register(folder.resolve("jupyter"));
  }

  /** What a client of a kernel hears of each cell. */
  private JsonNode heard(String kernel, List<? extends Map<String, ?>> cells) throws Exception {
    Map<String, ?> plan =
        Map.of(
            "cwd",
            Python.CELLS_FOLDER.toString(),
            "timeout",
            120,
            "kernel",
            kernel,
            "environment",
            Map.of("JUPYTER_PATH", folder.resolve("jupyter").toString(), "GROKSCOPE_QUICK", "1"),
            "cells",
            cells);
    Path home = Files.createDirectory(folder.resolve("home-" + kernel));
    JsonNode heard =
        JSON.readTree(Python.run(home, "kernel_client.py", JSON.writeValueAsString(plan)));
    assertEquals(cells.size(), heard.size());
    return heard;
  }

  /** The outputs of a cell by kind and MIME types, an updated place counted once. */
  private static List<String> kinds(JsonNode cell) {
    assertEquals("ok", cell.get("status").asText(), cell::toPrettyString);
    List<String> kinds = new ArrayList<>();
    for (JsonNode output : cell.get("outputs")) {
      Set<String> types = new TreeSet<>();
      output.get("data").fieldNames().forEachRemaining(types::add);
      if (output.get("type").asText().equals("stream")) {
        types.clear(); // in as many pieces as it pleases
      }
      kinds.add(output.get("type").asText() + " " + types);
    }
    return List.copyOf(new LinkedHashSet<>(kinds));
  }

  @Test
  void a_table_a_figure_and_a_training_show_themselves_on_both() throws Exception {
    List<Map<String, String>> cells =
        Stream.of(
                SET_UP,
                "var row = History.Row.of(1, 0.5, 0.25, 1, 0, 2000, 0.1);\n"
                    + "var history = new History(List.of(row));\n"
                    + "history.table()",
                "LossCurve.of(history)",
                "LossCurve.of(history).show(); Notebook.show(history.table());",
                "System.out.println(String.format(\"%d of %d\", 7 % 4, 3));",
                "var run = Trainer.of(TrainingConfig.nanda2023().withEpochs(300))\n"
                    + "    .train(ModularAddition.mod(7).split(0.5, 0));")
            .map(code -> Map.of("code", code))
            .toList();
    JsonNode jjava = heard("java", cells);
    JsonNode ijava = heard(SmallIJava.NAME, cells);
    String table = "[text/html, text/plain]";
    String figure = "[application/vnd.plotly.v1+json, text/plain]";
    List<List<String>> expected =
        List.of(
            List.of(),
            List.of("execute_result " + table),
            List.of("execute_result " + figure),
            List.of("display_data " + figure, "display_data " + table),
            List.of("stream []"),
            List.of("display_data " + table, "update_display_data " + table));
    for (int i = 0; i < cells.size(); i++) {
      assertEquals(expected.get(i), kinds(jjava.get(i)), "JJava, cell " + i);
      assertEquals(expected.get(i), kinds(ijava.get(i)), "IJava, cell " + i);
    }
    for (int cell : new int[] {1, 2}) {
      assertEquals(
          jjava.at("/" + cell + "/outputs/0/data"), ijava.at("/" + cell + "/outputs/0/data"));
    }
    assertEquals("3 of 3\n", ijava.at("/4/outputs/0/data").get("text/plain").asText());
    JsonNode training = ijava.at("/5/outputs");
    JsonNode end = training.get(training.size() - 1);
    assertEquals(training.get(0).get("id"), end.get("id"), "the bar moved in one place");
    assertTrue(end.at("/data").get("text/plain").asText().startsWith("trained: 300 epochs"));
  }

  @Test
  void the_first_notebook_gives_the_same_kinds_of_outputs_on_both() throws Exception {
    List<Map<String, String>> cells =
        StoredNotebook.read(Python.PROJECT.resolve("notebooks/00-start-here.ipynb"))
            .code()
            .map(cell -> Map.of("code", cell.source()))
            .toList();
    JsonNode jjava = heard("java", cells);
    JsonNode ijava = heard(SmallIJava.NAME, cells);
    for (int i = 0; i < cells.size(); i++) {
      assertEquals(kinds(jjava.get(i)), kinds(ijava.get(i)), cells.get(i).get("code"));
    }
    assertTrue(ijava.findValues("application/vnd.plotly.v1+json").size() >= 3);
  }

  @Test
  void an_interrupt_reaches_a_training_on_ijava_too() throws Exception {
    JsonNode heard =
        heard(
            SmallIJava.NAME,
            List.of(
                Map.of("code", SET_UP),
                Map.of(
                    "code",
                    "var run = Trainer.of(TrainingConfig.nanda2023().withEpochs(1_000_000_000L))"
                        + ".train(ModularAddition.mod(31).split(0.4, 0));",
                    "interrupt_at",
                    "test loss")));
    JsonNode outputs = heard.at("/1/outputs");
    String states = outputs.findValuesAsText("text/plain").toString();
    assertTrue(states.contains("run the cell again to go on"), states);
    assertTrue(heard.at("/1/seconds_to_idle").asDouble() < 1, heard.get(1)::toPrettyString);
  }
}
