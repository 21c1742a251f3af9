package org.grokscope.environment;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A reader who walks through pages of a site and notes what is wrong. */
final class SiteWalk {
  private static final int ATTEMPTS = 3; // to drag a space that is still being drawn

  private static final long MOST_SCRIPT = 1_600_000;
  private static final long MOST_AT_FIRST = 130_000;
  private static final double MOST_BEFORE_A_FIGURE = 1.5; // heights of a window
  private static final double DARK = 0.25;
  private static final double LIGHT = 0.6;

  private final Browser browser;
  private final Path site;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Set<String>> ids = new HashMap<>();
  private String name = "";
  private int moved;
  private int formulas;
  private int withoutSpace;

  SiteWalk(Browser browser, Path site) {
    this.browser = browser;
    this.site = site;
  }

  /** What was wrong with the pages so far. */
  List<String> problems() {
    return problems;
  }

  /** How many sliders and spaces were moved so far. */
  int moved() {
    return moved;
  }

  /** How many formulas were looked at so far. */
  int formulas() {
    return formulas;
  }

  /** How many pages with figures had none in three dimensions. */
  int withoutSpace() {
    return withoutSpace;
  }

  /** One page: read, listened to, by day and night, on a phone. */
  void through(Path page) throws IOException, InterruptedException {
    name = page.getFileName().toString();
    PageVisit visit = PageVisit.begin(browser, page, site);
    boolean isNotebook =
        !Set.of("index.html", "live.html", "verdicts.html", "glossary.html").contains(name);
    if (isNotebook) {
      opens(visit.ask("walk.js", "opening"), "at a desk");
      drawWhatIsScrolledTo(visit);
    }
    weigh(visit, isNotebook);
    typeset(visit.ask("walk.js", "formulas"));
    search(visit);
    excluded(visit.axe("html"), "by day");
    if (isNotebook) {
      moved += moveAll(visit);
      hideCode(visit);
      copy(visit);
    }
    turnTheLightOff(visit);
    excluded(visit.axe("html", "color-contrast"), "by night");
    turnTheLightOn(visit);
    visit.resize(390, 844);
    if (isNotebook) {
      opens(visit.ask("walk.js", "opening"), "on a phone");
    }
    fits(visit.ask("walk.js", "width"));
    excluded(visit.axe("html", "scrollable-region-focusable"), "on a phone");
    problems.addAll(visit.end().problems());
  }

  /**
   * One page in another language, on a phone: told in that language, with every figure drawn.
   *
   * @param names the words in Latin letters that stay as they are
   */
  void throughTranslated(Path page, Set<String> names) throws IOException, InterruptedException {
    name = page.getParent().getFileName() + "/" + page.getFileName();
    PageVisit visit = PageVisit.begin(browser, page, site);
    visit.resize(390, 844);
    JsonNode told = visit.ask("translated.js", names);
    check(told.get("language").asText().equals("zh"), "is in " + told.get("language"));
    told.get("latin").forEach(words -> check(false, "not translated: " + words.asText()));
    told.get("odd").forEach(letter -> check(false, "no usual font has " + letter.asText()));
    told.get("bare").forEach(number -> check(false, "begins with its point: " + number.asText()));
    check(told.get("letters").asInt() > 500, "only " + told.get("letters") + " Chinese letters");
    check(told.get("marks").asInt() == 0, told.get("marks") + " parts wait for a translation");
    check(
        told.get("back").asText().equals("../" + page.getFileName()),
        "the switch leads to " + told.get("back"));
    fits(visit.ask("walk.js", "width"));
    excluded(visit.axe("html"), "on a phone");
    if (page.getFileName().toString().equals("index.html")) {
      searchTranslated(visit);
    }
    problems.addAll(visit.end().problems());
  }

  /** Words without blanks between them are found by the characters that stand side by side. */
  private void searchTranslated(PageVisit visit) throws IOException, InterruptedException {
    visit.key("/", "/");
    visit.write("傅里叶");
    JsonNode found = visit.ask("walk.js", "searched");
    check(found.get("links").size() > 0, "傅里叶 is not found: " + found);
    check(found.at("/links/0").asText().contains("傅里叶"), "not the best first: " + found);
    visit.key("Escape", "");
    visit.ask("walk.js", "clear");
    visit.write("叶里傅");
    found = visit.ask("walk.js", "searched");
    check(found.get("links").isEmpty(), "letters in another order are found: " + found);
    addresses(visit, "zh/");
  }

  /** Everything that can be found is there, in the folder of a language. */
  private void addresses(PageVisit visit, String folder) throws IOException, InterruptedException {
    for (JsonNode address : visit.ask("walk.js", "addresses")) {
      String[] parts = address.asText().split("#");
      String page = folder + parts[0];
      check(
          Files.isRegularFile(site.resolve(page))
              && (parts.length == 1 || idsOf(page).contains(parts[1])),
          "the search leads to " + address + ", which is not there");
    }
  }

