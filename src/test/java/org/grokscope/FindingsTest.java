package org.grokscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.grokscope.claim.Claim;
import org.grokscope.claim.Ledger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * Sentences about what was found, each with the verdicts that it was written for: a verdict that
 * changes breaks the build until somebody has read the sentence again.
 */
class FindingsTest {
  private static final Path EVIDENCE = Path.of("notebooks/evidence");
  private static final Path OUTCOMES =
      Path.of("src/main/resources/org/grokscope/claim/outcomes.csv");
  private static final Pattern BLOCK =
      Pattern.compile("(?s)\n## What we found\n(.*?)\n<!-- end of what we found -->\n");
  private static final Pattern LINE =
      Pattern.compile("(?m)^- (.*) \\((\\[.*?\\]\\(.*?\\))\\) <!-- (.*?) -->$");
  private static final Pattern CODE = Pattern.compile("\\b[A-FX]\\d{1,2}\\b");
  private static final int MOST_LINES = 150;

  private final Map<String, String> recorded = new HashMap<>();
  private String readme;

  /**
   * Verdicts as a sentence names them: {@code B2: partly, holds} or {@code "a quantity": fails}.
   */
  @BeforeEach
  void read_what_is_recorded() throws IOException {
    readme = Files.readString(Path.of("README.md"));
    for (Row row : table(EVIDENCE.resolve("verdicts.csv"))) {
      recorded.put(row.getString("claim"), rounds(row));
    }
    for (Row row : table(EVIDENCE.resolve("verdicts-experiments.csv"))) {
      String name = '"' + row.getString("quantity") + '"';
      recorded.merge(name, row.getString("decision"), (one, two) -> one + " and " + two);
    }
  }

  private static Table table(Path file) {
    return Table.read()
        .usingOptions(
            CsvReadOptions.builder(file.toFile())
                .columnTypes(name -> tech.tablesaw.api.ColumnType.STRING));
  }

  private static String rounds(Row row) {
    String second = row.getString("round_two");
    return row.getString("round_one") + (second.isEmpty() ? "" : ", " + second);
  }

  @Test
  void the_readme_is_a_door() throws IOException {
    long lines = readme.lines().count();
    assertTrue(lines <= MOST_LINES, "README.md has " + lines + " lines; it may have 150");
  }

  @Test
  void ten_lines_say_what_was_found_and_keep_to_the_verdicts() {
    List<String> sentences = new ArrayList<>();
    Matcher line = LINE.matcher(block());
    while (line.find()) {
      sentences.add(line.group(1));
      assertFalse(CODE.matcher(line.group(1)).find(), line.group(1) + " names a claim by its code");
      Matcher link =
          Pattern.compile("\\[\\d\\d\\]\\((notebooks/[^)]+\\.ipynb)\\)").matcher(line.group(2));
      assertTrue(link.find(), line.group(1) + " links no notebook");
      assertTrue(Files.exists(Path.of(link.group(1))), link::group);
      assertEquals(List.of(), otherThan(line.group(3), recorded), line.group(1));
    }
    assertEquals(10, sentences.size(), sentences::toString);
    assertEquals(10, block().lines().filter(any -> any.startsWith("- ")).count());
  }

  private String block() {
    Matcher block = BLOCK.matcher(readme);
    assertTrue(block.find(), "the README has no block 'What we found' with its closing mark");
    return block.group(1);
  }

  @Test
  void the_story_of_the_first_page_has_seven_pictures_that_keep_to_the_verdicts()
      throws IOException {
    Matcher listed = Pattern.compile("pictures of the first page: (.*?) -->").matcher(block());
    assertTrue(listed.find(), "the README does not say what the pictures rest on");
    Map<String, String> rests = new TreeMap<>();
    for (String each : listed.group(1).split(" \\| ")) {
      String[] parts = each.split(" = ", 2);
      rests.put(parts[0], parts[1]);
      assertEquals(List.of(), otherThan(parts[1], recorded), "the picture of notebook " + parts[0]);
    }
    Map<String, String> captions = new TreeMap<>();
    try (Stream<Path> files = Files.list(Path.of("notebooks"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".ipynb")).toList()) {
        for (JsonNode cell : new ObjectMapper().readTree(file.toFile()).get("cells")) {
          String caption = cell.at("/metadata/story").asText();
          if (!caption.isEmpty()) {
            String number = file.getFileName().toString().substring(0, 2);
            assertEquals(null, captions.put(number, caption), "two pictures of notebook " + number);
          }
        }
      }
    }
    assertEquals(7, captions.size(), captions::toString);
    assertEquals(captions.keySet(), rests.keySet());
  }

  @Test
  void every_claim_has_a_sentence_for_its_verdicts() {
    List<String> claims = new ArrayList<>();
    for (Row row : table(OUTCOMES)) {
      String claim = row.getString("claim");
      String outcome = row.getString("outcome");
      claims.add(claim);
      assertEquals(
          recorded.get(claim), rounds(row), claim + ": read its sentence again, " + outcome);
      assertTrue(outcome.endsWith(".") && outcome.length() <= 200, outcome);
      assertFalse(CODE.matcher(outcome).find(), outcome + " names a claim by its code");
    }
    assertEquals(Ledger.open(false).claims().stream().map(Claim::id).toList(), claims);
  }

  @Test
  void a_sentence_for_another_verdict_is_found_out() {
    Map<String, String> other =
        new HashMap<>(Map.of("C6", "refuted, holds", "\"a share\"", "fails"));
    assertEquals(List.of(), otherThan("C6: refuted, holds; \"a share\": fails", other));
    assertEquals(
        List.of("C6 is 'refuted, holds' and not 'refuted'"), otherThan("C6: refuted", other));
    assertEquals(
        List.of("\"a share\" is 'fails' and not 'holds'"), otherThan("\"a share\": holds", other));
    assertEquals(List.of("C7 is 'null' and not 'partly'"), otherThan("C7: partly", other));
  }

  /** Where a sentence rests on other verdicts than those that are recorded. */
  private static List<String> otherThan(String rests, Map<String, String> recorded) {
    return Arrays.stream(rests.split("; "))
        .map(
            each -> {
              int colon = each.lastIndexOf(": ");
              assertTrue(colon > 0, each + " is no verdict; write it as in 'B2: partly, holds'");
              String name = each.substring(0, colon);
              String said = each.substring(colon + 2);
              String is = recorded.get(name);
              return said.equals(is) ? "" : name + " is '" + is + "' and not '" + said + "'";
            })
        .filter(problem -> !problem.isEmpty())
        .toList();
  }
}
