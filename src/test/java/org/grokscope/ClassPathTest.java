package org.grokscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * What stands on the class path, with its licences: as the committed list has it, and nothing else.
 * Licences are read from the POM beside each jar in Maven's repository, from the POM's parents
 * where it names none, and from the jar's {@code META-INF/LICENSE} where they name none either; the
 * last column of the list says which.
 */
class ClassPathTest {
  private static final String LIST = "class-path.csv";
  private static final String HEADER = "group,artifact,version,licence,read from";

  /** Licences that are taken, and what POMs call them; the first that fits is the one chosen. */
  private static final Map<String, Pattern> TAKEN = new LinkedHashMap<>();

  static {
    taken("EPL-2.0", "epl[ -]2\\.0|eclipse public license.*2\\.0");
    taken(
        "Apache-2.0",
        "(the )?apache.*2(\\.0)?|apache license|.*apache\\.org/licenses/license-2\\.0.*");
    taken("Apache-1.1", "the apache software license, version 1\\.1");
    taken("MIT", "(the )?mit( license)?( \\(mit\\))?");
    taken("MPL-2.0", "mozilla public license,? version 2\\.0");
    taken("BSD-3-Clause", "(the )?new bsd license|(3-clause bsd|bsd[ -]3-clause)( license)?");
    taken("BSD-2-Clause", "(the )?bsd[ -]2-clause( license)?");
    taken("BSD", "bsd"); // which of them is not said
    taken("0BSD", "0bsd");
    taken("Unicode-3.0", "unicode/icu license");
  }

  /** An artifact as the list has it. */
  private record Library(String group, String artifact, String version) {
    String name() {
      return group + ":" + artifact;
    }

    @Override
    public String toString() {
      return group + "," + artifact + "," + version;
    }

    Path pom(Path repository) {
      return repository
          .resolve(group.replace('.', '/'))
          .resolve(artifact)
          .resolve(version)
          .resolve(artifact + "-" + version + ".pom");
    }
  }

  /** Names of licences, and where they were read. */
  private record Licences(List<String> names, String from) {}

  private static List<String> found;

  private static void taken(String licence, String names) {
    TAKEN.put(licence, Pattern.compile(names, Pattern.CASE_INSENSITIVE));
  }

  @BeforeAll
  static void read() throws Exception {
    Map<String, String> rows = new LinkedHashMap<>();
    for (Path jar : jars()) {
      Path folder = jar.getParent();
      Path repository = repositoryOf(folder);
      Library library = libraryOf(repository, folder);
      Licences licences = licences(library, repository, jar);
      rows.put(
          library.toString(), library + "," + chosen(licences.names()) + "," + licences.from());
    }
    found = rows.values().stream().sorted().toList();
  }

  private static List<Path> jars() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<Path> jars =
        Stream.of(path.split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"))
            .map(Path::of)
            .toList();
    assertFalse(jars.isEmpty(), "no jars on " + path);
    return jars;
  }

  /** The root of the repository: the POM says how many folders the group has. */
  private static Path repositoryOf(Path folder) throws Exception {
    String name = folder.getParent().getFileName() + "-" + folder.getFileName() + ".pom";
    String group = text(pom(folder.resolve(name)), "groupId");
    if (group == null) {
      group = text(child(pom(folder.resolve(name)), "parent"), "groupId");
    }
    Path root = folder.getParent().getParent();
    for (int i = 0; i < group.split("\\.").length; i++) {
      root = root.getParent();
    }
    return root;
  }

  private static Library libraryOf(Path repository, Path folder) {
    Path parts = repository.relativize(folder);
    int last = parts.getNameCount() - 1;
    String group = parts.subpath(0, last - 1).toString().replace(File.separatorChar, '.');
    return new Library(group, parts.getName(last - 1).toString(), parts.getName(last).toString());
  }

  private static Licences licences(Library library, Path repository, Path jar) throws Exception {
    Library at = library;
    while (at != null) {
      Element pom = pom(at.pom(repository));
      List<String> names = new ArrayList<>();
      Element licences = child(pom, "licenses");
      for (Element licence : licences == null ? List.<Element>of() : children(licences)) {
        String name = text(licence, "name");
        names.add(name == null || name.isBlank() ? text(licence, "url") : name);
      }
      if (!names.isEmpty()) {
        return new Licences(names, at.equals(library) ? "POM" : "POM of " + at.name());
      }
      Element parent = child(pom, "parent");
      at =
          parent == null
              ? null
              : new Library(
                  text(parent, "groupId"), text(parent, "artifactId"), text(parent, "version"));
    }
    return new Licences(List.of(firstWordsOfTheLicenceIn(jar)), "META-INF/LICENSE");
  }

