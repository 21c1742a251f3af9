package org.grokscope.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: its texts, and of each array the name, the type, the shape and
 * where its bytes stand.
 *
 * @param texts under {@code __metadata__}
 * @param entries in the order of the header
 */
record SafeTensorsHeader(Map<String, String> texts, List<SafeTensorsHeader.Entry> entries) {
  static final String TEXTS = "__metadata__";

  private static final int LONGEST_IN_A_MESSAGE = 200; // characters
  private static final int LONGEST_TEXT = 100_000_000; // characters, as long as a header may be
  private static final JsonFactory JSON = // keeps nothing of what it has read
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build())
          .build();

  /**
   * One array.
   *
   * @param type such as {@code F32}
   * @param from its first byte, counted from the end of the header
   * @param to the byte after its last one
   */
  record Entry(String name, String type, int[] shape, long from, long to) {}

  /**
   * The header in a text.
   *
   * @param where what messages begin with
   * @param dataLength bytes that follow the header
   * @throws CheckpointException if it is not one, if an array has a type that is not known or bytes
   *     that do not fit its shape, or if the arrays do not fill the bytes without gap or overlap
   */
  static SafeTensorsHeader parse(String where, String text, long dataLength) {
    if (!text.startsWith("{")) {
      throw failure(where, "its header does not begin with '{', expected a JSON object");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        String ofName = where + ": array " + start(name);
        requireToken(parser, JsonToken.START_OBJECT, ofName, "an object");
        if (name.equals(TEXTS)) {
          readTexts(parser, where + ": " + TEXTS, texts);
        } else {
          entries.add(readEntry(parser, ofName, name));
        }
      }
      if (parser.nextToken() != null) {
        throw failure(where, "its header goes on after the object's end");
      }
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          where
              + ": its header is not JSON as it should be ("
              + start(String.valueOf(e.getOriginalMessage()))
              + "); copy or save the file again",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text in memory cannot fail to be read
    }
    requireNoSharedName(where, texts, entries);
    requireFilled(where, entries, dataLength);
    return new SafeTensorsHeader(texts, entries);
  }

  /** As the file has it, in ASCII, without the blanks that fill it up. */
  String text() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      if (!texts.isEmpty()) {
        json.writeObjectFieldStart(TEXTS);
        for (Map.Entry<String, String> entry : texts.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (Entry entry : entries) {
        json.writeObjectFieldStart(entry.name);
        json.writeStringField("dtype", entry.type);
        json.writeFieldName("shape");
        json.writeArray(entry.shape, 0, entry.shape.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {entry.from, entry.to}, 0, 2);
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text in memory cannot fail to be written
    }
    return text.toString();
  }

  private static void readTexts(JsonParser parser, String where, Map<String, String> texts)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      requireToken(parser, JsonToken.VALUE_STRING, where + "." + start(name), "a text");
      texts.put(name, parser.getText());
    }
  }

  private static Entry readEntry(JsonParser parser, String where, String name) throws IOException {
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      switch (parser.currentName()) {
        case "dtype" -> {
          requireToken(parser, JsonToken.VALUE_STRING, where + ": dtype", "a text such as \"F32\"");
          type = parser.getText();
        }
        case "shape" -> shape = readNumbers(parser, where + ": shape");
        case "data_offsets" -> offsets = readNumbers(parser, where + ": data_offsets");
        default ->
            throw failure(
                where,
                "got the field "
                    + start(parser.currentName())
                    + ", expected dtype, shape and data_offsets alone");
      }
    }
    if (type == null || shape == null || offsets == null) {
      throw failure(
          where, "got no " + (type == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
    }
    return checked(where, name, type, shape, offsets);
  }

  private static List<Long> readNumbers(JsonParser parser, String where) throws IOException {
    requireToken(parser, JsonToken.START_ARRAY, where, "a list of whole numbers");
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
      if (!whole) {
        throw failure(where, "got " + parser.currentToken() + ", expected whole numbers");
      }
      if (parser.getLongValue() < 0) {
        throw failure(where, "got " + parser.getText() + ", expected 0 or more");
      }
      numbers.add(parser.getLongValue());
    }
    return numbers;
  }

  private static Entry checked(
      String where, String name, String type, List<Long> shape, List<Long> offsets) {
    int size =
        SafeTensors.sizeOf(type)
            .orElseThrow(
                () ->
                    failure(
                        where,
                        "got the type "
                            + start(type)
                            + ", expected one of "
                            + SafeTensors.SUPPORTED));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw failure(
          where,
          "got data_offsets " + start(offsets.toString()) + ", expected a first byte and an end");
    }
    long bytes = offsets.get(1) - offsets.get(0);
    try {
      int[] dimensions = shape.stream().mapToInt(Math::toIntExact).toArray();
      int elements = Arrays.stream(dimensions).reduce(1, Math::multiplyExact);
      long expected = (long) elements * size;
      if (expected != bytes) {
        throw failure(
            where,
            "the shape "
                + start(shape.toString())
                + " of "
                + type
                + " needs "
                + expected
                + " bytes, got "
                + bytes
                + "; the file is damaged: copy or save it again");
      }
      return new Entry(name, type, dimensions, offsets.get(0), offsets.get(1));
    } catch (ArithmeticException e) {
      throw failure(
          where,
          "got the shape " + start(shape.toString()) + ", which no array of this library can have");
    }
  }

  private static void requireNoSharedName(
      String where, Map<String, String> texts, List<Entry> entries) {
    for (Entry entry : entries) {
      if (texts.containsKey(entry.name)) {
        throw failure(
            where + ": array " + start(entry.name),
            "there is a text of this name too, expected one of them; name one anew");
      }
    }
  }

  /** Every byte belongs to one array. */
  private static void requireFilled(String where, List<Entry> entries, long dataLength) {
    long filled = 0;
    for (Entry entry : inOrderOfBytes(entries)) {
      if (entry.from != filled) {
        throw failure(
            where + ": array " + start(entry.name),
            "begins at byte "
                + entry.from
                + (entry.from < filled ? ", within another array" : ", after bytes of no array")
                + ", expected "
                + filled
                + "; the file is damaged: copy or save it again");
      }
      filled = entry.to;
    }
    if (filled != dataLength) {
      throw failure(
          where,
          "its arrays need "
              + filled
              + " bytes, got "
              + dataLength
              + "; the file is cut off or damaged: copy or save it again");
    }
  }

  /** The entries as their bytes follow each other. */
  List<Entry> inOrderOfBytes() {
    return inOrderOfBytes(entries);
  }

  private static List<Entry> inOrderOfBytes(List<Entry> entries) {
    return entries.stream()
        .sorted(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to))
        .toList();
  }

  private static void requireToken(
      JsonParser parser, JsonToken wanted, String where, String expected) throws IOException {
    JsonToken token = parser.nextToken();
    if (token != wanted) {
      throw failure(where, "got " + token + ", expected " + expected);
    }
  }

  /** The start of a text for a message: a header may be as long as its file. */
  static String start(String text) {
    return text.length() <= LONGEST_IN_A_MESSAGE
        ? text
        : text.substring(0, LONGEST_IN_A_MESSAGE) + "…";
  }

  private static CheckpointException failure(String where, String what) {
    return new CheckpointException(where + ": " + what);
  }
}
