package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Dockerfile's steps, as far as they can be tried without building an image. */
class DockerfileTest {
  private static final Path ENVIRONMENT = VirtualEnvironment.PROJECT.resolve("environment");

  /** A JDK that the entry script asks for; which one, depends on what the release of Debian has. */
  private static final Pattern JDK = Pattern.compile("openjdk-[0-9]+-jdk-headless");

  private static final Pattern NAMED_FOR_APT =
      Pattern.compile("how_to_get '?([a-z0-9][a-z0-9 .-]*?)'? |apt install ([a-z0-9-]+)");

  /** The steps that begin with a word, each on one line and without that word. */
  private static List<String> steps(String word) throws IOException {
    String joined =
        Files.readString(ENVIRONMENT.resolve("Dockerfile")).replaceAll("\\\\\\n\\s*", " ");
    return joined
        .lines()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.substring(word.length() + 1).strip())
        .toList();
  }

  private static List<String> commands() throws IOException {
    return steps("RUN").stream()
        .flatMap(run -> Arrays.stream(run.split("&&")))
        .map(command -> command.strip().replaceAll("\\s+", " "))
        .toList();
  }

  private static String script() throws IOException {
    return Files.readString(ENVIRONMENT.resolve("grokscope"));
  }

  @Test
  void the_base_is_one_that_the_entry_script_can_make_of_packages() throws Exception {
    assertEquals(1, steps("FROM").size());
    assertTrue(steps("FROM").get(0).matches("debian:[a-z]+-slim"), steps("FROM")::toString);
  }

  @Test
  void nobody_executes_notebooks_or_serves_as_root() throws Exception {
    List<String> lines = Files.readAllLines(ENVIRONMENT.resolve("Dockerfile"));
    String user = steps("USER").get(0);
    assertFalse(user.equals("root"));
    assertEquals(1, steps("USER").size(), "nobody else comes later");
    assertTrue(
        lines.indexOf("USER " + user) < lines.indexOf(lineWith(lines, "environment/grokscope run")),
        lines::toString);
    for (String copy : steps("COPY")) {
      assertTrue(copy.startsWith("--chown=" + user + ":" + user + " "), copy);
    }
  }

  private static String lineWith(List<String> lines, String text) {
    return lines.stream()
        .filter(line -> line.startsWith("RUN ") && line.contains(text))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void every_copied_file_is_there_and_not_left_out() throws Exception {
    List<String> ignored = Files.readAllLines(ENVIRONMENT.resolve("Dockerfile.dockerignore"));
    Set<String> copied = new HashSet<>();
    for (String copy : steps("COPY")) {
      List<String> words =
          Arrays.stream(copy.split("\\s+")).filter(word -> !word.startsWith("--")).toList();
      for (String source : words.subList(0, words.size() - 1)) {
        assertTrue(Files.exists(VirtualEnvironment.PROJECT.resolve(source)), source);
        assertFalse(ignored.stream().anyMatch(line -> leavesOut(line, source)), source);
        copied.add(source);
      }
    }
    assertEquals(Set.of("pom.xml", "README.md", "src", "environment", "notebooks"), copied);
  }

  @Test
  void what_this_machine_built_stays_outside() throws Exception {
    List<String> ignored = Files.readAllLines(ENVIRONMENT.resolve("Dockerfile.dockerignore"));
    for (String built :
        List.of(
            "target",
            "environment/.venv",
            "environment/.venv-bench",
            "environment/.venv-interop",
            ".git")) {
      assertTrue(ignored.stream().anyMatch(line -> leavesOut(line, built)), built);
    }
  }

  private static boolean leavesOut(String pattern, String path) {
    return Stream.of(pattern, pattern.replaceFirst("^\\*\\*/", ""))
        .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
        .anyMatch(matcher -> matcher.matches(Path.of(path)));
  }

  @Test
  void the_packages_are_those_that_the_entry_script_asks_for() throws Exception {
    String install =
        commands().stream()
            .filter(command -> command.startsWith("apt-get install "))
            .reduce(
                (one, other) -> {
                  throw new AssertionError("two installations: " + one + " and " + other);
                })
            .orElseThrow();
    Set<String> installed =
        Arrays.stream(install.split(" "))
            .skip(2)
            .filter(word -> !word.startsWith("-"))
            .collect(Collectors.toSet());
    Set<String> named = new HashSet<>(Set.of("chromium"));
    for (Matcher matcher = NAMED_FOR_APT.matcher(script()); matcher.find(); ) {
      String packages = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      named.addAll(List.of(packages.split(" ")));
    }
    assertTrue(named.containsAll(Set.of("maven", "python3-venv")), named::toString);
    Set<String> jdks =
        JDK.matcher(script()).results().map(MatchResult::group).collect(Collectors.toSet());
    jdks.retainAll(installed);
    assertEquals(1, jdks.size(), () -> installed + " has not one JDK that the script asks for");
    named.addAll(jdks);
    assertEquals(named, installed);
  }

  @Test
  void the_commands_are_those_of_the_entry_script() throws Exception {
    List<String> own =
        commands().stream().filter(command -> command.startsWith("environment/")).toList();
    assertEquals(1, own.size(), own::toString);
    List<String> words = List.of(own.get(0).split(" "));
    assertTrue(Files.isExecutable(VirtualEnvironment.PROJECT.resolve(words.get(0))));
    CommandResult help =
        CommandResult.of(
            VirtualEnvironment.entryScript(words.get(1), "--help"), Duration.ofSeconds(60));
    assertEquals(0, help.exit(), help::everything);
    for (String option : words.subList(2, words.size())) {
      assertTrue(help.out().contains("  " + option + " "), option + " of " + own.get(0));
    }
  }

  @Test
  void what_is_served_is_what_a_run_publishes_on_the_port_that_is_told() throws Exception {
    List<String> words =
        Arrays.stream(steps("CMD").get(0).split("[\\[\\]\", ]+"))
            .filter(word -> !word.isEmpty())
            .toList();
    assertEquals(
        List.of("python3", "-m", "http.server", steps("EXPOSE").get(0), "--directory"),
        words.subList(0, words.size() - 1));
    String served = words.get(words.size() - 1);
    assertTrue(script().contains("site=${site:-$root/" + served + "}"), served);
    String above = Files.readString(ENVIRONMENT.resolve("Dockerfile"));
    assertTrue(above.contains("-p 8000:" + steps("EXPOSE").get(0)), above);
    assertTrue(steps("ENV").get(0).contains("CI=true"), "a missing browser has to be an error");
  }
}