  /** The first line with letters, without the comment's star; empty if the jar has no licence. */
  private static String firstWordsOfTheLicenceIn(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      var entry = file.getJarEntry("META-INF/LICENSE");
      if (entry == null) {
        return "";
      }
      return new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceAll("^[\\s/*]+|[\\s*/]+$", ""))
          .filter(line -> line.matches(".*\\p{Alpha}.*"))
          .findFirst()
          .orElse("");
    }
  }

  private static String chosen(List<String> names) {
    return TAKEN.entrySet().stream()
        .filter(taken -> names.stream().anyMatch(name -> taken.getValue().matcher(name).matches()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("NOT TAKEN: " + String.join(" or ", names).replace(',', ' '));
  }

  private static Element pom(Path file)
      throws IOException, ParserConfigurationException, SAXException {
    assertTrue(Files.isRegularFile(file), "no POM " + file);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(file.toFile())
        .getDocumentElement();
  }

  private static List<Element> children(Element parent) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        children.add(element);
      }
    }
    return children;
  }

  private static Element child(Element parent, String name) {
    return children(parent).stream()
        .filter(element -> element.getTagName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static String text(Element parent, String name) {
    Element child = child(parent, name);
    return child == null ? null : child.getTextContent().strip().replaceAll("\\s+", " ");
  }

  private static List<String> committed() throws IOException {
    try (var in = ClassPathTest.class.getResourceAsStream(LIST)) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertEquals(HEADER, lines.get(0));
      return lines.subList(1, lines.size());
    }
  }

  @Test
  void the_class_path_is_what_the_list_says() throws IOException {
    Set<String> more = new TreeSet<>(found);
    committed().forEach(more::remove);
    Set<String> fewer = new TreeSet<>(committed());
    found.forEach(fewer::remove);
    assertTrue(
        more.isEmpty() && fewer.isEmpty(),
        () ->
            LIST
                + " does not list what is on the class path. Look at what each is for, and at its"
                + " licence, before you change the list.\nOn the class path alone:\n"
                + String.join("\n", more)
                + "\nIn the list alone:\n"
                + String.join("\n", fewer));
    assertTrue(found.size() > 100, "only " + found.size() + " libraries found");
  }

  /** Also where several licences are offered: one that is taken is among them. */
  @Test
  void every_licence_is_one_that_is_taken() {
    List<String> others = found.stream().filter(row -> row.contains("NOT TAKEN")).toList();
    assertEquals(List.of(), others, "libraries of other licences than " + TAKEN.keySet());
  }

  @Test
  void a_library_that_is_offered_under_the_gpl_alone_is_refused() {
    for (String name :
        List.of(
            "GPL-3.0",
            "GNU General Public License v2.0 only, with Classpath exception",
            "GPL2 w/ CPE",
            "GNU Lesser General Public License",
            "LGPL-2.1-or-later",
            "GNU Affero General Public License")) {
      assertTrue(chosen(List.of(name)).startsWith("NOT TAKEN"), name);
    }
    assertEquals("EPL-2.0", chosen(List.of("GPL2 w/ CPE", "EPL 2.0")));
    assertEquals("NOT TAKEN: ", chosen(List.of("")));
  }

  /** The enforcer's list holds for the build; here it holds for the committed list too. */
  @Test
  void nothing_that_the_pom_bans_is_in_the_list() throws Exception {
    List<Pattern> banned = banned(pom(Path.of("pom.xml").toAbsolutePath()));
    assertTrue(banned.size() >= 6, banned::toString);
    assertEquals(List.of(), committed().stream().filter(row -> isBanned(row, banned)).toList());
    assertTrue(isBanned("commons-net,commons-net,3.1,Apache-2.0,POM", banned));
    assertTrue(isBanned("junit,junit,4.13.2,EPL-1.0,POM", banned));
  }

  /** Group and artifact of each ban that names no version. */
  private static List<Pattern> banned(Element pom) {
    var excludes = pom.getElementsByTagName("exclude");
    List<Pattern> banned = new ArrayList<>();
    for (int i = 0; i < excludes.getLength(); i++) {
      String[] parts = excludes.item(i).getTextContent().split(":");
      if (parts.length == 2) {
        banned.add(
            Pattern.compile("\\Q" + parts[0] + "\\E," + parts[1].replace("*", "[^,]*") + ",.*"));
      }
    }
    return banned;
  }

  private static boolean isBanned(String row, List<Pattern> banned) {
    return banned.stream().anyMatch(ban -> ban.matcher(row).matches());
  }
}
