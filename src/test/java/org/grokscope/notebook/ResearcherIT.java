package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What helps while one types in a cell of the real kernel: completion, documentation, errors. */
class ResearcherIT {
  @Test
  void names_are_completed_comments_are_shown_and_slips_are_told(@TempDir Path home)
      throws Exception {
    ObjectMapper json = new ObjectMapper();
    Map<String, ?> plan =
        Map.of(
            "cwd", Python.CELLS_FOLDER.toString(),
            "timeout", 120,
            "cells",
                List.of(
                    Map.of("code", "%load ../environment/grokscope.jshell"),
                    Map.of("complete", "TrainingConfig.nanda2023().withE"),
                    Map.of("complete", "Modular"),
                    Map.of("code", "Notebook.docs(\"Trainer.train\")"),
                    Map.of("code", "Notebook.docs(Trainr.class)"),
                    Map.of("code", "var split = ModularAddition.mod(31).splt(0.4, 0);")));
    JsonNode heard =
        json.readTree(Python.run(home, "kernel_client.py", json.writeValueAsString(plan)));
    assertEquals("[\"withEpochs(\",\"withEvaluation(\"]", heard.at("/1/matches").toString());
    assertTrue(heard.at("/2/matches").toString().contains("\"ModularAddition\""));

    JsonNode shown = heard.at("/3/outputs/0/data");
    assertTrue(shown.get("text/html").asText().contains("<pre>Run train(Task task)</pre>"));
    assertTrue(shown.get("text/plain").asText().contains("Trains to the end, from the beginning"));

    assertTells(heard.get(4), "Trainr.class", "symbol:   class Trainr");
    assertTells(heard.get(5), ".splt(0.4, 0)", "symbol:   method splt(double,int)");
  }

  /** The line, what javac says of it, and nothing of the kernel's own insides. */
  private static void assertTells(JsonNode cell, String line, String symbol) {
    String said =
        cell.at("/outputs/0/traceback").toString().replaceAll("\\\\u001[bB]\\[[0-9;]*m", "");
    assertTrue(said.contains(line), said);
    assertTrue(said.contains("cannot find symbol"), said);
    assertTrue(said.contains(symbol), said);
    assertFalse(said.contains("org.dflib"), said);
  }
}
