package org.grokscope.checkpoint;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The arrays of a file, asked for by name and by what they have to be. */
final class NamedArrays {
  private final Path file;
  private final Map<String, NpyArray> arrays;
  private final Map<String, String> inFile; // what they are called there, if not so
  private final Set<String> asked = new HashSet<>();

  /**
   * @param inFile what arrays are called in the file, by the name that they have here; without
   *     those that are called the same
   */
  NamedArrays(Path file, Map<String, NpyArray> arrays, Map<String, String> inFile) {
    this.file = file;
    this.arrays = arrays;
    this.inFile = inFile;
  }

  Path file() {
    return file;
  }

  Set<String> names() {
    return arrays.keySet();
  }

  /** What nobody has asked for, under the names of the file. */
  List<String> unasked() {
    return arrays.keySet().stream()
        .filter(name -> !asked.contains(name))
        .map(name -> inFile.getOrDefault(name, name))
        .toList();
  }

  boolean has(String name) {
    return arrays.containsKey(name);
  }

  /** The array of this name; {@code expected} is what a message says where there is none. */
  NpyArray require(String name, String expected) {
    asked.add(name);
    NpyArray array = arrays.get(name);
    if (array == null) {
      throw failure(
          name,
          "missing, expected "
              + expected
              + "; the file has "
              + arrays.keySet().stream()
                  .map(each -> inFile.getOrDefault(each, each))
                  .collect(Collectors.joining(", ")));
    }
    return array;
  }

  /**
   * The shape of an array of weights.
   *
   * @param expected the shape for messages
   * @param dimensions what it must be, 0 where any positive number will do
   */
  List<Integer> shape(String name, String expected, int... dimensions) {
    NpyArray array = require(name, "float32 of shape " + expected);
    List<Integer> shape = array.shape();
    boolean fits = array.isFloating() && shape.size() == dimensions.length;
    for (int axis = 0; fits && axis < dimensions.length; axis++) {
      fits = dimensions[axis] == 0 ? shape.get(axis) > 0 : shape.get(axis) == dimensions[axis];
    }
    if (!fits) {
      throw misfit(name, expected);
    }
    return shape;
  }

  /** The integer in an array that holds a single one. */
  long single(String name, String what) {
    NpyArray array = require(name, "int64 of shape [], " + what);
    if (!array.isInteger() || array.size() != 1) {
      throw failure(name, "got " + array + ", expected int64 of shape [], " + what);
    }
    return array.longs()[0];
  }

  /** The integers of an array that is there, in the shape they have to have. */
  long[] integers(String name, List<Integer> shape) {
    asked.add(name);
    NpyArray array = arrays.get(name);
    if (!array.isInteger() || !array.shape().equals(shape)) {
      throw failure(name, "got " + array + ", expected int64 of shape " + shape);
    }
    return array.longs();
  }

  CheckpointException misfit(String name, String expected) {
    return failure(
        name,
        "got "
            + arrays.get(name)
            + ", expected float32 (or f2, f8) of shape "
            + expected
            + "; p is read from the file, d_model from W_E, heads and d_head from W_Q, d_mlp from"
            + " W_in");
  }

  CheckpointException failure(String name, String what) {
    String there = inFile.getOrDefault(name, name);
    return new CheckpointException(
        "checkpoint "
            + file
            + ": array "
            + there
            + (there.equals(name) ? "" : ", here " + name)
            + ": "
            + what);
  }
}
