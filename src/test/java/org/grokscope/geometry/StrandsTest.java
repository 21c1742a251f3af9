package org.grokscope.geometry;

import static org.grokscope.geometry.Curves.assertRefused;
import static org.grokscope.geometry.Curves.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class StrandsTest {
  private static final double PLANE = 0.3;

  /** A point of a right-handed helix of 1.5 turns, at a share of its height, turned by a phase. */
  private static double[] rail(double share, double phase) {
    double angle = 3 * Math.PI * share + phase;
    return new double[] {Math.cos(angle), Math.sin(angle), 2 * (share - 0.5)};
  }

  @Test
  void a_helix_has_one_strand_and_its_turns() {
    Strands strands = Strands.of(rows(60, i -> rail(i / 59.0, 0)), PLANE);
    assertEquals(1, strands.count());
    assertEquals(1, strands.stride());
    // the best of 2,000 axes is a little aslant, where the ends gain an eighth of a turn
    assertEquals(1.5, strands.turnsTogether(), 0.15);
  }

  @Test
  void noise_a_tenth_of_the_radius_makes_no_second_strand() {
    for (int seed = 0; seed < 5; seed++) {
      INDArray points = rows(60, i -> rail(i / 59.0, 0)).add(Curves.noise(60, 3, 0.1, seed));
      assertEquals(1, Strands.of(points, PLANE).count(), "seed " + seed);
    }
  }

  @Nested
  class A_double_helix_has_two {
    @Test
    void labelled_up_one_rail_and_down_the_other() {
      INDArray points = rows(80, i -> i < 40 ? rail(i / 39.0, 0) : rail((79 - i) / 39.0, Math.PI));
      Strands strands = Strands.of(points, PLANE);
      assertEquals(2, strands.count());
      assertTrue(strands.turnsTogether() > 1, "" + strands.turnsTogether());
    }

    @Test
    void labelled_twice_upwards() {
      INDArray points = rows(80, i -> i < 40 ? rail(i / 39.0, 0) : rail((i - 40) / 39.0, Math.PI));
      assertEquals(2, Strands.of(points, PLANE).count());
    }

    @Test
    void labelled_from_rail_to_rail() {
      INDArray points = rows(80, i -> rail(i / 79.0, i % 2 * Math.PI));
      Strands strands = Strands.of(points, PLANE);
      assertEquals(2, strands.count());
      assertEquals(2, strands.stride());
    }
  }

  @Test
  void up_and_back_with_the_other_handedness_is_no_double_helix() {
    // goes on turning the same way while it comes down: the rails cross, they do not run parallel
    INDArray points =
        rows(
            80,
            i -> {
              double angle = 6 * Math.PI * i / 79.0;
              double height = i < 40 ? i / 39.0 : (79 - i) / 39.0;
              return new double[] {Math.cos(angle), Math.sin(angle), 2 * (height - 0.5)};
            });
    assertEquals(1, Strands.of(points, PLANE).count());
  }

  @Test
  void a_line_and_an_arc_have_none() {
    assertEquals(0, Strands.of(Curves.ray(40, 5), PLANE).count());
    assertEquals(0, Strands.of(Curves.helix(40, 0.4, 1), PLANE).count());
  }

  @Nested
  class Two_curves_together {
    private final INDArray one = rows(60, i -> rail(i / 59.0, 0));

    @Test
    void have_two_strands_where_they_are_the_rails_of_a_double_helix() {
      Strands both = Strands.together(List.of(one, rows(50, i -> rail(i / 49.0, Math.PI))), PLANE);
      assertEquals(2, both.count());
      assertEquals(1, both.stride());
    }

    @Test
    void have_two_strands_as_well_a_quarter_turn_apart_and_labelled_the_other_way() {
      INDArray other = rows(60, i -> rail(1 - i / 59.0, Math.PI / 2));
      assertEquals(2, Strands.together(List.of(one, other), PLANE).count());
    }

    @Test
    void have_one_where_they_lie_on_each_other() {
      assertEquals(1, Strands.together(List.of(one, one), PLANE).count());
      INDArray near = one.add(Curves.noise(60, 3, 0.02, 1));
      assertEquals(1, Strands.together(List.of(one, near), PLANE).count());
    }

    @Test
    void have_one_where_one_of_them_is_a_line_along_the_axis() {
      INDArray line = rows(60, i -> new double[] {0, 0, 2 * (i / 59.0 - 0.5)});
      assertEquals(1, Strands.together(List.of(one, line), PLANE).count());
    }

    @Test
    void three_rails_have_three() {
      List<INDArray> rails =
          IntStream.range(0, 3)
              .mapToObj(k -> rows(60, i -> rail(i / 59.0, 2 * Math.PI * k / 3)))
              .toList();
      assertEquals(3, Strands.together(rails, PLANE).count());
    }

    @Test
    void are_refused_where_there_is_none_or_one_is_too_short() {
      assertRefused("at least 8 rows", () -> Strands.together(List.of(), PLANE));
      assertRefused(
          "at least 8 rows", () -> Strands.together(List.of(one, Curves.ray(7, 3)), PLANE));
    }
  }

  @Test
  void refuses_too_few_points_and_a_plane_that_may_not_exist() {
    assertRefused("at least 8 rows", () -> Strands.of(Curves.ray(7, 3), PLANE));
    assertRefused("plane's share of 0.9", () -> Strands.of(Curves.ray(20, 3), 0.9));
  }
}
