package org.grokscope.task;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The laws that irreducible representations have to keep, and character tables from books. */
class RepresentationTest {
  private static final double ROUNDING = 1e-12; // a dozen products of small matrices

  static List<Group> groups() {
    return List.of(
        Group.symmetric(3),
        Group.symmetric(4),
        Group.symmetric(5),
        Group.dihedral(3),
        Group.dihedral(7),
        Group.dihedral(8),
        Group.cyclic(7),
        Group.cyclic(8));
  }

  @ParameterizedTest
  @MethodSource("groups")
  void the_matrix_of_a_product_is_the_product_of_the_matrices(Group group) {
    for (Representation rho : group.representations()) {
      for (int x = 0; x < group.size(); x++) {
        for (int y = 0; y < group.size(); y += group.size() > 24 ? 7 : 1) {
          assertClose(
              rho + " of " + x + ", " + y,
              product(rho.matrix(x), rho.matrix(y), rho.dimension()),
              rho.matrix(group.product(x, y)),
              0,
              ROUNDING);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("groups")
  void matrices_are_orthogonal(Group group) {
    for (Representation rho : group.representations()) {
      int d = rho.dimension();
      for (int x = 0; x < group.size(); x++) {
        double[] turned = new double[d * d];
        for (int i = 0; i < d * d; i++) {
          turned[i % d * d + i / d] = rho.matrix(x)[i];
        }
        assertClose(rho.toString(), turned, rho.matrix(group.inverse(x)), 0, ROUNDING);
      }
    }
  }

  /** Schur: Σ_g ρ_ij(g) σ_kl(g) is n/d where ρ = σ, i = k and j = l, else 0. */
  @ParameterizedTest
  @MethodSource("groups")
  void matrix_elements_are_orthogonal(Group group) {
    for (Representation rho : group.representations()) {
      for (Representation sigma : group.representations()) {
        boolean real = rho.functions() == rho.dimension() * rho.dimension();
        if (rho.name().equals(sigma.name()) && !real) {
          continue; // two and two of its four elements are the same but for the sign
        }
        for (int i = 0; i < rho.matrix(0).length; i++) {
          for (int k = 0; k < sigma.matrix(0).length; k++) {
            boolean same = rho.name().equals(sigma.name()) && i == k;
            double expected = same ? (double) group.size() / rho.dimension() : 0;
            assertClose(rho + ", " + sigma, expected, inner(group, rho, i, sigma, k), 0, 1e-9);
          }
        }
      }
    }
  }

  private static double inner(Group group, Representation rho, int i, Representation sigma, int k) {
    return IntStream.range(0, group.size())
        .mapToDouble(g -> rho.matrix(g)[i] * sigma.matrix(g)[k])
        .sum();
  }

  @ParameterizedTest
  @MethodSource("groups")
  void their_functions_are_all_functions_on_the_group(Group group) {
    assertEquals(
        group.size(), group.representations().stream().mapToInt(Representation::functions).sum());
  }

  @Test
  void squared_dimensions_sum_to_the_size_where_only_multiples_of_one_commute() {
    for (Group group : groups().subList(0, 6)) {
      assertEquals(
          group.size(),
          group.representations().stream()
              .mapToInt(rho -> rho.dimension() * rho.dimension())
              .sum());
    }
  }

  @Test
  void the_characters_of_four_things_are_those_of_the_books() {
    Group s4 = Group.symmetric(4);
    // of 1, (12), (12)(34), (123), (1234), by their images
    List<String> classes = List.of("1234", "2134", "2143", "2314", "2341");
    List<int[]> expected =
        List.of(
            new int[] {1, 1, 1, 1, 1},
            new int[] {3, 1, -1, 0, -1},
            new int[] {2, 0, 2, -1, 0},
            new int[] {3, -1, -1, 0, 1},
            new int[] {1, -1, 1, 1, -1});
    List<Representation> all = s4.representations();
    assertEquals(
        List.of("4", "3+1", "2+2", "2+1+1", "1+1+1+1"),
        all.stream().map(Representation::name).toList());
    List<String> names = IntStream.range(0, 24).mapToObj(i -> s4.table().element(i)).toList();
    for (int r = 0; r < all.size(); r++) {
      for (int c = 0; c < classes.size(); c++) {
        assertClose(
            all.get(r) + " of " + classes.get(c),
            expected.get(r)[c],
            all.get(r).character(names.indexOf(classes.get(c))),
            0,
            ROUNDING);
      }
    }
    assertTrue(all.get(0).isTrivial());
    assertFalse(all.get(4).isTrivial());
  }

  @Test
  void dimensions_and_names_of_the_others() {
    assertEquals(
        "[5 (1), 4+1 (4), 3+2 (5), 3+1+1 (6), 2+2+1 (5), 2+1+1+1 (4), 1+1+1+1+1 (1)]",
        Group.symmetric(5).representations().toString());
    assertEquals(
        "[A1 (1), A2 (1), E1 (2), E2 (2)]", Group.dihedral(5).representations().toString());
    assertEquals(
        "[A1 (1), A2 (1), B1 (1), B2 (1), E1 (2), E2 (2)]",
        Group.dihedral(6).representations().toString());
    assertEquals(
        "[0 (1), 4 (1), 1 (2), 2 (2), 3 (2)]", Group.cyclic(8).representations().toString());
  }

  @Test
  void matrices_are_copies() {
    Representation rho = Group.symmetric(3).representations().get(1);
    Arrays.fill(rho.matrix(2), 9);
    assertClose("2", 1, Math.abs(rho.matrix(0)[0]), 0, 0);
  }

  private static double[] product(double[] left, double[] right, int d) {
    double[] product = new double[d * d];
    for (int i = 0; i < d * d; i++) {
      for (int k = 0; k < d; k++) {
        product[i] += left[i / d * d + k] * right[k * d + i % d];
      }
    }
    return product;
  }
}
