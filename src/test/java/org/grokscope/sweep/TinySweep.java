package org.grokscope.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sweeps whose runs take milliseconds. */
final class TinySweep {
  private TinySweep() {}

  /** What every tiny run shares. */
  static Map<String, Object> base() {
    Map<String, Object> base = new HashMap<>();
    base.put("p", 7);
    base.put("fraction", 0.6);
    base.put("epochs", 20);
    base.put("d_model", 8);
    base.put("heads", 2);
    base.put("d_mlp", 16);
    return base;
  }

  /** Two seeds under two weight decays. */
  static Sweep fourRuns() {
    return Sweep.of(base()).over("seed", 0, 1).over("weight_decay", 0.5, 1.0);
  }

  /** The lines of a results.csv without their seconds, the last but one cell. */
  static List<String> withoutSeconds(Path csv) throws java.io.IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(csv)) {
      lines.add(line.replaceFirst(",[^,]*,([^,]*|\".*\")$", ",$1"));
    }
    return lines;
  }
}
