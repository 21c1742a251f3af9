package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupTest {
  static List<Group> groups() {
    return List.of(
        Group.symmetric(2),
        Group.symmetric(3),
        Group.symmetric(4),
        Group.symmetric(5),
        Group.dihedral(3),
        Group.dihedral(5),
        Group.dihedral(6),
        Group.cyclic(7),
        Group.cyclic(8));
  }

  @Test
  void their_sizes_are_n_factorial_and_2n() {
    assertEquals(
        List.of(2, 6, 24, 120, 6, 10, 12, 7, 8), groups().stream().map(Group::size).toList());
    assertEquals(720, Group.symmetric(6).size());
    assertEquals(
        List.of("S2", "S3", "S4", "S5", "D3", "D5", "D6", "Z7", "Z8"),
        groups().stream().map(Group::name).toList());
  }

  @ParameterizedTest
  @MethodSource("groups")
  void every_product_is_an_element_and_each_row_and_column_has_each_once(Group group) {
    OperationTable table = group.table();
    int n = group.size();
    int[] all = IntStream.range(0, n).toArray();
    for (int x = 0; x < n; x++) {
      int row = x;
      assertArrayEquals(all, IntStream.of(all).map(y -> table.label(row, y)).sorted().toArray());
      assertArrayEquals(all, IntStream.of(all).map(y -> table.label(y, row)).sorted().toArray());
    }
  }

  @ParameterizedTest
  @MethodSource("groups")
  void the_first_element_is_the_identity_and_each_has_an_inverse(Group group) {
    OperationTable table = group.table();
    for (int x = 0; x < group.size(); x++) {
      int element = x;
      assertEquals(x, table.label(0, x));
      assertEquals(x, table.label(x, 0));
      int inverse =
          IntStream.range(0, group.size())
              .filter(y -> table.label(element, y) == 0)
              .findFirst()
              .orElseThrow();
      assertEquals(0, table.label(inverse, x), "from the other side");
    }
  }

  @ParameterizedTest
  @MethodSource("groups")
  void products_may_be_bracketed_at_will(Group group) {
    int n = group.size();
    int[] labels = group.table().labels();
    for (int x = 0; x < n; x++) {
      for (int y = 0; y < n; y++) {
        for (int z = 0; z < n; z++) {
          int left = labels[labels[x * n + y] * n + z];
          int right = labels[x * n + labels[y * n + z]];
          assertTrue(left == right, x + ", " + y + ", " + z);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("groups")
  void a_product_does_first_the_right_and_then_the_left(Group group) {
    OperationTable table = group.table();
    for (int x = 0; x < group.size(); x++) {
      for (int y = 0; y < group.size(); y++) {
        int[] then = group.permutation(x);
        int[] both = IntStream.of(group.permutation(y)).map(image -> then[image]).toArray();
        assertArrayEquals(both, group.permutation(table.label(x, y)));
      }
    }
  }

  @Test
  void permutations_of_three_by_hand() {
    OperationTable table = Group.symmetric(3).table();
    assertEquals(List.of("123", "132", "213", "231", "312", "321"), names(table));
    // first 2 ↔ 3, then 1 ↔ 2: 1 → 2, 2 → 3, 3 → 1; the other way round 1 → 3, 2 → 1, 3 → 2
    assertEquals("231", product(table, "213", "132"));
    assertEquals("312", product(table, "132", "213"));
    assertEquals("123", product(table, "321", "321"));
    assertEquals("312", product(table, "231", "231"));
    assertEquals("S3", table.title());
    assertEquals("S3", table.operation());
    assertEquals(7, table.vocabulary());
    assertFalse(table.isSymmetric());
    assertTrue(Group.symmetric(2).table().isSymmetric());
  }

  @Test
  void symmetries_of_a_pentagon_by_hand() {
    OperationTable table = Group.dihedral(5).table();
    assertEquals(
        List.of("r0", "r1", "r2", "r3", "r4", "sr0", "sr1", "sr2", "sr3", "sr4"), names(table));
    assertEquals("r1", product(table, "r3", "r3"));
    assertEquals("sr1", product(table, "sr0", "r1")); // s after r
    assertEquals("sr4", product(table, "r1", "sr0")); // r s = s r⁻¹
    assertEquals("r2", product(table, "sr1", "sr3")); // s r s r³ = r⁻¹ r³
    assertEquals("r0", product(table, "sr2", "sr2"));
    assertEquals("D5", table.title());
    assertArrayEquals(new int[] {0, 4, 3, 2, 1}, Group.dihedral(5).permutation(5));
  }

  private static List<String> names(OperationTable table) {
    return IntStream.range(0, table.size()).mapToObj(table::element).toList();
  }

  private static String product(OperationTable table, String x, String y) {
    List<String> names = names(table);
    return table.element(table.label(names.indexOf(x), names.indexOf(y)));
  }

  @Test
  void the_rotations_add() {
    assertArrayEquals(
        OperationTable.of(Operation.ADD, 7).labels(), Group.cyclic(7).table().labels());
  }

  @Test
  void a_table_is_known_by_its_answers() {
    for (Group group : groups()) {
      assertEquals(
          group.name().startsWith("Z") || group.size() == 2 ? "none" : group.name(),
          Group.of(group.table()).map(Group::name).orElse("none"));
    }
    OperationTable s4 = Group.symmetric(4).table();
    assertTrue(Group.of(s4.withRandomLabels(0)).isEmpty());
    assertTrue(Group.of(OperationTable.sum(3, 6)).isEmpty());
    assertTrue(Group.of(OperationTable.of(Operation.ADD, 24)).isEmpty());
  }

  @Test
  void subgroups_are_counted_as_in_the_books() {
    assertEquals(6, Group.symmetric(3).subgroups().size());
    assertEquals(30, Group.symmetric(4).subgroups().size());
    assertEquals(156, Group.symmetric(5).subgroups().size());
    assertEquals(8, Group.dihedral(5).subgroups().size()); // 5 reflections, and 3
    assertEquals(16, Group.dihedral(6).subgroups().size()); // σ(6) + τ(6) = 12 + 4
    for (int[] subgroup : Group.symmetric(4).subgroups()) {
      assertEquals(0, 24 % subgroup.length);
      assertEquals(0, subgroup[0]);
    }
    String message =
        assertThrows(IllegalArgumentException.class, Group.symmetric(6)::subgroups).getMessage();
    assertEquals("subgroups: got S6 of 720 elements, expected at most 200", message);
  }

  @Test
  void its_permutations_are_copies() {
    Group group = Group.symmetric(3);
    Arrays.fill(group.permutation(4), 7);
    assertArrayEquals(new int[] {2, 0, 1}, group.permutation(4));
  }

  @Test
  void other_sizes_are_refused() {
    for (int n : new int[] {1, 7}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Group.symmetric(n)).getMessage();
      assertEquals("group: got S" + n + ", expected S2 … S6", message);
    }
    for (int n : new int[] {2, 201}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Group.dihedral(n)).getMessage();
      assertEquals("group: got D" + n + ", expected D3 … D200", message);
    }
  }
}
