package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client of a real kernel interrupts a training, and runs the same cell again. */
class KernelInterruptIT {
  /** The cell that trains for longer than anyone waits. */
  private static final String TRAIN =
      "var run = Trainer.of(TrainingConfig.nanda2023().withEpochs(1_000_000_000L))"
          + ".train(ModularAddition.mod(31).split(0.4, 0));";

  private static final Pattern INTERRUPTED = Pattern.compile("interrupted at epoch ([0-9,]+) of");

  @Test
  void an_interrupt_stops_within_a_second_and_the_same_cell_goes_on(@TempDir Path home)
      throws Exception {
    ObjectMapper json = new ObjectMapper();
    Map<String, ?> train =
        Map.of("code", TRAIN, "interrupt_at", "test loss", "until", "run the cell again to go on");
    Map<String, ?> plan =
        Map.of(
            "cwd", Python.CELLS_FOLDER.toString(),
            "timeout", 60,
            "cells",
                List.of(
                    Map.of("code", "%load ../environment/grokscope.jshell"),
                    Map.of("code", "%classpath ../target/test-classes"),
                    train,
                    train));
    JsonNode cells =
        json.readTree(Python.run(home, "kernel_client.py", json.writeValueAsString(plan)));
    assertEquals("ok", cells.at("/0/status").asText(), cells::toPrettyString);
    assertEquals("ok", cells.at("/1/status").asText(), cells::toPrettyString);

    JsonNode first = cells.get(2);
    assertEquals("EvaluationInterruptedException", first.get("ename").asText());
    assertTrue(first.get("seconds_to_idle").asDouble() < 1, first::toPrettyString);
    long stoppedAt = interruptedAt(first);
    assertTrue(stoppedAt > 0, first::toPrettyString);

    JsonNode second = cells.get(3);
    String resumed = second.at("/outputs/0/data").get("text/plain").asText();
    assertTrue(
        resumed.contains(String.format(Locale.ROOT, "continued from epoch %,d", stoppedAt)),
        second::toPrettyString);
    assertTrue(second.get("seconds_to_idle").asDouble() < 1, second::toPrettyString);
    assertTrue(interruptedAt(second) > stoppedAt, second::toPrettyString);
  }

  /** The epoch that the last state of the progress bar names. */
  private static long interruptedAt(JsonNode cell) {
    for (JsonNode output : cell.get("outputs")) {
      Matcher matcher = INTERRUPTED.matcher(output.get("data").path("text/plain").asText());
      if (matcher.find()) {
        assertEquals("update_display_data", output.get("type").asText());
        assertEquals(cell.at("/outputs/0/id"), output.get("id"));
        return Long.parseLong(matcher.group(1).replace(",", ""));
      }
    }
    throw new AssertionError("no interrupted state in " + cell.toPrettyString());
  }
}
