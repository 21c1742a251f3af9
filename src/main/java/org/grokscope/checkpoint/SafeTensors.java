package org.grokscope.checkpoint;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Named arrays in one file, as the Python package {@code safetensors} keeps them: eight bytes that
 * tell the length of a header, the header in JSON, and the elements of all arrays, little-endian
 * and row-major, without a gap.
 *
 * <p>What {@link Npz} writes as an array of one text stands in the header's {@code __metadata__}.
 * All other arrays keep their types, so that both files hold the same. Equal arrays give equal
 * bytes.
 *
 * <p>Read strictly: the header must begin with a brace, name nothing twice, and give every byte to
 * one array. BF16 is read as float32, which has all its values.
 */
public final class SafeTensors {
  /** What files of this kind end in. */
  public static final String ENDING = ".safetensors";

  /** The types that are read, for messages. */
  static final String SUPPORTED = "F64, F32, F16, BF16, I64 … I8, U64 … U8 or BOOL";

  private static final int PROLOGUE = 8; // bytes that tell the header's length
  private static final int LONGEST_HEADER = 100_000_000; // bytes, as the Python package has it
  private static final int ALIGNMENT = 8;
  private static final String BRAIN_FLOAT = "BF16";
  private static final Map<String, NpyType> TYPES = new HashMap<>();

  static {
    for (String descriptor :
        List.of("f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1")) {
      NpyType type = NpyType.parse(descriptor).orElseThrow();
      TYPES.put(nameOf(type), type);
    }
  }

  private SafeTensors() {}

  private static String nameOf(NpyType type) {
    return type.kind() == 'b' ? "BOOL" : Character.toUpperCase(type.kind()) + "" + 8 * type.size();
  }

  /** Bytes of an element of a type, or empty if it is not read. */
  static OptionalInt sizeOf(String type) {
    if (type.equals(BRAIN_FLOAT)) {
      return OptionalInt.of(2);
    }
    NpyType known = TYPES.get(type);
    return known == null ? OptionalInt.empty() : OptionalInt.of(known.size());
  }

