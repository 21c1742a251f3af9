package org.grokscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the house: arrows between packages only point down. */
class LayersTest {
  private static final Path SOURCES = Path.of("src/main/java/org/grokscope");
  private static final Pattern IMPORT =
      Pattern.compile("(?:import(?: static)?\\s+|[^\\w.\"])org\\.grokscope\\.(\\w+)\\.");

  /** The rooms of models, tasks and what is measured of them. */
  private static final Set<String> PLOTTED =
      Set.of(
          "compression",
          "line",
          "probe",
          "train",
          "series",
          "checkpoint",
          "model",
          "task",
          "fourier",
          "geometry");

  private static Set<String> with(Set<String> rooms, String... more) {
    Set<String> all = new TreeSet<>(rooms);
    all.addAll(Set.of(more));
    return all;
  }

  /** What each room may import. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("task", Set.of()),
          Map.entry("fourier", Set.of()),
          Map.entry("geometry", Set.of()),
          Map.entry("claim", Set.of()),
          Map.entry("model", Set.of("task")),
          Map.entry("checkpoint", Set.of("model", "task")),
          Map.entry("series", Set.of("checkpoint", "model", "task")),
          Map.entry("train", Set.of("series", "checkpoint", "model", "task")),
          Map.entry("line", Set.of("series", "checkpoint", "model", "task", "geometry")),
          Map.entry(
              "probe", Set.of("series", "checkpoint", "model", "task", "fourier", "geometry")),
          Map.entry(
              "compression", Set.of("probe", "series", "checkpoint", "model", "task", "fourier")),
          Map.entry(
              "sweep", Set.of("line", "probe", "train", "series", "checkpoint", "model", "task")),
          Map.entry("plot", with(PLOTTED, "sweep", "claim")),
          Map.entry("evidence", with(PLOTTED, "sweep", "claim")),
          Map.entry("notebook", with(PLOTTED, "plot", "claim", "evidence", "sweep")),
          Map.entry("browser", Set.of("train", "series", "checkpoint", "model", "task")),
          Map.entry("bench", with(PLOTTED, "sweep")),
          Map.entry(
              "command", with(PLOTTED, "notebook", "bench", "evidence", "plot", "claim", "sweep")));

  /** Libraries that only one room knows. */
  private static final Map<String, Set<String>> KNOWN_ONLY_TO =
      Map.of(
          "org.dflib.jjava", Set.of("notebook"),
          "tech.tablesaw.plotly", Set.of("plot"),
          "org.jtransforms", Set.of("fourier"),
          "org.apache.commons.compress", Set.of("compression"),
          "org.tukaani", Set.of("compression"),
          "com.github.luben", Set.of("compression"),
          "picocli", Set.of("command"),
          "org.teavm", Set.of("browser"),
          "org.bytedeco", Set.of("model"),
          "org.apache.spark", Set.of("sweep"));

  @Test
  void every_import_between_rooms_points_down() throws IOException {
    List<String> upward = new ArrayList<>();
    imports()
        .forEach(
            (room, imported) ->
                imported.stream()
                    .filter(other -> !ALLOWED.get(room).contains(other))
                    .forEach(other -> upward.add(room + " imports " + other)));
    assertEquals(List.of(), upward);
  }

  @Test
  void a_kernel_a_plotting_library_and_a_blas_are_each_known_to_one_room() throws IOException {
    List<String> strangers = new ArrayList<>();
    for (Path file : sources()) {
      String room = SOURCES.relativize(file).getName(0).toString();
      String code = code(file);
      KNOWN_ONLY_TO.forEach(
          (library, rooms) -> {
            if (code.contains("import " + library + ".") && !rooms.contains(room)) {
              strangers.add(file + " imports " + library);
            }
          });
    }
    assertEquals(List.of(), strangers);
  }

  @Test
  void every_room_is_listed_and_explains_itself() throws IOException {
    Set<String> rooms = new TreeSet<>();
    for (Path file : sources()) {
      rooms.add(SOURCES.relativize(file).getName(0).toString());
    }
    assertEquals(new TreeSet<>(ALLOWED.keySet()), rooms);
    for (String room : rooms) {
      assertTrue(
          Files.exists(SOURCES.resolve(room).resolve("package-info.java")),
          room + " has no package-info.java");
    }
  }

  /** Which other rooms each room imports. */
  static Map<String, Set<String>> imports() throws IOException {
    Map<String, Set<String>> imports = new TreeMap<>();
    for (Path file : sources()) {
      String room = SOURCES.relativize(file).getName(0).toString();
      Set<String> of = imports.computeIfAbsent(room, unseen -> new TreeSet<>());
      Matcher imported = IMPORT.matcher(code(file));
      while (imported.find()) {
        of.add(imported.group(1));
      }
      of.remove(room);
    }
    return imports;
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  /** A file without its comments, which may speak of other rooms. */
  private static String code(Path file) throws IOException {
    return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
  }
}
