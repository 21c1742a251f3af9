package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.OneLayerPass;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferencePass;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Reading;
import org.grokscope.task.RandomStream;
import org.grokscope.task.Representation;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a model of a group's table still knows when the functions of some irreducible
 * representations are taken out of it at one {@link Site}, as {@link KeyRemoval} takes out waves:
 *
 * <ul>
 *   <li><b>embedding</b>: W_E[x] − Σ_ρ P_ρ W_E over the elements x, for both operands at once
 *   <li><b>logits</b>: L − the part of each class that is a function of ρ(xy)
 * </ul>
 *
 * with P_ρ of {@link GroupShares}. A control takes out a random subspace of as many dimensions,
 * orthogonal to the constant.
 *
 * @param site where
 */
public record RepresentationRemoval(Site site) {
  /** The key of all representations that {@link GroupShares#keys} names, together. */
  public static final String KEYS = "keys";

  /** The key of all others but the trivial one, together. */
  public static final String OTHERS = "others";

  private static final Set<Need> NEEDS = EnumSet.of(Need.GROUP);

  static final List<Metric> METRICS = Arrays.stream(Site.values()).flatMap(Site::metrics).toList();

  /** Where functions of a representation are taken out. */
  public enum Site {
    /** The rows of W_E. */
    EMBEDDING("W_E less P_ρ W_E"),
    /** The logits. */
    LOGITS("L less its functions of ρ(xy)");

    private final String formula;

    Site(String formula) {
      this.formula = formula;
    }

    /** The name of the metric of its accuracy, such as {@code group.removed.embedding}. */
    public String metricName() {
      return "group.removed." + name().toLowerCase(Locale.ROOT);
    }

    private Stream<Metric> metrics() {
      return Stream.of(false, true)
          .map(
              loss ->
                  Metric.of(
                      metricName() + (loss ? ".loss" : ""),
                      1,
                      (loss ? "loss" : "accuracy")
                          + " with "
                          + formula
                          + ", per ρ, for all ρ of group.count_95 and for all others",
                      Metric.OWN,
                      NEEDS,
                      subject -> new RepresentationRemoval(this).readings(subject, loss)));
    }
  }

  private List<Reading> readings(Subject subject, boolean loss) {
    AllPairs pairs = subject.pairs();
    List<Reading> readings = new ArrayList<>();
    projections(GroupShares.of(pairs))
        .forEach(
            (key, projection) ->
                readings.addAll(
                    pairs
                        .questions()
                        .means(subject.metric(), key, perRow(pairs, projection, loss))));
    return readings;
  }

  /**
   * The accuracy on the test questions when a random subspace is taken out.
   *
   * @param checkpoint of a group's table
   * @param dimensions of the subspace, at most n − 1
   * @param seed of the draw
   * @return empty if there are no test questions
   * @throws IllegalArgumentException if the table is no group's, or the subspace is too large
   */
  public OptionalDouble control(Checkpoint checkpoint, int dimensions, long seed) {
    Need.require(site.metricName(), NEEDS, checkpoint, Circle.OWN);
    AllPairs pairs = AllPairs.of(checkpoint);
    double[] projection = random(pairs.p(), dimensions, seed);
    return pairs.questions().mean(Part.TEST, perRow(pairs, projection, false));
  }

  /** Dimensions of the functions of the key representations together. */
  public static int keyDimensions(Checkpoint checkpoint) {
    GroupShares shares = GroupShares.of(checkpoint);
    List<String> keys = shares.keys();
    return shares.representations().stream()
        .filter(rho -> keys.contains(rho.name()))
        .mapToInt(Representation::functions)
        .sum();
  }

  /** What is taken out by each key: each representation, the keys, the others; [n · n]. */
  private static Map<String, double[]> projections(GroupShares shares) {
    Map<String, double[]> projections = new LinkedHashMap<>();
    List<String> keys = shares.keys();
    for (Representation rho : shares.representations()) {
      double[] projection = shares.projection(rho);
      projections.put(rho.name(), projection);
      projections.merge(
          keys.contains(rho.name()) ? KEYS : OTHERS, projection, RepresentationRemoval::sum);
    }
    return projections;
  }

