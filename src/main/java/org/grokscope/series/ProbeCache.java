package org.grokscope.series;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.Provenance;
import org.grokscope.checkpoint.TextDigest;

/**
 * What one probe measured, kept in a CSV beside the checkpoints, {@code <digest of its
 * identity>.csv}:
 *
 * <pre>{@code
 * # identity: "loss, version 1"
 * epoch,checkpoint,loss[train],loss[test]
 * 0,5d41402abc4b2a76,4.78,4.81
 * # digest: 9b74c9897bac770f
 * }</pre>
 *
 * <p>A row holds for the checkpoint of its epoch as long as the content of that file is what the
 * column {@code checkpoint} says ({@link CheckpointSource#digest}). Numbers have the fewest digits
 * that read back as the same double. The last line is the digest of all before it: a file that is
 * cut off, edited or of another identity is read as if it were not there.
 *
 * <p>Written atomically, rows of another process that has written meanwhile taken along; if two
 * write at the very same time, some rows of one are lost and will be measured again.
 */
final class ProbeCache {
  /**
   * The numbers of one checkpoint.
   *
   * @param checkpoint digest of the file that was measured
   * @param values by column
   */
  record Row(String checkpoint, List<Double> values) {}

  /**
   * All that is kept.
   *
   * @param columns names of the numbers
   * @param rows by epoch, ascending
   */
  record Content(List<String> columns, TreeMap<Long, Row> rows) {}

  private static final String IDENTITY = "# identity: ";
  private static final String DIGEST = "# digest: ";
  private static final List<String> KEYS = List.of("epoch", "checkpoint");

  private final String identity;
  private final Path file;

  ProbeCache(Path folder, String identity) {
    this.identity = identity;
    this.file = folder.resolve(TextDigest.of(identity) + ".csv");
  }

  Path file() {
    return file;
  }

  /** What is kept, or empty if there is no such file or it is not as it was written. */
  Optional<Content> read() {
    // not a channel, which would close under an interrupted thread and lose the rows
    try (InputStream in = new FileInputStream(file.toFile())) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Keeps these rows, and those of other epochs that are there already.
   *
   * @throws java.io.UncheckedIOException if the folder cannot be written
   */
  void write(Content content) {
    TreeMap<Long, Row> rows = new TreeMap<>();
    read()
        .filter(there -> there.columns().equals(content.columns()))
        .ifPresent(there -> rows.putAll(there.rows()));
    rows.putAll(content.rows());
    StringBuilder text = new StringBuilder(identityLine());
    List<String> header = new ArrayList<>(KEYS);
    header.addAll(content.columns());
    text.append(String.join(",", header.stream().map(ProbeCache::quoted).toList())).append('\n');
    rows.forEach(
        (epoch, row) -> {
          text.append(epoch).append(',').append(row.checkpoint());
          row.values().forEach(value -> text.append(',').append(value));
          text.append('\n');
        });
    String digest = TextDigest.of(text.toString());
    text.append(DIGEST).append(digest).append('\n');
    AtomicFile.writeText(file, text.toString());
  }

  private Optional<Content> parse(String text) {
    int end = text.lastIndexOf(DIGEST);
    if (end < 0
        || !text.substring(end).equals(DIGEST + TextDigest.of(text.substring(0, end)) + "\n")) {
      return Optional.empty();
    }
    List<String> lines = text.substring(0, end).lines().toList();
    if (lines.size() < 2 || !(lines.get(0) + "\n").equals(identityLine())) {
      return Optional.empty();
    }
    List<String> header = cells(lines.get(1));
    TreeMap<Long, Row> rows = new TreeMap<>();
    try {
      for (String line : lines.subList(2, lines.size())) {
        List<String> cells = List.of(line.split(",", -1));
        List<Double> values =
            cells.subList(KEYS.size(), header.size()).stream().map(Double::valueOf).toList();
        rows.put(Long.valueOf(cells.get(0)), new Row(cells.get(1), values));
      }
      return Optional.of(
          new Content(List.copyOf(header.subList(KEYS.size(), header.size())), rows));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return Optional.empty(); // of another version of this library
    }
  }

  private String identityLine() {
    try {
      return IDENTITY + Provenance.JSON.writeValueAsString(identity) + "\n"; // escapes line breaks
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text can be written as JSON", e);
    }
  }

  /** A cell, in quotation marks if it holds a comma or one of these. */
  private static String quoted(String cell) {
    return cell.contains(",") || cell.contains("\"")
        ? "\"" + cell.replace("\"", "\"\"") + "\""
        : cell;
  }

  /** The cells of a line; the reverse of {@link #quoted}. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean inside = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && inside && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        inside = !inside;
      } else if (c == ',' && !inside) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
