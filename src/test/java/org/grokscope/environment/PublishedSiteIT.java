package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published pages in a real browser without a network, and pages with one thing broken. */
@Order(2)
class PublishedSiteIT {
  private static final String NOTEBOOK = "01-every-output";

  @TempDir static Path once;
  @TempDir Path folder;
  private Path site;
  private Path page;

  @BeforeAll
  static void publish_the_fixture() throws Exception {
    Path notebooks = Files.createDirectory(once.resolve("notebooks"));
    Files.copy(resource(NOTEBOOK + ".ipynb"), notebooks.resolve(NOTEBOOK + ".ipynb"));
    PublishedSite.assertPublishes(notebooks, once.resolve("site"));
  }

  @BeforeEach
  void copy_what_was_published() throws Exception {
    try (Stream<Path> files = Files.walk(once)) {
      for (Path file : files.skip(1).toList()) {
        Files.copy(file, folder.resolve(once.relativize(file).toString()));
      }
    }
    site = folder.resolve("site");
    page = site.resolve(NOTEBOOK + ".html");
  }

  @Test
  void every_figure_is_drawn_and_nothing_is_asked_of_a_network() throws Exception {
    List<PublishedPage> pages = PublishedSite.assertWorks(site);
    assertEquals(
        List.of(
            new PublishedPage(NOTEBOOK + ".html", 4, 4, List.of(), List.of(), List.of()),
            new PublishedPage("index.html", 0, 0, List.of(), List.of(), List.of()),
            new PublishedPage("live.html", 0, 0, List.of(), List.of(), List.of()),
            new PublishedPage("verdicts.html", 0, 0, List.of(), List.of(), List.of())),
        pages);
  }

  @Test
  void formulas_tables_texts_and_the_progress_stand_on_the_page() throws Exception {
    String text = Files.readString(page);
    assertEquals(5, text.split("<math").length - 1, "inline three times, and two blocks");
    assertEquals(5, text.split("class=\"katex-html\" aria-hidden=\"true\"").length - 1);
    assertTrue(
        text.matches("(?s).*<span class=\"kept\"><span class=\"katex\">.*?</span>,</span>.*"),
        "a comma may begin a line");
    assertFalse(text.contains("$"), "a formula stayed as it was written");
    assertTrue(text.contains("<caption style=\"text-align:left\">history</caption>"));
    assertTrue(text.contains("<th style=\"text-align:right\">published</th>"), "Markdown's table");
    assertTrue(text.contains("one &lt; another &amp; so on"));
    assertTrue(text.contains("role=\"progressbar\""));
    assertTrue(text.matches("(?s).*<summary>Solution</summary>[^/]*<p>None is.*</details>.*"));
    assertTrue(Files.size(site.resolve("assets").resolve(picture())) > 0);
    assertTrue(
        Files.readString(site.resolve("index.html")).contains("href=\"" + NOTEBOOK + ".html\""));
  }

  @Test
  void a_formula_that_cannot_be_read_stands_as_it_was_written() throws Exception {
    Path notebook = folder.resolve("notebooks").resolve(NOTEBOOK + ".ipynb");
    ObjectMapper json = new ObjectMapper();
    JsonNode changed = json.readTree(notebook.toFile());
    ((ObjectNode) changed.at("/cells/0")).put("source", "# Odd\n\nHere $\\frac{a}{$ and $b$.");
    json.writeValue(notebook.toFile(), changed);
    CommandResult result = PublishedSite.publish(folder.resolve("notebooks"), site);
    assertEquals(0, result.exit(), result::everything);
    assertTrue(
        result
            .everything()
            .contains("the formula '\\\\frac{a}{' stays as written: ParseError: KaTeX"),
        result::everything);
    assertTrue(Files.readString(page).contains("Here <code>\\frac{a}{</code> and "));
  }

  /** Where a visit is once its address has a part, or after ten seconds. */
  private static JsonNode arrival(PageVisit visit, String part) throws Exception {
    JsonNode there = visit.ask("walk.js", "here");
    for (int i = 0; i < 100 && !there.path("address").asText().contains(part); i++) {
      Thread.sleep(100);
      there = visit.ask("walk.js", "here");
    }
    return there;
  }

