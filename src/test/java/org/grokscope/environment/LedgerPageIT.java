package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.grokscope.RecordedVerdicts;
import org.grokscope.claim.Ledger;
import org.grokscope.claim.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records of two notebooks, as a kernel stored them, on the page of verdicts and in a file for
 * people.
 */
class LedgerPageIT {
  private static final List<String> NAMES = List.of("06-records", "07-more-records");
  private static final String BEGIN =
      "<!-- verdicts: written by `environment/grokscope run --save` -->";
  private static final String END = "<!-- end of verdicts -->";

  @TempDir Path folder;
  private Path notebooks;
  private Path site;
  private Path file;
  private RecordedVerdicts oracle;

  @BeforeEach
  void copy_the_fixtures() throws Exception {
    notebooks = Files.createDirectory(folder.resolve("notebooks"));
    site = folder.resolve("site");
    List<Path> copies = new ArrayList<>();
    for (String name : NAMES) {
      copies.add(Files.copy(fixture(name), notebooks.resolve(name + ".ipynb")));
    }
    oracle = RecordedVerdicts.of(copies);
    file = folder.resolve("verdicts.md");
    Files.writeString(file, "# Before\n\n" + BEGIN + "\n\nold\n\n" + END + "\n\nAfter\n");
  }

  @Test
  void the_page_of_verdicts_has_the_verdicts_that_the_values_give() throws Exception {
    assertEquals(0, publish().exit());
    String page = Files.readString(site.resolve("verdicts.html"));
    Matcher row =
        Pattern.compile(
                "<details class=\"claim ([\\w-]+)\" id=\"(\\w+)\">\\s*<summary>"
                    + "<span class=\"number\">\\2</span> <span class=\"said\">[^<]*</span>"
                    + "\\s*<span class=\"verdict \\1\">([^<]+)</span>")
            .matcher(page);
    Map<String, Verdict> shown = new LinkedHashMap<>();
    while (row.find()) {
      shown.put(row.group(2), Verdict.named(row.group(3)));
    }
    assertEquals(oracle.verdicts(), shown);
    assertEquals(
        "{A4=REFUTED, B6=SUPPORTED, C2=REFUTED, C7=PARTLY, C10=SUPPORTED, C12=REPORTED}",
        shown.toString());
  }

  @Test
  void the_page_of_verdicts_says_what_was_measured_where_and_what_is_waiting() throws Exception {
    CommandResult result = publish();
    assertEquals(0, result.exit(), result::everything);
    String page = Files.readString(site.resolve("verdicts.html"));
    assertTrue(page.contains("0.65 (0.5258 to 0.7742), 3 seeds"), "the later value of a notebook");
    assertFalse(page.contains("0.75 ("), "the earlier value of a notebook");
    assertEquals(2, page.split("<td>restricted loss over loss at the end</td>").length - 1);
    assertTrue(page.contains("<a href=\"06-records.html#ledger-1\">06</a>"));
    assertTrue(page.contains("<a href=\"07-more-records.html#ledger-2\">07</a>"));
    assertTrue(
        Files.readString(site.resolve("07-more-records.html"))
            .contains("<section class=\"cell\" id=\"ledger-2\">"));
    assertTrue(page.contains("so far: 1 of 10 quantities"));
    assertTrue(page.contains("not yet measured: neuron_fraction_85 at 8,000</td>"));
    int waiting = Ledger.open(false).claims().size() - 7; // all but those in the test above, and F
    assertTrue(page.contains("Not yet measured: " + waiting + " claims and their predictions"));
    assertTrue(page.contains("<summary>Not testable here: "), "claim F");
    assertTrue(page.contains("a test would need a definition of an aim by behaviour"));
  }

  @Test
  void pages_with_a_ledger_work_in_a_browser() throws Exception {
    assertEquals(0, publish().exit());
    assertEquals(
        5,
        PublishedSite.assertWorks(site).size(),
        "two notebooks, the index, the live page, the verdicts");
  }

  @Test
  void the_file_gets_the_verdicts_and_keeps_all_else() throws Exception {
    String expected = "# Before\n\n" + BEGIN + "\n\n" + oracle.markdownTable() + "\n\n" + END;
    for (int time = 0; time < 2; time++) {
      CommandResult result = publish("--verdicts", file.toString());
      assertEquals(0, result.exit(), result::everything);
      assertEquals(expected + "\n\nAfter\n", Files.readString(file));
    }
    assertTrue(
        expected.contains(
            "| refuted | 0 of 1 | 1 to 3 | [06](06-records.ipynb),"
                + " [07](07-more-records.ipynb) |"),
        expected);
  }

  @Test
  void a_file_without_the_marks_is_left_alone() throws Exception {
    Files.writeString(file, "# Other\n");
    CommandResult result = publish("--verdicts", file.toString());
    assertEquals(1, result.exit());
    assertTrue(result.everything().contains("verdicts.md needs one line " + BEGIN));
    assertEquals("# Other\n", Files.readString(file));
  }

  @Test
  void a_prediction_changed_after_the_run_is_refused() throws Exception {
    Path changed = notebooks.resolve("06-records.ipynb");
    String text = Files.readString(changed);
    Files.writeString(changed, text.replace("\"at least 1000\"", "\"at least 10\""));
    CommandResult result = publish();
    assertEquals(1, result.exit());
    assertTrue(
        result
            .everything()
            .contains(
                "06-records recorded 'lead of the restricted loss (epochs)' of C7 by the rule 'at"
                    + " least 10', and ledger.csv says 'at least 1000'; execute it again"),
        result::everything);
  }

  @Test
  void a_quantity_that_the_ledger_does_not_have_is_refused() throws Exception {
    Path changed = notebooks.resolve("06-records.ipynb");
    String text = Files.readString(changed);
    Files.writeString(
        changed, text.replace("\"quantity\": \"phases in order\"", "\"quantity\": \"order\""));
    CommandResult result = publish();
    assertEquals(1, result.exit());
    assertTrue(
        result.everything().contains("recorded 'order' of C10, which is no longer in ledger.csv"),
        result::everything);
  }

  @Test
  void a_quantity_that_the_notebook_added_stays_on_its_page() throws Exception {
    Path changed = notebooks.resolve("06-records.ipynb");
    String text = Files.readString(changed);
    Files.writeString(
        changed,
        text.replace(
            "\"quantity\": \"phases in order\"", "\"own\": true, \"quantity\": \"order\""));
    CommandResult result = publish("--verdicts", file.toString());
    assertEquals(0, result.exit(), result::everything);
    assertFalse(Files.readString(file).contains("| **C10** "));
  }

  @Test
  void a_quick_run_shows_its_values_without_a_verdict() throws Exception {
    Path changed = notebooks.resolve("07-more-records.ipynb");
    String quick = Verdict.NOT_GIVEN.text();
    Files.writeString(
        changed,
        Files.readString(changed)
            .replaceAll("(\"verdict(?:_in_words)?\": )\"[^\"]*\"", "$1\"" + quick + "\""));
    CommandResult result = publish();
    assertEquals(0, result.exit(), result::everything);
    String page = Files.readString(site.resolve("verdicts.html"));
    assertTrue(page.contains("<span class=\"verdict not-given\">" + quick + "</span>"));
    assertTrue(page.contains("0.93, one seed"));
  }

  private CommandResult publish(String... more) throws IOException, InterruptedException {
    return PublishedSite.publish(notebooks, site, more);
  }

  private static Path fixture(String name) throws URISyntaxException {
    return Path.of(LedgerPageIT.class.getResource(name + ".ipynb").toURI());
  }
}
