package org.grokscope.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "3",
        "{\"a\": {\"b\": [1, -2.5e-8, \"É\\n\", true, false, null, {}, []]}, \"c\": \"\"}",
        "[2147483647, 2147483648, 9223372036854775808, 0.1, 1E400]",
        "{\"twice\": 1, \"twice\": {\"x\": 2}}"
      })
  void equals_what_an_object_mapper_reads(String text) throws JsonProcessingException {
    assertEquals(new JsonMapper().readTree(text), JsonTree.parse(text));
  }

  @Test
  void an_empty_text_has_no_value() throws JsonProcessingException {
    assertTrue(JsonTree.parse(" ").isMissingNode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[1", "[1,]", "{\"a\" 1}", "{\"a\": }", "nil", "{a: 1}", "]"})
  void refuses_what_is_no_json(String text) {
    assertThrows(JsonProcessingException.class, () -> JsonTree.parse(text));
  }
}
