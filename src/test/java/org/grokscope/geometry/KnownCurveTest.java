package org.grokscope.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KnownCurveTest {
  @Test
  void each_has_the_strands_and_turns_of_its_name() {
    assertEquals(1, PrincipalComponents.of(KnownCurve.line(60)).explained(1), 1e-9);
    assertEquals(0, Strands.of(KnownCurve.arc(60, 0.4), 0.3).count());
    assertEquals(2, HelixFit.of(KnownCurve.helix(60, 2, 2), 0.3).turns(), 0.05);
    assertEquals(1, Strands.of(KnownCurve.helix(60, 2, 2), 0.3).count());
    assertEquals(2, Strands.of(KnownCurve.doubleHelix(80, 2, 2), 0.3).count());
  }

  @Test
  void a_helix_is_one_above_itself_after_a_turn() {
    var helix = KnownCurve.helix(41, 2, 4);
    assertEquals(helix.getDouble(0, 0), helix.getDouble(20, 0), 1e-9);
    assertEquals(helix.getDouble(0, 1), helix.getDouble(20, 1), 1e-9);
    assertEquals(2, helix.getDouble(20, 2), 1e-9);
  }

  @Test
  void the_rails_of_a_double_helix_face_each_other() {
    var rails = KnownCurve.doubleHelix(40, 1.5, 3);
    for (int i = 0; i < 20; i++) {
      assertEquals(rails.getDouble(i, 2), rails.getDouble(39 - i, 2), 1e-9, "one height");
      assertEquals(rails.getDouble(i, 0), -rails.getDouble(39 - i, 0), 1e-9);
      assertEquals(rails.getDouble(i, 1), -rails.getDouble(39 - i, 1), 1e-9);
    }
  }

  @Test
  void refuses_one_point() {
    String said =
        assertThrows(IllegalArgumentException.class, () -> KnownCurve.line(1)).getMessage();
    assertTrue(said.contains("got 1 points, expected at least 2"));
  }
}
