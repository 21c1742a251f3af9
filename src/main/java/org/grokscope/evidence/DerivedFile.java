package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A file that is made from the other evidence in a second; nothing is trained or measured for it.
 *
 * @param file its name
 * @param holds in a sentence
 * @param header of the CSV
 * @param lines of the CSV, from the folder of the evidence
 */
record DerivedFile(String file, String holds, String header, Function<Path, List<String>> lines)
    implements EvidenceFile {

  @Override
  public List<String> from() {
    return List.of("no run: the other files of notebooks/evidence, make them first");
  }

  @Override
  public String takes() {
    return "about a second";
  }

  @Override
  public void make(KeptRuns runs, Path out, Consumer<String> say) {
    runs.requireWhole(this, "nothing is trained for it");
    if (!Files.isDirectory(FOLDER)) {
      throw new IllegalArgumentException(
          "evidence: no " + FOLDER + " here to read our numbers from; start it in a checkout");
    }
    List<String> made = lines.apply(FOLDER);
    EvidenceTable.write(
        out,
        header,
        List.of(
            new MeasuredRun(
                made.size() + " lines",
                String.join("", made),
                new ObjectMapper().createObjectNode().put("lines", made.size()))),
        Map.of());
    say.accept(name() + ": " + made.size() + " lines");
  }
}
