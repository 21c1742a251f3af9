package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Reading;
import org.grokscope.task.Group;
import org.grokscope.task.RandomStream;
import org.grokscope.task.Representation;

/**
 * How much of a model of a group's table lies in which of the group's irreducible representations
 * ρ, after Chughtai, Chan and Nanda (2023), "A Toy Model of Universality": there the logit of c is
 * Σ_ρ α_ρ χ_ρ(xyc⁻¹) of a few ρ. Beside it how far the neurons' inputs are constant on cosets of a
 * subgroup, after Stander et al. (2024), "Grokking Group Multiplication with Cosets".
 *
 * <p>With n elements, P_ρ[g, h] = f_ρ/(n d_ρ) χ_ρ(gh⁻¹) is the projection on the functions that the
 * matrix elements of ρ span, f_ρ of them. L̃ are the logits less the mean of each class and of each
 * question, E the sum of their squares. All leave the trivial representation out.
 *
 * <p>A control takes the elements of the group in another order, so that the same functions mean
 * nothing: {@link #relabelled}.
 */
public final class GroupShares {
  private static final String CHUGHTAI = "Chughtai et al. 2023";
  private static final Set<Need> GROUP = EnumSet.of(Need.GROUP);
  private static final double MOST = 0.95;

  static final List<Metric> METRICS =
      List.of(
          of(
              "group.embedding",
              "per ρ, Σ|P_ρ X|² / Σ|X|², X the rows of W_E less their mean",
              CHUGHTAI,
              GroupShares::embedding),
          of(
              "group.logits",
              "per ρ, share of E in functions of ρ(xy), for each class any",
              CHUGHTAI,
              GroupShares::logits),
          of(
              "group.characters",
              "per ρ, share of E in α_ρ χ_ρ(xyc⁻¹)",
              CHUGHTAI,
              GroupShares::characters),
          Metric.number(
              "group.characters.total",
              1,
              "share of E in Σ_ρ α_ρ χ_ρ(xyc⁻¹) of all ρ",
              CHUGHTAI,
              GROUP,
              subject -> of(subject).total()),
          Metric.number(
              "group.count_95",
              1,
              "smallest number of ρ with 95 % of what characters explain",
              Metric.OWN,
              GROUP,
              subject -> of(subject).keys().size()),
          Metric.of(
              "group.cosets",
              1,
              "mean over neurons, weighted by energy, of the share of the mean input of x (over y),"
                  + " and of y, that the best proper subgroup's cosets explain, adjusted:"
                  + " 1 − (1 − share)(n − 1)/(n − cosets); nothing where n > 200",
              "Grokscope, after Stander et al. 2024",
              EnumSet.of(Need.GROUP, Need.NEURONS),
              subject ->
                  subject.pairs().p() > Group.MOST_OF_SUBGROUPS
                      ? List.of()
                      : List.of(subject.reading("", "", of(subject).cosets()))));

  private final AllPairs pairs;
  private final Group group;
  private final int[] order; // [n] the element that each stands for
  private final List<Representation> representations; // but the trivial one

  private GroupShares(AllPairs pairs, Group group, int[] order) {
    this.pairs = pairs;
    this.group = group;
    this.order = order;
    this.representations =
        group.representations().stream().filter(rho -> !rho.isTrivial()).toList();
  }

  private static Metric of(
      String name,
      String formula,
      String source,
      Function<GroupShares, Map<String, Double>> shares) {
    return Metric.of(
        name,
        1,
        formula,
        source,
        GROUP,
        subject -> {
          List<Reading> readings = new ArrayList<>();
          shares
              .apply(of(subject))
              .forEach((rho, share) -> readings.add(subject.reading("", rho, share)));
          return readings;
        });
  }

  private static GroupShares of(Subject subject) {
    return of(subject.pairs());
  }

  static GroupShares of(AllPairs pairs) {
    Group group = pairs.group().orElseThrow();
    return new GroupShares(pairs, group, IntStream.range(0, group.size()).toArray());
  }