  /** Scripts of a page; all files of the first one, for a reader who scrolls to its end. */
  private void weigh(PageVisit visit, boolean isNotebook) throws IOException, InterruptedException {
    long scripts = visit.bytes(".js");
    JsonNode types = visit.ask("walk.js", "types");
    boolean hasSpace = false;
    for (JsonNode type : types) {
      hasSpace |= type.asText().endsWith("3d");
    }
    if (isNotebook && !hasSpace && !types.isEmpty()) {
      withoutSpace++;
    }
    if (!hasSpace) {
      check(scripts <= MOST_SCRIPT, scripts + " bytes of script without a figure in space");
    }
    if (name.equals("index.html")) {
      for (int width : List.of(1200, 390)) {
        visit.resize(width, 900);
        int missing = visit.ask("walk.js", "end").get("missing").asInt();
        check(missing == 0, missing + " pictures are not there at " + width + " pixels");
      }
      long all = visit.bytes("");
      check(all <= MOST_AT_FIRST, "the first page and its pictures have " + all + " bytes");
      check(visit.bytes(".woff2") == 0, "the first page needs fonts");
      visit.resize(1200, 900);
    }
  }

  /** With a picture, and not with a table. */
  private void opens(JsonNode seen, String where) {
    double figure = seen.path("figure").asDouble(Double.POSITIVE_INFINITY);
    check(
        figure <= MOST_BEFORE_A_FIGURE,
        "the first figure comes after " + figure + " windows " + where);
    check(!seen.get("table").asBoolean(), "a table comes before the first figure " + where);
  }

  private void typeset(JsonNode seen) {
    formulas += seen.get("formulas").asInt();
    seen.get("wrong").forEach(wrong -> check(false, wrong.asText()));
  }

  /** By the keyboard alone; then whether everything that can be found is there. */
  private void search(PageVisit visit) throws IOException, InterruptedException {
    visit.key("/", "/");
    check(visit.ask("walk.js", "found").get("inField").asBoolean(), "/ does not go to the search");
    visit.write("fourrier"); // with a slip
    JsonNode found = visit.ask("walk.js", "searched");
    check(found.get("said").asText().matches("(One place|\\d+ places) found.*"), "lost: " + found);
    check(found.at("/links/0").asText().contains("Fourier"), "not the best first: " + found);
    visit.key("Escape", "");
    visit.ask("walk.js", "clear");
    visit.write("model");
    found = visit.ask("walk.js", "searched");
    check(found.get("links").size() > 1, "too little found: " + found);
    visit.key("ArrowDown", "");
    visit.key("ArrowDown", "");
    visit.key("ArrowUp", "");
    JsonNode first = visit.ask("walk.js", "found");
    check(first.get("active").equals(found.at("/links/0")), "arrows do not go there: " + first);
    if (name.equals("index.html")) { // the same form on every page
      excluded(visit.axe("form.search"), "while searching");
    }
    visit.key("Escape", "");
    JsonNode closed = visit.ask("walk.js", "found");
    check(closed.get("links").isEmpty() && closed.get("inField").asBoolean(), "open: " + closed);
    visit.ask("walk.js", "clear");
    if (name.equals("verdicts.html")) {
      visit.write("C7 restricted");
      visit.ask("walk.js", "searched");
      visit.key("Enter", "\r");
      JsonNode target = visit.ask("walk.js", "target");
      check(target.get("visible").asBoolean(), "a claim that was found stays folded: " + target);
      visit.key("/", "/");
      visit.ask("walk.js", "clear");
    }
    visit.write("xyzzy");
    check(
        visit.ask("walk.js", "searched").get("said").asText().equals("Nothing found."),
        "something is found that is nowhere");
    visit.key("Escape", "");
    visit.ask("walk.js", "clear");
    addresses(visit, "");
  }

