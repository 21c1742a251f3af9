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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.grokscope.claim.EvidenceFolder;
import org.grokscope.claim.Ledger;
import org.grokscope.claim.Outcome;
import org.grokscope.claim.Quantity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What ledger.csv says is read in the evidence, beside what the committed notebooks recorded. */
class BoundLedgerTest {
  private static final Path NOTEBOOKS = Path.of("notebooks");
  private static final EvidenceFolder EVIDENCE = EvidenceFolder.of("notebooks/evidence");
  private static final String TYPE = "application/vnd.grokscope.ledger.v1+json";
  private static final Pattern WHOLE_CLAIMS =
      Pattern.compile("ledger\\.record\\(evidence,([^;]*)\\)");
  private static final Pattern TEXT = Pattern.compile("\"([^\"]+)\"");
  private static final Pattern BY_HAND =
      Pattern.compile("ledger\\.record\\(\"(\\w+)\",\\s*\"([^\"]+)\",");

  private static final Map<String, JsonNode> NOTEBOOK = new TreeMap<>();

  /** By notebook, the records of its output: the values by claim and quantity. */
  private static final Map<String, Map<String, JsonNode>> RECORDS = new TreeMap<>();

  @BeforeAll
  static void read_the_notebooks() throws IOException {
    try (Stream<Path> files = Files.list(NOTEBOOKS)) {
      for (Path path : files.filter(file -> file.toString().endsWith(".ipynb")).toList()) {
        NOTEBOOK.put(path.getFileName().toString(), new ObjectMapper().readTree(path.toFile()));
      }
    }
    NOTEBOOK.forEach((name, notebook) -> RECORDS.put(name, records(notebook)));
  }

  private static Map<String, JsonNode> records(JsonNode notebook) {
    Map<String, JsonNode> records = new LinkedHashMap<>();
    for (JsonNode cell : notebook.get("cells")) {
      for (JsonNode output : cell.path("outputs")) {
        for (JsonNode record : output.path("data").path(TYPE).path("records")) {
          records.put(key(record.get("claim").asText(), record.get("quantity").asText()), record);
        }
      }
    }
    return records;
  }

  private static String key(String claim, String quantity) {
    return claim + " " + quantity;
  }

  private static List<Quantity> bound() {
    return Ledger.open(false).claims().stream()
        .flatMap(claim -> claim.quantities().stream())
        .filter(quantity -> quantity.binding().isPresent())
        .toList();
  }

  @Test
  void every_line_that_names_a_file_points_to_numbers() {
    assertEquals(172, bound().size());
    for (Quantity quantity : bound()) {
      double[] values = quantity.binding().orElseThrow().values(EVIDENCE);
      assertTrue(values.length > 0, quantity::name);
      assertTrue(Arrays.stream(values).allMatch(Double::isFinite), quantity::name);
    }
  }

  /** Everything that is read, recorded claim by claim. */
  private static Map<Quantity, Outcome> readAnew() {
    String[] ids = bound().stream().map(Quantity::claim).distinct().toArray(String[]::new);
    return Ledger.open(false).record(EVIDENCE, ids).stream()
        .collect(Collectors.toMap(Outcome::quantity, outcome -> outcome));
  }

  @Test
  void it_gives_the_very_sample_and_the_verdict_that_the_notebooks_recorded() {
    Map<Quantity, Outcome> anew = readAnew();
    assertEquals(bound().size(), anew.size());
    for (Quantity quantity : bound()) {
      List<JsonNode> recorded =
          RECORDS.values().stream()
              .flatMap(
                  records -> Stream.ofNullable(records.get(key(quantity.claim(), quantity.name()))))
              .toList();
      assertEquals(1, recorded.size(), () -> "notebooks that record " + quantity.name());
      List<Double> values =
          StreamSupport.stream(recorded.get(0).get("values").spliterator(), false)
              .map(JsonNode::asDouble)
              .toList();
      Outcome outcome = anew.get(quantity);
      assertEquals(values, outcome.measurement().values(), quantity::toString);
      assertEquals(
          recorded.get(0).get("verdict").asText(), outcome.verdict().text(), quantity::toString);
    }
  }

  @Test
  void a_page_has_one_folded_cell_that_records_whole_claims_and_by_hand_what_is_not_read() {
    for (Map.Entry<String, JsonNode> notebook : NOTEBOOK.entrySet()) {
      List<JsonNode> recording = new ArrayList<>();
      for (JsonNode cell : notebook.getValue().get("cells")) {
        if (cell.get("cell_type").asText().equals("code")) {
          if (source(cell).contains("ledger.record(")) {
            recording.add(cell);
            assertTrue(
                cell.at("/metadata/jupyter/source_hidden").asBoolean(),
                () -> notebook.getKey() + " records in a cell that is not folded");
          }
        }
      }
      String name = notebook.getKey();
      assertEquals(RECORDS.get(name).isEmpty() ? 0 : 1, recording.size(), name);
      recording.forEach(cell -> assertRecordsWhatItShows(name, source(cell)));
    }
  }

  /** The claims it records whole are those of which its stored table has what is read. */
  private static void assertRecordsWhatItShows(String name, String source) {
    Set<String> asked = new TreeSet<>();
    Set<String> byHand = new TreeSet<>();
    WHOLE_CLAIMS
        .matcher(source)
        .results()
        .forEach(
            line -> TEXT.matcher(line.group(1)).results().forEach(id -> asked.add(id.group(1))));
    BY_HAND
        .matcher(source)
        .results()
        .forEach(line -> byHand.add(key(line.group(1), line.group(2))));
    Set<String> shown = new TreeSet<>();
    for (Quantity quantity : bound()) {
      String key = key(quantity.claim(), quantity.name());
      assertFalse(byHand.contains(key), () -> name + " gives by hand what is read: " + key);
      if (RECORDS.get(name).containsKey(key)) {
        shown.add(quantity.claim());
      }
    }
    assertEquals(shown, asked, name);
  }

  /** Notebooks keep a text as a list of lines. */
  private static String source(JsonNode cell) {
    return StreamSupport.stream(cell.get("source").spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining());
  }
}
