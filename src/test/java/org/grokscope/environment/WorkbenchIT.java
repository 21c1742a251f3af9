package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workbench with other parameters than those it is stored with, on the real kernel. */
class WorkbenchIT {
  private static final Path STORED =
      VirtualEnvironment.PROJECT.resolve("notebooks/13-workbench.ipynb");

  @Test
  void takes_another_prime_operation_head_and_other_neurons(@TempDir Path folder) throws Exception {
    String before = Files.readString(STORED);
    Path site = folder.resolve("site");
    CommandResult result =
        CommandResult.of(
            VirtualEnvironment.readyScript(
                "run",
                "13",
                "--no-build",
                "--quick",
                "--site",
                site.toString(),
                "-p",
                "prime=23",
                "-p",
                "operation=a-b",
                "-p",
                "head=2",
                "-p",
                "neurons=5,7,9"),
            Duration.ofMinutes(5));
    assertEquals(0, result.exit(), result::everything);
    assertEquals(before, Files.readString(STORED), "the stored notebook was written to");
    try (Stream<Path> copies = Files.list(folder.resolve("site-work"))) {
      List<Path> made = copies.filter(path -> path.toString().endsWith(".ipynb")).toList();
      assertEquals(1, made.size(), made::toString);
      JsonNode copy = new ObjectMapper().readTree(made.get(0).toFile());
      String all = copy.toString();
      for (String said :
          List.of(
              "a-b mod 23: 370 questions to train on",
              "without head 2: ",
              "without neurons 5,7,9: ",
              "the same logits: true",
              "The table of a-b mod 23 fills in",
              "What brings the first answer back")) {
        assertTrue(all.contains(said), said);
      }
      assertFalse(all.contains("\"output_type\":\"error\""), all);
    }
  }
}
