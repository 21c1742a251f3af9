package org.grokscope.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.sweep.Sweep;
import org.grokscope.sweep.SweepResults;

/**
 * The table of a sweep, a row a run. The sweep itself keeps what is done.
 *
 * @param name of the file without ending, and of the sweep's folder
 * @param holds in a sentence
 * @param takes about how long, on two cores
 * @param description as {@code grokscope sweep} reads it
 */
record SweepTable(String name, String holds, String takes, ObjectNode description)
    implements EvidenceFile {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<Double> SHARES = List.of(0.1, 0.2, 0.4, 0.6, 0.9);

  /** Models 48 wide at p = 31: more decay, sooner a rule. */
  static final SweepTable DECAY =
      of(
          "decay",
          "When a + b mod 31 is memorised and understood, by weight decay",
          "about 15 minutes",
          """
          {"base": {"p": 31, "d_model": 48, "d_mlp": 96, "fraction": 0.6, "epochs": 20000,
            "epochs_past_grok": 1000, "evaluation": 20, "checkpoints": 500},
           "grid": {"weight_decay": [3, 1, 0.3, 0.1, 0], "seed": [0, 1, 2, 3, 4]}}
          """);

  /** The same by the share of the pairs. */
  static final SweepTable FRACTION =
      of(
          "fraction",
          "When a + b mod 31 is memorised and understood, by the share of the pairs",
          "about 15 minutes",
          """
          {"base": {"p": 31, "d_model": 48, "d_mlp": 96, "epochs": 20000,
            "epochs_past_grok": 1000, "evaluation": 20, "checkpoints": 20000},
           "grid": {"weight_decay": [1], "fraction": [0.8, 0.7, 0.5, 0.3, 0.2, 0.1],
            "seed": [0, 1, 2, 3, 4]}}
          """);

  /** The same with labels that have no rule. */
  static final SweepTable RANDOM_LABELS =
      of(
          "cheaper-random-labels",
          "Models of random labels mod 31, as large and as long trained as those of a + b",
          "about 6 minutes",
          """
          {"base": {"p": 31, "d_model": 48, "d_mlp": 96, "fraction": 0.6, "epochs": 20000,
            "epochs_past_grok": 1000, "evaluation": 20, "checkpoints": 500},
           "rows": [
            {"random_label_seed": 0, "seed": 0}, {"random_label_seed": 1, "seed": 1},
            {"random_label_seed": 2, "seed": 2}, {"random_label_seed": 3, "seed": 3},
            {"random_label_seed": 4, "seed": 4}]}
          """);

  static Stream<EvidenceFile> files() {
    return Stream.of(
        DECAY,
        FRACTION,
        of(
            "phase",
            "The phase diagram at p = 31: what becomes of a + b by weight decay and share of the"
                + " pairs, where decay and fraction have not tried it",
            "about 10 minutes",
            """
            {"base": {"p": 31, "d_model": 48, "d_mlp": 96, "epochs": 20000,
              "epochs_past_grok": 200, "evaluation": 20, "checkpoints": 20000, "seed": 0},
             "rows": [
              {"weight_decay": 3, "fraction": 0.8}, {"weight_decay": 3, "fraction": 0.5},
              {"weight_decay": 0.3, "fraction": 0.8}, {"weight_decay": 0, "fraction": 0.8},
              {"weight_decay": 3, "fraction": 0.3}, {"weight_decay": 0.1, "fraction": 0.8},
              {"weight_decay": 3, "fraction": 0.7}, {"weight_decay": 3, "fraction": 0.2},
              {"weight_decay": 0.3, "fraction": 0.5}, {"weight_decay": 0.3, "fraction": 0.7},
              {"weight_decay": 3, "fraction": 0.1}, {"weight_decay": 0, "fraction": 0.5},
              {"weight_decay": 0.3, "fraction": 0.3}, {"weight_decay": 0, "fraction": 0.3},
              {"weight_decay": 0, "fraction": 0.1}, {"weight_decay": 0.3, "fraction": 0.1},
              {"weight_decay": 0.1, "fraction": 0.5}, {"weight_decay": 0.1, "fraction": 0.3},
              {"weight_decay": 0.1, "fraction": 0.1}, {"weight_decay": 0, "fraction": 0.7},
              {"weight_decay": 0.1, "fraction": 0.7}, {"weight_decay": 0.3, "fraction": 0.2},
              {"weight_decay": 0.1, "fraction": 0.2}, {"weight_decay": 0, "fraction": 0.2}]}
            """),
        of(
            "phase-113",
            "Two points of the phase diagram at p = 113",
            "about 5 minutes",
            """
            {"base": {"p": 113, "epochs": 20000, "epochs_past_grok": 200,
              "evaluation": 20, "checkpoints": 20000},
             "rows": [
              {"weight_decay": 1, "fraction": 0.5, "seed": 0},
              {"weight_decay": 3, "fraction": 0.3, "seed": 0}]}
            """),
        room(),
        rote(),
        of(
            "rote-113",
            "What a model 16 wide memorises at p = 113, with random labels and without",
            "about 2 minutes",
            """
            {"base": {"p": 113, "d_model": 16, "d_mlp": 48, "learning_rate": 0.005,
              "weight_decay": 0, "epochs": 1500, "evaluation": 50, "checkpoints": 100000},
             "rows": [
              {"random_label_seed": 0, "seed": 0, "fraction": 0.1},
              {"random_label_seed": 0, "seed": 0, "fraction": 0.3},
              {"random_label_seed": 0, "seed": 0, "fraction": 0.6},
              {"seed": 0, "fraction": 0.3}, {"seed": 0, "fraction": 0.6}]}
            """),
        of(
            "rote-decay",
            "a + b mod 59 with weight decay and without",
            "about 8 minutes",
            """
            {"base": {"p": 59, "fraction": 0.5,
              "evaluation": {"dense_until": 100, "every": 10}, "checkpoints": 100000,
              "epochs": 2000},
             "grid": {"seed": [0, 1, 2], "weight_decay": [1, 0]}}
            """),
        RANDOM_LABELS);
  }

  /** Models of other widths than 48. */
  private static SweepTable room() {
    ObjectNode sweep =
        tree(
            """
            {"base": {"p": 31, "fraction": 0.6, "epochs": 20000, "epochs_past_grok": 200,
              "evaluation": 20, "checkpoints": 20000}}
            """);
    for (int width : new int[] {16, 96, 32, 8}) {
      for (int seed = 0; seed < 5; seed++) {
        width(sweep.withArray("/rows").addObject(), width, 2).put("seed", seed);
      }
    }
    return new SweepTable(
        "room",
        "When a + b mod 31 is memorised and understood, by the width of the model",
        "about 15 minutes",
        sweep);
  }

  /** Random labels in models of four widths; the labels of a + b in two of them. */
  private static SweepTable rote() {
    ObjectNode sweep =
        tree(
            """
            {"base": {"p": 59, "learning_rate": 0.005, "weight_decay": 0, "epochs": 1500,
              "evaluation": 50, "checkpoints": 100000}}
            """);
    ArrayNode rows = sweep.withArray("/rows");
    for (int seed = 0; seed < 3; seed++) {
      for (int width : new int[] {4, 8, 16, 32}) {
        for (double share : SHARES) {
          width(rows.addObject(), width, 3)
              .put("fraction", share)
              .put("seed", seed)
              .put("random_label_seed", seed);
        }
      }
    }
    for (int seed = 0; seed < 3; seed++) {
      for (double share : SHARES) {
        width(rows.addObject(), 16, 3)
            .put("fraction", share)
            .put("seed", seed)
            .putNull("random_label_seed");
      }
    }
    for (int seed = 0; seed < 3; seed++) {
      width(rows.addObject(), 32, 3)
          .put("fraction", 0.6)
          .put("seed", seed)
          .putNull("random_label_seed");
    }
    return new SweepTable(
        "rote",
        "How many random labels mod 59 a model memorises, by its width and the share of the pairs",
        "about 20 minutes",
        sweep);
  }

  private static ObjectNode width(ObjectNode row, int width, int neurons) {
    return row.put("d_model", width).put("d_mlp", neurons * width);
  }

  private static SweepTable of(String name, String holds, String takes, String description) {
    return new SweepTable(name, holds, takes, tree(description));
  }

  private static ObjectNode tree(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("evidence: a sweep is no JSON: " + json, e);
    }
  }

  @Override
  public String file() {
    return name + ".csv";
  }

  @Override
  public boolean hasQuickScale() {
    return true;
  }

  /** Its runs. */
  SweepResults results(KeptRuns runs) {
    return runs.sweep(name, description);
  }

  /** The values of what differs, and what all runs share. */
  @Override
  public List<String> from() {
    Map<String, Set<String>> varied = new LinkedHashMap<>();
    description.path("grid").properties().forEach(field -> note(varied, field));
    description.path("rows").forEach(row -> row.properties().forEach(field -> note(varied, field)));
    String values =
        varied.entrySet().stream()
            .map(field -> field.getKey() + " " + String.join(", ", field.getValue()))
            .collect(Collectors.joining("; "));
    String shared = description.get("base").toString().replaceAll("[{}\"]", "");
    return List.of(
        Sweep.parse(description.toString()).labels().size()
            + " runs over "
            + values
            + "; all of "
            + shared.replace(":", " ").replace(",", ", "));
  }

  private static void note(Map<String, Set<String>> varied, Map.Entry<String, JsonNode> field) {
    Set<String> values = varied.computeIfAbsent(field.getKey(), unseen -> new LinkedHashSet<>());
    if (field.getValue().isArray()) {
      field.getValue().forEach(value -> values.add(value.asText()));
    } else {
      values.add(field.getValue().isNull() ? "none" : field.getValue().asText());
    }
  }

  @Override
  public void make(KeptRuns runs, Path out, Consumer<String> say) {
    SweepResults results = results(runs);
    AtomicFile.writeText(out, results.csv());
    Path made = runs.sweepFolder(name).resolve("results.json");
    try {
      ObjectNode provenance = (ObjectNode) JSON.readTree(made.toFile());
      runs.scale().forEach((name, value) -> provenance.put(name, value.toString()));
      AtomicFile.writeText(EvidenceTable.beside(out, ".json"), provenance.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("evidence: " + made + " cannot be read", e);
    }
    say.accept(name + ": " + results);
  }
}
