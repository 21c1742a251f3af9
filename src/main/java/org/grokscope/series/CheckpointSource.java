package org.grokscope.series;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.TextDigest;

/**
 * A checkpoint of a series that has not been read yet.
 *
 * @param epoch optimiser updates done
 * @param file where it is
 * @param reading reads it
 */
record CheckpointSource(long epoch, Path file, Supplier<Checkpoint> reading) {

  Checkpoint read() {
    return reading.get();
  }

  /**
   * What the file holds, in 16 hexadecimal digits, from the names, lengths and CRC-32s that its
   * directory lists: fast, since no array is read, and the same for a copy of the file. Empty if
   * the file is no zip; reading it will say so.
   */
  Optional<String> digest() {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      String entries =
          zip.stream().map(CheckpointSource::line).sorted().collect(Collectors.joining());
      return Optional.of(TextDigest.of(entries));
    } catch (IOException | IllegalArgumentException e) { // or its names are no text
      return Optional.empty();
    }
  }

  private static String line(ZipEntry entry) {
    return entry.getName() + " " + entry.getSize() + " " + entry.getCrc() + "\n";
  }
}
