package org.grokscope.model;

import org.grokscope.model.Blas.Matrix;

/** The weights of the fast reader in native memory, as its products want them. */
final class ReaderWeights {
  private final ReaderAttention.Packed[] heads; // null entries where a layer has no such part
  private final ReaderMlp.Packed[] neurons;
  private final Matrix unembedding; // (d, vocabulary)
  private final int unembeddingAt; // offsets among the parameters
  private final int logitBias;
  private final int embedding;

  ReaderWeights(ReaderConfig config) {
    int layers = config.layers().size();
    heads = new ReaderAttention.Packed[layers];
    neurons = new ReaderMlp.Packed[layers];
    for (int n = 0; n < layers; n++) {
      ReaderLayer layer = config.layers().get(n);
      heads[n] = layer.attends() ? ReaderAttention.Packed.zeros(layer, config.dModel()) : null;
      neurons[n] = layer.dMlp() > 0 ? ReaderMlp.Packed.zeros(config.dModel(), layer.dMlp()) : null;
    }
    unembedding = Matrix.zeros(config.dModel(), config.vocabulary());
    unembeddingAt = config.layout().slot("W_U").offset();
    logitBias = config.layout().slot("b_U").offset();
    embedding = config.layout().slot("W_E").offset();
  }

  ReaderAttention.Packed heads(int layer) {
    return heads[layer];
  }

  ReaderMlp.Packed neurons(int layer) {
    return neurons[layer];
  }

  Matrix unembedding() {
    return unembedding;
  }

  /** Where W_U begins among the parameters. */
  int unembeddingAt() {
    return unembeddingAt;
  }

  /** Where b_U begins among the parameters. */
  int logitBias() {
    return logitBias;
  }

  /** Where W_E begins among the parameters. */
  int embedding() {
    return embedding;
  }

  void free() {
    for (int n = 0; n < heads.length; n++) {
      if (heads[n] != null) {
        heads[n].free();
      }
      if (neurons[n] != null) {
        neurons[n].free();
      }
    }
    unembedding.free();
  }
}
