package org.grokscope.environment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Static pictures that were drawn before. */
@Order(4)
class KeptPicturesIT {
  @TempDir Path folder;
  private Path kept;
  private String chromium;

  @BeforeEach
  void name_the_folder() throws Exception {
    kept = folder.resolve("home/pictures");
    chromium = Browser.program();
  }

  /** Draws the pictures of a notebook with one figure of these bars; says how many, and how. */
  private String draw(String bars, String... more) throws Exception {
    return drawFigure(barsOf(bars, ""), more);
  }

  /** A figure of bars, with more in its layout. */
  private static String barsOf(String bars, String layout) {
    return """
        {"data": [{"type": "bar", "y": [%s]}], "layout": {"width": 200, "height": 100%s}}"""
        .formatted(bars, layout);
  }

  private String drawFigure(String figure, String... more) throws Exception {
    Files.writeString(
        folder.resolve("one.ipynb"),
        """
        {"cells": [{"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {},
          "source": "", "outputs": [{"output_type": "display_data", "metadata": {}, "data":
            {"application/vnd.plotly.v1+json": %s}}]}],
         "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        """
            .formatted(figure));
    return drawAgain(more);
  }

  /** The same of the notebook as it is. */
  private String drawAgain(String... more) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            VirtualEnvironment.python().toString(),
            Path.of(KeptPicturesIT.class.getResource("draw_pictures.py").toURI()).toString(),
            VirtualEnvironment.PROJECT.resolve("environment").toString(),
            folder.resolve("one.ipynb").toString(),
            kept.toString());
    builder.command().addAll(List.of(more));
    builder.environment().put("GROKSCOPE_CHROMIUM", chromium);
    CommandResult result = CommandResult.of(builder, Duration.ofMinutes(2));
    assertEquals(0, result.exit(), result::everything);
    return result.out().strip();
  }

  private String picture() throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve("one.ipynb").toFile())
        .at("/cells/0/outputs/0/data")
        .get("image/png")
        .asText();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(kept)) {
      return files.sorted().toList();
    }
  }

  @Test
  void are_found_again_and_a_changed_figure_is_drawn() throws Exception {
    assertEquals("1 1", draw("1, 2"));
    String drawn = picture();
    assertEquals("1 0", draw("1, 2"));
    assertEquals(drawn, picture());
    assertEquals("1 1", draw("1, 3"));
    assertTrue(!drawn.equals(picture()), "another figure, the same picture");
    assertEquals(2, files().size());
  }

  @Test
  void that_a_notebook_came_with_are_taken_if_the_same_programs_drew_them() throws Exception {
    assertEquals("1 1", draw("1, 2"));
    String drawn = picture();
    String other = Base64.getEncoder().encodeToString("another picture".getBytes(UTF_8));
    Path notebook = folder.resolve("one.ipynb");
    String came = Files.readString(notebook).replace(drawn, other);
    Files.writeString(notebook, came);
    assertEquals("1 0", drawAgain());
    assertEquals(other, picture());
    Files.writeString(notebook, came.replaceFirst("(\"plotly\": \")", "$10."));
    assertEquals("1 0", drawAgain());
    assertEquals(drawn, picture(), "the one that is kept");
  }

  @Test
  void a_figure_with_a_filmstrip_has_that_for_its_picture() throws Exception {
    assertEquals("1 1", draw("1, 2"));
    String strip = picture();
    String still = ", \"meta\": {\"still\": %s}".formatted(barsOf("1, 2", ""));
    assertEquals("1 0", drawFigure(barsOf("5, 6", still)), "the strip was drawn before");
    assertEquals(strip, picture());
    assertEquals("1 1", drawFigure(barsOf("5, 6", ", \"meta\": \"a researcher's own\"")));
  }

  @Test
  void a_broken_one_is_drawn_again_and_mended() throws Exception {
    assertEquals("1 1", draw("1, 2"));
    byte[] whole = Files.readAllBytes(files().get(0));
    Files.write(files().get(0), Arrays.copyOf(whole, whole.length / 2));
    assertEquals("1 1", draw("1, 2"));
    assertArrayEquals(whole, Files.readAllBytes(files().get(0)));
  }

  @Test
  void the_longest_unused_make_room() throws Exception {
    Files.createDirectories(kept);
    for (String name : List.of("old", "older")) {
      Files.write(kept.resolve(name + ".png"), new byte[50_000]);
    }
    Files.setLastModifiedTime(kept.resolve("old.png"), FileTime.fromMillis(2_000_000));
    Files.setLastModifiedTime(kept.resolve("older.png"), FileTime.fromMillis(1_000_000));
    assertEquals("1 1", draw("1, 2", "90000"));
    assertEquals(2, files().size());
    assertTrue(Files.exists(kept.resolve("old.png")));
    assertTrue(Files.notExists(kept.resolve("older.png")));
  }

  @Test
  void a_folder_that_cannot_be_written_only_costs_time() throws Exception {
    Files.createDirectories(kept.getParent());
    Files.writeString(kept, "a file");
    assertEquals("1 1", draw("1, 2"));
    assertEquals("1 1", draw("1, 2"));
    assertEquals("a file", Files.readString(kept));
  }

  @Test
  void a_browser_that_ends_while_it_starts_is_started_again() throws Exception {
    Path first = folder.resolve("first");
    Path script = folder.resolve("chromium");
    Files.writeString(
        script,
        """
        #!/bin/sh
        if [ -e '%s' ]; then exec %s "$@"; fi
        touch '%s'
        exit 1
        """
            .formatted(first, chromium, first));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    chromium = script.toString();
    assertEquals("1 1", draw("1, 2"));
    assertTrue(Files.exists(first), "the first start did not fail");
  }
}
