package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NativeCodeTest {
  @Test
  void it_is_there_for_this_machine() {
    assertDoesNotThrow(() -> NativeCode.check());
  }

  @Test
  void for_another_machine_both_libraries_are_missed_and_the_jars_named() {
    String message =
        assertThrows(IllegalStateException.class, () -> NativeCode.check("windows-arm64"))
            .getMessage();
    assertTrue(message.contains("bindings/windows-arm64/ and no org/bytedeco/openblas/"), message);
    assertTrue(message.endsWith("whose classifier is windows-arm64"), message);
  }
}