  /** From a disk, where a browser shows the file; a web server's it saves. */
  @Test
  void a_page_and_the_first_page_lead_to_the_notebook_itself() throws Exception {
    ObjectMapper json = new ObjectMapper();
    JsonNode stored =
        json.readTree(folder.resolve("notebooks").resolve(NOTEBOOK + ".ipynb").toFile());
    try (Browser browser = Browser.start()) {
      for (String from : List.of(NOTEBOOK + ".html", "index.html")) {
        PageVisit visit = PageVisit.begin(browser, site.resolve(from), site.toRealPath());
        visit.run("document.querySelector('a[download]').focus()");
        visit.key("Enter", "\r");
        JsonNode there = arrival(visit, ".ipynb");
        assertEquals(stored, json.readTree(there.path("text").asText()), from);
      }
    }
  }

  @Test
  void a_claim_that_was_searched_for_is_opened() throws Exception {
    try (Browser browser = Browser.start()) {
      PageVisit visit = PageVisit.begin(browser, site.resolve("index.html"), site.toRealPath());
      visit.key("/", "/");
      visit.write("C7 restricted");
      JsonNode found = visit.ask("walk.js", "searched");
      assertTrue(found.at("/links/0").asText().startsWith("C7 · "), found::toString);
      visit.key("Enter", "\r");
      JsonNode there = arrival(visit, "verdicts");
      assertTrue(there.path("address").asText().endsWith("verdicts.html#C7"), there::toString);
      JsonNode target = visit.ask("walk.js", "target");
      assertEquals("#C7", target.get("hash").asText());
      assertTrue(target.get("visible").asBoolean(), "the claim is still folded away");
    }
  }

  @Test
  void a_page_without_figures_in_space_has_the_smaller_plotly_and_no_other() throws Exception {
    Path notebook = folder.resolve("notebooks").resolve(NOTEBOOK + ".ipynb");
    Files.writeString(notebook, Files.readString(notebook).replace("scatter3d", "scatter"));
    PublishedSite.assertPublishes(folder.resolve("notebooks"), site);
    assertFalse(Files.exists(site.resolve("assets/plotly.min.js")));
    PublishedSite.assertWorks(site);
    String code = Files.readString(VirtualEnvironment.PROJECT.resolve("environment/assets.py"));
    String listed = code.replaceAll("(?s).*CARTESIAN_TRACES = \\{[^\n]*\\n(.*?)\\n\\}.*", "$1");
    Set<String> expected =
        new TreeSet<>(List.of(listed.replaceAll("[\",]", " ").strip().split("\\s+")));
    Set<String> drawable = new TreeSet<>();
    try (Browser browser = Browser.start()) {
      PageVisit visit = PageVisit.begin(browser, page, site.toRealPath());
      visit.ask("walk.js", "drawable").forEach(type -> drawable.add(type.asText()));
      visit.end();
    }
    assertEquals(drawable, expected, "what assets.py says the smaller plotly draws");
  }

  @Test
  void two_versions_of_plotly_are_refused() throws Exception {
    Path other = folder.resolve("other.js");
    Files.writeString(other, "/**\n* plotly.js (cartesian - minified) v0.0.1\n*/\n");
    ProcessBuilder builder =
        new ProcessBuilder(
            VirtualEnvironment.python().toString(),
            "-c",
            "import assets, pathlib, sys; assets.CARTESIAN = pathlib.Path(sys.argv[1]);"
                + " assets.files(set())",
            other.toString());
    builder
        .environment()
        .put("PYTHONPATH", VirtualEnvironment.PROJECT.resolve("environment").toString());
    CommandResult result = CommandResult.of(builder, Duration.ofMinutes(1));
    assertNotEquals(0, result.exit());
    assertTrue(result.everything().contains("is of version 0.0.1 and Python's plotly has "));
  }

  @Test
  void a_cell_marked_as_story_stands_on_the_first_page_with_its_picture_and_sentence()
      throws Exception {
    String index = Files.readString(site.resolve("index.html"));
    assertEquals(1, index.split("<div class=\"scene\">").length - 1);
    String small = "assets/" + picture().replace(".png", ".webp");
    assertTrue(
        index.matches(
            "(?s).*<a href=\"" + NOTEBOOK + ".html#story-1\"><img src=\"" + small + "\" alt=\".+"),
        "the figure's picture, small, which leads to it");
    assertTrue(Files.size(site.resolve(small)) > 0);
    assertTrue(index.contains("The test loss falls <em>late</em>, with "), "the cell's sentence");
    assertTrue(index.contains("href=\"" + NOTEBOOK + ".html#story-1\""), "the way to it");
    assertTrue(Files.readString(page).contains("<section class=\"cell\" id=\"story-1\">"));
  }

