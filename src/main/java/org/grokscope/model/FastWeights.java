package org.grokscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of the fast path as its products want them, for all threads, and where the gradients
 * of a piece stand: of each map, of sinks, of embeddings, and of the first layer's queries, keys
 * and values.
 *
 * <p>The first layer reads embeddings, so its queries, keys and values depend on the token alone
 * and are computed once for each.
 */
final class FastWeights {
  private final ModelConfig config;
  private final int embeddingAt; // offset among the parameters
  private final List<FastMap> maps = new ArrayList<>();
  private final FastMap[] toHeads; // null entries where a layer has no such part
  private final FastMap[] fromHeads;
  private final FastMap[] toNeurons;
  private final FastMap[] fromNeurons;
  private final int[] sinkAt; // offsets among the parameters, −1 for none
  private final int[] sinkPlaces;
  private final FastMap unembedding;
  private final int embeddingPlace;
  private final int tokenPlace; // of the gradients at the first layer's q, k, v
  private int size; // numbers that a piece's gradients are
  private final FastHeads tokens; // null if the first layer has no attention
  private final FastProduct ofTokens; // null likewise, and so the following
  private final FastNorm tokenNorm;
  private final float[] tokenRows; // [vocabulary · 3 · width]
  private final float[] tokenGradient; // [vocabulary · 3 · width]
  private final float[] embedding; // [vocabulary · d], also a gradient

  FastWeights(ModelConfig config) {
    this.config = config;
    int layers = config.shape().layers().size();
    int d = config.shape().dModel();
    ParameterLayout layout = config.layout();
    embeddingAt = layout.slot("W_E").offset();
    toHeads = new FastMap[layers];
    fromHeads = new FastMap[layers];
    toNeurons = new FastMap[layers];
    fromNeurons = new FastMap[layers];
    sinkAt = new int[layers];
    sinkPlaces = new int[layers];
    for (int n = 0; n < layers; n++) {
      LayerShape layer = config.shape().layers().get(n);
      String prefix = ParameterLayout.prefix(config.shape(), n);
      sinkAt[n] = -1;
      if (layer.attends()) {
        int width = layer.heads() * layer.dHead();
        toHeads[n] = add(FastMap.toHeads(layout, prefix, layer, d, size));
        fromHeads[n] = add(FastMap.of(layout, null, prefix + "W_O", prefix + "b_O", width, size));
        sinkPlaces[n] = room(layer.heads());
        sinkAt[n] = layer.hasSink() ? layout.slot(prefix + "sink").offset() : -1;
      }
      if (layer.dMlp() > 0) {
        toNeurons[n] =
            add(FastMap.of(layout, prefix + "ln2", prefix + "W_in", prefix + "b_in", d, size));
        fromNeurons[n] =
            add(FastMap.of(layout, null, prefix + "W_out", prefix + "b_out", layer.dMlp(), size));
      }
    }
    unembedding = add(FastMap.of(layout, "ln_final", "W_U", "b_U", d, size));
    embeddingPlace = room(config.vocabulary() * d);
    embedding = new float[config.vocabulary() * d];
    boolean attendsFirst = config.shape().layers().get(0).attends();
    int columns = attendsFirst ? toHeads[0].out() : 0;
    tokens = attendsFirst ? new FastHeads(config.vocabulary(), columns / 3) : null;
    ofTokens = attendsFirst ? new FastProduct(toHeads[0], config.vocabulary()) : null;
    tokenNorm = attendsFirst ? new FastNorm(d, config.vocabulary()) : null;
    tokenRows = new float[config.vocabulary() * columns];
    tokenGradient = new float[config.vocabulary() * columns];
    tokenPlace = room(tokenGradient.length);
  }

  private FastMap add(FastMap map) {
    maps.add(map);
    room(map.size());
    return map;
  }

  /** Where the next numbers stand among the sums of a piece. */
  private int room(int numbers) {
    int place = size;
    size += numbers;
    return place;
  }

  /** Takes over the live parameters. */
  void pack(float[] parameters) {
    for (FastMap map : maps) {
      map.pack(parameters);
    }
    if (tokens != null) {
      System.arraycopy(parameters, embeddingAt, embedding, 0, embedding.length);
      ofTokens.forward(
          tokenNorm.forward(embedding, config.vocabulary()), tokenRows, config.vocabulary());
      tokens.put(tokenRows, config.vocabulary());
    }
  }

  /**
   * Overwrites the gradients of all parameters, given the sums over all pieces; after {@link
   * #pack}.
   */
  void unpack(float[] sums, float[] parameters, float[] gradients) {
    Arrays.fill(gradients, 0);
    System.arraycopy(sums, embeddingPlace, embedding, 0, embedding.length);
    if (tokens != null) {
      System.arraycopy(sums, tokenPlace, tokenGradient, 0, tokenGradient.length);
      float[] du = new float[embedding.length];
      ofTokens.backward(tokenGradient, du, sums, config.vocabulary());
      tokenNorm.backward(du, embedding, config.vocabulary());
    }
    System.arraycopy(embedding, 0, gradients, embeddingAt, embedding.length);
    for (FastMap map : maps) {
      map.unpack(sums, parameters, gradients);
    }
    for (int n = 0; n < sinkAt.length; n++) {
      for (int h = 0; sinkAt[n] >= 0 && h < config.shape().layers().get(n).heads(); h++) {
        gradients[sinkAt[n] + h] = sums[sinkPlaces[n] + h];
      }
    }
  }

  /** Numbers that a piece's gradients are. */
  int size() {
    return size;
  }

  /** Queries, keys and values of every token in the first layer, or null if it has none. */
  FastHeads tokens() {
    return tokens;
  }

  FastMap toHeads(int layer) {
    return toHeads[layer];
  }

  FastMap fromHeads(int layer) {
    return fromHeads[layer];
  }

  FastMap toNeurons(int layer) {
    return toNeurons[layer];
  }

  FastMap fromNeurons(int layer) {
    return fromNeurons[layer];
  }

  FastMap unembedding() {
    return unembedding;
  }

  /** Where a layer's sink begins among the parameters, −1 for none. */
  int sinkAt(int layer) {
    return sinkAt[layer];
  }

  /** Where the gradient of a layer's sink begins among the sums of a piece. */
  int sinkPlace(int layer) {
    return sinkPlaces[layer];
  }

  /** Where W_E begins among the parameters. */
  int embeddingAt() {
    return embeddingAt;
  }

  /** Where the gradient of W_E begins among the sums of a piece. */
  int embeddingPlace() {
    return embeddingPlace;
  }

  /** Where the gradients at the tokens' q, k, v begin among the sums of a piece. */
  int tokenPlace() {
    return tokenPlace;
  }

  void free() {
    maps.forEach(FastMap::free);
    if (ofTokens != null) {
      ofTokens.free();
    }
  }
}
