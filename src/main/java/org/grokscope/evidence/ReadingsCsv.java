package org.grokscope.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.series.Reading;

/** The CSV of {@code grokscope probe}: a line for each reading of each checkpoint. */
public final class ReadingsCsv {
  private static final String HEADER = "file,epoch,metric,part,key,value";

  private final Writer to;

  /** Starts with the header. */
  public ReadingsCsv(Writer to) {
    this.to = to;
    write(List.of(HEADER));
  }

  /**
   * Writes what was read off one checkpoint, values to the last digit.
   *
   * @param file as it was given; quoted if it has a comma, a quote or a line break
   */
  public void add(Path file, Checkpoint checkpoint, List<Reading> readings) {
    String epoch = checkpoint.epoch().isEmpty() ? "" : "" + checkpoint.epoch().getAsLong();
    String start = quoted(file.toString()) + "," + epoch + ",";
    write(readings.stream().map(reading -> start + cells(reading)).toList());
  }

  /** A reading as the cells metric, part, key and value, to the last digit; quoted as need be. */
  static String cells(Reading reading) {
    return String.join(",", quoted(reading.metric()), quoted(reading.part()), quoted(reading.key()))
        + ","
        + reading.value();
  }

  private void write(List<String> lines) {
    try {
      for (String line : lines) {
        to.write(line + "\n");
      }
      to.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the CSV cannot be written: " + e.getMessage(), e);
    }
  }

  /** A text as a cell, quoted if it has a comma, a quote or a line break. */
  static String quoted(String text) {
    return text.matches("(?s).*[,\"\n\r].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