  @Test
  void a_notebook_without_a_story_has_none_on_the_first_page_and_a_wrong_one_is_refused()
      throws Exception {
    Path notebook = folder.resolve("notebooks").resolve(NOTEBOOK + ".ipynb");
    String text = Files.readString(notebook);
    Files.writeString(notebook, text.replace("\"story\"", "\"other\""));
    PublishedSite.assertPublishes(folder.resolve("notebooks"), site);
    assertFalse(Files.readString(site.resolve("index.html")).contains("class=\"story\""));
    ObjectMapper json = new ObjectMapper();
    JsonNode changed = json.readTree(text);
    ((ObjectNode) changed.at("/cells/1/metadata")).put("story", "Nothing to see.");
    json.writeValue(notebook.toFile(), changed);
    CommandResult result = PublishedSite.publish(folder.resolve("notebooks"), site);
    assertEquals(1, result.exit());
    assertTrue(
        result
            .everything()
            .contains(
                NOTEBOOK
                    + " has the story 'Nothing to see.' on a cell without a figure; give it to the"
                    + " cell that shows one"),
        result::everything);
  }

  @Test
  void a_figure_says_in_words_what_its_data_are_on_the_page_and_on_its_picture() throws Exception {
    String text = Files.readString(page);
    List<String> descriptions =
        List.of(
            "Loss, log axes. Horizontal axis: epoch, log scale, 1 to 10,000. Vertical axis:"
                + " cross-entropy (nats), log scale, 1.00e-07 to 14.1. train loss: a line from 4.7"
                + " at 1 to 1.00e-07 at 10,000; lowest 1.00e-07 at 10,000, highest 4.7 at 1. test"
                + " loss: a line from 4.8 at 1 to 2.00e-07 at 10,000; lowest 2.00e-07 at 10,000,"
                + " highest 14.1 at 100.",
            "A circle of four. Axis x: no title, -1 to 1. Axis y: no title, -1 to 1. Axis z: no"
                + " title, 0 to 3. points 1: 4 points in space.",
            "a + b mod 3. Horizontal axis: no title, 0 to 2. Vertical axis: no title, 0 to 2. A heat"
                + " map of 3 by 3 cells, from 0 to 2.");
    for (String description : descriptions) {
      assertTrue(text.contains("<figcaption>" + description + "</figcaption>"), description);
      assertTrue(text.contains("alt=\"" + description + "\""), description);
    }
    // this one carries its own words, and has no picture
    String own =
        "From noise to a clock: a slider from epoch 0 to 2,000: the key frequencies hold 67 % of"
            + " the embedding's energy at its beginning and 100 % at its end, where the tokens'"
            + " distance from the centre of the circle of frequency 2 is 1.00 with a spread of 0 %."
            + " Horizontal axis: frequency k, 0.2 to 3.8. Vertical axis: length in the embedding, 0"
            + " to 4.4. Horizontal axis: along cos of k = 2, -1.15 to 1.15. Vertical axis: along"
            + " sin, -1.15 to 1.15.";
    String unescaped = text.replace("&#x27;", "'"); // either is right in a page
    assertTrue(unescaped.contains("<figcaption>" + own + "</figcaption>"), own);
  }

  @Test
  void a_stored_figure_without_words_is_told_from_its_data() throws Exception {
    Path notebook = folder.resolve("notebooks").resolve(NOTEBOOK + ".ipynb");
    ObjectMapper json = new ObjectMapper();
    JsonNode stored = json.readTree(notebook.toFile());
    stored.findValues("meta").forEach(meta -> ((ObjectNode) meta).remove("description"));
    json.writeValue(notebook.toFile(), stored);
    PublishedSite.assertPublishes(folder.resolve("notebooks"), site);
    String text = Files.readString(page);
    assertTrue(text.contains("key frequencies: 2 bars; lowest 3 at 2, highest 4 at 3."));
    assertTrue(text.contains("A slider of 3 positions, epoch 0 to 2,000."));
  }

  @Test
  void a_page_that_is_too_heavy_is_refused() throws Exception {
    Path notebook = folder.resolve("notebooks").resolve(NOTEBOOK + ".ipynb");
    String text = Files.readString(notebook);
    Files.writeString(notebook, text.replace("three\\n", "three" + "e".repeat(3_000_000) + "\\n"));
    CommandResult result = PublishedSite.publish(folder.resolve("notebooks"), site);
    assertEquals(1, result.exit());
    assertTrue(
        result.everything().contains("bytes with its pictures and may have 3,000,000"),
        result::everything);
  }

