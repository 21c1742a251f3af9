package org.grokscope.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/**
 * A shard as it stands in a sweep's folder.
 *
 * @param shard which one
 * @param folder of its table and its provenance
 */
record KeptShard(Shard shard, Path folder) {
  /** In a shard's results.json: what tells its sweep from any other. */
  static final String DIGEST = "digest";

  private static final JsonMapper JSON = new JsonMapper();

  /** All that were ever begun, in order. */
  static List<KeptShard> in(Path sweep) throws IOException {
    Path folders = Shard.folders(sweep);
    List<KeptShard> found = new ArrayList<>();
    if (Files.isDirectory(folders)) {
      try (Stream<Path> inside = Files.list(folders)) {
        for (Path folder : inside.toList()) {
          Shard.of(folder).ifPresent(shard -> found.add(new KeptShard(shard, folder)));
        }
      }
    }
    found.sort(
        Comparator.comparing((KeptShard kept) -> kept.shard.of())
            .thenComparing(kept -> kept.shard.number()));
    return found;
  }

  /** Whether a process has it. Asked by who has the sweep's folder, so that none begins now. */
  boolean isWorking() throws IOException {
    RunHold hold = RunHold.tryTake(folder);
    if (hold != null) {
      hold.close();
      return false;
    }
    return true;
  }

  /** Such as {@code shard 2/3 is at work in DIR (process 4711 on node7, since …)}. */
  String working(Path sweep) {
    return "shard %s is at work in %s (%s)".formatted(shard, sweep, SignedHold.holder(folder));
  }

  /** The digest of its sweep, or an empty text if it has not begun. */
  String digest() {
    try {
      JsonNode provenance = JSON.readTree(folder.resolve("results.json").toFile());
      return provenance.path(DIGEST).asText();
    } catch (IOException e) {
      return "";
    }
  }

  /** Why runs failed, by the name of their folder. */
  Map<String, String> failures() {
    Map<String, String> failures = new HashMap<>();
    Path file = folder.resolve("results.csv");
    if (Files.exists(file)) {
      Table table = SweepResults.read(file.toString());
      for (int row = 0; row < table.rowCount(); row++) {
        if (table.stringColumn("state").get(row).equals("failed")) {
          failures.put(table.stringColumn("run").get(row), table.stringColumn("error").get(row));
        }
      }
    }
    return failures;
  }
}
