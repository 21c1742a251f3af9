package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site, the notebooks and the catalogues in Chinese. */
@Order(3)
class TranslatedSiteIT {
  private static final Path NOTEBOOKS = VirtualEnvironment.PROJECT.resolve("notebooks");
  private static final String SHORT = "14-second-descent.ipynb";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void every_page_is_in_chinese_and_can_be_read_on_a_phone() throws Exception {
    Path site = PublishedSite.ofTheCommittedNotebooks();
    Set<String> names = names();
    List<Path> pages;
    try (Stream<Path> files = Files.list(site.resolve("zh"))) {
      pages = files.sorted().toList();
    }
    try (Stream<Path> files = Files.list(site)) {
      assertEquals(
          files.filter(file -> file.toString().endsWith(".html")).count(), pages.size(), "pages");
    }
    try (Browser browser = Browser.start()) {
      SiteWalk walk = new SiteWalk(browser, site);
      for (Path page : pages) {
        walk.throughTranslated(page, names);
      }
      assertEquals(List.of(), walk.problems());
    }
  }

  /** Names, titles and symbols that Chinese texts write in Latin letters. */
  private static Set<String> names() throws Exception {
    Path list = Path.of(TranslatedSiteIT.class.getResource("latin-names.txt").toURI());
    return Files.readAllLines(list).stream()
        .filter(line -> !line.startsWith("#"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void nothing_waits_for_a_translation_and_no_letter_is_rare() throws Exception {
    CommandResult result = translate(NOTEBOOKS, "--check");
    assertEquals(0, result.exit(), result::everything);
    assertTrue(
        result.out().contains("zh: 0 missing, 0 stale, 0 no longer shown, 0 pictures to be drawn"),
        result::everything);
    try (Stream<Path> files = Files.list(NOTEBOOKS.resolve("zh"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        List<String> rare =
            Pattern.compile("\\p{IsHan}")
                .matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .filter(letter -> !Charset.forName("GBK").newEncoder().canEncode(letter))
                .toList();
        assertEquals(List.of(), rare, file + " has letters that common Chinese fonts lack");
      }
    }
  }

  private static CommandResult translate(Path notebooks, String... more) throws Exception {
    ProcessBuilder builder =
        VirtualEnvironment.script("translate.py", "--notebooks", notebooks.toString(), "zh");
    builder.command().addAll(List.of(more));
    return CommandResult.of(builder, Duration.ofMinutes(2));
  }

  /** What a script makes of notebooks in a language, in another folder. */
  private static CommandResult made(String script, Path notebooks, Path out, String language)
      throws Exception {
    return CommandResult.of(
        VirtualEnvironment.script(
            script,
            "--notebooks",
            notebooks.toString(),
            "--out",
            out.toString(),
            "--lang",
            language),
        Duration.ofMinutes(1));
  }

  /** A notebook of three cells beside a folder for its catalogues. */
  private Path small(String text) throws Exception {
    Path notebooks = Files.createDirectories(folder.resolve("small/notebooks"));
    Files.writeString(
        notebooks.resolve("01-small.ipynb"),
        """
        {"cells": [
          {"cell_type": "markdown", "id": "head", "metadata": {}, "source": ["# A title"]},
          {"cell_type": "markdown", "id": "body", "metadata": {}, "source": ["## Why\\n\\n%s"]},
          {"cell_type": "code", "id": "sum", "metadata": {}, "execution_count": 1,
           "source": ["1 + 2"], "outputs": [{"output_type": "stream", "name": "stdout",
           "text": ["the sum of 1,234 and 2 is 1,236\\n"]}]}],
         "metadata": {"kernelspec": {"name": "java", "display_name": "Java"},
           "language_info": {"name": "java"}},
         "nbformat": 4, "nbformat_minor": 5}
        """
            .formatted(text));
    return notebooks;
  }

  private static void fill(Path catalogue, String context, String chinese) throws Exception {
    List<String> lines = new ArrayList<>(Files.readAllLines(catalogue));
    int at = lines.indexOf("msgctxt \"" + context + "\"");
    assertTrue(at >= 0, () -> context + " is not in " + String.join("\n", lines));
    while (!lines.get(at).equals("msgstr \"\"")) {
      at++;
    }
    lines.set(at, "msgstr \"" + chinese + "\"");
    Files.write(catalogue, lines);
  }

  @Test
  void a_cell_that_changes_is_shown_in_english_and_named_by_the_check() throws Exception {
    Path notebooks = small("Since it is so.");
    assertEquals(0, translate(notebooks).exit());
    Path catalogue = notebooks.resolve("zh/01-small.po");
    fill(catalogue, "head", "# 标题");
    fill(catalogue, "body", "## 为什么\\n\\n因为如此。");
    fill(catalogue, "output", "{1} 与 {2} 之和为 {3}");
    Path site = folder.resolve("small/site");
    PublishedSite.assertPublishes(notebooks, site);
    String page = Files.readString(site.resolve("zh/01-small.html"));
    assertTrue(page.contains("因为如此。") && page.contains("1,234 与 2 之和为 1,236"), page);
    assertTrue(page.contains("id=\"why\""), "a heading keeps the place of the English one");
    assertTrue(page.contains("<link rel=\"alternate\" hreflang=\"en\""), page);
    assertTrue(page.contains("href=\"../01-small.html\""), "there is a way to the English page");
    assertFalse(page.contains("untranslated"), page);

    small("Since it was so.");
    CommandResult check = translate(notebooks, "--check");
    assertEquals(1, check.exit(), check::everything);
    assertTrue(
        check.out().contains("stale: 01-small.po: body: '## Why Since it was so.'"),
        check::everything);
    PublishedSite.assertPublishes(notebooks, site);
    page = Files.readString(site.resolve("zh/01-small.html"));
    assertTrue(page.contains("Since it was so.") && page.contains("untranslated"), page);
    assertFalse(page.contains("因为如此。"), page);

    assertEquals(0, translate(notebooks).exit());
    String merged = Files.readString(catalogue);
    assertTrue(merged.contains("#, fuzzy") && merged.contains("因为如此。"), merged);
    assertTrue(merged.contains("#. Since it is so."), merged);
    assertTrue(merged.contains("# 标题"), merged);
  }

  @Test
  void a_language_that_is_not_there_is_refused_with_those_that_are() throws Exception {
    CommandResult result = made("copies.py", NOTEBOOKS, folder.resolve("copies"), "xx");
    assertEquals(2, result.exit(), result::everything);
    assertTrue(result.err().contains("got the language 'xx', and there are en, zh"), result::err);
  }

  @Test
  void a_class_in_chinese_gets_as_few_solutions_as_one_in_english() throws Exception {
    assertEquals(folds("en"), folds("zh"));
  }

  /** How many folded texts are left in each notebook of an edition for classes. */
  private List<Long> folds(String language) throws Exception {
    Path edition = folder.resolve("class-" + language);
    CommandResult made = made("strip.py", NOTEBOOKS, edition, language);
    assertEquals(0, made.exit(), made::everything);
    List<Long> folds = new ArrayList<>();
    try (Stream<Path> files = Files.list(edition)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".ipynb")).sorted().toList()) {
        String text = Files.readString(file);
        assertEquals("zh".equals(language), text.contains("怎么看"), file + " is in " + language);
        folds.add(Pattern.compile("<summary>").matcher(text).results().count());
      }
    }
    assertTrue(folds.stream().mapToLong(Long::longValue).sum() > 0, "no fold is left");
    return folds;
  }

  @Test
  void a_translated_copy_runs_on_the_kernel_and_gives_the_same_numbers() throws Exception {
    Path notebooks = Files.createDirectory(folder.resolve("notebooks"));
    Files.copy(NOTEBOOKS.resolve(SHORT), notebooks.resolve(SHORT));
    Path chinese = Files.createDirectory(notebooks.resolve("zh"));
    for (String name : List.of("14-second-descent.po", "shared.po", "site.po")) {
      Files.copy(NOTEBOOKS.resolve("zh").resolve(name), chinese.resolve(name));
    }
    Path copies = folder.resolve("copies");
    CommandResult made = made("copies.py", notebooks, copies, "zh");
    assertEquals(0, made.exit(), made::everything);
    String text = Files.readString(copies.resolve(SHORT));
    assertTrue(text.contains("下降"), "the copy is in Chinese");

    CommandResult run =
        CommandResult.of(
            VirtualEnvironment.readyScript(
                "run",
                "--no-build",
                "--notebooks",
                copies.toString(),
                "--site",
                folder.resolve("site").toString()),
            Duration.ofMinutes(5));
    assertEquals(0, run.exit(), run::everything);
    JsonNode again = JSON.readTree(folder.resolve("site-work").resolve(SHORT).toFile());
    assertEquals(numbers(JSON.readTree(NOTEBOOKS.resolve(SHORT).toFile())), numbers(again));
  }

  /** Every number that the cells of a notebook show, in their order; not how long it took. */
  private static List<String> numbers(JsonNode notebook) {
    List<String> numbers = new ArrayList<>();
    for (JsonNode cell : notebook.get("cells")) {
      for (JsonNode output : cell.path("outputs")) {
        ObjectNode shown = output.deepCopy();
        shown.remove("execution_count");
        if (shown.has("data")) {
          ((ObjectNode) shown.get("data")).remove("image/png");
        }
        String text = shown.toString().replaceAll("[0-9,.]+ (steps/s|s)\\b", "");
        Pattern.compile("[0-9][0-9.,e]*")
            .matcher(text)
            .results()
            .map(MatchResult::group)
            .forEach(numbers::add);
      }
    }
    assertTrue(numbers.size() > 20, "only " + numbers);
    return numbers;
  }
}
