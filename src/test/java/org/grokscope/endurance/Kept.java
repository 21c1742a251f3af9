package org.grokscope.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.NpyArray;
import org.grokscope.checkpoint.Npz;

/** What a folder keeps: whether every file in it is whole, and what stands in it. */
final class Kept {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Kept() {}

  /** That no file is half-written; temporary ones of a killed process are passed over. */
  static void requireWhole(Path folder) throws IOException {
    for (Path file : files(folder)) {
      if (!isTemporary(file)) {
        content(file);
      }
    }
  }

  /** The temporary files below a folder. */
  static List<Path> temporary(Path folder) throws IOException {
    return files(folder).stream().filter(Kept::isTemporary).toList();
  }

  private static boolean isTemporary(Path file) {
    return file.getFileName().toString().endsWith(".tmp");
  }

  /** That two folders keep the same numbers, bit for bit, and that no temporary file is left. */
  static void assertSame(Path whole, Path other) throws IOException {
    assertEquals(List.of(), temporary(other), "temporary files are left");
    Map<String, Object> expected = contents(whole);
    Map<String, Object> actual = contents(other);
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach((name, content) -> assertEquals(content, actual.get(name), name));
  }

  /** Everything below a folder, without seconds, times and random tokens. */
  static Map<String, Object> contents(Path folder) throws IOException {
    Map<String, Object> contents = new TreeMap<>();
    for (Path file : files(folder)) {
      contents.put(folder.relativize(file).toString(), content(file));
    }
    return contents;
  }

  /** Copies the files of a folder into a new one. */
  static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(from.relativize(file)));
    }
  }

  /** All files below a folder; those that go while it looks are none. */
  static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> all = new ArrayList<>();
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path path : inside.toList()) {
        if (Files.isDirectory(path)) {
          all.addAll(files(path));
        } else {
          all.add(path);
        }
      }
    } catch (NoSuchFileException e) {
      return all;
    }
    return all;
  }

  private static Object content(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.equals(".lock") || name.equals(".hold")) {
      assertEquals(0, Files.size(file), file::toString);
      return "";
    }
    if (name.equals(".token")) {
      assertEquals(36, Files.size(file), file::toString);
      return "";
    }
    if (name.endsWith(".npz")) {
      return arrays(file);
    }
    if (name.endsWith(".json")) {
      JsonNode tree = JSON.readTree(file.toFile());
      assertTrue(tree.isObject() && !tree.isEmpty(), () -> file + " is " + tree);
      return withoutTimes((ObjectNode) tree);
    }
    if (name.endsWith(".csv")) {
      return table(file);
    }
    throw new AssertionError("got the file " + file + ", which nobody should have written");
  }

  private static Object arrays(Path file) {
    if (file.getFileName().toString().startsWith("step-")) {
      Checkpoint.load(file);
    }
    Map<String, NpyArray> arrays = new LinkedHashMap<>(Npz.read(file));
    assertTrue(arrays.size() > 5, () -> file + " has the arrays " + arrays.keySet());
    arrays.remove("provenance"); // says when it began
    return arrays;
  }

  private static JsonNode withoutTimes(ObjectNode tree) {
    tree.remove(List.of("started", "seconds"));
    return tree;
  }

  /** The cells of a CSV, without the column seconds; comments are lines of their own. */
  private static List<List<String>> table(Path file) throws IOException {
    String text = Files.readString(file);
    assertTrue(text.endsWith("\n"), () -> file + " is cut off: " + text);
    List<List<String>> rows = new ArrayList<>();
    List<String> header = null;
    for (String line : text.lines().toList()) {
      List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
      if (line.startsWith("#")) {
        rows.add(cells);
        continue;
      }
      header = header == null ? List.copyOf(cells) : header;
      assertEquals(header.size(), cells.size(), () -> file + ": " + line);
      if (header.contains("seconds")) {
        cells.remove(header.indexOf("seconds"));
      }
      rows.add(cells);
    }
    return rows;
  }
}