  @Test
  void on_paper_a_figure_is_its_picture_and_there_is_nothing_to_press() throws Exception {
    try (Browser browser = Browser.start()) {
      PageVisit visit = PageVisit.begin(browser, page, site.toRealPath());
      visit.ask("walk.js", "scroll");
      JsonNode screen = visit.ask("walk.js", "paper");
      assertEquals(4, screen.get("drawings").asInt());
      assertEquals(0, screen.get("pictures").asInt());
      assertTrue(screen.get("buttons").asInt() > 0);
      visit.medium("print");
      JsonNode paper = visit.ask("walk.js", "paper");
      assertEquals(3, paper.get("pictures").asInt(), "one figure has none");
      assertEquals(1, paper.get("drawings").asInt(), "and is drawn");
      assertEquals(0, paper.get("buttons").asInt());
      assertEquals(0, paper.get("cut").asInt(), "code that does not fit on paper");
      visit.end();
    }
  }

  @Test
  void a_slider_that_is_moved_draws_the_checkpoint_of_its_place() throws Exception {
    PageVisit.Slid slid;
    try (Browser browser = Browser.start()) {
      slid = PageVisit.slide(browser, page, site.toRealPath(), List.of(0.01, 0.5, 0.99));
    }
    assertEquals(List.of(), slid.page().problems());
    JsonNode frames = sliderOfTheFixture().get("frames");
    List<Integer> shown = List.of(2, 0, 1, 2); // it begins with the last of three
    List<String> labels = List.of("epoch 2,000", "epoch 0", "epoch 100", "epoch 2,000");
    for (int i = 0; i < shown.size(); i++) {
      JsonNode seen = slid.seen().get(i);
      JsonNode frame = frames.get(shown.get(i)).get("data");
      assertEquals(labels.get(i), seen.get("label").asText());
      assertDrawn(
          slid.seen().get(0).get("bars"),
          frames.at("/2/data/1/y"),
          seen.get("bars"),
          frame.at("/1/y"));
      assertDrawn(
          slid.seen().get(0).get("points"),
          frames.at("/2/data/2/y"),
          seen.get("points"),
          frame.at("/2/y"));
    }
    assertNotEquals(slid.seen().get(0).get("bars"), slid.seen().get(1).get("bars"));
    assertNotEquals(slid.seen().get(0).get("points"), slid.seen().get(1).get("points"));
    assertNotEquals(slid.seen().get(1).get("points"), slid.seen().get(2).get("points"));
  }

  /** Pixels are a straight line of the numbers, the same one that a known picture gives. */
  private static void assertDrawn(
      JsonNode knownPixels, JsonNode known, JsonNode pixels, JsonNode numbers) {
    assertEquals(numbers.size(), pixels.size());
    int other = 1;
    double scale =
        (knownPixels.get(other).asDouble() - knownPixels.get(0).asDouble())
            / (known.get(other).asDouble() - known.get(0).asDouble());
    for (int i = 0; i < numbers.size(); i++) {
      double expected =
          knownPixels.get(0).asDouble()
              + scale * (numbers.get(i).asDouble() - known.get(0).asDouble());
      assertEquals(expected, pixels.get(i).asDouble(), 1.5, "pixels, mark " + i);
    }
  }

  private static JsonNode sliderOfTheFixture() throws Exception {
    List<JsonNode> figures =
        new ObjectMapper()
            .readTree(resource(NOTEBOOK + ".ipynb").toFile())
            .findValues("application/vnd.plotly.v1+json");
    return figures.get(figures.size() - 1);
  }

  @Test
  void a_missing_file_is_reported() throws Exception {
    Files.delete(site.resolve("assets/plotly.min.js"));
    PublishedPage broken = PublishedSite.open(site).get(0);
    assertEquals(0, broken.drawn());
    assertEquals(4, broken.figures());
    assertEquals(1, broken.failed().size(), broken.problems()::toString);
    assertTrue(broken.failed().get(0).contains("plotly.min.js"), broken.problems()::toString);
    assertTrue(
        broken.errors().stream().anyMatch(error -> error.contains("Plotly is not defined")),
        broken.problems()::toString);
  }

