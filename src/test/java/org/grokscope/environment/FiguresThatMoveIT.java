package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.line.ToldCounts;
import org.grokscope.plot.Chart;
import org.grokscope.plot.EmbeddingSlider;
import org.grokscope.plot.Helix3d;
import org.grokscope.plot.SteeringSlider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

/** Spaces that turn and sliders that move, in a real browser whose network is off. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(8)
class FiguresThatMoveIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration DRAWING = Duration.ofMinutes(2);

  private Path site;
  private Browser browser;

  @BeforeAll
  void publish_a_page_for_each_figure(@TempDir Path folder) throws Exception {
    Map<String, Chart> figures = new LinkedHashMap<>();
    figures.put("01-helix", Helix3d.of("A drawn helix", "count", helix()));
    figures.put("02-embedding", EmbeddingSlider.triangle(60, 5));
    figures.put("03-steering", steering());
    Path notebooks = Files.createDirectory(folder.resolve("notebooks"));
    for (Map.Entry<String, Chart> figure : figures.entrySet()) {
      Path notebook = notebooks.resolve(figure.getKey() + ".ipynb");
      JSON.writeValue(notebook.toFile(), notebook(figure.getValue()));
      assertEquals("1 1", draw(notebook).strip(), "pictures of " + notebook);
    }
    site = folder.resolve("site");
    PublishedSite.assertPublishes(notebooks, site);
    site = site.toRealPath();
    browser = Browser.start();
  }

  @AfterAll
  void close_the_browser() throws IOException {
    if (browser != null) {
      browser.close();
    }
  }

  private static Manifold helix() {
    double[][] rows = new double[40][];
    for (int i = 0; i < rows.length; i++) {
      double angle = 3 * Math.PI * i / 39;
      rows[i] = new double[] {Math.cos(angle), Math.sin(angle), 0.05 * i};
    }
    return Manifold.of(Nd4j.createFromArray(rows), IntStream.range(0, 40).toArray());
  }

  /** Three counts; the line ends after them if the next word is longer than what remains of 30. */
  private static SteeringSlider steering() {
    List<Integer> counts = List.of(10, 20, 28);
    List<Integer> lengths = List.of(1, 4, 8, 12);
    double[][] ends = new double[counts.size()][lengths.size()];
    double[][] columns = new double[counts.size()][31];
    for (int m = 0; m < counts.size(); m++) {
      for (int l = 0; l < lengths.size(); l++) {
        ends[m][l] = counts.get(m) + 1 + lengths.get(l) > 30 ? 0.95 : 0.05;
      }
      columns[m][counts.get(m)] = 1;
    }
    return new SteeringSlider(
        "Told a count",
        30,
        List.of(
            new ToldCounts(
                "6 components",
                counts,
                lengths,
                Nd4j.createFromArray(ends),
                Nd4j.createFromArray(columns))));
  }

  private static Map<String, ?> notebook(Chart chart) throws Exception {
    Map<String, ?> output =
        Map.of(
            "output_type",
            "display_data",
            "metadata",
            Map.of(),
            "data",
            Map.of("application/vnd.plotly.v1+json", JSON.readTree(chart.figure().toJson())));
    Map<String, ?> text =
        Map.of(
            "cell_type", "markdown", "id", "cell-0", "metadata", Map.of(), "source", "# A figure");
    Map<String, Object> code = new LinkedHashMap<>();
    code.put("cell_type", "code");
    code.put("execution_count", 1);
    code.put("id", "cell-1");
    code.put("metadata", Map.of());
    code.put("outputs", List.of(output));
    code.put("source", "figure");
    return Map.of(
        "cells", List.of(text, code), "metadata", Map.of(), "nbformat", 4, "nbformat_minor", 5);
  }

  /** Draws the pictures of a notebook; gives what was written. */
  private static String draw(Path notebook) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            VirtualEnvironment.python().toString(),
            Path.of(FiguresThatMoveIT.class.getResource("draw_pictures.py").toURI()).toString(),
            VirtualEnvironment.PROJECT.resolve("environment").toString(),
            notebook.toString());
    builder.environment().put("GROKSCOPE_CHROMIUM", Browser.program());
    CommandResult result = CommandResult.of(builder, DRAWING);
    assertEquals(0, result.exit(), result::everything);
    return result.out();
  }

  private Path page(String name) {
    return site.resolve(name + ".html");
  }

  @Test
  void a_helix_turns_under_the_mouse() throws Exception {
    PageVisit.Slid turned = PageVisit.turn(browser, page("01-helix"), site, 150);
    assertEquals(List.of(), turned.page().problems());
    assertEquals(1, turned.page().drawn());
    double[] before = eye(turned.seen().get(0));
    double[] after = eye(turned.seen().get(1));
    double angle = Math.acos(cosine(before, after));
    assertTrue(angle > 0.2, "turned by " + angle + " radians");
    assertEquals(norm(before), norm(after), 0.05 * norm(before), "turning is not zooming");
  }

  @Test
  void a_space_that_is_not_dragged_stays_as_it_is() throws Exception {
    PageVisit.Slid still = PageVisit.turn(browser, page("01-helix"), site, 0);
    assertEquals(still.seen().get(0).get("eye"), still.seen().get(1).get("eye"));
  }

  private static double[] eye(JsonNode seen) {
    return new double[] {
      seen.at("/eye/x").asDouble(), seen.at("/eye/y").asDouble(), seen.at("/eye/z").asDouble()
    };
  }

  private static double norm(double[] v) {
    return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  }

  private static double cosine(double[] a, double[] b) {
    return (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / norm(a) / norm(b);
  }

  @Test
  void the_slider_over_dimensions_draws_another_similarity_and_another_curve() throws Exception {
    PageVisit.Slid slid = slide("02-embedding", 0.01, 0.99);
    JsonNode two = slid.seen().get(1);
    JsonNode many = slid.seen().get(2);
    assertTrue(two.get("label").asText().matches(".*\\b2\\b.*"), two.get("label")::toString);
    assertTrue(many.get("label").asText().matches(".*\\b24\\b.*"), many.get("label")::toString);
    assertNotEquals(two.get("points"), many.get("points"));
    assertEquals(two.get("lines").get(0), many.get("lines").get(0), "what is wanted stays");
    assertNotEquals(two.get("lines").get(1), many.get("lines").get(1));
    JsonNode height = two.at("/points/0/2"); // two dimensions: a circle lies flat
    height.forEach(z -> assertEquals(0, z.asDouble(), 1e-9));
    assertTrue(many.at("/points/0/2").size() == 61, "60 places and the first again");
  }

  @Test
  void the_slider_over_told_counts_draws_another_answer() throws Exception {
    PageVisit.Slid slid = slide("03-steering", 0.01, 0.99);
    assertTrue(slid.seen().get(1).get("label").asText().contains("10"));
    assertTrue(slid.seen().get(2).get("label").asText().contains("28"));
    assertNotEquals(slid.seen().get(1).get("lines"), slid.seen().get(2).get("lines"));
  }

  private PageVisit.Slid slide(String name, Double... places) throws Exception {
    PageVisit.Slid slid = PageVisit.slide(browser, page(name), site, List.of(places), "frames.js");
    assertEquals(List.of(), slid.page().problems());
    return slid;
  }

  @Test
  void a_static_picture_stands_where_no_script_runs() throws Exception {
    for (String name : List.of("01-helix", "02-embedding", "03-steering")) {
      JsonNode pictures = PageVisit.withoutScripts(browser, page(name), site);
      assertEquals(1, pictures.size(), name);
      JsonNode picture = pictures.get(0);
      assertTrue(picture.get("seen").asBoolean(), name);
      assertTrue(picture.get("width").asInt() > 400, picture::toString);
      assertTrue(picture.get("height").asInt() > 300, picture::toString);
      assertTrue(!picture.get("text").asText().isEmpty(), name);
    }
  }
}
