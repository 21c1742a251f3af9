package org.grokscope.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The bytes of one NumPy array, as the NumPy manual's page on the NPY format sets them out: the
 * magic {@code \x93NUMPY}, a version, the length of the header, a header that is a Python
 * dictionary of the element type, the order and the shape, and the elements. Versions 1.0 to 3.0
 * are read, 1.0 is written.
 */
final class NpyFormat {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  private static final Pattern DESCRIPTOR =
      Pattern.compile("['\"]descr['\"]\\s*:\\s*(?:'([^']*)'|\"([^\"]*)\"|\\[)");
  private static final Pattern FORTRAN_ORDER =
      Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
  private static final Pattern SHAPE =
      Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([\\dL,\\s]*)\\)");

  private NpyFormat() {}

  /**
   * The array in these bytes.
   *
   * @param where what messages begin with: the file and the array's name
   * @param bytes everything, from the magic to the last element
   * @throws CheckpointException if they are not an array, or one of a type that is not supported
   */
  static NpyArray read(String where, byte[] bytes) {
    require(
        bytes.length >= 10 && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length),
        where,
        "its bytes are not a NumPy array (no \\x93NUMPY at the start); save it again");
    int major = bytes[6];
    require(
        major >= 1 && major <= 3,
        where,
        "got the NPY format version " + major + "." + bytes[7] + ", expected 1.0 to 3.0");
    ByteBuffer prologue = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int start = major == 1 ? 10 : 12;
    require(bytes.length >= start, where, "its header is cut off; save it again");
    long headerLength =
        major == 1
            ? Short.toUnsignedLong(prologue.getShort(8))
            : Integer.toUnsignedLong(prologue.getInt(8));
    require(start + headerLength <= bytes.length, where, "its header is cut off; save it again");
    int end = (int) (start + headerLength);
    String header =
        new String(
            bytes,
            start,
            end - start,
            major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);

    String descriptor = descriptor(where, header);
    NpyType type =
        NpyType.parse(descriptor)
            .orElseThrow(
                () ->
                    failure(
                        where,
                        "got the element type "
                            + start(descriptor)
                            + ", expected one of "
                            + NpyType.SUPPORTED));
    boolean columnMajor =
        find(FORTRAN_ORDER, where, header, "fortran_order").group(1).equals("True");
    int[] shape = shape(where, header, type, bytes.length - end);
    byte[] data = Arrays.copyOfRange(bytes, end, bytes.length);
    if (descriptor.startsWith(">")) {
      swapBytes(data, type.unit());
    }
    if (columnMajor) {
      data = toRowMajor(data, shape, type.size());
    }
    if (type.kind() == 'U') {
      requireCodePoints(where, data);
    }
    return new NpyArray(type, shape, data);
  }

  /** The bytes of an array in version 1.0, row-major, its elements aligned to 64 bytes. */
  static byte[] write(NpyArray array) {
    String shape = array.shape().stream().map(String::valueOf).collect(Collectors.joining(", "));
    String dictionary =
        "{'descr': '"
            + array.dtype()
            + "', 'fortran_order': False, 'shape': ("
            + shape
            + (array.shape().size() == 1 ? ",), }" : "), }");
    int unpadded = MAGIC.length + 4 + dictionary.length() + 1;
    int padding = Math.floorMod(-unpadded, ALIGNMENT);
    String header = dictionary + " ".repeat(padding) + "\n";

    ByteArrayOutputStream out = new ByteArrayOutputStream(unpadded + padding + array.data().length);
    out.writeBytes(MAGIC);
    out.write(1);
    out.write(0);
    out.write(header.length() & 0xFF);
    out.write(header.length() >> 8);
    out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(array.data());
    return out.toByteArray();
  }

  private static String descriptor(String where, String header) {
    Matcher matcher = find(DESCRIPTOR, where, header, "descr");
    String descriptor = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    require(
        descriptor != null,
        where,
        "got a structured array, expected plain numbers or text; save each field by itself");
    require(
        !descriptor.contains("O"),
        where,
        "got Python objects (a pickle), which may run code when read; save plain numbers or text");
    return descriptor;
  }

  private static int[] shape(String where, String header, NpyType type, int dataLength) {
    String inside = find(SHAPE, where, header, "shape").group(1).replaceAll("[L\\s]", "");
    try {
      int[] shape =
          inside.isEmpty()
              ? new int[0]
              : Arrays.stream(inside.split(",")).mapToInt(Integer::parseInt).toArray();
      int elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      long expected = (long) elements * type.size();
      require(
          expected == dataLength,
          where,
          "the shape "
              + Arrays.toString(shape)
              + " of "
              + type.descriptor()
              + " needs "
              + expected
              + " bytes, got "
              + dataLength
              + "; the array is cut off or damaged: save it again");
      return shape;
    } catch (NumberFormatException | ArithmeticException e) {
      throw failure(
          where, "got the shape (" + start(inside) + "), which no array of this library can have");
    }
  }

  private static Matcher find(Pattern pattern, String where, String header, String key) {
    Matcher matcher = pattern.matcher(header);
    require(
        matcher.find(),
        where,
        "its header has no readable '" + key + "': " + start(header.stripTrailing()));
    return matcher;
  }

  /** The start of a text for a message: a header may be as long as its file. */
  private static String start(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  private static void swapBytes(byte[] data, int unit) {
    for (int from = 0; from < data.length; from += unit) {
      for (int i = from, j = from + unit - 1; i < j; i++, j--) {
        byte kept = data[i];
        data[i] = data[j];
        data[j] = kept;
      }
    }
  }

  /** From the first index running fastest to the last one. */
  private static byte[] toRowMajor(byte[] columnMajor, int[] shape, int size) {
    if (columnMajor.length == 0) {
      return columnMajor; // elements of no bytes may be two thousand million
    }
    byte[] rowMajor = new byte[columnMajor.length];
    int[] strides = new int[shape.length]; // elements of columnMajor a step of each index
    int elements = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      strides[axis] = elements;
      elements *= shape[axis];
    }
    int[] index = new int[shape.length];
    int source = 0;
    for (int target = 0; target < elements; target++) {
      System.arraycopy(columnMajor, source * size, rowMajor, target * size, size);
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        source += strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        source -= strides[axis] * shape[axis];
        index[axis] = 0;
      }
    }
    return rowMajor;
  }

  private static void requireCodePoints(String where, byte[] data) {
    ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      int codePoint = buffer.getInt();
      require(
          Character.isValidCodePoint(codePoint),
          where,
          "its text holds " + codePoint + ", which is no character; save it again");
    }
  }

  private static void require(boolean condition, String where, String what) {
    if (!condition) {
      throw failure(where, what);
    }
  }

  private static CheckpointException failure(String where, String what) {
    return new CheckpointException(where + ": " + what);
  }
}
