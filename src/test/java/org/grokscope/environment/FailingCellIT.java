package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Notebooks executed by the entry script on the real kernel: one works, two have a cell that fails.
 */
class FailingCellIT {
  @TempDir Path folder;

  @Test
  void a_cell_that_throws_is_named_with_its_notebook_its_source_and_its_exception()
      throws Exception {
    CommandResult result = run("03-exception");
    assertEquals(1, result.exit(), result::everything);
    String message = result.err();
    assertTrue(message.contains("03-exception.ipynb failed"), result::everything);
    assertTrue(message.contains("cell 3 (number 2 of those with code)"), result::everything);
    assertTrue(message.contains("rows[row] = 1;"), result::everything);
    assertTrue(message.contains("ArrayIndexOutOfBoundsException"), result::everything);
    assertTrue(message.contains("Index 7 out of bounds"), result::everything);
    assertFalse(result.everything().contains("never"), result::everything);
    assertFalse(message.contains("Traceback (most recent call last)"), result::everything);
    String failed = "failed at cell 3 of 4";
    assertTrue(page("index").contains(failed), "the first page does not say so");
    assertTrue(page("03-exception").contains(failed + ". This page shows no results yet."));
  }

  @Test
  void a_notebook_that_fails_keeps_no_other_from_being_executed() throws Exception {
    CommandResult result = run("03-exception", "05-goes-through");
    assertEquals(1, result.exit(), result::everything);
    assertTrue(result.err().contains("1 of 2 failed: 03-exception.ipynb"), result::everything);
    assertTrue(page("05-goes-through").contains("six times seven is 42"), result::everything);
    assertTrue(page("index").contains("1 of 2 executed; failed: 03-exception"));
    assertEquals(
        5,
        PublishedSite.assertWorks(folder.resolve("site")).size(),
        "two notebooks, the index, the live page, the verdicts");
  }

  @Test
  void a_cell_that_does_not_compile_is_named_with_what_the_compiler_says() throws Exception {
    CommandResult result = run("04-does-not-compile");
    assertEquals(1, result.exit(), result::everything);
    String message = result.err();
    assertTrue(message.contains("04-does-not-compile.ipynb failed"), result::everything);
    assertTrue(message.contains("cell 2 (number 1 of those with code)"), result::everything);
    assertTrue(message.contains("int epochs = nowhere.length();"), result::everything);
    assertTrue(message.contains("cannot find symbol"), result::everything);
  }

  @Test
  void a_notebook_that_goes_through_is_published_with_what_it_printed() throws Exception {
    CommandResult result = run("05-goes-through");
    assertEquals(0, result.exit(), result::everything);
    Path site = folder.resolve("site");
    assertEquals(
        4,
        PublishedSite.assertWorks(site).size(),
        "the page, the index, the live page, the verdicts");
    String page = Files.readString(site.resolve("05-goes-through.html"));
    assertTrue(page.contains("six times seven is 42"), page);
    assertTrue(page.contains("Executed just now, on "), page);
  }

  private String page(String name) throws Exception {
    return Files.readString(folder.resolve("site/" + name + ".html"));
  }

  private CommandResult run(String... names) throws Exception {
    Path notebooks = Files.createDirectory(folder.resolve("notebooks"));
    for (String name : names) {
      String file = name + ".ipynb";
      Files.copy(Path.of(getClass().getResource(file).toURI()), notebooks.resolve(file));
    }
    ProcessBuilder script =
        VirtualEnvironment.readyScript(
            "run",
            "--no-build",
            "--notebooks",
            notebooks.toString(),
            "--site",
            folder.resolve("site").toString());
    return CommandResult.of(script, Duration.ofMinutes(3));
  }
}
