package org.grokscope.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A finite group of permutations, whose table is a task: given x and y, answer x∘y, first y and
 * then x.
 *
 * <p>The symmetric groups S<sub>n</sub> as in Chughtai, Chan and Nanda (2023), "A Toy Model of
 * Universality", and the dihedral groups D<sub>n</sub> of the 2n symmetries of a regular n-gon.
 */
public final class Group {
  private final String name;
  private final List<int[]> elements; // permutations of 0 … n−1
  private final List<String> names;

  private Group(String name, List<int[]> elements, List<String> names) {
    this.name = name;
    this.elements = elements;
    this.names = names;
  }

  /**
   * All permutations of n things, in lexicographic order, written as the list of their images.
   *
   * @param n 2 to 6
   * @throws IllegalArgumentException if it is another
   */
  public static Group symmetric(int n) {
    requireDegree("S", n, 2, 6);
    List<int[]> permutations = new ArrayList<>();
    extend(new int[n], 0, permutations);
    List<String> names =
        permutations.stream()
            .map(
                images ->
                    IntStream.of(images)
                        .mapToObj(image -> "" + (image + 1))
                        .reduce("", String::concat))
            .toList();
    return new Group("S" + n, permutations, names);
  }

  private static void extend(int[] images, int from, List<int[]> all) {
    if (from == images.length) {
      all.add(images.clone());
      return;
    }
    for (int image = 0; image < images.length; image++) {
      int candidate = image;
      if (IntStream.range(0, from).noneMatch(i -> images[i] == candidate)) {
        images[from] = image;
        extend(images, from + 1, all);
      }
    }
  }

  /**
   * The rotations r<sup>i</sup> and reflections s·r<sup>i</sup> of a regular n-gon, in this order.
   *
   * @param n 3 to 200
   * @throws IllegalArgumentException if it is another
   */
  public static Group dihedral(int n) {
    requireDegree("D", n, 3, 200);
    List<int[]> elements = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int sign : new int[] {1, -1}) {
      for (int i = 0; i < n; i++) {
        int turn = i;
        elements.add(IntStream.range(0, n).map(x -> Math.floorMod(sign * (x + turn), n)).toArray());
        names.add((sign == 1 ? "r" : "sr") + i);
      }
    }
    return new Group("D" + n, elements, names);
  }

  private static void requireDegree(String what, int n, int from, int to) {
    if (n < from || n > to) {
      throw new IllegalArgumentException(
          "group: got " + what + n + ", expected " + what + from + " … " + what + to);
    }
  }

  /** Its name, such as {@code S4} or {@code D5}. */
  public String name() {
    return name;
  }

  /** Number of elements. */
  public int size() {
    return elements.size();
  }

  /** The images of 0 … n−1 under an element. */
  public int[] permutation(int element) {
    return elements.get(element).clone();
  }

  /** The table of x∘y. */
  public OperationTable table() {
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < elements.size(); i++) {
      index.put(Arrays.toString(elements.get(i)), i);
    }
    return OperationTable.of(
        name,
        names,
        2,
        operands -> {
          int[] x = elements.get(operands[0]);
          int[] y = elements.get(operands[1]);
          return index.get(Arrays.toString(IntStream.of(y).map(image -> x[image]).toArray()));
        });
  }
}
