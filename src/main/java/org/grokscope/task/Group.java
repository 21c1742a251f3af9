package org.grokscope.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A finite group of permutations, whose table is a task: given x and y, answer x∘y, first y and
 * then x.
 *
 * <p>The symmetric groups S<sub>n</sub> as in Chughtai, Chan and Nanda (2023), "A Toy Model of
 * Universality", and the dihedral groups D<sub>n</sub> of the 2n symmetries of a regular n-gon.
 */
public final class Group {
  /** The most elements of a group whose subgroups are told. */
  public static final int MOST_OF_SUBGROUPS = 200;

  private final Family family;
  private final int n;
  private final List<int[]> elements; // permutations of 0 … n−1
  private final List<String> names;
  private final int[] products; // [elements²] the number of x∘y

  private enum Family {
    S,
    D,
    Z
  }

  private Group(Family family, int n, List<int[]> elements, List<String> names) {
    this.family = family;
    this.n = n;
    this.elements = elements;
    this.names = names;
    this.products = products(elements);
  }

  private static int[] products(List<int[]> elements) {
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < elements.size(); i++) {
      index.put(key(elements.get(i)), i);
    }
    int[] products = new int[elements.size() * elements.size()];
    for (int r = 0; r < products.length; r++) {
      int[] x = elements.get(r / elements.size());
      int[] y = elements.get(r % elements.size());
      products[r] = index.get(key(IntStream.of(y).map(image -> x[image]).toArray()));
    }
    return products;
  }

  /** Images as characters: equal texts for equal permutations. */
  private static String key(int[] images) {
    return new String(images, 0, images.length);
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
    return new Group(Family.S, n, permutations, names);
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
    return new Group(Family.D, n, elements, names);
  }

  /**
   * The rotations r<sup>i</sup> of a regular n-gon, named by i: addition mod n.
   *
   * @param n 3 to 200
   * @throws IllegalArgumentException if it is another
   */
  public static Group cyclic(int n) {
    requireDegree("Z", n, 3, 200);
    List<int[]> elements =
        IntStream.range(0, n)
            .mapToObj(turn -> IntStream.range(0, n).map(x -> (x + turn) % n).toArray())
            .toList();
    return new Group(
        Family.Z, n, elements, IntStream.range(0, n).mapToObj(String::valueOf).toList());
  }

  /**
   * The symmetric or dihedral group that has this table, its elements in the same order; empty if
   * there is none, as for random labels. Z<sub>n</sub> is not looked for: its table is modular
   * addition.
   */
  public static Optional<Group> of(OperationTable table) {
    if (table.arity() != 2) {
      return Optional.empty();
    }
    int size = table.size();
    Stream<Group> symmetric =
        IntStream.rangeClosed(3, 6).filter(k -> factorial(k) == size).mapToObj(Group::symmetric);
    Stream<Group> dihedral =
        size % 2 == 0 && size >= 6 && size <= 400 ? Stream.of(dihedral(size / 2)) : Stream.empty();
    int[] labels = table.labels();
    return Stream.concat(symmetric, dihedral)
        .filter(group -> Arrays.equals(group.products, labels))
        .findFirst();
  }

  private static int factorial(int k) {
    return IntStream.rangeClosed(1, k).reduce(1, (x, y) -> x * y);
  }

  private static void requireDegree(String what, int n, int from, int to) {
    if (n < from || n > to) {
      throw new IllegalArgumentException(
          "group: got " + what + n + ", expected " + what + from + " … " + what + to);
    }
  }

  /** Its name, such as {@code S4} or {@code D5}. */
  public String name() {
    return family.name() + n;
  }

  /** Number of elements. */
  public int size() {
    return elements.size();
  }

  /** The images of 0 … n−1 under an element. */
  public int[] permutation(int element) {
    return elements.get(element).clone();
  }

  /** The number of x∘y. */
  public int product(int x, int y) {
    return products[x * size() + y];
  }

  /** The number of the element whose product with x is the identity, element 0. */
  public int inverse(int x) {
    return IntStream.range(0, size()).filter(y -> product(x, y) == 0).findFirst().orElseThrow();
  }

  /**
   * All irreducible representations, the trivial one first: of S<sub>n</sub> by Young's orthogonal
   * form, one for each partition of n; of D<sub>n</sub> those of one dimension and then the turns
   * by k/n with the reflection; of Z<sub>n</sub> the turns by k/n.
   */
  public List<Representation> representations() {
    return switch (family) {
      case S -> YoungForm.representations(n, elements);
      case D -> ofPolygon(true);
      case Z -> ofPolygon(false);
    };
  }

  private List<Representation> ofPolygon(boolean reflections) {
    List<Representation> all = new ArrayList<>();
    all.add(signs(reflections ? "A1" : "0", 1, 1));
    if (reflections) {
      all.add(signs("A2", 1, -1));
    }
    if (n % 2 == 0) {
      all.add(signs(reflections ? "B1" : "" + n / 2, -1, 1));
    }
    if (n % 2 == 0 && reflections) {
      all.add(signs("B2", -1, -1));
    }
    for (int k = 1; 2 * k < n; k++) {
      all.add(turns((reflections ? "E" : "") + k, k, reflections));
    }
    return all;
  }

  /** r ↦ the one sign, s ↦ the other. */
  private Representation signs(String of, int ofTurn, int ofReflection) {
    double[][] matrices = new double[size()][];
    for (int g = 0; g < size(); g++) {
      int turn = g % n % 2 == 0 ? 1 : ofTurn;
      matrices[g] = new double[] {g < n ? turn : turn * ofReflection};
    }
    return new Representation(of, 1, 1, matrices);
  }

  /** r ↦ the turn by k/n, s ↦ diag(1, −1). */
  private Representation turns(String of, int k, boolean reflections) {
    double[][] matrices = new double[size()][];
    for (int g = 0; g < size(); g++) {
      double angle = 2 * Math.PI * k * (g % n) / n;
      double cos = Math.cos(angle);
      double sin = Math.sin(angle);
      int sign = g < n ? 1 : -1;
      matrices[g] = new double[] {cos, -sin, sign * sin, sign * cos};
    }
    return new Representation(of, 2, reflections ? 4 : 2, matrices);
  }

  /**
   * All subgroups, from the identity alone to the whole, by size: each the ascending numbers of its
   * elements. Those of two generators are found; for the groups here of up to 200 elements these
   * are all.
   *
   * @throws IllegalArgumentException if the group has more than 200 elements
   */
  public List<int[]> subgroups() {
    if (size() > MOST_OF_SUBGROUPS) {
      throw new IllegalArgumentException(
          "subgroups: got "
              + name()
              + " of "
              + size()
              + " elements, expected at most "
              + MOST_OF_SUBGROUPS);
    }
    Map<String, int[]> found = new TreeMap<>();
    for (int x = 0; x < size(); x++) {
      for (int y = x; y < size(); y++) {
        int[] subgroup = generated(x, y);
        found.put(Arrays.toString(subgroup), subgroup);
      }
    }
    return found.values().stream()
        .sorted((one, other) -> Integer.compare(one.length, other.length))
        .toList();
  }

  private int[] generated(int x, int y) {
    boolean[] in = new boolean[size()];
    int[] queue = new int[size()];
    int count = 1;
    in[0] = true;
    for (int next = 0; next < count; next++) {
      for (int by : new int[] {x, y}) {
        int product = product(queue[next], by);
        if (!in[product]) {
          in[product] = true;
          queue[count] = product;
          count++;
        }
      }
    }
    return IntStream.of(queue).limit(count).sorted().toArray();
  }

  /** The table of x∘y. */
  public OperationTable table() {
    return OperationTable.of(name(), names, 2, operands -> product(operands[0], operands[1]));
  }
}
