package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two rounds of verdicts, from two files of evidence, on the first page and on their own. */
class RoundsPageIT {
  private static final String CLAIMS = "verdicts.csv";
  private static final String QUANTITIES = "verdicts-round-two.csv";

  @TempDir Path folder;
  private Path notebooks;
  private Path evidence;
  private Path site;

  @BeforeEach
  void copy_the_fixtures() throws Exception {
    notebooks = Files.createDirectory(folder.resolve("notebooks"));
    evidence = Files.createDirectory(notebooks.resolve("evidence"));
    site = folder.resolve("site");
    Files.copy(fixture("06-records.ipynb"), notebooks.resolve("06-records.ipynb"));
    for (String name : List.of(CLAIMS, QUANTITIES)) {
      Files.copy(fixture(name), evidence.resolve(name));
    }
  }

  @Test
  void the_first_page_keeps_rounds_and_predictions_in_columns_of_their_own() throws Exception {
    Map<String, List<String>> rows = rowsOfTheFirstPage();
    assertEquals(
        List.of("refuted", "does not hold registered, 8 seeds", "2 of 2 came true"),
        rows.get("A4"));
    assertEquals(
        List.of(
            "refuted",
            "undecided registered, 8 seeds 21 seeds would decide it",
            "0 of 1 came true"),
        rows.get("C2"));
    assertEquals(
        List.of("partly", "holds exploratory, 8 seeds", "1 of 2 came true"), rows.get("C7"));
    assertEquals(List.of("supported", "not judged again"), rows.get("C10"));
    assertEquals(List.of("not testable here", "not judged again"), rows.get("F"));
    assertEquals(List.of("not yet measured", "not judged again"), rows.get("E15"), "in no file");
    String index = Files.readString(site.resolve("index.html"));
    assertTrue(index.contains("<th scope=\"col\">round one</th>"));
    assertTrue(index.contains("<th scope=\"col\">round two: the claim</th>"));
    assertTrue(index.contains("<th scope=\"col\">round two: our prediction</th>"));
    assertTrue(index.contains("The restricted loss falls early, long before"), "the file's words");
  }

  @Test
  void their_own_page_has_all_quantities_of_round_two_and_then_round_one() throws Exception {
    PublishedSite.assertPublishes(notebooks, site);
    String page = Files.readString(site.resolve("verdicts.html"));
    assertTrue(page.indexOf("<h2 id=\"round-two\">") < page.indexOf("<h2 id=\"round-one\">"));
    assertTrue(page.contains("<details class=\"claim holds\" id=\"C7\">"));
    assertTrue(page.contains("<details class=\"claim partly\" id=\"C7-round-one\">"));
    assertTrue(page.contains("<details class=\"claim supported\" id=\"C10\">"), "not judged again");
    String said = words(page);
    for (String part :
        List.of(
            "our prediction: 0 of 1 came true · registered, 8 seeds · 21 seeds would decide it",
            "share of energy primary energy of activations in neurons of one frequency at least 0.9"
                + " 0.91 (0.88 to 0.94) 8 seeds undecided p = 0.11, Holm 0.22 holds did not come"
                + " true random neurons of equal norm 3.4 % of 10,000 draws pass registered rule:"
                + " 2026-11-28 evidence: 2026-11-29",
            "8 seeds published: 0.49 fails p = 0.0039, Holm 0.0117 fails came true – registered",
            "shuffled epochs 0 % of 1,000 draws pass exploratory",
            "epochs between the two falls, p &lt; 113",
            "1 seed published: curves only one run holds –",
            "the first run of its evidence began. Any other is exploratory",
            "so far: 1 of 2 quantities")) {
      assertTrue(said.contains(part), part + " is not in " + said);
    }
    for (String name : List.of(CLAIMS, QUANTITIES)) {
      assertTrue(page.contains("<a href=\"assets/" + name + "\" download>"), name);
      assertArrayEquals(
          Files.readAllBytes(evidence.resolve(name)),
          Files.readAllBytes(site.resolve("assets").resolve(name)),
          name);
    }
  }

  @Test
  void without_the_files_no_page_speaks_of_two_rounds() throws Exception {
    Files.delete(evidence.resolve(CLAIMS));
    Files.delete(evidence.resolve(QUANTITIES));
    Map<String, List<String>> rows = rowsOfTheFirstPage();
    assertEquals(List.of("partly"), rows.get("C7"));
    assertEquals(List.of("refuted so far: 1 of 2 quantities"), rows.get("A4"));
    for (String name : List.of("index.html", "verdicts.html")) {
      String page = Files.readString(site.resolve(name));
      assertFalse(page.toLowerCase().contains("round two"), name);
      assertFalse(page.contains(".csv"), name);
    }
  }