  /**
   * Writes arrays atomically; see {@link AtomicFile}.
   *
   * @param path the file, whole name with {@code .safetensors}
   * @param arrays by name, in the order that the header is to have; texts, which have to be single,
   *     follow the others when they are read
   * @throws IllegalArgumentException if there are several texts in an array, or more than a header
   *     has room for
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void write(Path path, LinkedHashMap<String, NpyArray> arrays) {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, NpyArray> others = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          require(!name.equals(SafeTensorsHeader.TEXTS), path, "an array of the name " + name);
          if (array.isText()) {
            require(array.size() == 1, path, "several texts in the array " + name);
            texts.put(name, array.text());
          } else {
            others.put(name, array);
          }
        });
    // the widest elements first, so that each stands where its size divides the place
    List<String> inOrder = new ArrayList<>(others.keySet());
    inOrder.sort(Comparator.comparingInt(name -> -others.get(name).type().size()));
    Map<String, Long> places = new HashMap<>();
    long end = 0;
    for (String name : inOrder) {
      places.put(name, end);
      end += others.get(name).data().length;
    }
    List<SafeTensorsHeader.Entry> entries = new ArrayList<>();
    others.forEach((name, array) -> entries.add(entry(name, array, places.get(name))));
    byte[] header = filledUp(new SafeTensorsHeader(texts, entries).text());
    require(header.length <= LONGEST_HEADER, path, "a header of " + header.length + " bytes");
    AtomicFile.write(
        path,
        out -> {
          out.write(little(Long.BYTES).putLong(header.length).array());
          out.write(header);
          for (String name : inOrder) {
            out.write(others.get(name).data());
          }
        });
  }

  private static SafeTensorsHeader.Entry entry(String name, NpyArray array, long from) {
    int[] shape = array.shape().stream().mapToInt(Integer::intValue).toArray();
    return new SafeTensorsHeader.Entry(
        name, nameOf(array.type()), shape, from, from + array.data().length);
  }

  /** The header with blanks at its end, so that the elements begin where doubles may stand. */
  private static byte[] filledUp(String header) {
    int blanks = Math.floorMod(-(PROLOGUE + header.length()), ALIGNMENT);
    return (header + " ".repeat(blanks)).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads all arrays of a file, in the order of its header, and then its texts.
   *
   * @throws CheckpointException if there is no such file, if it is no .safetensors, or is cut off
   *     or damaged, or holds an array of a type that is not supported, or more than this Java's
   *     memory has room for
   */
  public static LinkedHashMap<String, NpyArray> read(Path path) {
    String where = "read " + path;
    if (!Files.exists(path)) {
      throw failure(where, "there is no such file, expected a .safetensors; check the path");
    }
    if (Files.isDirectory(path)) {
      throw failure(where, "this is a folder, expected a .safetensors file; name a file in it");
    }
    // a channel would close if interrupted
    try (FileInputStream file = new FileInputStream(path.toFile())) {
      long length = Files.size(path);
      ArrayRoom.require(where, length);
      SafeTensorsHeader header = readHeader(where, file, length);
      return arrays(where, header, file);
    } catch (IOException e) {
      throw new CheckpointException(
          where + ": the file cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static SafeTensorsHeader readHeader(String where, InputStream file, long fileLength)
      throws IOException {
    byte[] prologue = file.readNBytes(PROLOGUE);
    if (prologue.length == PROLOGUE && prologue[0] == 'P' && prologue[1] == 'K') {
      throw failure(where, "this is a zip file, as a .npz is, expected a .safetensors; name it so");
    }
    long length =
        prologue.length < PROLOGUE
            ? 0
            : ByteBuffer.wrap(prologue).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > Math.min(LONGEST_HEADER, fileLength - PROLOGUE)) {
      throw failure(
          where,
          "got a header of "
              + Long.toUnsignedString(length)
              + " bytes in a file of "
              + fileLength
              + ", expected a .safetensors, whose header begins at byte 8 and has at most "
              + LONGEST_HEADER
              + " bytes; copy or save it again");
    }
    byte[] bytes = file.readNBytes((int) length);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CheckpointException(
          where + ": its header is no text in UTF-8; copy or save the file again", e);
    }
    return SafeTensorsHeader.parse(where, text, fileLength - PROLOGUE - length);
  }

  private static LinkedHashMap<String, NpyArray> arrays(
      String where, SafeTensorsHeader header, InputStream file) throws IOException {
    Map<String, NpyArray> read = new HashMap<>();
    for (SafeTensorsHeader.Entry entry : header.inOrderOfBytes()) {
      long length = entry.to() - entry.from();
      String ofArray = where + ": array " + SafeTensorsHeader.start(entry.name());
      ArrayRoom.requireOne(ofArray, length);
      byte[] data = new byte[(int) length];
      if (file.readNBytes(data, 0, data.length) < length) {
        throw failure(ofArray, "it is cut off; copy or save the file again");
      }
      read.put(entry.name(), array(entry, data));
    }
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    header.entries().forEach(entry -> arrays.put(entry.name(), read.get(entry.name())));
    header.texts().forEach((name, text) -> arrays.put(name, textArray(where, name, text)));
    return arrays;
  }

  private static NpyArray array(SafeTensorsHeader.Entry entry, byte[] data) {
    return entry.type().equals(BRAIN_FLOAT)
        ? new NpyArray(NpyType.FLOAT32, entry.shape(), widened(data))
        : new NpyArray(TYPES.get(entry.type()), entry.shape(), data);
  }

  /** From the upper halves of float32 to float32. */
  private static byte[] widened(byte[] halves) {
    byte[] whole = new byte[2 * halves.length];
    for (int i = 0; i < halves.length; i += 2) {
      whole[2 * i + 2] = halves[i];
      whole[2 * i + 3] = halves[i + 1];
    }
    return whole;
  }

  private static NpyArray textArray(String where, String name, String text) {
    try {
      return NpyArray.ofString(text);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          where + ": text " + SafeTensorsHeader.start(name) + ": " + e.getMessage(), e);
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void require(boolean condition, Path path, String given) {
    if (!condition) {
      throw new IllegalArgumentException(
          "write " + path + ": got " + given + ", which a .safetensors cannot keep; write a .npz");
    }
  }

  private static CheckpointException failure(String where, String what) {
    return new CheckpointException(where + ": " + what);
  }
}
