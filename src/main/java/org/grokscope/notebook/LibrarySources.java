package org.grokscope.notebook;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The library's own source texts, which its jar carries, by the full names of their types. */
final class LibrarySources {
  private static final String FOLDER = "META-INF/sources";

  /**
   * A type as its source declares it.
   *
   * @param name with its package and the types around it
   * @param tree its declaration
   * @param unit the file
   * @param comments reads the comments of the file
   */
  record Declared(String name, ClassTree tree, CompilationUnitTree unit, DocTrees comments) {}

  private static Map<String, String> texts;

  private LibrarySources() {}

  /** All texts by the name of their type, read once. */
  static synchronized Map<String, String> texts() {
    if (texts == null) {
      try {
        texts = read();
      } catch (IOException e) {
        throw new UncheckedIOException("docs: the sources in the library's jar cannot be read", e);
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return texts;
  }

  private static Map<String, String> read() throws IOException, URISyntaxException {
    Path library =
        Path.of(LibrarySources.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(library)) {
      return readBelow(library.resolve(FOLDER));
    }
    try (FileSystem jar = FileSystems.newFileSystem(library, (ClassLoader) null)) {
      return readBelow(jar.getPath(FOLDER));
    }
  }

  private static Map<String, String> readBelow(Path folder) throws IOException {
    Map<String, String> read = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String name = folder.relativize(file).toString().replaceAll("\\.java$", "");
        read.put(name.replaceAll("[/\\\\]", "."), Files.readString(file));
      }
    }
    return read;
  }

  /** The types of one file by their full names, the outermost first. */
  static Map<String, Declared> types(String outermost) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException(
          "docs: this Java has no compiler to read the sources with; run the kernel on a whole JDK");
    }
    SimpleJavaFileObject file =
        new SimpleJavaFileObject(
            URI.create("string:///" + outermost.replace('.', '/') + ".java"),
            SimpleJavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return texts().get(outermost);
          }
        };
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, found -> {}, List.of(), null, List.of(file));
    Map<String, Declared> types = new LinkedHashMap<>();
    try {
      for (CompilationUnitTree unit : task.parse()) {
        String room = unit.getPackageName().toString();
        unit.getTypeDecls().stream()
            .filter(ClassTree.class::isInstance)
            .map(ClassTree.class::cast)
            .forEach(type -> add(types, room, type, unit, DocTrees.instance(task)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return types;
  }

  private static void add(
      Map<String, Declared> types,
      String around,
      ClassTree type,
      CompilationUnitTree unit,
      DocTrees comments) {
    String name = around + "." + type.getSimpleName();
    types.put(name, new Declared(name, type, unit, comments));
    type.getMembers().stream()
        .filter(ClassTree.class::isInstance)
        .map(ClassTree.class::cast)
        .forEach(inner -> add(types, name, inner, unit, comments));
  }
}
