package org.grokscope.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;

/** A model's parameters as arrays of a file, each under its name and in its shape. */
public final class ParameterArrays {
  private ParameterArrays() {}

  /** All parameters, in the order of their layout; whoever adds arrays of their own may. */
  public static LinkedHashMap<String, NpyArray> of(Parameters parameters) {
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    put(arrays, "", parameters.layout(), parameters.values());
    return arrays;
  }

  /**
   * Adds numbers that stand as parameters do, such as an optimiser's moments.
   *
   * @param prefix before each name
   * @param values [layout.size()]
   */
  public static void put(
      Map<String, NpyArray> arrays, String prefix, ParameterLayout layout, float[] values) {
    for (ParameterLayout.Slot slot : layout.slots()) {
      float[] part = Arrays.copyOfRange(values, slot.offset(), slot.offset() + slot.length());
      int[] shape = slot.shape().stream().mapToInt(Integer::intValue).toArray();
      arrays.put(prefix + slot.name(), NpyArray.ofFloats(part, shape));
    }
  }

  /**
   * Reads such numbers back.
   *
   * @param file where the arrays are from, for messages
   * @param target [layout.size()], overwritten
   * @throws CheckpointException if an array is missing, of another type or of another shape; the
   *     message names it and what was expected
   */
  public static void get(
      Path file,
      Map<String, NpyArray> arrays,
      String prefix,
      ParameterLayout layout,
      float[] target) {
    NamedArrays named = new NamedArrays(file, arrays, Map.of());
    for (ParameterLayout.Slot slot : layout.slots()) {
      String name = prefix + slot.name();
      NpyArray array = named.require(name, "float32 of shape " + slot.shapeText());
      if (!array.isFloating() || !array.shape().equals(slot.shape())) {
        throw named.failure(
            name, "got " + array + ", expected float32 of shape " + slot.shapeText());
      }
      System.arraycopy(array.floats(), 0, target, slot.offset(), slot.length());
    }
  }
}
