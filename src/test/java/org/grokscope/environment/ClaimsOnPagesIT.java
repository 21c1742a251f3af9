package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.grokscope.claim.Claim;
import org.grokscope.claim.Ledger;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * Every claim of the essays, told on the page that tests it, below its first figure and at the end.
 */
class ClaimsOnPagesIT {
  private static final Path OUTCOMES =
      VirtualEnvironment.PROJECT.resolve("src/main/resources/org/grokscope/claim/outcomes.csv");
  private static final Pattern TOP =
      Pattern.compile("(?s)<details class=\"outcomes\">(.*?)</details>");
  private static final Pattern END =
      Pattern.compile("(?s)<section class=\"prose outcomes\" id=\"claims\">(.*?)</section>");
  private static final Pattern CLAIM =
      Pattern.compile(
          "(?s)<li><em>([^<]+)</em><br>([^<]+) <a href=\"verdicts.html#([A-F]\\d*)\">(.*?)</a>");

  @Test
  void a_page_tells_its_claims_and_what_became_of_each_at_the_top_and_at_the_end()
      throws Exception {
    Map<String, Row> became = outcomes();
    TreeSet<String> told = new TreeSet<>();
    for (Path page : pages()) {
      String text = Files.readString(page);
      String claims = only(TOP, text);
      assertEquals(claims, only(END, text).replaceFirst("(?s)^\\s*<h2>[^<]+</h2>", "").strip());
      assertEquals(
          claims.split("<li>").length - 1, CLAIM.matcher(claims).results().count(), page::toString);
      for (MatchResult claim : CLAIM.matcher(claims).results().toList()) {
        Row row = became.get(claim.group(3));
        assertEquals(row.getString("outcome"), plain(claim.group(2)), page + " " + claim.group(3));
        assertTrue(claim.group(4).contains(">" + row.getString("round_one") + "<"), claim::group);
        told.add(claim.group(3));
      }
    }
    List<String> every =
        Ledger.open(false).claims().stream()
            .map(Claim::id)
            .filter(id -> !id.startsWith("F"))
            .sorted()
            .toList();
    List<String> missing = new ArrayList<>(every);
    missing.removeAll(told);
    assertEquals(List.of(), missing, "claims that no page tells");
  }

  private static List<Path> pages() throws IOException, InterruptedException {
    try (Stream<Path> files = Files.list(PublishedSite.ofTheCommittedNotebooks())) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d\\d-.*\\.html"))
          .filter(ClaimsOnPagesIT::recordsClaims)
          .sorted()
          .toList();
    }
  }

  private static boolean recordsClaims(Path page) {
    String notebook = page.getFileName().toString().replace(".html", ".ipynb");
    try {
      return Files.readString(VirtualEnvironment.PROJECT.resolve("notebooks").resolve(notebook))
          .contains("application/vnd.grokscope.ledger.v1+json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String only(Pattern block, String text) {
    List<String> found = block.matcher(text).results().map(match -> match.group(1)).toList();
    assertEquals(1, found.size(), block::pattern);
    return found.get(0).replaceFirst("(?s)^\\s*<summary>[^<]+</summary>", "").strip();
  }

  private static String plain(String markup) {
    return markup
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&amp;", "&");
  }

  private static Map<String, Row> outcomes() {
    Table table =
        Table.read()
            .usingOptions(
                CsvReadOptions.builder(OUTCOMES.toFile()).columnTypes(name -> ColumnType.STRING));
    Map<String, Row> rows = new HashMap<>();
    for (int i = 0; i < table.rowCount(); i++) {
      rows.put(table.getString(i, "claim"), table.row(i));
    }
    return rows;
  }
}
