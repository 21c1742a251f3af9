package org.grokscope.train;

import org.grokscope.model.FactorisedTransformer;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.model.Transformer;

/**
 * Which of the two implementations of a model computes; they differ in speed and in rounding only.
 */
public enum ComputationPath {
  /** The fast exact path, for models it accepts. */
  FAST,
  /** The readable reference, for all models. */
  REFERENCE;

  /** The fast path where it is exact, else the reference. */
  public static ComputationPath bestFor(ModelConfig config) {
    return FactorisedTransformer.accepts(config) ? FAST : REFERENCE;
  }

  /**
   * Checks that this path takes a model.
   *
   * @throws IllegalArgumentException if it does not; the message says why
   */
  void requireAccepts(ModelConfig config) {
    if (this == FAST) {
      FactorisedTransformer.requireAccepts(config);
    }
  }

  /**
   * A model on this path.
   *
   * @param threads for the fast path; the reference leaves threads to ND4J
   * @throws IllegalArgumentException if the path does not take the model
   */
  public Transformer open(ModelConfig config, Parameters parameters, int threads) {
    return this == FAST
        ? FactorisedTransformer.of(config, parameters, threads)
        : ReferenceTransformer.of(config, parameters);
  }
}
