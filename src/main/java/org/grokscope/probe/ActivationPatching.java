package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.grokscope.model.ActivationCache;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.Batch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Activation patching: run corrupted questions, put activations of the clean ones in their place,
 * and see how far the answer comes back.
 *
 * <pre>
 *   D         = mean over the pairs of  logit[clean answer] − logit[corrupted answer]
 *   recovered = (D_patched − D_corrupted) / (D_clean − D_corrupted)
 * </pre>
 *
 * <p>0 where the patch changes nothing, 1 where it brings the clean answer back as a whole; it may
 * lie beyond either. Works on every model of the reference path, at every activation that {@link
 * ActivationCache} names.
 *
 * <p>Source: Meng et al. (2022), "Locating and Editing Factual Associations in GPT"; the measure as
 * in Wang et al. (2023), "Interpretability in the Wild".
 */
public final class ActivationPatching {

  /**
   * Where to patch.
   *
   * @param activation a name of {@link ActivationCache}, such as {@code blocks.0.attn.hook_z}
   * @param position the one position to patch, of scores and patterns that of the query; empty for
   *     all of them
   * @param head the one head to patch; empty for all of them, or where there are none
   */
  public record Site(String activation, OptionalInt position, OptionalInt head) {
    public Site {
      Objects.requireNonNull(activation, "activation");
      Objects.requireNonNull(position, "position");
      Objects.requireNonNull(head, "head");
    }

    /** The whole activation, at every position and of every head. */
    public static Site of(String activation) {
      return new Site(activation, OptionalInt.empty(), OptionalInt.empty());
    }

    /** The same at one position only, counted from 0. */
    public Site atPosition(int onePosition) {
      return new Site(activation, OptionalInt.of(onePosition), head);
    }

    /** The same of one head only, counted from 0. */
    public Site ofHead(int oneHead) {
      return new Site(activation, position, OptionalInt.of(oneHead));
    }

    /** Axes (sequence, head, query, key) rather than (sequence, position, …). */
    private boolean headsFirst() {
      return activation.endsWith("hook_pattern") || activation.endsWith("hook_attn_scores");
    }

    private int positionAxis() {
      return headsFirst() ? 2 : 1;
    }

    private int headAxis() {
      return headsFirst() ? 1 : 2;
    }
  }

  private final ReferenceTransformer model;
  private final Batch clean;
  private final Batch corrupted;
  private final ActivationCache cleanRun;
  private final double cleanDifference;
  private final double corruptedDifference;

  private ActivationPatching(ReferenceTransformer model, Batch clean, Batch corrupted) {
    this.model = model;
    this.clean = clean;
    this.corrupted = corrupted;
    this.cleanRun = model.runWithCache(clean);
    this.cleanDifference = difference(cleanRun.logits());
    this.corruptedDifference = difference(model.logits(corrupted, Map.of()));
  }

  /**
   * Compares two batches, question by question.
   *
   * @param model in which to patch; stays the caller's to close
   * @param clean the questions whose activations are put in
   * @param corrupted as many questions, each with another answer than its clean one
   * @throws IllegalArgumentException if the batches do not fit the model or each other, or the
   *     model tells them so little apart that nothing can be recovered
   */
  public static ActivationPatching of(ReferenceTransformer model, Batch clean, Batch corrupted) {
    if (clean.size() != corrupted.size()) {
      throw new IllegalArgumentException(
          "activation patching: got "
              + clean.size()
              + " clean and "
              + corrupted.size()
              + " corrupted questions, expected as many of both");
    }
    for (int i = 0; i < clean.size(); i++) {
      if (clean.label(i) == corrupted.label(i)) {
        throw new IllegalArgumentException(
            "activation patching: got the answer "
                + clean.label(i)
                + " to both questions of pair "
                + i
                + ", expected two answers; choose another corrupted question");
      }
    }
    ActivationPatching patching = new ActivationPatching(model, clean, corrupted);
    double effect = patching.cleanDifference - patching.corruptedDifference;
    if (!(Math.abs(effect) > 0)) {
      throw new IllegalArgumentException(
          "activation patching: got the logit difference "
              + patching.cleanDifference
              + " on clean and on corrupted questions, expected two values; the model does not tell"
              + " these questions apart");
    }
    return patching;
  }

  /** D on the clean questions. */
  public double cleanDifference() {
    return cleanDifference;
  }

  /** D on the corrupted questions. */
  public double corruptedDifference() {
    return corruptedDifference;
  }

