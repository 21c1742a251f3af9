package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCommitTest {
  @TempDir Path folder;

  @Test
  void a_checkout_has_one() {
    assumeTrue(Files.exists(Path.of(".git")), "not a checkout");
    assertTrue(LedgerCommit.here().orElseThrow().matches("[0-9a-f]{40,64}"));
  }

  @Test
  void another_folder_has_none() {
    assertEquals(Optional.empty(), LedgerCommit.of(folder));
  }
}
