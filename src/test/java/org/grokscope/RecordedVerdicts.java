package org.grokscope;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.grokscope.claim.Claim;
import org.grokscope.claim.Ledger;
import org.grokscope.claim.LedgerTable;
import org.grokscope.claim.Outcome;
import org.grokscope.claim.Quantity;
import org.grokscope.claim.Rule;
import org.grokscope.claim.Verdict;

/**
 * What stored notebooks recorded in the ledger, judged anew from their values by the rules of
 * today: the oracle of what verdicts.md, the README and the site say.
 */
public final class RecordedVerdicts {
  private static final String TYPE = "application/vnd.grokscope.ledger.v1+json";

  /** An outcome and the name of the notebook that has it. */
  private record Recorded(String notebook, Outcome outcome) {}

  private final Map<Claim, List<Recorded>> claims = new LinkedHashMap<>();

  private RecordedVerdicts() {}

  /**
   * Reads notebooks and fails where a stored record is not what its values and the ledger give.
   *
   * @param notebooks in the order of their names
   */
  public static RecordedVerdicts of(List<Path> notebooks) throws IOException {
    RecordedVerdicts verdicts = new RecordedVerdicts();
    List<Recorded> all = new ArrayList<>();
    for (Path path : notebooks) {
      String name = path.getFileName().toString().replace(".ipynb", "");
      judged(path).outcomes().forEach(outcome -> all.add(new Recorded(name, outcome)));
    }
    for (Claim claim : Ledger.open(false).claims()) {
      List<Recorded> own =
          all.stream()
              .filter(recorded -> recorded.outcome().quantity().claim().equals(claim.id()))
              .toList();
      if (!own.isEmpty()) {
        verdicts.claims.put(claim, own);
      }
    }
    return verdicts;
  }

  private static LedgerTable judged(Path path) throws IOException {
    Ledger ledger = Ledger.open(false);
    for (JsonNode cell : new ObjectMapper().readTree(path.toFile()).get("cells")) {
      for (JsonNode output : cell.path("outputs")) {
        for (JsonNode record : output.path("data").path(TYPE).path("records")) {
          if (!record.path("own").asBoolean()) {
            judge(ledger, record, path);
          }
        }
      }
    }
    return ledger.table();
  }

  private static void judge(Ledger ledger, JsonNode record, Path path) {
    List<Double> values =
        StreamSupport.stream(record.get("values").spliterator(), false)
            .map(JsonNode::asDouble)
            .toList();
    Outcome outcome =
        ledger.record(record.get("claim").asText(), record.get("quantity").asText(), values);
    Quantity quantity = outcome.quantity();
    String what = path + ", " + quantity.claim() + " " + quantity.name() + ": execute it again; ";
    assertEquals(quantity.rule().toString(), record.get("rule").asText(), what + "rule");
    assertEquals(quantity.scale().toString(), record.get("scale").asText(), what + "scale");
    assertEquals(quantity.prediction(), record.get("prediction").asText(), what + "prediction");
    assertEquals(outcome.measured(), record.get("measured").asText(), what + "measured");
    assertEquals(outcome.verdict().text(), record.get("verdict").asText(), what + "verdict");
    assertEquals(outcome.verdictInWords(), record.get("verdict_in_words").asText(), what);
  }

  /** The verdict on every claim of which something is recorded, by its name. */
  public Map<String, Verdict> verdicts() {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    claims.forEach((claim, records) -> verdicts.put(claim.id(), verdict(records)));
    return verdicts;
  }

  private static Verdict verdict(List<Recorded> records) {
    return LedgerTable.verdict(records.stream().map(Recorded::outcome).toList());
  }

  /** Such as {@code 3 claims supported, 1 partly}; empty where nothing is recorded. */
  public String inOneLine() {
    Map<Verdict, Long> counts =
        verdicts().values().stream()
            .collect(Collectors.groupingBy(verdict -> verdict, Collectors.counting()));
    List<String> parts = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      if (counts.containsKey(verdict)) {
        long count = counts.get(verdict);
        String claims = parts.isEmpty() ? count == 1 ? " claim " : " claims " : " ";
        parts.add(count + claims + verdict.text());
      }
    }
    return String.join(", ", parts);
  }

  /** The table that verdicts.md has to have between its two marks. */
  public String markdownTable() {
    if (claims.isEmpty()) {
      return "*No committed notebook has recorded a claim of the ledger yet.*";
    }
    List<String> lines = new ArrayList<>();
    lines.add("| claim | verdict | within tolerance | seeds | where |");
    lines.add("|---|---|---|---|---|");
    claims.forEach((claim, records) -> lines.add(row(claim, records)));
    return String.join("\n", lines);
  }

  private static String row(Claim claim, List<Recorded> records) {
    TreeSet<Integer> seeds = new TreeSet<>();
    TreeSet<String> notebooks = new TreeSet<>();
    for (Recorded recorded : records) {
      seeds.add(recorded.outcome().measurement().seeds());
      notebooks.add(recorded.notebook());
    }
    String links =
        notebooks.stream()
            .map(name -> "[" + name.split("-")[0] + "](" + name + ".ipynb)")
            .collect(Collectors.joining(", "));
    return String.format(
        "| **%s** %s | %s | %s | %s | %s |",
        claim.id(),
        claim.statement(),
        verdict(records).text(),
        withinTolerance(claim, records),
        seeds.size() == 1 ? seeds.first() : seeds.first() + " to " + seeds.last(),
        links);
  }

  private static String withinTolerance(Claim claim, List<Recorded> records) {
    List<Verdict> judged =
        records.stream()
            .map(recorded -> recorded.outcome().verdict())
            .filter(verdict -> verdict != Verdict.REPORTED)
            .toList();
    long held = judged.stream().filter(verdict -> verdict == Verdict.SUPPORTED).count();
    long waiting =
        claim.quantities().stream()
            .filter(quantity -> !(quantity.rule() instanceof Rule.Reported))
            .filter(
                quantity ->
                    records.stream().noneMatch(r -> r.outcome().quantity().equals(quantity)))
            .count();
    String text = judged.isEmpty() ? "–" : held + " of " + judged.size();
    return waiting == 0 ? text : text + ", " + waiting + " not yet measured";
  }
}
