package org.grokscope.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.grokscope.checkpoint.Checkpoint;

/**
 * What a run adds to the evidence.
 *
 * @param summary a line for the console
 * @param rows CSV, without the header
 * @param provenance how the run came to be
 */
public record MeasuredRun(String summary, String rows, JsonNode provenance) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * How a checkpoint came to be, an empty object if it does not say.
   *
   * @throws IllegalArgumentException if what it says is no JSON
   */
  static JsonNode provenanceOf(Checkpoint checkpoint) {
    try {
      return JSON.readTree(checkpoint.provenance().orElse("{}"));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          checkpoint + ": its provenance is no JSON, expected what `grokscope train` writes", e);
    }
  }
}
