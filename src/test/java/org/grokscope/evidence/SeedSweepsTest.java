package org.grokscope.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grokscope.claim.Binding;
import org.grokscope.claim.Criterion;
import org.grokscope.claim.RoundTwo;
import org.grokscope.evidence.SeedSweeps.Setting;
import org.grokscope.sweep.Sweep;
import org.junit.jupiter.api.Test;

class SeedSweepsTest {
  private static final Set<String> OURS = Set.of("arithmetic", "parity", "need");

  private final SeedSweeps two =
      SeedSweeps.of(
          "two",
          "{\"p\": 5, \"fraction\": 0.5, \"epochs\": 3}",
          List.of(
              Setting.of("a", 2, "{\"weight_decay\": 0}"),
              Setting.of("b", 1, "{\"weight_decay\": 1}")));

  @Test
  void a_seed_has_the_settings_that_are_tried_with_it() {
    assertEquals(List.of(20L, 21L), two.seeds());
    assertEquals(2, Sweep.parse(two.sweep(20).toString()).labels().size());
    assertEquals(List.of("weight_decay 0.0"), Sweep.parse(two.sweep(21).toString()).labels());
    assertEquals(
        List.of("a, seed 20", "b, seed 20", "a, seed 21"),
        two.pieces((run, experiment) -> "").map(Measurements.Piece::toString).toList());
  }

  @Test
  void every_experiment_is_made_of_sweeps_that_can_run() {
    List<SeedSweeps> all = new ArrayList<>(ArithmeticEvidence.sweeps());
    all.addAll(ParityEvidence.sweeps());
    all.add(RoomEvidence.sweeps());
    for (SeedSweeps sweeps : all) {
      for (long seed : sweeps.seeds()) {
        assertTrue(Sweep.parse(sweeps.sweep(seed).toString()).labels().size() > 0);
      }
    }
  }

  /** A line that reads an experiment which its file never has would wait for ever. */
  @Test
  void what_is_registered_is_read_in_experiments_that_the_files_have() {
    for (Criterion line : RoundTwo.experiments().criteria()) {
      Binding.Side x = line.binding().x();
      if (OURS.contains(x.file()) && EvidenceFile.named(x.file()) instanceof Measurements file) {
        Set<String> there =
            file.pieces().stream()
                .map(Measurements.Piece::what)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Stream<Binding.Side> sides = Stream.concat(Stream.of(x), line.binding().y().stream());
        sides.forEach(side -> assertTrue(there.contains(side.experiment()), side + " of " + there));
      }
    }
  }
}