  @Test
  void requests_to_other_hosts_and_other_folders_are_reported() throws Exception {
    Files.writeString(folder.resolve("beside.css"), "p { color: red }");
    Files.writeString(
        page,
        Files.readString(page)
            .replace(
                "</main>",
                "<img src=\"https://grokscope.invalid/a.png\">"
                    + "<link rel=\"stylesheet\" href=\"../beside.css\">"
                    + "<script>new WebSocket('ws://127.0.0.1:9/b')</script></main>"));
    PublishedPage broken = PublishedSite.open(site).get(0);
    assertEquals(3, broken.outside().size(), broken.problems()::toString);
    for (String part : List.of("https://grokscope.invalid/a.png", "/beside.css", "ws://127.0.")) {
      assertTrue(
          broken.outside().stream().anyMatch(request -> request.contains(part)),
          broken.problems()::toString);
    }
    assertTrue(
        broken.failed().stream().anyMatch(request -> request.contains("grokscope.invalid")),
        broken.problems()::toString);
    assertEquals(broken.figures(), broken.drawn());
  }

  @Test
  void a_figure_without_marks_and_an_error_on_the_console_are_reported() throws Exception {
    Files.writeString(
        page,
        Files.readString(page)
            .replace("[4.7, 4.1, 0.02, 1e-05, 1e-07]", "[]")
            .replace("[4.8, 5.2, 14.1, 11.0, 2e-07]", "[]")
            .replace("</main>", "<script>console.error('mind the gap')</script></main>"));
    PublishedPage broken = PublishedSite.open(site).get(0);
    assertEquals(3, broken.drawn(), broken.problems()::toString);
    assertEquals(1, broken.errors().size(), broken.problems()::toString);
    assertTrue(broken.errors().get(0).contains("mind the gap"), broken.problems()::toString);
  }

  @Test
  void the_first_paint_is_timed_and_what_is_asked_for_counted() throws Exception {
    Timed timed = timed("first_paint.py");
    assertEquals("index.html", timed.row()[0]);
    assertTrue(timed.number(1) > 0, timed::said);
    assertTrue(timed.number(3) > Files.size(site.resolve("index.html")), "fewer bytes than text");
    assertTrue(timed.said().contains("first paint after "), timed::said);
  }

  @Tag("longer")
  @Test
  void the_page_that_trains_is_timed_until_it_says_that_it_has_understood() throws Exception {
    Timed timed = timed("live_speed.py");
    assertEquals("live.html", timed.row()[0]);
    assertTrue(timed.number(1) > 0.1, timed::said);
    assertTrue(timed.number(3) > 0, "the longest gap");
    assertTrue(timed.number(4) > 10, "megabytes");
    assertTrue(timed.said().contains("understood after "), timed::said);
  }

  /** What a script that measures the site says, and its row. */
  private record Timed(String said, String[] row) {
    double number(int column) {
      return Double.parseDouble(row[column]);
    }
  }

  private Timed timed(String script) throws Exception {
    Path file = folder.resolve("pages.csv");
    ProcessBuilder builder =
        new ProcessBuilder(
            VirtualEnvironment.python().toString(),
            VirtualEnvironment.PROJECT.resolve("environment/" + script).toString(),
            "--site",
            site.toString(),
            "--rounds",
            "1",
            "--out",
            file.toString());
    builder.environment().put("GROKSCOPE_CHROMIUM", Browser.program());
    CommandResult result = CommandResult.of(builder, Duration.ofMinutes(4));
    assertEquals(0, result.exit(), result::everything);
    return new Timed(result.out(), Files.readAllLines(file).get(1).split(","));
  }

  /** Those with the figures of the committed notebooks are walked through by {@link SiteWalkIT}. */
  @Test
  void the_last_run_made_pages_that_work() throws Exception {
    Path last = VirtualEnvironment.PROJECT.resolve("target/site");
    assumeTrue(Files.exists(last.resolve("index.html")), "nothing was published here yet");
    Path committed = PublishedSite.ofTheCommittedNotebooks();
    PublishedSite.assertWorks(
        last,
        page ->
            PublishedSite.figures(page).isEmpty()
                || !PublishedSite.figures(page)
                    .equals(PublishedSite.figures(committed.resolve(page.getFileName()))));
  }

  /** The file of the first figure's picture, whose name has a digest of it. */
  private String picture() throws Exception {
    Matcher name =
        Pattern.compile("assets/(" + NOTEBOOK + "-1-[0-9a-f]{8}\\.png)")
            .matcher(Files.readString(page));
    assertTrue(name.find(), "no picture of the first figure");
    return name.group(1);
  }

  static Path resource(String name) throws URISyntaxException {
    return Path.of(PublishedSiteIT.class.getResource(name).toURI());
  }
}
