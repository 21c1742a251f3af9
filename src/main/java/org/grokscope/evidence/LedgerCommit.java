package org.grokscope.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which commit wrote the rules last that evidence is judged by: the provenance of a file names it,
 * so that anyone can see in the history that the rules were there.
 */
final class LedgerCommit {
  private static final String LEDGERS = "src/main/resources/org/grokscope/claim";

  private LedgerCommit() {}

  /** That of the checkout in the current folder; empty outside of one, or without git. */
  static Optional<String> here() {
    return of(Path.of(""));
  }

  static Optional<String> of(Path checkout) {
    Path folder = checkout.toAbsolutePath();
    if (!Files.isDirectory(folder.resolve(LEDGERS))) {
      return Optional.empty();
    }
    ProcessBuilder git =
        new ProcessBuilder("git", "log", "-1", "--format=%H", "--", LEDGERS)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = git.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 && said.strip().matches("[0-9a-f]{40,64}")
          ? Optional.of(said.strip())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // there is no git
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while git was asked", e));
    }
  }
}