  private static double[] sum(double[] one, double[] other) {
    return IntStream.range(0, one.length).mapToDouble(i -> one[i] + other[i]).toArray();
  }

  /** The projection on random directions without a mean, [n · n]. */
  private static double[] random(int n, int dimensions, long seed) {
    if (dimensions < 1 || dimensions >= n) {
      throw new IllegalArgumentException(
          "random subspace: got "
              + dimensions
              + " dimensions of functions on "
              + n
              + " elements, expected 1 to "
              + (n - 1));
    }
    RandomStream random = RandomStream.of(seed, "random subspace");
    double[] constant = new double[n];
    Arrays.fill(constant, 1 / Math.sqrt(n));
    List<double[]> directions = new ArrayList<>(List.of(constant));
    double[] projection = new double[n * n];
    for (int i = 0; i < dimensions; i++) {
      double[] next = IntStream.range(0, n).mapToDouble(x -> random.nextGaussian()).toArray();
      for (int twice = 0; twice < 2; twice++) { // the second time for what rounding left
        directions.forEach(direction -> subtract(next, direction, dot(next, direction)));
      }
      double length = Math.sqrt(dot(next, next));
      double[] unit = Arrays.stream(next).map(value -> value / length).toArray();
      directions.add(unit);
      for (int g = 0; g < n * n; g++) {
        projection[g] += unit[g / n] * unit[g % n];
      }
    }
    return projection;
  }

  private static double dot(double[] one, double[] other) {
    return IntStream.range(0, one.length).mapToDouble(i -> one[i] * other[i]).sum();
  }

  private static void subtract(double[] from, double[] direction, double times) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= times * direction[i];
    }
  }

  /** The loss of each question, or whether it is answered right, without what is projected on. */
  private double[] perRow(AllPairs pairs, double[] projection, boolean loss) {
    double[] logits =
        site == Site.EMBEDDING
            ? withoutInEmbedding(pairs, projection)
            : withoutInLogits(pairs, projection);
    Questions.Logits rows = (row, z) -> System.arraycopy(logits, row * z.length, z, 0, z.length);
    return loss ? pairs.questions().losses(rows) : pairs.questions().hits(rows);
  }

  private static double[] withoutInEmbedding(AllPairs pairs, double[] projection) {
    Checkpoint checkpoint = pairs.checkpoint();
    Parameters changed = checkpoint.parameters();
    int n = pairs.p();
    double[] rows = pairs.embeddingValues();
    double[] embedding = changed.doubles("W_E");
    int width = rows.length / n;
    double[] part = applied(projection, rows);
    for (int i = 0; i < part.length; i++) {
      embedding[i] -= part[i];
    }
    changed.set("W_E", Nd4j.createFromArray(embedding).reshape(embedding.length / width, width));
    return OneLayerPass.refusal(checkpoint.config()).isEmpty()
        ? new OneLayerPass(checkpoint.config(), changed).logits()
        : ReferencePass.logits(checkpoint.config(), changed);
  }

  private static double[] withoutInLogits(AllPairs pairs, double[] projection) {
    int n = pairs.p();
    double[] logits = pairs.logitValues().clone();
    int[] products = pairs.checkpoint().labels();
    double[] means = new double[n * n]; // over the n questions of each product
    for (int i = 0; i < logits.length; i++) {
      means[products[i / n] * n + i % n] += logits[i] / n;
    }
    double[] part = applied(projection, means);
    for (int i = 0; i < logits.length; i++) {
      logits[i] -= part[products[i / n] * n + i % n];
    }
    return logits;
  }

  /** P X, X [n · width]. */
  private static double[] applied(double[] projection, double[] rows) {
    int n = (int) Math.round(Math.sqrt(projection.length));
    int width = rows.length / n;
    double[] part = new double[rows.length];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < width; j++) {
          part[i * width + j] += projection[i * n + k] * rows[k * width + j];
        }
      }
    }
    return part;
  }
}