  /**
   * Of a checkpoint.
   *
   * @throws IllegalArgumentException if its table is no group's
   */
  public static GroupShares of(Checkpoint checkpoint) {
    Need.require("shares of representations", GROUP, checkpoint, Circle.OWN);
    return of(AllPairs.of(checkpoint));
  }

  /**
   * The same with the elements of the group in a random order: how much lies in as many functions
   * that have nothing to do with the table.
   *
   * @param seed of the order
   */
  public GroupShares relabelled(long seed) {
    int[] other = IntStream.range(0, group.size()).toArray();
    RandomStream.of(seed, "relabelled group").shuffle(other);
    return new GroupShares(pairs, group, other);
  }

  /** The irreducible representations but the trivial one. */
  List<Representation> representations() {
    return representations;
  }

  /** χ_ρ(xy⁻¹), [n · n]. */
  private double[] characters(Representation rho) {
    int n = group.size();
    double[] ofElement = new double[n];
    for (int g = 0; g < n; g++) {
      ofElement[g] = rho.character(g);
    }
    double[] table = new double[n * n];
    for (int y = 0; y < n; y++) {
      int inverse = group.inverse(order[y]);
      for (int x = 0; x < n; x++) {
        table[x * n + y] = ofElement[group.product(order[x], inverse)];
      }
    }
    return table;
  }

  /** P_ρ, [n · n]. */
  double[] projection(Representation rho) {
    double factor = (double) rho.functions() / rho.dimension() / group.size();
    return Arrays.stream(characters(rho)).map(value -> factor * value).toArray();
  }

  /** Of each representation, the share of the embeddings' energy about their mean. */
  public Map<String, Double> embedding() {
    int n = group.size();
    double[] rows = pairs.embeddingValues();
    centreColumns(rows, n);
    return shares(rows, energy(rows));
  }

  /** Of each representation, the share of L̃ in functions of ρ(xy). */
  public Map<String, Double> logits() {
    double[] centred = centredLogits();
    return shares(sums(centred), energy(centred));
  }

  /** Of rows of functions on the group, [n · width]. */
  private Map<String, Double> shares(double[] rows, double energy) {
    Map<String, Double> shares = new LinkedHashMap<>();
    for (Representation rho : representations) {
      shares.put(rho.name(), inProduct(projection(rho), rows) / energy);
    }
    return shares;
  }

  /** Of each representation, the share of L̃ in its character. */
  public Map<String, Double> characters() {
    int n = group.size();
    double[] centred = centredLogits();
    double[] sums = sums(centred); // Σ L̃ / √n over the pairs of each product
    double energy = energy(centred);
    Map<String, Double> shares = new LinkedHashMap<>();
    for (Representation rho : representations) {
      double[] table = characters(rho); // of xy and c
      double overlap = 0;
      for (int i = 0; i < table.length; i++) {
        overlap += table[i] * sums[i] * Math.sqrt(n);
      }
      double size = energy(table) * n;
      shares.put(rho.name(), overlap * overlap / size / energy);
    }
    return shares;
  }

