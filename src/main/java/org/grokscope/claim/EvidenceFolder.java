package org.grokscope.claim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The files of evidence that lie in one folder, each read when it is first asked for. */
public final class EvidenceFolder {
  private final Path folder;
  private final Map<String, Evidence> read = new ConcurrentHashMap<>();

  private EvidenceFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * The files of a folder.
   *
   * @param folder from the notebook's own, such as {@code evidence}
   */
  public static EvidenceFolder of(String folder) {
    return new EvidenceFolder(Path.of(folder));
  }

  /**
   * What a file holds.
   *
   * @param name of the file without {@code .csv}, such as {@code circuit}
   * @throws java.io.UncheckedIOException if there is none
   * @throws IllegalArgumentException if it is no evidence
   */
  public Evidence file(String name) {
    return read.computeIfAbsent(
        name, unread -> Evidence.read(folder.resolve(unread + ".csv").toString()));
  }

  /** Whether there is a file of this name. */
  boolean has(String name) {
    return Files.isRegularFile(folder.resolve(name + ".csv"));
  }

  /**
   * When the first of the runs began that a file was measured on, as NAME.json beside it says, of a
   * piece of several runs too; empty where it does not.
   *
   * @throws java.io.UncheckedIOException if that file is no JSON
   */
  Optional<Instant> began(String name) {
    return provenance(name).path("runs").findValuesAsText("started").stream()
        .filter(started -> !started.isEmpty())
        .map(Instant::parse)
        .min(Comparator.naturalOrder());
  }

  /**
   * Whether a file has the first of its runs alone, as NAME.json beside it says.
   *
   * @throws java.io.UncheckedIOException if that file is no JSON
   */
  boolean isUnfinished(String name) {
    return provenance(name).has("unfinished");
  }

  /** How a file came to be; empty where it does not say. */
  private JsonNode provenance(String name) {
    Path provenance = folder.resolve(name + ".json");
    try {
      return Files.isRegularFile(provenance)
          ? new ObjectMapper().readTree(provenance.toFile())
          : MissingNode.getInstance();
    } catch (IOException e) {
      throw new UncheckedIOException("evidence " + provenance + ": cannot be read (" + e + ")", e);
    }
  }
}