  /**
   * D on the corrupted questions with clean activations at all of these sites at once.
   *
   * @throws IllegalArgumentException if the model has no such activation, position or head
   */
  public double difference(Site... sites) {
    Map<String, List<Site>> byActivation = new LinkedHashMap<>();
    for (Site site : sites) {
      requireThere(site);
      byActivation.computeIfAbsent(site.activation(), name -> new ArrayList<>()).add(site);
    }
    Map<String, UnaryOperator<INDArray>> hooks = new HashMap<>();
    byActivation.forEach((name, at) -> hooks.put(name, activation -> patched(activation, at)));
    return difference(model.logits(corrupted, hooks));
  }

  /**
   * The share of the logit difference that comes back when these sites are patched all at once.
   *
   * @throws IllegalArgumentException if the model has no such activation, position or head
   */
  public double recovered(Site... sites) {
    return share(difference(sites));
  }

  private double share(double difference) {
    double effect = cleanDifference - corruptedDifference;
    return (difference - corruptedDifference) / effect + 0.0; // 0 rather than −0
  }

  /**
   * Every position of an activation apart and, where it has heads, every head apart.
   *
   * @throws IllegalArgumentException if the model has no such activation
   */
  public List<Site> sites(String activation) {
    Site whole = Site.of(activation);
    INDArray values = cleanRun.get(activation);
    List<Site> sites = new ArrayList<>();
    for (int position = 0; position < values.size(whole.positionAxis()); position++) {
      Site here = whole.atPosition(position);
      if (values.rank() < 4) {
        sites.add(here);
        continue;
      }
      for (int head = 0; head < values.size(whole.headAxis()); head++) {
        sites.add(here.ofHead(head));
      }
    }
    return sites;
  }

  /**
   * Each site patched alone, one row a site: {@code activation}, {@code position} and {@code head}
   * (missing where all are patched), {@code logit_difference} (D) and {@code recovered}.
   *
   * @throws IllegalArgumentException if the model has no such activation, position or head
   */
  public Table table(List<Site> sites) {
    StringColumn activations = StringColumn.create("activation");
    IntColumn positions = IntColumn.create("position");
    IntColumn heads = IntColumn.create("head");
    DoubleColumn differences = DoubleColumn.create("logit_difference");
    DoubleColumn recovered = DoubleColumn.create("recovered");
    for (Site site : sites) {
      double difference = difference(site);
      activations.append(site.activation());
      append(positions, site.position());
      append(heads, site.head());
      differences.append(difference);
      recovered.append(share(difference));
    }
    return Table.create(
        "activation patching", activations, positions, heads, differences, recovered);
  }

  private static void append(IntColumn column, OptionalInt value) {
    if (value.isPresent()) {
      column.append(value.getAsInt());
    } else {
      column.appendMissing();
    }
  }

  private INDArray patched(INDArray activation, List<Site> sites) {
    for (Site site : sites) {
      INDArrayIndex[] where = new INDArrayIndex[activation.rank()];
      Arrays.fill(where, NDArrayIndex.all());
      site.position().ifPresent(i -> where[site.positionAxis()] = NDArrayIndex.interval(i, i + 1));
      site.head().ifPresent(i -> where[site.headAxis()] = NDArrayIndex.interval(i, i + 1));
      activation.get(where).assign(cleanRun.get(site.activation()).get(where));
    }
    return activation;
  }

  private void requireThere(Site site) {
    INDArray values = cleanRun.get(site.activation());
    requireIndex(site, "position", site.position(), values.size(site.positionAxis()));
    requireIndex(site, "head", site.head(), values.rank() < 4 ? 0 : values.size(site.headAxis()));
  }

  private static void requireIndex(Site site, String what, OptionalInt index, long count) {
    if (index.isPresent() && (index.getAsInt() < 0 || index.getAsInt() >= count)) {
      throw new IllegalArgumentException(
          "activation patching: got "
              + what
              + " "
              + index.getAsInt()
              + " of "
              + site.activation()
              + ", expected "
              + (count == 0 ? "none, it has no " + what + "s" : "0 … " + (count - 1)));
    }
  }

  /** D of the logits of either batch. */
  private double difference(INDArray logits) {
    double sum = 0;
    for (int i = 0; i < clean.size(); i++) {
      sum += logits.getDouble(i, clean.label(i)) - logits.getDouble(i, corrupted.label(i));
    }
    return sum / clean.size();
  }
}