  /** The places of a page that an address may name; each page is read once. */
  private Set<String> idsOf(String page) throws IOException {
    if (!ids.containsKey(page)) {
      Matcher id =
          Pattern.compile(" id=\"([^\"]+)\"").matcher(Files.readString(site.resolve(page)));
      ids.put(page, id.results().map(found -> found.group(1)).collect(Collectors.toSet()));
    }
    return ids.get(page);
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      problems.add(name + ": " + otherwise);
    }
  }

  private void excluded(JsonNode found, String when) {
    found.forEach(issue -> problems.add(name + ", " + when + ": " + issue.asText()));
  }

  private void drawWhatIsScrolledTo(PageVisit visit) throws IOException, InterruptedException {
    JsonNode first = visit.ask("walk.js", "lazy");
    check(!first.get(first.size() - 1).asBoolean(), "the last figure is drawn before it is near");
    JsonNode all = visit.ask("walk.js", "scroll");
    all.forEach(drawn -> check(drawn.asBoolean(), "a figure that was scrolled to is not drawn"));
  }

  private int moveAll(PageVisit visit) throws IOException, InterruptedException {
    JsonNode there = visit.ask("moving.js", null);
    int spaces = there.get("spaces").asInt();
    int all = spaces + there.get("sliders").asInt();
    for (int i = 0; i < all; i++) {
      boolean moves = false;
      for (int attempt = 0; attempt < ATTEMPTS && !moves; attempt++) {
        moves = moves(visit, i, i >= spaces);
      }
      check(moves, (i < spaces ? "space " + i : "slider " + (i - spaces)) + " does not move");
    }
    return all;
  }

  /** Whether a part shows something else once it is dragged, or its slider clicked. */
  private static boolean moves(PageVisit visit, int part, boolean isSlider)
      throws IOException, InterruptedException {
    JsonNode before = visit.ask("moving.js", part);
    double middle = before.get("top").asDouble() + before.get("height").asDouble() / 2;
    double left = before.get("left").asDouble();
    double width = before.get("width").asDouble();
    if (isSlider) {
      visit.click(left + 0.02 * width, middle);
    } else {
      visit.mouse("mouseMoved", left + width / 2, middle, 0);
      visit.mouse("mousePressed", left + width / 2, middle, 1);
      for (int step = 1; step <= 4; step++) {
        visit.mouse("mouseMoved", left + width / 2 + 30 * step, middle, 1);
      }
      visit.mouse("mouseReleased", left + width / 2 + 120, middle, 0);
    }
    return !before.get("shows").equals(visit.ask("moving.js", part).get("shows"));
  }

  private void hideCode(PageVisit visit) throws IOException, InterruptedException {
    JsonNode seen = visit.ask("walk.js", "code");
    int cells = seen.get("cells").asInt();
    check(cells > 0, "no code");
    int folded = seen.get("folded").asInt(); // recordings, predictions, tables
    check(folded < cells, "all cells are folded: " + seen);
    check(
        seen.get("before").asInt() == cells - folded,
        "other code is hidden at first than what is folded: " + seen);
    check(seen.get("hidden").asInt() == 0, "code is not hidden: " + seen);
    check(seen.get("one").asInt() == 1, "one cell cannot be shown alone: " + seen);
    check(seen.get("after").asInt() == cells, "code is not shown again: " + seen);
  }

  private void copy(PageVisit visit) throws IOException, InterruptedException {
    visit.allowClipboard();
    JsonNode seen = visit.ask("walk.js", "copy");
    check(seen.path("said").asText().equals("copied"), "not copied: " + seen);
    check(
        !seen.path("code").asText().isEmpty() && seen.path("code").equals(seen.path("copied")),
        "something else was copied: " + seen);
  }

  private void turnTheLightOff(PageVisit visit) throws IOException, InterruptedException {
    JsonNode day = visit.ask("walk.js", "looks");
    check(day.get("theme").asText().equals("auto"), "does not begin as the system has it");
    lit(day, false);
    visit.ask("walk.js", "theme");
    JsonNode night = visit.ask("walk.js", "theme");
    check(night.get("theme").asText().equals("dark"), "the switch says " + night.get("theme"));
    lit(night, true);
    for (int i = 0; i < day.get("figures").size(); i++) {
      check(
          day.at("/figures/" + i + "/traces").equals(night.at("/figures/" + i + "/traces")),
          "the theme changed the data of figure " + i);
    }
  }

  private void turnTheLightOn(PageVisit visit) throws IOException, InterruptedException {
    lit(visit.ask("walk.js", "theme"), false);
  }

  private void lit(JsonNode looks, boolean isNight) {
    List<JsonNode> grounds = new ArrayList<>(List.of(looks.get("page")));
    List<JsonNode> inks = new ArrayList<>(List.of(looks.get("ink")));
    looks.get("code").forEach(inks::add);
    for (JsonNode figure : looks.get("figures")) {
      grounds.add(figure.get("ground"));
      inks.add(figure.get("ink"));
    }
    for (JsonNode ground : grounds) {
      double light = ground.asDouble();
      check(isNight ? light < DARK : light > LIGHT, "a ground of lightness " + light + looks);
    }
    for (JsonNode ink : inks) {
      double light = ink.asDouble();
      check(isNight ? light > LIGHT : light < LIGHT, "letters of lightness " + light + looks);
    }
  }

  private void fits(JsonNode seen) {
    check(seen.get("scrolls").asInt() <= 0, "a phone scrolls aside by " + seen.get("scrolls"));
    seen.get("over").forEach(part -> check(false, "reaches over a phone's edge: " + part));
  }
}
