package org.grokscope.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The activations of one forward pass, by TransformerLens' names.
 *
 * <p>For n sequences of T positions: {@code hook_embed}, {@code hook_pos_embed} and, with {@code
 * blocks.N.} before them, {@code hook_resid_pre}, {@code hook_attn_out}, {@code hook_resid_mid},
 * {@code hook_mlp_out}, {@code hook_resid_post} are (n, T, d_model), as are {@code
 * ln1.hook_normalized}, {@code ln2.hook_normalized} and {@code ln_final.hook_normalized} of a model
 * with LayerNorm (after scale and bias); {@code attn.hook_q}, {@code attn.hook_k}, {@code
 * attn.hook_v} and {@code attn.hook_z} are (n, T, heads, d_head); {@code attn.hook_attn_scores}
 * (over √d_head, −∞ where a query may not look) and {@code attn.hook_pattern} are (n, heads, query,
 * key); {@code mlp.hook_pre} and {@code mlp.hook_post} are (n, T, d_mlp). Blocks are numbered from
 * 0, in a one-layer model too.
 *
 * <p>Where there is a {@link Site} behind block N, {@code hook_resid_post} is the stream before it
 * and the next block's {@code hook_resid_pre} that behind it; {@code attn.hook_q} and {@code
 * attn.hook_k} are those before a QK-norm, {@code attn.hook_attn_scores} those behind all bounds.
 *
 * <p>A model without attention has no {@code attn.…}, {@code hook_attn_out} and {@code ln1.…}, and
 * adds up its positions after {@code hook_pos_embed}: from there on T is 1.
 */
public final class ActivationCache {
  private final int sequences;
  private final Map<String, INDArray> activations = new LinkedHashMap<>();
  private INDArray logits;

  ActivationCache(int sequences) {
    this.sequences = sequences;
  }

  /** The names of every activation of a model of this shape, in the order of computation. */
  public static List<String> names(ModelShape shape) {
    List<String> names = new ArrayList<>(List.of("hook_embed"));
    if (shape.positions()) {
      names.add("hook_pos_embed");
    }
    for (int n = 0; n < shape.depth(); n++) {
      LayerShape layer = shape.layers().get(n);
      for (String point : blockPoints(layer.attends(), layer.dMlp() > 0, shape.layerNorm())) {
        names.add("blocks." + n + "." + point);
      }
    }
    if (shape.layerNorm()) {
      names.add("ln_final.hook_normalized");
    }
    return List.copyOf(names);
  }

  /** The names in this cache, in the order of computation. */
  public List<String> names() {
    return List.copyOf(activations.keySet());
  }

  /**
   * One activation.
   *
   * @param name such as {@code blocks.0.attn.hook_pattern}
   * @throws IllegalArgumentException if there is none of this name; the message lists those there
   *     are
   */
  public INDArray get(String name) {
    INDArray activation = activations.get(name);
    if (activation == null) {
      throw unknown(name, names());
    }
    return activation;
  }

  /** The logits: at the last position (n, outputs), or at every one (n, T, outputs). */
  public INDArray logits() {
    return logits;
  }

  /** Keeps a copy of the activations of some sequences, the first of them at index {@code from}. */
  void put(String name, int from, INDArray part) {
    copy(part, from, activations.computeIfAbsent(name, unseen -> room(part)));
  }

  /** Keeps a copy of the logits of some sequences. */
  INDArray putLogits(int from, INDArray part) {
    logits = logits == null ? room(part) : logits;
    return copy(part, from, logits);
  }

  /** Lasting memory for all sequences, of whom {@code part} shows some. */
  private INDArray room(INDArray part) {
    long[] shape = part.shape().clone();
    shape[0] = sequences;
    return NativeMemory.lasting(() -> Nd4j.createUninitialized(part.dataType(), shape));
  }

  private static INDArray copy(INDArray part, int from, INDArray whole) {
    return whole.get(NDArrayIndex.interval(from, from + part.size(0))).assign(part);
  }

  static IllegalArgumentException unknown(String name, List<String> known) {
    return new IllegalArgumentException(
        "activation: got '" + name + "', expected one of " + String.join(", ", known));
  }

  private static List<String> blockPoints(boolean attends, boolean mlp, boolean layerNorm) {
    List<String> points = new ArrayList<>();
    points.add("hook_resid_pre");
    if (attends) {
      if (layerNorm) {
        points.add("ln1.hook_normalized");
      }
      points.addAll(List.of("attn.hook_q", "attn.hook_k", "attn.hook_v"));
      points.addAll(List.of("attn.hook_attn_scores", "attn.hook_pattern", "attn.hook_z"));
      points.add("hook_attn_out");
    }
    points.add("hook_resid_mid");
    if (mlp) {
      if (layerNorm) {
        points.add("ln2.hook_normalized");
      }
      points.addAll(List.of("mlp.hook_pre", "mlp.hook_post", "hook_mlp_out"));
    }
    points.add("hook_resid_post");
    return points;
  }
}
