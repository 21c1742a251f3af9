package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerVersionTest {
  /** Both as `git hash-object` has them. */
  @Test
  void contents_are_named_as_git_names_them() {
    assertEquals("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", LedgerVersion.ofBlob(new byte[0]));
    assertEquals(
        "ce013625030ba8dba906f756967f9e9ca394464a",
        LedgerVersion.ofBlob("hello\n".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void all_ledgers_are_named() {
    Map<String, String> names = LedgerVersion.inForce();
    assertEquals(Set.of("ledger.csv", "round-two.csv", "experiments.csv"), names.keySet());
    assertTrue(names.values().stream().allMatch(name -> name.matches("[0-9a-f]{40}")));
  }
}
