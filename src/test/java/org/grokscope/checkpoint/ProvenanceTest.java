package org.grokscope.checkpoint;

import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {
  @TempDir Path folder;

  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  @Test
  void is_written_in_one_order_with_the_details_by_name() {
    Provenance provenance =
        new Provenance(
            "0.1.0",
            "17.0.15",
            "Debian",
            "Linux",
            "amd64",
            2,
            NOON,
            Map.of("seed", 0, "config", Map.of("p", 113, "fraction", 0.3), "runs", List.of(1, 2)));
    assertEquals(
        """
        {
          "grokscope" : "0.1.0",
          "java" : {
            "version" : "17.0.15",
            "vendor" : "Debian"
          },
          "os" : {
            "name" : "Linux",
            "arch" : "amd64"
          },
          "processors" : 2,
          "started" : "2026-01-02T12:00:00Z",
          "config" : {
            "fraction" : 0.3,
            "p" : 113
          },
          "runs" : [
            1,
            2
          ],
          "seed" : 0
        }\
        """,
        provenance.toJson());
  }

  @Test
  void tells_this_machine_and_this_moment() throws JsonProcessingException {
    JsonNode json = new ObjectMapper().readTree(Provenance.now(Map.of()).toJson());
    assertEquals(System.getProperty("java.version"), json.at("/java/version").asText());
    assertEquals(System.getProperty("java.vendor"), json.at("/java/vendor").asText());
    assertEquals(System.getProperty("os.name"), json.at("/os/name").asText());
    assertEquals(System.getProperty("os.arch"), json.at("/os/arch").asText());
    assertEquals(Runtime.getRuntime().availableProcessors(), json.at("/processors").asInt());
    assertFalse(json.at("/grokscope").asText().isBlank());
    Duration age = Duration.between(Instant.parse(json.at("/started").asText()), Instant.now());
    assertTrue(age.toMinutes() < 10 && !age.isNegative(), age.toString());
  }

  @Test
  void names_no_user_and_no_folder() {
    String json = Provenance.startedAt(NOON, Map.of()).toJson();
    assertFalse(json.contains(System.getProperty("user.dir")));
    assertFalse(json.contains(System.getProperty("java.home")));
    assertFalse(json.contains("user"));
    assertFalse(json.contains("host"));
  }

  @Test
  void carries_a_model_that_a_checkpoint_reads_back() {
    ModelConfig config =
        new ModelConfig(Fixtures.SHAPE.withActivation(Activation.GELU).withCausal(false), 4, 4, 3);
    String json =
        Provenance.startedAt(NOON, Map.of("model", Map.of("activation", "GELU", "causal", false)))
            .toJson();
    Checkpoint checkpoint =
        Checkpoint.of(Fixtures.split(), config, Fixtures.weights(config), 0, json);
    assertEquals(json, checkpoint.provenance().orElseThrow());
    checkpoint.save(folder.resolve("a.npz"));
    assertEquals(config, Checkpoint.load(folder.resolve("a.npz")).config());
  }

  @Test
  void tells_the_mask_of_a_shape_beside_its_layers() {
    ModelConfig config = new ModelConfig(Fixtures.SHAPE.withCausal(false), 4, 4, 3);
    Map<String, Object> details = Map.of("model", ShapeJson.tree(config.shape()));
    String json = Provenance.startedAt(NOON, details).toJson();
    Checkpoint checkpoint =
        Checkpoint.of(Fixtures.split(), config, Fixtures.weights(config), 0, json);
    checkpoint.save(folder.resolve("a.npz"));
    Checkpoint loaded = Checkpoint.load(folder.resolve("a.npz"));
    assertEquals(config, loaded.config());
    assertEquals("BOTH_WAYS", loaded.settings().at("/model/layers/0/view").asText());
    assertFalse(loaded.settings().at("/model/causal").asBoolean(true));
  }

  @Test
  void is_not_changed_by_the_map_it_was_given() {
    Map<String, Object> details = new HashMap<>(Map.of("seed", 1));
    Provenance provenance = Provenance.startedAt(NOON, details);
    details.put("seed", 2);
    assertEquals(Map.of("seed", 1), provenance.details());
  }

  @Test
  void refuses_details_under_its_own_names_and_what_is_no_json() {
    assertMessage(
        IllegalArgumentException.class,
        () -> Provenance.now(Map.of("java", 17)),
        "got the detail 'java'",
        "another name");
    assertMessage(
        IllegalArgumentException.class,
        () -> Provenance.now(Map.of("thread", new Unwritable())).toJson(),
        "Unwritable");
  }

  /** Nothing that Jackson could write. */
  private static final class Unwritable {}
}
