package org.grokscope.claim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the notebooks recorded in the ledger of round one, as it stands in their stored outputs. The
 * rule is that of {@link Verdict#of}; a claim that nothing was recorded of has its lines alone.
 */
public final class FirstRound {
  /** The type of the outputs that carry records. */
  public static final String RECORDS = "application/vnd.grokscope.ledger.v1+json";

  private FirstRound() {}

  /**
   * The verdict on each claim of the ledger that has one.
   *
   * @param notebooks the folder of the executed notebooks
   * @throws UncheckedIOException if one of them cannot be read
   */
  public static Map<String, Verdict> verdicts(Path notebooks) {
    Map<String, List<Verdict>> recorded = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(notebooks)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".ipynb")).sorted().toList()) {
        latest(new ObjectMapper().readTree(file.toFile()))
            .values()
            .forEach(
                record ->
                    recorded
                        .computeIfAbsent(record.path("claim").asText(), unseen -> new ArrayList<>())
                        .add(Verdict.named(record.path("verdict").asText())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("read the notebooks in " + notebooks + ": " + e, e);
    }
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    for (Claim claim : Ledger.open(false).claims()) {
      List<Verdict> own = recorded.getOrDefault(claim.id(), List.of());
      boolean testable =
          claim.quantities().stream().anyMatch(q -> !(q.rule() instanceof Rule.NotTestable));
      if (!own.isEmpty()) {
        verdicts.put(claim.id(), Verdict.of(own));
      } else if (!testable) {
        verdicts.put(claim.id(), Verdict.NOT_TESTABLE_HERE);
      }
    }
    return verdicts;
  }

  /** The records of a notebook; of a quantity that is shown twice the later one. */
  private static Map<String, JsonNode> latest(JsonNode notebook) {
    Map<String, JsonNode> latest = new LinkedHashMap<>();
    for (JsonNode cell : notebook.path("cells")) {
      for (JsonNode output : cell.path("outputs")) {
        for (JsonNode record : output.path("data").path(RECORDS).path("records")) {
          if (!record.path("own").asBoolean()) {
            latest.put(record.path("claim").asText() + record.path("quantity").asText(), record);
          }
        }
      }
    }
    return latest;
  }
}
