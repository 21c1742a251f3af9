package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.grokscope.browser.PlainLosses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine of live.html: what the sources compile to, and the numbers of plain Java. */
class LiveEngineIT {
  private static final Path COMMITTED = VirtualEnvironment.PROJECT.resolve("environment/web/live");
  private static final String RUNTIME = "org/teavm/backend/wasm/wasm-gc-runtime.min.js";
  private static final List<String> FILES = List.of("engine.wasm", "engine.js", RUNTIME);
  private static final Duration BUILDING = Duration.ofMinutes(8);
  private static final int LARGEST = 150_000; // bytes of the engine, compressed
  private static final int UPDATES = 200;

  @TempDir Path folder;

  /** Classes that another compiler made of the same sources may differ. */
  @Test
  void the_committed_engine_is_what_the_sources_compile_to() throws Exception {
    String java = System.getProperty("java.specification.version");
    assumeTrue(java.equals("17"), "the committed engine is compiled by JDK 17, this is " + java);
    CommandResult built = build("-o");
    if (built.exit() != 0) {
      built = build("-U");
    }
    assumeTrue(
        built.exit() == 0 || !built.out().matches("(?s).*(ould not resolve|ould not transfer).*"),
        "live.html's engine is not rebuilt: TeaVM is not in Maven's repository, nor to be had");
    assertEquals(0, built.exit(), built::everything);
    for (String name : FILES) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve(name)),
          Files.readAllBytes(COMMITTED.resolve(name)),
          name + " is of other sources; write it anew by `mvn -Plive process-classes`");
    }
  }

  private CommandResult build(String how) throws IOException, InterruptedException {
    return CommandResult.of(
        new ProcessBuilder(
                "mvn",
                "-B",
                how,
                "-Plive",
                "-Dlive.folder=" + folder,
                "org.teavm:teavm-maven-plugin:compile@wasm",
                "org.teavm:teavm-maven-plugin:compile@script",
                "dependency:unpack@live-runtime")
            .directory(VirtualEnvironment.PROJECT.toFile()),
        BUILDING);
  }

  @Test
  void it_is_small() throws IOException {
    for (List<String> loaded : List.of(List.of("engine.wasm", RUNTIME), List.of("engine.js"))) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (GZIPOutputStream compressed = new GZIPOutputStream(bytes)) {
        for (String name : loaded) {
          compressed.write(Files.readAllBytes(COMMITTED.resolve(name)));
        }
      }
      assertTrue(bytes.size() <= LARGEST, loaded + " have " + bytes.size() + " bytes compressed");
    }
  }

  @Test
  void its_losses_are_those_of_plain_java_to_the_bit_and_by_script_nearly() throws Exception {
    Path site = site();
    List<Double> plain = PlainLosses.of(31, 0.8, 0, 3e-3, 1, 64, UPDATES);
    try (Browser browser = Browser.start()) {
      PageVisit visit = PageVisit.begin(browser, site.resolve("live.html"), site);
      assertEquals(plain, losses(visit, false, UPDATES));
      // floats are computed as doubles there; after more updates rounding grows without a bound
      List<Double> script = losses(visit, true, 20);
      for (int i = 0; i < script.size(); i++) {
        assertEquals(plain.get(i), script.get(i), 1e-4, "update " + i);
      }
      assertEquals(List.of(), visit.end().problems());
    }
  }

  @Test
  void a_run_that_is_begun_anew_ends_the_one_before_and_every_message_says_whose_it_is()
      throws Exception {
    Path site = site();
    try (Browser browser = Browser.start()) {
      PageVisit visit = PageVisit.begin(browser, site.resolve("live.html"), site);
      JsonNode told = visit.ask("live-twice.js", Map.of("settings", settings(60)));
      List<String> ofSecond = new ArrayList<>();
      List<Integer> epochs = new ArrayList<>();
      for (JsonNode message : told) {
        int number = message.get("number").asInt();
        assertTrue(number == 1 || number == 2, message::toString);
        assertTrue(number == 2 || ofSecond.isEmpty(), "run 1 goes on beside run 2: " + told);
        if (number == 2) {
          ofSecond.add(message.get("kind").asText());
          message.get("epochs").forEach(epoch -> epochs.add(epoch.asInt()));
        }
      }
      assertEquals("known", ofSecond.get(0));
      assertEquals(ofSecond.size() - 1, ofSecond.indexOf("ended"), ofSecond::toString);
      assertEquals(List.of(0, 10, 20, 30, 40, 50, 60), epochs);
      assertEquals(List.of(), visit.end().problems());
    }
  }

  private Path site() throws Exception {
    Path notebooks = Files.createDirectory(folder.resolve("notebooks"));
    Files.copy(
        PublishedSiteIT.resource("01-every-output.ipynb"),
        notebooks.resolve("01-every-output.ipynb"));
    PublishedSite.assertPublishes(notebooks, folder.resolve("site"));
    return folder.resolve("site").toRealPath();
  }

  private static Map<String, Object> settings(int most) {
    return Map.of(
        "p", 31, "share", 0.8, "seed", 0, "rate", 3e-3, "decay", 1, "width", 64, "random", false,
        "most", most);
  }

  private static List<Double> losses(PageVisit visit, boolean script, int updates)
      throws IOException, InterruptedException {
    JsonNode read =
        visit.ask(
            "live.js", Map.of("script", script, "settings", settings(UPDATES), "updates", updates));
    List<Double> losses = new ArrayList<>();
    read.forEach(loss -> losses.add(loss.asDouble()));
    return losses;
  }
}
