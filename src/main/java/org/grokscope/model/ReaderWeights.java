package org.grokscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of the fast reader as its products want them, for all threads, and where the
 * gradients of a piece stand: of each map, of sinks, of embeddings, and of the first layer's
 * queries, keys and values.
 *
 * <p>The first layer reads embeddings, so its queries, keys and values depend on the token alone
 * and are computed once for each.
 */
final class ReaderWeights {
  private final ReaderConfig config;
  private final int embeddingAt; // offset among the parameters
  private final List<ReaderMap> maps = new ArrayList<>();
  private final ReaderMap[] toHeads; // null entries where a layer has no such part
  private final ReaderMap[] fromHeads;
  private final ReaderMap[] toNeurons;
  private final ReaderMap[] fromNeurons;
  private final int[] sinkAt; // offsets among the parameters, −1 for none
  private final int[] sinkPlaces;
  private final ReaderMap unembedding;
  private final int embeddingPlace;
  private final int tokenPlace; // of the gradients at the first layer's q, k, v
  private int size; // numbers that a piece's gradients are
  private final ReaderHeads tokens; // null if the first layer has no attention
  private final ReaderProduct ofTokens; // null likewise, and so the following
  private final ReaderNorm tokenNorm;
  private final float[] tokenRows; // [vocabulary · 3 · width]
  private final float[] tokenGradient; // [vocabulary · 3 · width]
  private final float[] embedding; // [vocabulary · d], also a gradient

  ReaderWeights(ReaderConfig config) {
    this.config = config;
    int layers = config.layers().size();
    int d = config.dModel();
    ParameterLayout layout = config.layout();
    embeddingAt = layout.slot("W_E").offset();
    toHeads = new ReaderMap[layers];
    fromHeads = new ReaderMap[layers];
    toNeurons = new ReaderMap[layers];
    fromNeurons = new ReaderMap[layers];
    sinkAt = new int[layers];
    sinkPlaces = new int[layers];
    for (int n = 0; n < layers; n++) {
      ReaderLayer layer = config.layers().get(n);
      String prefix = "blocks." + n + ".";
      sinkAt[n] = -1;
      if (layer.attends()) {
        int width = layer.heads() * layer.dHead();
        toHeads[n] = add(ReaderMap.toHeads(layout, prefix, layer, d, size));
        fromHeads[n] = add(ReaderMap.of(layout, null, prefix + "W_O", prefix + "b_O", width, size));
        sinkPlaces[n] = room(layer.heads());
        sinkAt[n] = layer.hasSink() ? layout.slot(prefix + "sink").offset() : -1;
      }
      if (layer.dMlp() > 0) {
        toNeurons[n] =
            add(ReaderMap.of(layout, prefix + "ln2", prefix + "W_in", prefix + "b_in", d, size));
        fromNeurons[n] =
            add(ReaderMap.of(layout, null, prefix + "W_out", prefix + "b_out", layer.dMlp(), size));
      }
    }
    unembedding = add(ReaderMap.of(layout, "ln_final", "W_U", "b_U", d, size));
    embeddingPlace = room(config.vocabulary() * d);
    embedding = new float[config.vocabulary() * d];
    boolean attendsFirst = config.layers().get(0).attends();
    int columns = attendsFirst ? toHeads[0].out() : 0;
    tokens = attendsFirst ? new ReaderHeads(config.vocabulary(), columns / 3) : null;
    ofTokens = attendsFirst ? new ReaderProduct(toHeads[0], config.vocabulary()) : null;
    tokenNorm = attendsFirst ? new ReaderNorm(d, config.vocabulary()) : null;
    tokenRows = new float[config.vocabulary() * columns];
    tokenGradient = new float[config.vocabulary() * columns];
    tokenPlace = room(tokenGradient.length);
  }

  private ReaderMap add(ReaderMap map) {
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
    for (ReaderMap map : maps) {
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
    for (ReaderMap map : maps) {
      map.unpack(sums, parameters, gradients);
    }
    for (int n = 0; n < sinkAt.length; n++) {
      for (int h = 0; sinkAt[n] >= 0 && h < config.layers().get(n).heads(); h++) {
        gradients[sinkAt[n] + h] = sums[sinkPlaces[n] + h];
      }
    }
  }

  /** Numbers that a piece's gradients are. */
  int size() {
    return size;
  }

  /** Queries, keys and values of every token in the first layer, or null if it has none. */
  ReaderHeads tokens() {
    return tokens;
  }

  ReaderMap toHeads(int layer) {
    return toHeads[layer];
  }

  ReaderMap fromHeads(int layer) {
    return fromHeads[layer];
  }

  ReaderMap toNeurons(int layer) {
    return toNeurons[layer];
  }

  ReaderMap fromNeurons(int layer) {
    return fromNeurons[layer];
  }

  ReaderMap unembedding() {
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
    maps.forEach(ReaderMap::free);
    if (ofTokens != null) {
      ofTokens.free();
    }
  }
}
