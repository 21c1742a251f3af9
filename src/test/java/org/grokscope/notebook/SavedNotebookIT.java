package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.grokscope.environment.CommandResult;
import org.grokscope.environment.VirtualEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A notebook that the entry script executed and saved says so until it is changed. */
class SavedNotebookIT {
  private static final String FIXTURE = "/org/grokscope/environment/05-goes-through.ipynb";

  @Test
  void what_run_save_writes_is_fresh_and_a_changed_cell_is_stale(@TempDir Path folder)
      throws Exception {
    Path notebooks = Files.createDirectory(folder.resolve("notebooks"));
    Path file = notebooks.resolve("05-goes-through.ipynb");
    Files.copy(Path.of(SavedNotebookIT.class.getResource(FIXTURE).toURI()), file);
    assertEquals(1, StoredNotebook.read(file).staleCells().size(), "not executed yet");

    CommandResult result =
        CommandResult.of(
            VirtualEnvironment.readyScript(
                "run",
                "--no-build",
                "--save",
                "--notebooks",
                notebooks.toString(),
                "--site",
                folder.resolve("site").toString()),
            Duration.ofMinutes(3));
    assertEquals(0, result.exit(), result::everything);
    String saved = Files.readString(file);
    assertTrue(saved.contains("six times seven is 42"), saved);
    assertEquals(List.of(), StoredNotebook.read(file).staleCells());

    Files.writeString(file, saved.replace("6 * 7", "6 * 9"));
    assertEquals(1, StoredNotebook.read(file).staleCells().size());
  }
}
