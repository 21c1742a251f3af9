package org.grokscope.evidence;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.checkpoint.Provenance;

/** A CSV of measured runs, and FILE.json beside it that says how they came to be. */
public final class EvidenceTable {
  private EvidenceTable() {}

  /**
   * Writes finished runs as one number a row.
   *
   * @param out a name that ends in .csv
   * @param details what the provenance says beside the runs
   */
  public static void write(Path out, List<MeasuredRun> measured, Map<String, Object> details) {
    write(out, EvidenceRows.HEADER, measured, details);
  }

  /** The same with other columns. */
  static void write(
      Path out, String header, List<MeasuredRun> measured, Map<String, Object> details) {
    AtomicFile.writeText(
        out, header + measured.stream().map(MeasuredRun::rows).collect(Collectors.joining()));
    Map<String, Object> all = new LinkedHashMap<>(details);
    all.put("ledgers", LedgerVersion.inForce());
    all.put("runs", measured.stream().map(MeasuredRun::provenance).toList());
    AtomicFile.writeText(beside(out, ".json"), Provenance.now(all).toJson() + "\n");
  }

  /** The name with another ending. */
  static Path beside(Path out, String ending) {
    return out.resolveSibling(out.getFileName().toString().replaceFirst("\\.csv$", ending));
  }
}
