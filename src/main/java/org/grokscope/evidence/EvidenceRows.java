package org.grokscope.evidence;

import java.util.List;
import org.grokscope.series.Reading;

/** Rows of evidence under way: one number each, of one experiment and seed. */
final class EvidenceRows {
  /** The first line of every such file. */
  static final String HEADER = "experiment,seed,at,epoch,metric,part,key,value\n";

  private final StringBuilder text = new StringBuilder();
  private final String start;

  /**
   * @param experiment such as {@code a+b mod 113}, quoted if it has a comma
   * @param seed of the training
   */
  EvidenceRows(String experiment, long seed) {
    start = ReadingsCsv.quoted(experiment) + "," + seed + ",";
  }

  /**
   * One number.
   *
   * @param at the name of the moment
   * @param epoch of it
   */
  void add(String at, long epoch, Reading reading) {
    text.append(start).append(at).append(',').append(epoch).append(',');
    text.append(ReadingsCsv.cells(reading)).append('\n');
  }

  /** One number without a key. */
  void add(String at, long epoch, String metric, String part, double value) {
    add(at, epoch, new Reading(metric, part, "", value));
  }

  /** Several numbers of one moment. */
  void addAll(String at, long epoch, List<Reading> readings) {
    readings.forEach(reading -> add(at, epoch, reading));
  }

  /** One number, named as the column of a probe's table: {@code metric[part]}. */
  void addColumn(String at, long epoch, String column, double value) {
    int bracket = column.indexOf('[');
    add(
        at,
        epoch,
        column.substring(0, bracket),
        column.substring(bracket + 1, column.length() - 1),
        value);
  }

  /** CSV, without the header. */
  @Override
  public String toString() {
    return text.toString();
  }
}
