package org.grokscope.endurance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.NpyArray;

/** One bad checkpoint after the other, made from a good one. */
public final class HostileArchives {
  static final List<String> NAMES =
      List.of(
          "../../../endurance-escaped",
          "/tmp/endurance-escaped",
          "..\\..\\endurance-escaped",
          "",
          "a\nb",
          "\u001b[2J",
          "W_E",
          "blocks.0.W_E",
          "blocks.999999.W_in",
          "blocks.1.W_Q",
          "b_Q",
          "ln1.w",
          "x".repeat(60_000),
          "con",
          "\ufeffp",
          "blocks.99999999999.W_in",
          "W_E/",
          "a/b",
          "model",
          "operands",
          "context_length");

  private static final List<String> SHAPES =
      List.of(
          "()",
          "(0,)",
          "(1099511627776,)",
          "(2147483647,)",
          "(2147483647, 2147483647)",
          "(-1,)",
          "(1048576, 1048576)",
          "(0, 2147483647)",
          "(2147483647, 0)",
          "(65536, 65536, 0)",
          "(1.5,)",
          "((3),)",
          "(,)",
          "(9223372036854775808,)",
          "(" + "1, ".repeat(3_000) + ")",
          "(8, 8)",
          "(1L,)",
          "(" + "9".repeat(20_000) + ",)",
          "(3 3)",
          "(2147483647,)");

  private static final List<String> TYPES =
      List.of(
          "<f4",
          "<f8",
          "<f2",
          ">f4",
          ">f8",
          "<i8",
          "|i1",
          "|u1",
          ">u8",
          "|b1",
          "<U0",
          "|S0",
          "<U1",
          "|S5",
          "|O",
          "<f16",
          "<c8",
          "|V8",
          "<M8[ns]",
          "<U99999999",
          "<f",
          "f4",
          "<i3",
          "=f4",
          "|S99999999",
          "<f00000004");

  private final Mutation mutation;
  private final Optional<String> model; // its description, where there is one
  private final byte[] good;
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private String last = "";

  /** Those of a seed, made from a checkpoint of modular arithmetic. */
  public HostileArchives(long seed) throws IOException {
    this(seed, Tiny.checkpoint(10));
  }

  /** Those of a seed, made from a checkpoint. */
  HostileArchives(long seed, Checkpoint checkpoint) throws IOException {
    mutation = new Mutation(seed);
    model = Optional.ofNullable(checkpoint.arrays().get("model")).map(NpyArray::text);
    Path file = Files.createTempFile("grokscope-good", ".npz");
    try {
      checkpoint.save(file);
      good = Files.readAllBytes(file);
      try (ZipFile zip = new ZipFile(file.toFile())) {
        for (ZipEntry entry : zip.stream().toList()) {
          entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
        }
      }
    } finally {
      Files.delete(file);
    }
  }

  /** How the last one was made. */
  public String last() {
    return last;
  }

