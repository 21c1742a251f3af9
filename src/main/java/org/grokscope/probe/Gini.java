package org.grokscope.probe;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.fourier.Spectrum;
import org.grokscope.probe.Metric.Subject;
import org.grokscope.series.Probe;
import org.grokscope.series.Reading;

/**
 * The Gini coefficient of a Fourier spectrum, as {@link org.grokscope.fourier.Spectrum#gini}: near
 * 1 if few waves hold everything, 0 if all are as strong.
 *
 * @param matrix whose spectrum
 */
public record Gini(Matrix matrix) implements Probe {
  static final List<Metric> METRICS =
      List.of(
          Metric.of(
              "embedding_norm",
              1,
              "length over d_model of each row of F·W_E[:p]",
              Metric.PAPER,
              Set.of(Need.PLACES),
              Gini::lengths),
          Metric.number(
              Matrix.EMBEDDING.metric(),
              1,
              "of those p lengths, ascending: Σ(2i−n−1)x_i / (n Σx)",
              Metric.PAPER,
              Set.of(Need.PLACES),
              subject -> subject.onCircle().embeddingSpectrum().gini()),
          Metric.number(
              Matrix.NEURON_LOGIT_MAP.metric(),
              1,
              "the same of the lengths over the neurons of the columns of W_L Fᵀ",
              Metric.PAPER,
              Set.of(Need.PLACES, Need.NEURONS),
              subject -> NeuronLogitMap.of(subject.onCircle()).spectrum().gini()));

  /** A matrix of the model. */
  public enum Matrix {
    /** W_E without '=': the lengths of the rows of F·W_E. */
    EMBEDDING("embedding_gini"),
    /** W_L = W_out W_U: the lengths of the columns of W_L Fᵀ. */
    NEURON_LOGIT_MAP("wl_gini");

    private final String metric;

    Matrix(String metric) {
      this.metric = metric;
    }

    /** The name of the metric. */
    public String metric() {
      return metric;
    }
  }

  public Gini {
    Objects.requireNonNull(matrix, "matrix");
  }

  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    return Metric.columns(checkpoint, List.of(Metric.named(matrix.metric())));
  }

  @Override
  public Optional<String> identity() {
    return Optional.of(Metric.named(matrix.metric()).identity());
  }

  private static List<Reading> lengths(Subject subject) {
    Spectrum spectrum = subject.onCircle().embeddingSpectrum();
    return IntStream.range(0, spectrum.names().size())
        .mapToObj(row -> subject.reading("", spectrum.names().get(row), spectrum.norms().get(row)))
        .toList();
  }
}
