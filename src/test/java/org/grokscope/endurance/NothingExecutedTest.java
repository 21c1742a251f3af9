package org.grokscope.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nothing in a file that is read can be executed: the compiled library names no class that makes
 * objects, classes or processes of what it reads, but where it says why.
 */
class NothingExecutedTest {
  private static final Path CLASSES = Path.of("target/classes/org/grokscope");

  /** What would be executed, and the classes that may name it all the same. */
  private static final Map<String, Set<String>> FORBIDDEN =
      Map.of(
          "java/io/ObjectInputStream", Set.of(),
          "java/beans/XMLDecoder", Set.of(),
          "javax/script", Set.of(),
          "java/net/URLClassLoader", Set.of(),
          "defineClass", Set.of(),
          "activateDefaultTyping", Set.of(),
          "com/fasterxml/jackson/annotation/JsonTypeInfo", Set.of(),
          "java/lang/ProcessBuilder", Set.of("bench/PeerWorker"), // its own scripts of `bench`
          "java/util/zip/ZipInputStream", Set.of());

  @Test
  void no_class_names_what_would_execute_or_unpack_a_file() throws IOException {
    List<String> found = new ArrayList<>();
    int classes = 0;
    try (Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        classes++;
        String name = CLASSES.relativize(file).toString().replaceFirst("(\\$.*)?\\.class$", "");
        String constants = Files.readString(file, StandardCharsets.ISO_8859_1);
        FORBIDDEN.forEach(
            (what, allowed) -> {
              if (constants.contains(what) && !allowed.contains(name)) {
                found.add(name + " names " + what);
              }
            });
      }
    }
    assertEquals(List.of(), found);
    assertTrue(classes > 200, "only " + classes + " classes were looked at");
  }
}