  /** The next one. */
  public byte[] next() {
    int kind = mutation.random().nextInt(10);
    if (kind < 2) {
      last = "bytes of the file";
      return mutation.bytes(good);
    }
    Map<String, byte[]> changed = new LinkedHashMap<>(entries);
    String name = mutation.one(List.copyOf(entries.keySet()));
    byte[] array = entries.get(name);
    Archive archive = new Archive();
    switch (kind) {
      case 2 -> {
        last = "bytes of " + name;
        changed.put(name, mutation.bytes(array));
      }
      case 3, 4 -> {
        String type = mutation.one(TYPES);
        String shape = mutation.one(SHAPES);
        byte[] data = new byte[mutation.one(List.of(0, 8, data(array).length))];
        last = name + " of " + type + " " + (shape.length() > 50 ? "a long shape" : shape);
        changed.put(name, array(type, shape, data));
      }
      case 5 -> {
        last = "header of " + name;
        changed.put(name, withHeader(mutation.text(header(array)), data(array)));
      }
      case 6 -> {
        boolean ofModel = model.isPresent() && mutation.random().nextInt(4) > 0;
        last = ofModel ? "the model's description" : "provenance";
        String text = mutation.text(ofModel ? model.get() : provenance());
        int[] points = text.codePoints().toArray();
        ByteBuffer data = ByteBuffer.allocate(4 * points.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asIntBuffer().put(points);
        changed.put(
            ofModel ? "model.npy" : "provenance.npy",
            array("<U" + points.length, "()", data.array()));
      }
      case 7 -> {
        last = "a value of " + name;
        changed.put(name, withHeader(header(array), values(data(array))));
      }
      case 8 -> {
        String other = mutation.one(NAMES);
        last = name + " renamed";
        changed.remove(name);
        changed.put(other + mutation.one(List.of(".npy", "", ".npz")), array);
      }
      default -> odd(name, array, archive);
    }
    changed.forEach(archive::stored);
    return archive.bytes();
  }

  /** What only a zip file of its own can be. */
  private void odd(String name, byte[] array, Archive archive) {
    switch (mutation.random().nextInt(6)) {
      case 0 -> {
        last = name + " twice";
        archive.stored(name, array);
      }
      case 1 -> {
        last = "a zip in the zip";
        archive.stored(mutation.one(List.of("inner.npz", "inner.npy")), good);
      }
      case 2 -> {
        last = "a length that is not so";
        archive.lying("extra.npy", array, mutation.one(List.of(0, 1, Integer.MAX_VALUE, -1)));
      }
      case 3 -> {
        last = "zeros that say to be few";
        archive.zeros("extra.npy", 60 << 20, mutation.one(List.of(0, 100, -2, 60 << 20)));
      }
      case 4 -> {
        last = "deflated";
        archive.deflated("extra.npy", array);
      }
      default -> {
        last = "a name that leads out";
        archive.stored(mutation.one(NAMES) + ".npy", array);
      }
    }
  }

  private String provenance() {
    return mutation.one(
        List.of(
            "{\"model\": {\"activation\": \"RELU\", \"causal\": true}, \"seed\": 17}",
            "{\"task\": {\"operation\": \"a+b\", \"p\": 7}, \"model\": {\"causal\": false}}",
            "[".repeat(100_000),
            "{\"a\":".repeat(50_000)));
  }

  /** Numbers that nobody trains to. */
  private byte[] values(byte[] data) {
    ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = mutation.random().nextInt(3); i >= 0 && data.length >= 8; i--) {
      int at = 4 * mutation.random().nextInt(data.length / 4 - 1);
      switch (mutation.random().nextInt(4)) {
        case 0 ->
            buffer.putFloat(at, mutation.one(List.of(Float.NaN, Float.MAX_VALUE, 1e-45f, -1f / 0)));
        case 1 -> buffer.putLong(at & ~7, mutation.one(List.of(-1L, 1L << 40, Long.MIN_VALUE)));
        case 2 -> buffer.putLong(at & ~7, mutation.random().nextInt(20_001));
        default -> buffer.putInt(at, mutation.random().nextInt());
      }
    }
    return data;
  }

  private static int headerEnd(byte[] array) {
    return 10 + (array[8] & 0xFF) + 256 * (array[9] & 0xFF);
  }

  private static String header(byte[] array) {
    return new String(array, 10, headerEnd(array) - 10, StandardCharsets.ISO_8859_1);
  }

  private static byte[] data(byte[] array) {
    return java.util.Arrays.copyOfRange(array, headerEnd(array), array.length);
  }

  /** An array with this header, which need not fit. */
  static byte[] array(String type, String shape, byte[] data) {
    return withHeader(
        "{'descr': '"
            + type
            + "', 'fortran_order': "
            + (shape.length() % 2 == 0 ? "True" : "False")
            + ", 'shape': "
            + shape
            + ", }\n",
        data);
  }

  private static byte[] withHeader(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer start = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    start.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 3, 0}).putInt(text.length);
    out.writeBytes(start.array());
    out.writeBytes(text);
    out.writeBytes(data);
    return out.toByteArray();
  }
}
