package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A notebook in an empty folder outside the checkout begins as the README says, and works. */
class AnyFolderIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path TARGET = Python.PROJECT.resolve("target");
  private static final String TABLE = "text/html";
  private static final String FIGURE = "application/vnd.plotly.v1+json";

  /** A cell that trains for longer than anyone waits, and is interrupted. */
  private static final Map<String, ?> ENDLESS =
      Map.of(
          "code",
          "var endless = Trainer.of(TrainingConfig.nanda2023().withEpochs(1_000_000_000L))"
              + ".train(ModularAddition.mod(29).split(0.4, 0));",
          "interrupt_at",
          "test loss",
          "until",
          "run the cell again to go on");

  private static final Pattern INTERRUPTED = Pattern.compile("interrupted at epoch ([0-9,]+) of");

  @TempDir Path temporary;

  /** The folder of the notebook. */
  private Path empty;

  /** The home folder of somebody who has never used Grokscope. */
  private Path home;

  private List<String> told;

  @BeforeEach
  void an_empty_folder_and_a_new_home() throws IOException {
    empty = Files.createDirectory(temporary.resolve("empty"));
    home = Files.createDirectory(temporary.resolve("home"));
    told = told();
  }

  /** The lines of Java that the README has for a notebook in any folder, block by block. */
  private static List<String> told() throws IOException {
    String readme = Files.readString(Python.PROJECT.resolve("README.md"));
    Matcher section = Pattern.compile("(?s)\n## In any folder\n(.*?)\n## ").matcher(readme);
    assertTrue(section.find(), "the README has no section 'In any folder'");
    Matcher block = Pattern.compile("(?s)```java\n(.*?)\n```").matcher(section.group(1));
    List<String> blocks = new ArrayList<>();
    while (block.find()) {
      blocks.add(block.group(1));
    }
    assertEquals(3, blocks.size(), "the first cell, a training, and the first cell on IJava");
    return blocks;
  }

  /**
   * Puts what this build would install into a Maven repository of this test alone; everything else
   * comes from the repository of the build, so that nothing is fetched.
   */
  private void install() throws IOException {
    Matcher coordinates =
        Pattern.compile("%maven org\\.grokscope:grokscope:(\\S+)").matcher(told.get(0));
    assertTrue(coordinates.find(), told.get(0));
    String version = coordinates.group(1);
    assertTrue(
        Files.readString(TARGET.resolve("grokscope.pom"))
            .contains("<version>" + version + "</version>"),
        "the README names another version than the one that is built");
    Path repository = temporary.resolve("repository");
    Path place = repository.resolve("org/grokscope/grokscope").resolve(version);
    Files.createDirectories(place);
    for (String kind : List.of("jar", "pom")) {
      Files.copy(
          TARGET.resolve("grokscope." + kind), place.resolve("grokscope-" + version + "." + kind));
    }
    String ofTheBuild =
        System.getProperty(
            "localRepository",
            Path.of(System.getProperty("user.home"), ".m2", "repository").toString());
    Files.writeString(
        Files.createDirectory(home.resolve(".m2")).resolve("settings.xml"),
        """
        <settings>
          <localRepository>%s</localRepository>
          <mirrors>
            <mirror><id>build</id><mirrorOf>*</mirrorOf><url>%s</url></mirror>
          </mirrors>
        </settings>
        """
            .formatted(repository, Path.of(ofTheBuild).toUri()));
  }

  /** What a client of a kernel hears of each cell. */
  private JsonNode heard(String kernel, List<Map<String, ?>> cells) throws Exception {
    Path jupyter = temporary.resolve("jupyter");
    SmallIJava.register(jupyter);
    Map<String, ?> plan =
        Map.of(
            "cwd",
            empty.toString(),
            "timeout",
            120,
            "kernel",
            kernel,
            "environment",
            Map.of(
                "JUPYTER_PATH",
                jupyter.toString(),
                "JJAVA_JVM_OPTS",
                "-Xmx700m -Duser.home=" + home),
            "cells",
            cells);
    JsonNode heard =
        JSON.readTree(Python.run(home, "kernel_client.py", JSON.writeValueAsString(plan)));
    assertEquals(cells.size(), heard.size());
    return heard;
  }

  /**
   * @param told what the first cell says, a text an output
   */
  private static void assertWorks(List<String> told, JsonNode heard) {
    JsonNode setUp = heard.get(0);
    assertEquals("ok", setUp.get("status").asText(), setUp::toPrettyString);
    assertEquals(told, setUp.get("outputs").findValuesAsText("text/plain"));

    JsonNode trained = heard.get(1);
    assertEquals("ok", trained.get("status").asText(), trained::toPrettyString);
    JsonNode outputs = trained.get("outputs");
    assertEquals("display_data", outputs.at("/0/type").asText());
    assertTrue(outputs.at("/0/data").has(TABLE), "the bar of the training");
    JsonNode last = outputs.get(outputs.size() - 1);
    assertEquals("execute_result", last.get("type").asText(), trained::toPrettyString);
    assertTrue(last.get("data").get(FIGURE).get("data").size() > 1, trained::toPrettyString);
    JsonNode end = outputs.get(outputs.size() - 2);
    assertEquals("update_display_data", end.get("type").asText());
    assertTrue(end.get("data").get("text/plain").asText().startsWith("trained: "), end::toString);

    JsonNode table = heard.at("/2/outputs/0/data");
    assertTrue(table.get(TABLE).asText().contains("<table"), heard.get(2)::toPrettyString);

    JsonNode first = heard.get(3);
    assertNotEquals("ok", first.get("status").asText(), first::toPrettyString);
    JsonNode second = heard.get(4);
    String resumed = second.at("/outputs/0/data").get("text/plain").asText();
    assertTrue(resumed.contains("continued from epoch " + interruptedAt(first)), resumed);
  }

  /** The epoch that the last state of the progress bar names. */
  private static String interruptedAt(JsonNode cell) {
    Matcher matcher =
        INTERRUPTED.matcher(cell.get("outputs").findValuesAsText("text/plain").toString());
    assertTrue(matcher.find(), cell::toPrettyString);
    return matcher.group(1);
  }

  private void assertNothingIsLeftInTheFolder() throws IOException {
    try (Stream<Path> files = Files.list(empty)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void on_jjava_by_maven() throws Exception {
    install();
    assertWorks(
        new KernelMachine(700L << 20, null).remarks(),
        heard(
            "java",
            List.of(
                Map.of("code", told.get(0)),
                Map.of("code", told.get(1)),
                Map.of("code", "run.table()"),
                ENDLESS,
                ENDLESS)));
    assertNothingIsLeftInTheFolder();
  }

  @Test
  void on_ijava_by_one_line_of_class_path() throws Exception {
    String setUp = told.get(2).replace("/path/to/grokscope", Python.PROJECT.toString());
    assertNotEquals(told.get(2), setUp);
    assertWorks(
        List.of(),
        heard(
            SmallIJava.NAME,
            List.of(
                Map.of("code", setUp),
                Map.of("code", told.get(1)),
                Map.of("code", "run.table()"),
                ENDLESS,
                ENDLESS)));
    assertNothingIsLeftInTheFolder();
  }

  @Test
  void what_is_installed_names_no_machine_and_every_platform() throws Exception {
    String pom = Files.readString(TARGET.resolve("grokscope.pom"));
    int profiles = pom.indexOf("<profiles>");
    String everywhere = pom.substring(0, profiles);
    assertFalse(everywhere.contains("<classifier>"), everywhere);
    assertFalse(pom.contains("${"), pom);
    assertFalse(pom.contains("<build>"), pom);
    for (String platform :
        List.of("linux-x86_64", "linux-arm64", "macosx-x86_64", "macosx-arm64")) {
      Matcher profile =
          Pattern.compile("(?s)<profile>\\s*<id>" + platform + "</id>(.*?)</profile>").matcher(pom);
      assertTrue(profile.find(), platform);
      assertTrue(profile.group(1).contains("<os>"), profile.group(1));
      assertEquals(
          3,
          profile.group(1).split("<classifier>" + platform + "</classifier>", -1).length - 1,
          profile.group(1));
    }
  }
}
