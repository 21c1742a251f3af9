package org.grokscope.evidence;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The one file that is timed, not measured: another command makes it. */
record BenchFile() implements EvidenceFile {
  @Override
  public String file() {
    return "bench.csv";
  }

  @Override
  public String holds() {
    return "Milliseconds of a training step beside PyTorch's, of checkpoints and of sweeps";
  }

  @Override
  public List<String> from() {
    return List.of("no kept run; it is made by `grokscope bench --save`");
  }

  @Override
  public String takes() {
    return "about 15 minutes on a quiet machine";
  }

  @Override
  public void make(KeptRuns runs, Path out, Consumer<String> say) {
    throw new IllegalArgumentException(
        "evidence: bench.csv is made by `grokscope bench --save` alone, on a quiet machine with"
            + " PyTorch; start that");
  }
}
