package org.grokscope.compression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrajectoryCodeTest {
  private static final Trajectories BODIES = Trajectories.simulate(128, 0.5, 0);

  @Test
  void finds_newtons_law() {
    Law still = Law.fit(Trajectories.simulate(64, 0, 1));
    assertEquals(1, still.c(), 2e-3); // places are rounded to a hundredth
    assertEquals(1, still.alpha(), 1e-3);
    assertEquals(-1, still.beta(), 1e-3);
    Law noisy = Law.fit(BODIES);
    assertEquals(1, noisy.alpha(), 0.03);
    assertEquals(-1, noisy.beta(), 0.03);
  }

  @Test
  void a_table_has_the_bits_that_can_be_counted_by_hand() {
    List<Integer> places =
        java.util.stream.IntStream.range(0, Trajectories.POINTS).boxed().toList(); // 0 … 49
    var one = new Trajectories(List.of(new Trajectories.Track(1, 1, places)));
    assertEquals(64 + 6 * Trajectories.POINTS, TrajectoryCode.TABLE.bits(one), 0);
  }

  @Test
  void a_law_pays_where_it_holds_and_only_there() {
    double law = TrajectoryCode.LAW.bits(BODIES);
    assertTrue(law < TrajectoryCode.CURVES.bits(BODIES));
    assertTrue(TrajectoryCode.CURVES.bits(BODIES) < TrajectoryCode.TABLE_THROUGH_XZ.bits(BODIES));
    assertTrue(TrajectoryCode.TABLE_THROUGH_XZ.bits(BODIES) < TrajectoryCode.TABLE.bits(BODIES));
    assertTrue(
        TrajectoryCode.LAW.bits(BODIES.withShuffledForces(0)) > TrajectoryCode.CURVES.bits(BODIES));
  }

  @Test
  void its_price_is_paid_once() {
    Trajectories few = BODIES.first(4);
    assertTrue(TrajectoryCode.LAW.bits(few) > TrajectoryCode.CURVES.bits(few));
  }

  @Test
  void no_code_is_shorter_than_the_noise() {
    // a Gaussian of deviation s at resolution r has log2(s √(2πe) / r) bits a place
    double entropy = Math.log(0.5 * Math.sqrt(2 * Math.PI * Math.E) / 0.01) / Math.log(2);
    double places = 128.0 * Trajectories.POINTS;
    double each = TrajectoryCode.LAW.bits(BODIES) / places;
    assertTrue(each > 0.97 * entropy && each < 1.15 * entropy, () -> each + " of " + entropy);
  }

  @Test
  void shuffling_keeps_tracks_and_labels() {
    Trajectories shuffled = BODIES.withShuffledForces(5);
    assertEquals(
        BODIES.tracks().stream().map(Trajectories.Track::places).toList(),
        shuffled.tracks().stream().map(Trajectories.Track::places).toList());
    assertEquals(
        BODIES.tracks().stream().map(Trajectories.Track::force).sorted().toList(),
        shuffled.tracks().stream().map(Trajectories.Track::force).sorted().toList());
  }

  @Test
  void refuses_too_few() {
    assertThrows(IllegalArgumentException.class, () -> Trajectories.simulate(0, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> BODIES.first(129));
    assertThrows(IllegalArgumentException.class, () -> Law.fit(BODIES.first(3)));
  }
}
