package org.grokscope.endurance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.ParameterNames;

/** One bad .safetensors after the other, made from a good one. */
public final class HostileTensors {
  private static final Pattern ENTRY =
      Pattern.compile("\"[^\"]+\":\\{\"dtype\":\"\\w+\",\"shape\":\\[([^]]*)],[^}]*}");
  private static final Pattern SHAPE = Pattern.compile("\"shape\":\\[[^]]*]");
  private static final Pattern TYPE = Pattern.compile("\"dtype\":\"\\w+\"");
  private static final Pattern OFFSETS = Pattern.compile("\"data_offsets\":\\[[^]]*]");
  private static final Pattern NAME = Pattern.compile("\"[^\"]+\"(?=:\\{\"dtype)");

  private static final List<String> SHAPES =
      List.of(
          "",
          "0",
          "0,2147483647",
          "2147483647",
          "2147483648",
          "2147483647,2147483647",
          "65536,65536",
          "65536,65536,0",
          "9223372036854775807,2",
          "9223372036854775808",
          "-1",
          "1.5",
          "1e3",
          "null",
          "\"8\"",
          "[8]",
          "8,8",
          "1,".repeat(3_000) + "1",
          "9".repeat(5_000));

  private static final List<String> TYPES =
      List.of(
          "F64", "F32", "F16", "BF16", "I64", "I8", "U64", "U8", "BOOL", "F8_E4M3", "C64", "F4", "",
          "f32", "I128", "O", "<f4");

  private static final List<String> PLACES =
      List.of(
          "0,0",
          "0,4",
          "4,0",
          "-4,0",
          "0,9223372036854775807",
          "9223372036854775804,9223372036854775807",
          "0,18446744073709551615",
          "1,5",
          "0",
          "",
          "0,4,8",
          "0.0,4.0",
          "\"0\",\"4\"",
          "null,null",
          "2147483647,2147483651");

  private final Mutation mutation;
  private final byte[] good;
  private final String header;
  private final byte[] data;
  private String last = "";

  /** Those of a seed, made from a checkpoint under these names. */
  public HostileTensors(long seed, Checkpoint checkpoint, ParameterNames names) throws IOException {
    mutation = new Mutation(seed);
    Path file = Files.createTempFile("grokscope-good", ".safetensors");
    try {
      checkpoint.save(file, names);
      good = Files.readAllBytes(file);
    } finally {
      Files.delete(file);
    }
    int length = (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong();
    header = new String(good, 8, length, StandardCharsets.UTF_8);
    data = Arrays.copyOfRange(good, 8 + length, good.length);
  }

  /** How the last one was made. */
  public String last() {
    return last;
  }

  /** The next one: nine in ten have a bad header. */
  public byte[] next() {
    switch (mutation.random().nextInt(10)) {
      case 0 -> {
        last = "bytes of the file";
        return mutation.bytes(good);
      }
      case 1 -> {
        last = "a length that is not so";
        byte[] bytes = good.clone();
        long length =
            mutation.one(
                List.of(
                    0L,
                    1L,
                    2L,
                    8L,
                    header.length() - 1L,
                    header.length() + 1L,
                    100_000_000L,
                    100_000_001L,
                    1L << 31,
                    1L << 32,
                    Long.MAX_VALUE,
                    Long.MIN_VALUE,
                    -1L));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        return bytes;
      }
      case 2, 3 -> {
        last = "words of the header";
        return file(mutation.text(header));
      }
      case 4 -> {
        last = "a shape";
        return file(replaced(SHAPE, "\"shape\":[" + mutation.one(SHAPES) + "]"));
      }
      case 5 -> {
        last = "a type";
        return file(replaced(TYPE, "\"dtype\":\"" + mutation.one(TYPES) + "\""));
      }
      case 6 -> {
        last = "places of another, or of none";
        String place =
            mutation.random().nextBoolean()
                ? mutation.one(found(OFFSETS)).group()
                : "\"data_offsets\":[" + mutation.one(PLACES) + "]";
        return file(replaced(OFFSETS, place));
      }
      case 7 -> {
        last = "a name";
        String other = mutation.one(HostileArchives.NAMES);
        String quoted =
            mutation.random().nextBoolean()
                ? mutation.one(found(NAME)).group()
                : "\"" + other.replace("\\", "\\\\") + "\"";
        return file(replaced(NAME, quoted));
      }
      case 8 -> {
        last = "an entry more, or less";
        MatchResult entry = mutation.one(found(ENTRY));
        String more = mutation.random().nextBoolean() ? entry.group() + "," + entry.group() : "";
        return file(header.substring(0, entry.start()) + more + header.substring(entry.end()));
      }
      default -> {
        last = "a deep or long header";
        return file(odd());
      }
    }
  }

  private String odd() {
    String inside = header.strip().substring(1);
    return switch (mutation.random().nextInt(6)) {
      case 0 -> "{\"a\":".repeat(100_000);
      case 1 -> "{\"__metadata__\":{\"provenance\":\"" + "[".repeat(100_000) + "\"}," + inside;
      case 2 -> "{\"x\":{\"dtype\":\"I8\",\"shape\":[" + "[".repeat(100_000) + inside;
      case 3 -> {
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i < 20_000; i++) {
          many.append("\"x").append(i).append("\":{\"dtype\":\"I8\",\"shape\":[0],");
          many.append("\"data_offsets\":[0,0]},");
        }
        yield many + inside;
      }
      case 4 -> header + " ".repeat(1_000_000);
      default -> header.strip() + mutation.one(List.of("x", "{}", "\0", ",", "null", "\u00a0"));
    };
  }

  private List<MatchResult> found(Pattern pattern) {
    return pattern.matcher(header).results().toList();
  }

  private String replaced(Pattern pattern, String by) {
    MatchResult one = mutation.one(found(pattern));
    return header.substring(0, one.start()) + by + header.substring(one.end());
  }

  private byte[] file(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length).array());
    out.writeBytes(bytes);
    out.writeBytes(data);
    return out.toByteArray();
  }
}
