package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder of published pages, as a browser without a network sees them. */
final class PublishedSite {
  private static final Duration PUBLISHING = Duration.ofMinutes(5);

  private static final Pattern FIGURE =
      Pattern.compile("<script type=\"application/json\">(.*?)</script>", Pattern.DOTALL);

  private static Path committed;

  private PublishedSite() {}

  /** The pages of the committed notebooks, made once for all tests that only read them. */
  static synchronized Path ofTheCommittedNotebooks() throws IOException, InterruptedException {
    if (committed == null) {
      Path folder = Files.createTempDirectory("grokscope-site");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      assertPublishes(VirtualEnvironment.PROJECT.resolve("notebooks"), folder.resolve("site"));
      committed = folder.resolve("site").toRealPath();
    }
    return committed;
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the pages in " + folder + " stay there", e);
    }
  }

  /** Makes the pages of a folder of notebooks by the project's own script; says how it ended. */
  static CommandResult publish(Path notebooks, Path folder, String... more)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        VirtualEnvironment.script(
            "publish.py", "--notebooks", notebooks.toString(), "--site", folder.toString());
    builder.command().addAll(List.of(more));
    return CommandResult.of(builder, PUBLISHING);
  }

  /** The same of notebooks that nothing is wrong with. */
  static void assertPublishes(Path notebooks, Path folder)
      throws IOException, InterruptedException {
    CommandResult result = publish(notebooks, folder);
    assertEquals(0, result.exit(), result::everything);
  }

  /** Opens every page of the folder and fails with all that is wrong with them. */
  static List<PublishedPage> assertWorks(Path folder) throws IOException, InterruptedException {
    return assertWorks(folder, page -> true);
  }

  /** The same of some pages, in the order of their names. */
  static List<PublishedPage> assertWorks(Path folder, Predicate<Path> wanted)
      throws IOException, InterruptedException {
    List<PublishedPage> pages = open(folder, wanted);
    assertFalse(pages.isEmpty(), "no pages in " + folder);
    assertEquals(List.of(), pages.stream().flatMap(page -> page.problems().stream()).toList());
    return pages;
  }

  /** Opens every page of the folder. */
  static List<PublishedPage> open(Path folder) throws IOException, InterruptedException {
    return open(folder, page -> true);
  }

  private static List<PublishedPage> open(Path folder, Predicate<Path> wanted)
      throws IOException, InterruptedException {
    Path site = folder.toRealPath();
    List<PublishedPage> pages = new ArrayList<>();
    try (Browser browser = Browser.start()) {
      for (Path page : addresses(site)) {
        if (wanted.test(page)) {
          pages.add(PageVisit.of(browser, page, site));
        }
      }
    }
    return pages;
  }

  /** What a page draws; nothing where there is no such page. */
  static List<JsonNode> figures(Path page) {
    List<JsonNode> figures = new ArrayList<>();
    try {
      if (Files.exists(page)) {
        for (MatchResult figure : FIGURE.matcher(Files.readString(page)).results().toList()) {
          figures.add(new ObjectMapper().readTree(figure.group(1)));
        }
      }
      return figures;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pages beside the index; reports of other tools stand in folders below. */
  private static List<Path> addresses(Path site) throws IOException {
    try (Stream<Path> files = Files.list(site)) {
      return files.filter(file -> file.toString().endsWith(".html")).sorted().toList();
    }
  }
}
