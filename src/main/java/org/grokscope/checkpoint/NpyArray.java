package org.grokscope.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An array as NumPy keeps it: an element type, a shape, and the elements in row-major (C) order.
 *
 * <p>Whatever the file had, the elements are little-endian and row-major here. Immutable: arrays
 * are copied on the way in and out.
 */
public final class NpyArray {
  private final NpyType type;
  private final int[] shape;
  private final byte[] data; // [size · type.size()], little-endian, row-major

  NpyArray(NpyType type, int[] shape, byte[] data) {
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  /**
   * A float32 array.
   *
   * @param values row-major
   * @param shape its dimensions; none for a single number
   * @throws IllegalArgumentException if the number of values is not the product of the shape
   */
  public static NpyArray ofFloats(float[] values, int... shape) {
    ByteBuffer buffer = allocate(values.length, shape, 4);
    buffer.asFloatBuffer().put(values);
    return new NpyArray(NpyType.FLOAT32, shape.clone(), buffer.array());
  }

  /**
   * A float64 array.
   *
   * @param values row-major
   * @param shape its dimensions; none for a single number
   * @throws IllegalArgumentException if the number of values is not the product of the shape
   */
  public static NpyArray ofDoubles(double[] values, int... shape) {
    ByteBuffer buffer = allocate(values.length, shape, 8);
    buffer.asDoubleBuffer().put(values);
    return new NpyArray(NpyType.FLOAT64, shape.clone(), buffer.array());
  }

  /**
   * An int64 array.
   *
   * @param values row-major
   * @param shape its dimensions; none for a single number
   * @throws IllegalArgumentException if the number of values is not the product of the shape
   */
  public static NpyArray ofLongs(long[] values, int... shape) {
    ByteBuffer buffer = allocate(values.length, shape, 8);
    buffer.asLongBuffer().put(values);
    return new NpyArray(NpyType.INT64, shape.clone(), buffer.array());
  }

  /**
   * An array of one dimension of signed integers, in the narrowest type that holds them all: int8,
   * int16 or int32.
   */
  public static NpyArray ofSmallInts(int[] values) {
    int size = 1;
    for (int value : values) {
      size = value == (byte) value ? size : value == (short) value ? Math.max(size, 2) : 4;
      if (size == 4) {
        break;
      }
    }
    ByteBuffer buffer = allocate(values.length, new int[] {values.length}, size);
    for (int value : values) {
      switch (size) {
        case 1 -> buffer.put((byte) value);
        case 2 -> buffer.putShort((short) value);
        default -> buffer.putInt(value);
      }
    }
    return new NpyArray(new NpyType('i', size), new int[] {values.length}, buffer.array());
  }

  /** A single int64, without dimensions. */
  public static NpyArray ofLong(long value) {
    return ofLongs(new long[] {value});
  }

  /**
   * A single Unicode text, without dimensions.
   *
   * @throws IllegalArgumentException if it ends in the character NUL, which NumPy would drop
   */
  public static NpyArray ofString(String text) {
    if (text.endsWith("\0")) {
      throw new IllegalArgumentException(
          "array: got a text that ends in NUL, which NumPy cannot keep; drop it");
    }
    int[] codePoints = text.codePoints().toArray();
    NpyType type = NpyType.text(Math.max(1, codePoints.length)); // NumPy has no empty texts
    ByteBuffer buffer = allocate(1, new int[0], type.size());
    buffer.asIntBuffer().put(codePoints);
    return new NpyArray(type, new int[0], buffer.array());
  }

  /** The element type as NumPy writes it, such as {@code <f4}, {@code <i8} or {@code <U12}. */
  public String dtype() {
    return type.descriptor();
  }

  /** The dimensions; empty for a single value. */
  public List<Integer> shape() {
    return Arrays.stream(shape).boxed().toList();
  }

  /** Number of elements. */
  public int size() {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** Whether the elements are floating-point numbers. */
  public boolean isFloating() {
    return type.isFloating();
  }

  /** Whether the elements are integers or truth values. */
  public boolean isInteger() {
    return type.isInteger();
  }

  /** Whether the elements are texts. */
  public boolean isText() {
    return type.isText();
  }

  /**
   * The elements rounded to float32, row-major; a copy.
   *
   * @throws IllegalStateException if they are texts
   */
  public float[] floats() {
    float[] values = new float[size()];
    if (type.equals(NpyType.FLOAT32)) {
      buffer().asFloatBuffer().get(values);
      return values;
    }
    double[] wide = doubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) wide[i];
    }
    return values;
  }

