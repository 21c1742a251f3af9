package org.grokscope.model;

/**
 * Which of the implementations of a model computes; they differ in speed and in rounding only.
 *
 * <p>The fast ones are {@link FactorisedTransformer} and {@link PreNormTransformer}; each takes
 * exactly the models that it is exact for.
 */
public enum ComputationPath {
  /** A fast exact path, for models that one accepts. */
  FAST,
  /** The readable reference, for all models. */
  REFERENCE;

  /** The fast path where one is exact, else the reference. */
  public static ComputationPath bestFor(ModelConfig config) {
    return FactorisedTransformer.accepts(config) || PreNormTransformer.accepts(config)
        ? FAST
        : REFERENCE;
  }

  /**
   * Checks that this path takes a model.
   *
   * @throws IllegalArgumentException if it does not; the message says why
   */
  public void requireAccepts(ModelConfig config) {
    if (this == FAST && bestFor(config) == REFERENCE) {
      throw new IllegalArgumentException(
          "fast path: got "
              + FactorisedTransformer.refusal(config)
              + ", expected "
              + FactorisedTransformer.EXACT_FOR
              + "; and "
              + PreNormTransformer.refusal(config)
              + ", expected "
              + PreNormTransformer.EXACT_FOR
              + "; use the reference path");
    }
  }

  /**
   * Checks that one of the fast paths is exact for a model.
   *
   * @param refusal what it is not exact for, or nothing
   */
  static void requireExact(String refusal, String exactFor) {
    if (!refusal.isEmpty()) {
      throw new IllegalArgumentException(
          "fast path: it is exact only for "
              + exactFor
              + "; got "
              + refusal
              + "; use the reference path");
    }
  }
}
