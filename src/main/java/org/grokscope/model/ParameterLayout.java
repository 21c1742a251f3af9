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
    layout.add("W_pos", config.contextLength(), d);
    for (int layer = 0; layer < shape.layers(); layer++) {
      String prefix = prefix(shape, layer);
      if (shape.attends()) {
        layout.addAttention(shape, prefix);
      }
      if (shape.layerNorm()) {
        layout.add(prefix + "ln2.w", d);
        layout.add(prefix + "ln2.b", d);
      }
      layout.add(prefix + "W_in", d, shape.dMlp());
      layout.add(prefix + "b_in", shape.dMlp());
      layout.add(prefix + "W_out", shape.dMlp(), d);
      layout.add(prefix + "b_out", d);
    }
    if (shape.layerNorm()) {
      layout.add("ln_final.w", d);
      layout.add("ln_final.b", d);
    }
    layout.add("W_U", d, config.outputs());
    return layout;
  }

  private void addAttention(ModelShape shape, String prefix) {
    int d = shape.dModel();
    if (shape.layerNorm()) {
      add(prefix + "ln1.w", d);
      add(prefix + "ln1.b", d);
    }
    for (String name : List.of("W_Q", "W_K", "W_V")) {
      add(prefix + name, shape.heads(), d, shape.dHead());
    }
    add(prefix + "W_O", shape.heads(), shape.dHead(), d);
  }

  /** What stands before the names of a layer's parameters: nothing in a one-layer model. */
  public static String prefix(ModelShape shape, int layer) {
    return shape.layers() == 1 ? "" : "blocks." + layer + ".";
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
    size = Math.addExact(size, slot.length());
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