  /**
   * The elements as float64, row-major; a copy.
   *
   * @throws IllegalStateException if they are texts
   */
  public double[] doubles() {
    if (isInteger()) {
      return Arrays.stream(longs()).asDoubleStream().toArray();
    }
    require(isFloating(), "numbers");
    ByteBuffer buffer = buffer();
    return IntStream.range(0, size())
        .mapToDouble(
            i ->
                switch (type.size()) {
                  case 2 -> halfToFloat(buffer.getShort(2 * i));
                  case 4 -> buffer.getFloat(4 * i);
                  default -> buffer.getDouble(8 * i);
                })
        .toArray();
  }

  /**
   * The elements as int64, row-major, truth values as 0 and 1; a copy. Unsigned numbers from
   * 2<sup>63</sup> on come out negative.
   *
   * @throws IllegalStateException if they are not integers
   */
  public long[] longs() {
    require(isInteger(), "integers");
    ByteBuffer buffer = buffer();
    boolean signed = type.kind() == 'i';
    return IntStream.range(0, size())
        .mapToLong(
            i ->
                switch (type.size()) {
                  case 1 -> signed ? buffer.get(i) : Byte.toUnsignedLong(buffer.get(i));
                  case 2 -> {
                    short value = buffer.getShort(2 * i);
                    yield signed ? value : Short.toUnsignedLong(value);
                  }
                  case 4 -> {
                    int value = buffer.getInt(4 * i);
                    yield signed ? value : Integer.toUnsignedLong(value);
                  }
                  default -> buffer.getLong(8 * i);
                })
        .toArray();
  }

  /**
   * The text of an array that holds a single one; bytes are read as UTF-8.
   *
   * @throws IllegalStateException if it is not a single text
   */
  public String text() {
    require(isText() && size() == 1, "a single text");
    if (type.kind() == 'S') {
      int end = data.length;
      while (end > 0 && data[end - 1] == 0) {
        end--;
      }
      return new String(data, 0, end, StandardCharsets.UTF_8);
    }
    int[] codePoints = new int[data.length / 4];
    buffer().asIntBuffer().get(codePoints);
    int end = codePoints.length;
    while (end > 0 && codePoints[end - 1] == 0) {
      end--;
    }
    return new String(codePoints, 0, end);
  }

  /** The same elements in another shape of as many. */
  NpyArray reshaped(int... newShape) {
    return new NpyArray(type, newShape, data);
  }

  /** The last two axes in each other's place: [n, a, b] becomes [n, b, a]. */
  NpyArray swapped() {
    int rows = shape[shape.length - 2];
    int columns = shape[shape.length - 1];
    int[] newShape = shape.clone();
    newShape[shape.length - 2] = columns;
    newShape[shape.length - 1] = rows;
    int width = type.size();
    byte[] turned = new byte[data.length];
    int matrix = rows * columns * width; // bytes
    for (int from = 0; from < data.length; from += matrix) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          int source = from + (row * columns + column) * width;
          int target = from + (column * rows + row) * width;
          System.arraycopy(data, source, turned, target, width);
        }
      }
    }
    return new NpyArray(type, newShape, turned);
  }

  NpyType type() {
    return type;
  }

  byte[] data() {
    return data;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NpyArray that
        && type.equals(that.type)
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return dtype() + " " + shape();
  }

  /**
   * The number in the 16 bits of IEEE 754 binary16: sign, 5 bits of exponent with bias 15, 10 bits
   * of fraction.
   */
  static float halfToFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      float subnormal = fraction * 0x1p-24f;
      return sign == 0 ? subnormal : -subnormal;
    }
    int wide = exponent == 0x1F ? 0xFF : exponent + 112; // 127 − 15
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void require(boolean condition, String expected) {
    if (!condition) {
      throw new IllegalStateException(
          "array: got " + dtype() + " of shape " + shape() + ", expected " + expected);
    }
  }

  private static ByteBuffer allocate(int values, int[] shape, int size) {
    boolean fits = Arrays.stream(shape).allMatch(dimension -> dimension >= 0);
    if (!fits || Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b) != values) {
      throw new IllegalArgumentException(
          "array: got "
              + values
              + " values for the shape "
              + Arrays.toString(shape)
              + ", expected their number to be the product of the shape");
    }
    return ByteBuffer.allocate(Math.multiplyExact(values, size)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
