package org.grokscope.claim;

import java.nio.file.Path;
import java.util.Map;
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
}
