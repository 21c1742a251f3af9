package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.grokscope.claim.Decision;
import org.grokscope.claim.EvidenceFolder;
import org.grokscope.claim.Ledger;
import org.grokscope.claim.RoundTwo;
import org.grokscope.claim.Ruling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every verdict is replayed from the evidence and from what the notebooks recorded. */
class VerdictsTest {
  private static final EvidenceFolder EVIDENCE = EvidenceFolder.of(EvidenceFile.FOLDER.toString());

  @TempDir Path folder;

  @Test
  void the_tables_are_what_the_evidence_says() throws IOException {
    List<String> tables =
        List.of("verdicts", "verdicts-round-two", "verdicts-experiments", "verdicts-published");
    for (String name : tables) {
      Path out = folder.resolve(name + ".csv");
      EvidenceFile.named(name).make(KeptRuns.inHome().in(folder), out, line -> {});
      assertEquals(
          Files.readString(EvidenceFile.FOLDER.resolve(name + ".csv")),
          Files.readString(out),
          "make it again with `environment/grokscope evidence " + name + "`");
    }
  }

  @Test
  void every_claim_has_a_line_and_what_is_not_testable_stays_so() throws IOException {
    List<String> lines = Files.readAllLines(EvidenceFile.FOLDER.resolve("verdicts.csv"));
    List<String> claims = Ledger.open(false).claims().stream().map(claim -> claim.id()).toList();
    assertEquals(
        claims, lines.stream().skip(1).map(line -> line.substring(0, line.indexOf(','))).toList());
    Stream<String> beyond = lines.stream().filter(line -> line.matches("F\\d*,.*"));
    assertTrue(beyond.allMatch(line -> line.contains(",not testable here,,")));
  }

  @Test
  void nothing_holds_that_its_null_passes() {
    for (Ruling ruling :
        Stream.of(RoundTwo.shipped(), RoundTwo.experiments())
            .flatMap(round -> round.judge(EVIDENCE).stream())
            .toList()) {
      if (ruling.decision() == Decision.HOLDS) {
        assertTrue(ruling.nullShare().orElseThrow() <= 0.05, ruling.toString());
        assertTrue(ruling.nullValues().length >= 20, ruling.toString());
      }
    }
  }

  @Test
  void an_experiment_without_evidence_is_told_as_not_measured_yet() {
    RoundTwo experiments = RoundTwo.experiments();
    List<String> lines = Verdicts.quantities(experiments, folder);
    assertEquals(experiments.criteria(), experiments.waiting(EvidenceFolder.of("" + folder)));
    assertEquals(experiments.criteria().size(), lines.size());
    assertTrue(lines.stream().allMatch(line -> line.contains(",,,not measured yet,")));
  }
}
