package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.grokscope.endurance.Disk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The site before, during and after a run: what it shows and says, what is executed again, and what
 * a kill, a stop and a full disk leave.
 */
@Order(5)
class RunningSiteIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String WAITS =
      "System.out.println(\"begun\");\nwhile (!java.nio.file.Files.exists(java.nio.file.Path.of("
          + "\"go\"))) { Thread.sleep(50); }\nSystem.out.println(\"gone on\");";

  @TempDir Path folder;
  private Path notebooks;
  private Path site;
  private Process running;

  @BeforeEach
  void an_empty_folder_of_notebooks() throws Exception {
    notebooks = Files.createDirectory(folder.resolve("notebooks"));
    site = folder.resolve("site");
  }

  @AfterEach
  void leave_nothing_running() {
    if (running != null) {
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
    }
  }

  private Path notebook(String name, String text, String code) throws IOException {
    ObjectNode notebook =
        (ObjectNode)
            JSON.readTree(
                """
                {"cells": [
                  {"cell_type": "markdown", "id": "a", "metadata": {}},
                  {"cell_type": "code", "execution_count": null, "id": "b", "metadata": {},
                   "outputs": []}],
                 "metadata": {"kernelspec":
                   {"display_name": "Java", "language": "java", "name": "java"}},
                 "nbformat": 4, "nbformat_minor": 5}
                """);
    ((ObjectNode) notebook.at("/cells/0")).put("source", text);
    ((ObjectNode) notebook.at("/cells/1")).put("source", code);
    Path file = notebooks.resolve(name + ".ipynb");
    JSON.writeValue(file.toFile(), notebook);
    return file;
  }

  private ProcessBuilder script(String command, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of(command));
    if (command.equals("run")) {
      words.add("--no-build");
    }
    words.addAll(List.of("--notebooks", notebooks.toString(), "--site", site.toString()));
    words.addAll(List.of(more));
    ProcessBuilder builder = VirtualEnvironment.readyScript(words.toArray(String[]::new));
    builder.environment().put("GROKSCOPE_HOME", folder.resolve("home").toString());
    return builder;
  }

  private CommandResult run(String... more) throws Exception {
    CommandResult result = CommandResult.of(script("run", more), PATIENCE);
    assertEquals(0, result.exit(), result::everything);
    return result;
  }

  private String page(String name) throws IOException {
    return Files.readString(site.resolve(name + ".html"));
  }

  /** Starts a run that another thread has to let go on. */
  private void start() throws Exception {
    running =
        script("run")
            .redirectInput(new File("/dev/null"))
            .redirectOutput(folder.resolve("out.txt").toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    await("the page to say that it is being executed", () -> page("01-waits").contains(EXECUTING));
  }

  private static final String EXECUTING = "Being executed: at cell 2 of 2 on ";

  private void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(condition)) {
      assertTrue(
          System.nanoTime() < end,
          () -> "waited for " + what + "\n" + text("out.txt") + text("err.txt"));
      Thread.sleep(100);
    }
  }

  private static boolean holds(Callable<Boolean> condition) throws Exception {
    try {
      return condition.call();
    } catch (java.nio.file.NoSuchFileException e) {
      return false; // not yet
    }
  }

  private String text(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private int end() throws InterruptedException {
    assertTrue(running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), () -> text("out.txt"));
    return running.exitValue();
  }

  @Test
  void stored_results_are_published_without_java_and_say_where_they_are_from() throws Exception {
    Path file = notebook("01-stored", "# Stored", "6 * 7");
    ObjectNode stored = (ObjectNode) JSON.readTree(file.toFile());
    ((ObjectNode) stored.at("/cells/1")).put("execution_count", 1);
    ((ObjectNode) stored.get("metadata"))
        .set(
            "grokscope",
            JSON.readTree(
                "{\"at\": \"2026-03-07\", \"quick\": false, \"seconds\": 12, \"version\":"
                    + " \"0.0.9\"}"));
    ((ObjectNode) stored.get("metadata"))
        .set("language_info", JSON.readTree("{\"name\": \"Java\", \"version\": \"21.0.2+13\"}"));
    JSON.writeValue(file.toFile(), stored);
    ProcessBuilder builder = script("publish");
    builder.environment().put("JAVA_HOME", "/nowhere");
    CommandResult result = CommandResult.of(builder, PATIENCE);
    assertEquals(0, result.exit(), result::everything);
    String says =
        "the results stored with the notebook, made on 7 March 2026 with Grokscope 0.0.9 on Java"
            + " 21.0.2 in 12 sec";
    assertTrue(page("01-stored").contains("This page shows " + says + "."), () -> says);
    assertTrue(page("index").contains(says), "the first page");
    assertEquals(
        4, PublishedSite.assertWorks(site).size(), "first page, live page, verdicts, the notebook");
  }

  @Test
  void only_what_has_changed_is_executed_again() throws Exception {
    Files.writeString(notebooks.resolve("data.txt"), "one");
    notebook(
        "01-reads",
        "# Reads",
        "java.nio.file.Files.readString(java.nio.file.Path.of(\"data.txt\"))");
    notebook("02-counts", "# Counts", "1 + 1");
    String current = ": not executed again, nothing that it depends on has changed";
    CommandResult first = run();
    assertTrue(
        first.out().contains("01-reads.ipynb: to be executed, it was not executed here before"));
    byte[] copy = Files.readAllBytes(folder.resolve("site-work/02-counts.ipynb"));
    assertTrue(page("02-counts").contains("Executed just now, on "));

    CommandResult second = run();
    assertTrue(second.out().contains("01-reads.ipynb" + current), second::everything);
    assertTrue(second.out().contains("02-counts.ipynb" + current), second::everything);
    assertFalse(page("02-counts").contains("just now"));
    assertTrue(page("02-counts").contains("the results of an execution here, made on "));

    Files.writeString(notebooks.resolve("data.txt"), "other");
    notebook("02-counts", "# Counts in other words", "1 + 1");
    CommandResult third = run();
    assertTrue(third.out().contains("01-reads.ipynb: to be executed, data.txt changed"));
    assertTrue(third.out().contains("02-counts.ipynb" + current), third::everything);
    assertTrue(page("01-reads").contains("other"), "the new result");
    assertTrue(page("02-counts").contains("Counts in other words"), "the new text");
    assertTrue(
        java.util.Arrays.equals(
            copy, Files.readAllBytes(folder.resolve("site-work/02-counts.ipynb"))));

    CommandResult all = run("--all", "2");
    assertTrue(all.out().contains("02-counts.ipynb: to be executed, all were asked for"));
    assertFalse(all.out().contains("01-reads"), all::everything);
  }

  @Test
  void a_kill_leaves_a_site_that_works_and_nothing_that_keeps_the_next_run_out() throws Exception {
    notebook("01-waits", "# Waits", WAITS);
    start();
    assertTrue(page("01-waits").contains("Until then it shows no results yet."));
    await(
        "the first page to say so too",
        () -> page("index").contains("being executed, cell 2 of 2; shows no results yet"));
    CommandResult second = CommandResult.of(script("run"), PATIENCE);
    assertEquals(1, second.exit(), second::everything);
    assertTrue(second.err().contains("is writing " + site.toRealPath()), second::everything);
    List<ProcessHandle> kernel = running.descendants().toList();
    assertFalse(kernel.isEmpty(), "no kernel");
    running.destroyForcibly();
    end();
    await("the kernel's end", () -> kernel.stream().noneMatch(ProcessHandle::isAlive));
    assertTrue(page("01-waits").contains(EXECUTING), "it says when that was");
    PublishedSite.assertWorks(site);

    Files.createFile(notebooks.resolve("go"));
    assertTrue(Files.exists(folder.resolve("site-work/writer")), "what is left of the lock");
    run();
    assertTrue(page("01-waits").contains("Executed just now"));
    assertTrue(page("01-waits").contains("gone on"));
    PublishedSite.assertWorks(site);
  }

  @Test
  void a_run_that_is_stopped_says_so_on_its_pages() throws Exception {
    notebook("01-waits", "# Waits", WAITS);
    notebook("02-waits", "# Waits", WAITS); // beside the first, where there are two cores
    notebook("03-counts", "# Counts", "1 + 1");
    start();
    if (Runtime.getRuntime().availableProcessors() > 1) {
      await("the second page to say so too", () -> page("02-waits").contains(EXECUTING));
    }
    running.destroy();
    assertEquals(130, end(), () -> text("err.txt"));
    assertEquals(
        "grokscope: run: stopped; the same command goes on where it was", text("err.txt").strip());
    assertTrue(page("01-waits").contains("Its execution was stopped at cell 2 of 2, on "));
    assertTrue(page("03-counts").contains("Its execution was not begun, on "));
    assertTrue(page("index").contains(" was stopped on "));
    PublishedSite.assertWorks(site);
  }

  @Test
  void a_disk_that_is_full_keeps_the_pages_as_they_were() throws Exception {
    notebook("01-waits", "# Waits", WAITS);
    try (Disk disk = Disk.of(40_000, folder.resolve("disk"))) {
      site = disk.path().resolve("site");
      start();
      Path filler = disk.path().resolve("filler");
      fill(filler);
      Files.createFile(notebooks.resolve("go"));
      assertEquals(1, end(), () -> text("err.txt"));
      assertTrue(text("err.txt").contains("No space left on device"), () -> text("err.txt"));
      assertTrue(text("err.txt").contains("check the free space of "), () -> text("err.txt"));
      assertTrue(page("01-waits").contains(EXECUTING), "it shows what it says");
      PublishedSite.assertWorks(site);
      Files.delete(filler);
      run();
      assertTrue(page("01-waits").contains("gone on"));
      PublishedSite.assertWorks(site);
    }
  }

  /** Takes all room. */
  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("No space left"), e::toString);
    }
  }
}
