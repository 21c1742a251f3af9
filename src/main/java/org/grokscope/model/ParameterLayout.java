package org.grokscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Names, shapes and places of a model's parameters in one flat array, each parameter in row-major
 * (C) order.
 *
 * <p>Names and shapes are TransformerLens': W_E [vocabulary, d_model], W_pos [context, d_model],
 * W_Q, W_K, W_V [heads, d_model, d_head], W_O [heads, d_head, d_model], W_in [d_model, d_mlp], b_in
 * [d_mlp], W_out [d_mlp, d_model], b_out [d_model], W_U [d_model, outputs]. With LayerNorm: ln1.w,
 * ln1.b, ln2.w, ln2.b a layer and ln_final.w, ln_final.b, each [d_model]. Models without attention
 * have no W_Q, W_K, W_V, W_O and no ln1. Models of more than one layer prefix what belongs to layer
 * N with {@code blocks.N.}.
 *
 * <p>Models without positions have no W_pos. Those with biases have beside the others b_Q [heads,
 * d_head], b_O [d_model] and b_U [outputs], layers with a sink a sink [heads].
 */
public final class ParameterLayout {

  /**
   * Where one parameter stands.
   *
   * @param name such as {@code W_E} or {@code blocks.1.W_in}
   * @param shape its dimensions
   * @param offset index of its first entry in the flat array
   */
  public record Slot(String name, List<Integer> shape, int offset) {
    public Slot {
      shape = List.copyOf(shape);
    }

    /** Number of entries. */
    public int length() {
      return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }

    /** The shape as an array, as ND4J wants it. */
    public long[] dimensions() {
      return shape.stream().mapToLong(Integer::longValue).toArray();
    }

    /** The shape in brackets, such as {@code [114, 128]}. */
    public String shapeText() {
      return shape.toString();
    }
  }

  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private int size;

  private ParameterLayout() {}

  /** The layout of a model. */
  public static ParameterLayout of(ModelConfig config) {
    ModelShape shape = config.shape();
    int d = shape.dModel();
    ParameterLayout layout = new ParameterLayout();
    layout.add("W_E", config.vocabulary(), d);
    if (shape.positions()) {
      layout.add("W_pos", config.contextLength(), d);
    }
    for (int n = 0; n < shape.depth(); n++) {
      layout.addLayer(shape, shape.layers().get(n), prefix(shape, n));
    }
    if (shape.layerNorm()) {
      layout.addNorm("ln_final", d);
    }
    layout.add("W_U", d, config.outputs());
    if (shape.biases()) {
      layout.add("b_U", config.outputs());
    }
    return layout;
  }

  private void addLayer(ModelShape shape, LayerShape layer, String prefix) {
    int d = shape.dModel();
    if (layer.attends()) {
      if (shape.layerNorm()) {
        addNorm(prefix + "ln1", d);
      }
      addHeads(prefix, layer.heads(), d, layer.dHead());
      if (shape.biases()) {
        add(prefix + "b_Q", layer.heads(), layer.dHead());
        add(prefix + "b_O", d);
      }
      if (layer.hasSink()) {
        add(prefix + "sink", layer.heads());
      }
    }
    if (layer.dMlp() > 0) {
      if (shape.layerNorm()) {
        addNorm(prefix + "ln2", d);
      }
      addMlp(prefix, d, layer.dMlp());
    }
  }

  private void addHeads(String prefix, int heads, int d, int dHead) {
    for (String name : List.of("W_Q", "W_K", "W_V")) {
      add(prefix + name, heads, d, dHead);
    }
    add(prefix + "W_O", heads, dHead, d);
  }

  private void addNorm(String name, int d) {
    add(name + ".w", d);
    add(name + ".b", d);
  }

  private void addMlp(String prefix, int d, int neurons) {
    add(prefix + "W_in", d, neurons);
    add(prefix + "b_in", neurons);
    add(prefix + "W_out", neurons, d);
    add(prefix + "b_out", d);
  }

  /** What stands before the names of a layer's parameters: nothing in a one-layer model. */
  public static String prefix(ModelShape shape, int layer) {
    return shape.depth() == 1 ? "" : "blocks." + layer + ".";
  }

  /** All parameters in order. */
  public List<Slot> slots() {
    return new ArrayList<>(slots.values());
  }

  /**
   * The parameter of this name.
   *
   * @throws IllegalArgumentException if the model has none of this name; the message lists those it
   *     has
   */
  public Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException(
          "parameter: got '"
              + name
              + "', expected one of "
              + slots.keySet().stream().collect(Collectors.joining(", ")));
    }
    return slot;
  }

  /** Number of entries of all parameters together. */
  public int size() {
    return size;
  }

  private void add(String name, Integer... shape) {
    Slot slot = new Slot(name, Arrays.asList(shape), size);
    slots.put(name, slot);
    try {
      size = Math.addExact(size, slot.length());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "model: got "
              + name
              + " of shape "
              + slot.shapeText()
              + " after "
              + size
              + " other parameters, expected less than 2³¹ of them all; choose smaller widths",
          e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ParameterLayout that && slots.equals(that.slots);
  }

  @Override
  public int hashCode() {
    return slots.hashCode();
  }
}
