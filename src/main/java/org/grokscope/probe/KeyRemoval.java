package org.grokscope.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.model.OneLayerPass;
import org.grokscope.model.Parameters;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Reading;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a model still knows when the waves of some frequencies are taken out of it at one {@link
 * Site}, and all that follows is computed anew: the causal counterpart of {@link ExcludedLoss},
 * which takes them out of the logits, where the keys are chosen.
 *
 * <p>At the embedding, X = the rows of W_E, its waves cos and sin of w_k a go. At the residual
 * stream and at the neurons, X as a matrix over (a, b) for each column, the products of {1, cos_k,
 * sin_k}(a) and {1, cos_k', sin_k'}(b) go, all but 1·1. A control takes as much energy out of X
 * along other frequencies R: X − g P_R X with g = ‖P_K X‖ / ‖P_R X‖.
 *
 * @param site where
 * @param removed the frequencies whose waves go
 * @param asLargeAs the frequencies whose waves give the energy of the change; {@code removed}
 *     itself for a removal
 */
public record KeyRemoval(Site site, KeyFrequencies removed, KeyFrequencies asLargeAs) {
  static final List<Metric> METRICS = Arrays.stream(Site.values()).map(Site::metric).toList();

  /** Where waves are taken out. */
  public enum Site {
    /** The rows of W_E. */
    EMBEDDING("W_E − its waves of K over the residues"),
    /** The residual stream at '=' between attention and MLP. */
    RESIDUAL("mid − its projection on {1, cos_k, sin_k}² but 1·1, k in K"),
    /** The neurons. */
    NEURONS("N − its projection on {1, cos_k, sin_k}² but 1·1, k in K");

    private static final Set<Need> NEEDS = EnumSet.of(Need.PLACES, Need.NEURONS, Need.KEYS);

    private final String formula;

    Site(String formula) {
      this.formula = formula;
    }

    private Metric metric() {
      return Metric.of(
          metricName(),
          1,
          "accuracy of the model with " + formula,
          Metric.OWN,
          NEEDS,
          subject -> new KeyRemoval(this, subject.keys(), subject.keys()).readings(subject));
    }

    /** The name of the metric, such as {@code removed.embedding}. */
    public String metricName() {
      return "removed." + name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Accuracy on each part of a checkpoint's questions, named as the metric of the site.
   *
   * @throws IllegalArgumentException if the model is not one layer of ReLU neurons on a table of
   *     two operands, or the frequencies are of another modulus
   */
  public List<Reading> readings(Checkpoint checkpoint) {
    Need.require(site.metricName(), Site.NEEDS, checkpoint, removed.circle());
    removed.requireModulusOf(checkpoint);
    return readings(new Subject(site.metricName(), checkpoint, removed.circle(), removed, null));
  }

  private List<Reading> readings(Subject subject) {
    CirclePairs pairs = subject.onCircle();
    Checkpoint checkpoint = subject.checkpoint();
    OneLayerPass pass = new OneLayerPass(checkpoint.config(), checkpoint.parameters());
    double[] logits =
        switch (site) {
          case EMBEDDING -> pairs.ordered(withoutEmbedding(pairs, checkpoint));
          case RESIDUAL -> pairs.columnsInOrder(pass.logitsOfMid(changed(pairs, pairs.mid())));
          case NEURONS -> withoutNeurons(pairs, pass);
        };
    double[] hits =
        pairs
            .questions()
            .hits((row, z) -> System.arraycopy(logits, row * z.length, z, 0, z.length));
    return pairs.questions().means(subject.metric(), "", hits);
  }

  /**
   * (N − g P N) W_L beside mid. P works on rows and W_L on columns, so a removal of the waves
   * themselves, g = 1, need not multiply the neurons again: (P N) W_L = P (L − mid W_U), whose
   * columns are fewer. A bias is no wave.
   */
  private double[] withoutNeurons(CirclePairs pairs, OneLayerPass pass) {
    if (!isOfItsOwnSize()) {
      return pairs.columnsInOrder(pass.logits(pairs.mid(), changed(pairs, pairs.neurons())));
    }
    double[] logits = pairs.logits().clone();
    double[] said = logits.clone();
    double[] beside = pairs.columnsInOrder(pass.logitsBesideNeurons(pairs.mid()));
    for (int i = 0; i < said.length; i++) {
      said[i] -= beside[i];
    }
    double[] wave = block(pairs.basis(), said, removed);
    for (int i = 0; i < logits.length; i++) {
      logits[i] -= wave[i];
    }
    return logits;
  }

  private double[] withoutEmbedding(CirclePairs pairs, Checkpoint checkpoint) {
    double[] rows = pairs.embedding();
    double[] wave = alongA(pairs.basis(), rows, removed);
    double gain = gain(wave, () -> alongA(pairs.basis(), rows, asLargeAs));
    Parameters changed = checkpoint.parameters();
    double[] embedding = changed.doubles("W_E");
    int width = rows.length / pairs.places();
    for (int i = 0; i < rows.length; i++) {
      embedding[pairs.residue(i / width) * width + i % width] -= gain * wave[i];
    }
    long tokens = embedding.length / width;
    changed.set("W_E", Nd4j.createFromArray(embedding).reshape(tokens, width));
    return new OneLayerPass(checkpoint.config(), changed).logits();
  }

  /** X − g P X, [m² · width]. */
  private double[] changed(CirclePairs pairs, double[] x) {
    double[] block = block(pairs.basis(), x, removed);
    double gain = gain(block, () -> block(pairs.basis(), x, asLargeAs));
    double[] changed = x.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] -= gain * block[i];
    }
    return changed;
  }

  /** Whether the waves go as they are, and not by the energy of others. */
  private boolean isOfItsOwnSize() {
    return removed.equals(asLargeAs);
  }

  /** g; what gives the energy is computed only where it is asked for. */
  private double gain(double[] wave, Supplier<double[]> sizing) {
    return isOfItsOwnSize() ? 1 : Math.sqrt(energy(sizing.get()) / energy(wave));
  }

  private static double energy(double[] values) {
    return Arrays.stream(values).map(value -> value * value).sum();
  }

  /** The part of X [m · width] in the waves over its rows. */
  private static double[] alongA(FourierBasis basis, double[] x, KeyFrequencies keys) {
    int m = basis.size();
    int width = x.length / m;
    double[] coefficients = basis.transform(x);
    double[] part = new double[x.length];
    for (int k : keys.frequencies()) {
      for (int row : basis.rowsOf(k)) {
        for (int i = 0; i < x.length; i++) {
          part[i] += basis.value(row, i / width) * coefficients[row * width + i % width];
        }
      }
    }
    return part;
  }

  /** The part of X [m² · width] in products of two waves of the keys or of one and a constant. */
  private static double[] block(FourierBasis basis, double[] x, KeyFrequencies keys) {
    List<Integer> rows = new ArrayList<>(List.of(0));
    keys.frequencies().forEach(k -> rows.addAll(basis.rowsOf(k)));
    return new PairWaves(basis, x, rows).productsOfChosen();
  }
}