  @Test
  void one_file_alone_is_shown_as_far_as_it_goes() throws Exception {
    Files.move(evidence.resolve(QUANTITIES), folder.resolve(QUANTITIES));
    assertEquals(
        "holds exploratory, 8 seeds", rowsOfTheFirstPage().get("C7").get(1), "claims alone");
    assertFalse(Files.exists(site.resolve("assets").resolve(QUANTITIES)));
    Files.delete(evidence.resolve(CLAIMS));
    Files.move(folder.resolve(QUANTITIES), evidence.resolve(QUANTITIES));
    assertEquals(
        List.of("partly", "see its quantities"),
        rowsOfTheFirstPage().get("C7"),
        "quantities alone");
    assertTrue(Files.readString(site.resolve("verdicts.html")).contains("share of energy"));
  }

  @Test
  void published_models_stand_beside_ours() throws Exception {
    Files.writeString(
        evidence.resolve("verdicts-published.csv"),
        "claim,quantity,rule,ours,decision,model,theirs,within\n"
            + "C2,share of energy,≥ 0.9,\"0.91, 8 seeds\",undecided,first,0.927,yes\n"
            + "C2,share of energy,≥ 0.9,\"0.91, 8 seeds\",undecided,second,0.5,no\n");
    PublishedSite.assertPublishes(notebooks, site);
    String page = Files.readString(site.resolve("verdicts.html"));
    assertTrue(page.contains("<h2 id=\"published-models\">"));
    String said = words(page);
    String row = "C2 share of energy ≥ 0.9 0.91, 8 seeds undecided 0.927 within 0.5 outside";
    assertTrue(said.contains(row), said);
  }

  @Test
  void a_line_that_cannot_be_right_is_refused() throws Exception {
    refused(CLAIMS, "C10,", "C99,", "line 5 of verdicts.csv is about C99, which is no claim of");
    refused(CLAIMS, "C10,", "C7,", "verdicts.csv has two lines of C7; leave one");
    refused(CLAIMS, ",holds,", ",yes,", "line 4 of verdicts.csv has the round_two 'yes'; it may");
    refused(CLAIMS, "predictions,", "guesses,", "verdicts.csv has no column predictions; it needs");
    refused(
        QUANTITIES, ",fails,fails,", ",refuted,fails,", "has the decision 'refuted'; it may be");
    refused(QUANTITIES, ",registered,0.49", "", "line 2 of verdicts-round-two.csv has too few");
  }

  @Test
  void both_pages_can_be_read_on_a_phone_and_without_eyes() throws Exception {
    PublishedSite.assertPublishes(notebooks, site);
    try (Browser browser = Browser.start()) {
      for (String name : List.of("index.html", "verdicts.html")) {
        PageVisit visit = PageVisit.begin(browser, site.resolve(name), site.toRealPath());
        visit.run("document.querySelectorAll('details').forEach((one) => (one.open = true))");
        assertEquals("[]", visit.axe("html").toString(), name + " by day");
        visit.ask("walk.js", "theme");
        visit.ask("walk.js", "theme");
        assertEquals("[]", visit.axe("html", "color-contrast").toString(), name + " by night");
        visit.resize(390, 844);
        JsonNode seen = visit.ask("walk.js", "width");
        assertTrue(seen.get("scrolls").asInt() <= 0 && seen.get("over").isEmpty(), name + seen);
        assertEquals("[]", visit.axe("html").toString(), name + " on a phone");
        assertEquals(List.of(), visit.end().problems());
      }
    }
  }

  private void refused(String name, String before, String after, String why) throws Exception {
    Path file = evidence.resolve(name);
    String text = Files.readString(file);
    assertTrue(text.contains(before), before);
    Files.writeString(file, text.replaceFirst(Pattern.quote(before), after));
    CommandResult result = PublishedSite.publish(notebooks, site);
    Files.writeString(file, text);
    assertEquals(1, result.exit(), result::everything);
    assertTrue(result.everything().contains(why), result::everything);
  }

  /** The cells beside each claim, by claim. */
  private Map<String, List<String>> rowsOfTheFirstPage() throws Exception {
    PublishedSite.assertPublishes(notebooks, site);
    Matcher row =
        Pattern.compile("<tr id=\"(\\w+)\"><th scope=\"row\">.*?</th>(.*?)</tr>", Pattern.DOTALL)
            .matcher(Files.readString(site.resolve("index.html")));
    Map<String, List<String>> rows = new LinkedHashMap<>();
    while (row.find()) {
      rows.put(
          row.group(1),
          Pattern.compile("<td.*?</td>", Pattern.DOTALL)
              .matcher(row.group(2))
              .results()
              .map(cell -> words(cell.group()))
              .toList());
    }
    return rows;
  }

  /** A page's words, with ordinary hyphens and blanks. */
  private static String words(String markup) {
    return markup
        .replaceAll("<[^>]*>", " ")
        .replace('\u2011', '-')
        .replace('\u00a0', ' ')
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static Path fixture(String name) throws URISyntaxException {
    return Path.of(RoundsPageIT.class.getResource(name).toURI());
  }
}