  /** The share of L̃ that characters explain together. */
  public double total() {
    return characters().values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** The fewest representations with 95 % of what characters explain, the largest first. */
  public List<String> keys() {
    Map<String, Double> shares = characters();
    double rest = MOST * total();
    List<String> keys = new ArrayList<>();
    for (String rho :
        shares.keySet().stream()
            .sorted(Comparator.comparingDouble((String name) -> -shares.get(name)))
            .toList()) {
      if (rest > 0) {
        keys.add(rho);
        rest -= shares.get(rho);
      }
    }
    return keys;
  }

  /** How far what a neuron gets from x, and from y, is constant on cosets; see the metric. */
  public double cosets() {
    int n = group.size();
    double[] pre = pairs.preActivationValues();
    int width = pre.length / n / n;
    double[][] means = {new double[n * width], new double[n * width]}; // of x, of y
    for (int r = 0; r < n * n; r++) {
      for (int j = 0; j < width; j++) {
        means[0][r / n * width + j] += pre[r * width + j] / n;
        means[1][r % n * width + j] += pre[r * width + j] / n;
      }
    }
    List<int[]> partitions = partitions();
    double explained = 0;
    double energy = 0;
    for (double[] side : means) {
      centreColumns(side, n);
      double[] best = new double[width];
      double[] energies = new double[width];
      for (int i = 0; i < side.length; i++) {
        energies[i % width] += side[i] * side[i];
      }
      for (int[] partition : partitions) {
        double[] inside = energyOfMeans(side, partition, width);
        int cosets = Arrays.stream(partition).max().orElseThrow() + 1;
        for (int j = 0; j < width; j++) {
          double left = (energies[j] - inside[j]) * (n - 1) / (n - cosets);
          best[j] = Math.max(best[j], energies[j] - left);
        }
      }
      explained += Arrays.stream(best).sum();
      energy += Arrays.stream(energies).sum();
    }
    return explained / energy;
  }

  /**
   * The number of the coset of each element, [n], for left and right cosets of proper subgroups.
   */
  private List<int[]> partitions() {
    int n = group.size();
    List<int[]> partitions = new ArrayList<>();
    for (int[] subgroup : group.subgroups()) {
      if (subgroup.length > 1 && subgroup.length < n) {
        for (boolean left : new boolean[] {true, false}) {
          int[] cosetOf = new int[n];
          Arrays.fill(cosetOf, -1);
          int cosets = 0;
          for (int x = 0; x < n; x++) {
            if (cosetOf[x] < 0) {
              for (int h : subgroup) {
                cosetOf[left ? group.product(x, h) : group.product(h, x)] = cosets;
              }
              cosets++;
            }
          }
          partitions.add(IntStream.of(order).map(element -> cosetOf[element]).toArray());
        }
      }
    }
    return partitions;
  }

  /** Σ over the cosets of size · mean², of each column. */
  private static double[] energyOfMeans(double[] rows, int[] partition, int width) {
    int cosets = Arrays.stream(partition).max().orElseThrow() + 1;
    double[] sums = new double[cosets * width];
    for (int i = 0; i < rows.length; i++) {
      sums[partition[i / width] * width + i % width] += rows[i];
    }
    double size = (double) partition.length / cosets;
    double[] energies = new double[width];
    for (int i = 0; i < sums.length; i++) {
      energies[i % width] += sums[i] * sums[i] / size;
    }
    return energies;
  }

  /** L̃, [n² · n]: less the mean of each class over all questions, and of each question. */
  private double[] centredLogits() {
    int n = group.size();
    double[] logits = pairs.logitValues().clone();
    centreColumns(logits, n * n);
    for (int r = 0; r < n * n; r++) {
      double mean = 0;
      for (int c = 0; c < n; c++) {
        mean += logits[r * n + c] / n;
      }
      for (int c = 0; c < n; c++) {
        logits[r * n + c] -= mean;
      }
    }
    return logits;
  }

  /** Σ / √n of the rows of the n questions of each product, [n · n]: unit vectors' coefficients. */
  private double[] sums(double[] logits) {
    int n = group.size();
    int[] of = new int[n]; // which stands for an element
    for (int i = 0; i < n; i++) {
      of[order[i]] = i;
    }
    double[] sums = new double[n * n];
    for (int r = 0; r < n * n; r++) {
      int product = of[group.product(order[r / n], order[r % n])];
      for (int c = 0; c < n; c++) {
        sums[product * n + c] += logits[r * n + c] / Math.sqrt(n);
      }
    }
    return sums;
  }

  private static void centreColumns(double[] rows, int count) {
    int width = rows.length / count;
    double[] means = new double[width];
    for (int i = 0; i < rows.length; i++) {
      means[i % width] += rows[i] / count;
    }
    for (int i = 0; i < rows.length; i++) {
      rows[i] -= means[i % width];
    }
  }

  private static double energy(double[] values) {
    return Arrays.stream(values).map(value -> value * value).sum();
  }

  /** Σ over the columns of xᵀ P x. */
  private static double inProduct(double[] projection, double[] rows) {
    int n = (int) Math.round(Math.sqrt(projection.length));
    int width = rows.length / n;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double weight = projection[i * n + k];
        for (int j = 0; j < width; j++) {
          sum += weight * rows[i * width + j] * rows[k * width + j];
        }
      }
    }
    return sum;
  }
}
