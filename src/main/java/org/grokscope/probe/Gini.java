package org.grokscope.probe;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.series.Probe;

/**
 * The Gini coefficient of a Fourier spectrum, as {@link org.grokscope.fourier.Spectrum#gini}: near
 * 1 if few waves hold everything, 0 if all are as strong.
 *
 * @param matrix whose spectrum
 */
public record Gini(Matrix matrix) implements Probe {

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
}
