package org.grokscope.environment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** One page in a tab of its own: from its first request until everything is drawn. */
final class PageVisit {
  private static final Duration LOADING = Duration.ofSeconds(60);

  private final Browser browser;
  private final Path page;
  private final Path site;
  private final Map<String, String> pending = new LinkedHashMap<>();
  private final Map<String, String> requested = new LinkedHashMap<>();
  private final List<String> failed = new ArrayList<>();
  private final List<String> outside = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private String session = "";
  private boolean loaded;
  private boolean hasAxe;
  private boolean scripts = true;
  private String target = "";

  private PageVisit(Browser browser, Path page, Path site) {
    this.browser = browser;
    this.page = page;
    this.site = site;
  }

  /** Opens a page, waits for its figures and for its last request, and closes it. */
  static PublishedPage of(Browser browser, Path page, Path site)
      throws IOException, InterruptedException {
    return new PageVisit(browser, page, site).visit();
  }

  /**
   * Opens a page, moves its first slider by a mouse to some places, and closes it.
   *
   * @param places shares of the rail's length, from the left
   * @return what {@code slider.js} sees before the first move and after each, and the page itself
   */
  static Slid slide(Browser browser, Path page, Path site, List<Double> places)
      throws IOException, InterruptedException {
    return slide(browser, page, site, places, "slider.js");
  }

  /**
   * The same, seen by another script.
   *
   * @param script gives what is seen and the slider's {@code rail}, as {@code slider.js} does
   */
  static Slid slide(Browser browser, Path page, Path site, List<Double> places, String script)
      throws IOException, InterruptedException {
    PageVisit visit = new PageVisit(browser, page, site);
    String target = visit.open();
    List<JsonNode> seen = new ArrayList<>(List.of(visit.evaluate(script)));
    for (double place : places) {
      JsonNode rail = seen.get(seen.size() - 1).get("rail");
      visit.click(
          rail.get("left").asDouble() + place * rail.get("width").asDouble(),
          rail.get("top").asDouble() + rail.get("height").asDouble() / 2);
      seen.add(visit.evaluate(script));
    }
    return new Slid(visit.close(target), seen);
  }

  /**
   * Opens a page, drags the mouse across the middle of its first space, and closes it.
   *
   * @param pixels to the right
   * @return what {@code camera.js} sees before and after
   */
  static Slid turn(Browser browser, Path page, Path site, double pixels)
      throws IOException, InterruptedException {
    PageVisit visit = new PageVisit(browser, page, site);
    String target = visit.open();
    JsonNode before = visit.evaluate("camera.js");
    double x = before.at("/middle/x").asDouble();
    double y = before.at("/middle/y").asDouble();
    visit.mouse("mouseMoved", x, y, 0);
    visit.mouse("mousePressed", x, y, 1);
    for (int step = 1; step <= 8; step++) {
      visit.mouse("mouseMoved", x + pixels * step / 8, y, 1);
    }
    visit.mouse("mouseReleased", x + pixels, y, 0);
    JsonNode after = visit.evaluate("camera.js");
    return new Slid(visit.close(target), List.of(before, after));
  }

  /** What {@code pictures.js} sees on a page whose scripts do not run. */
  static JsonNode withoutScripts(Browser browser, Path page, Path site)
      throws IOException, InterruptedException {
    PageVisit visit = new PageVisit(browser, page, site);
    visit.scripts = false;
    String target = visit.open();
    JsonNode seen = visit.evaluate("pictures.js");
    visit.close(target);
    return seen;
  }

  /**
   * Opens a page that stays open: figures that are not near the window are not drawn yet.
   *
   * @return the visit, to be ended by {@link #end()}
   */
  static PageVisit begin(Browser browser, Path page, Path site)
      throws IOException, InterruptedException {
    PageVisit visit = new PageVisit(browser, page, site);
    visit.target = visit.open();
    return visit;
  }

  /** Everything drawn, the last request waited for, and the tab closed. */
  PublishedPage end() throws IOException, InterruptedException {
    return close(target);
  }

  /** Gives the window another size in pixels. */
  void resize(int width, int height) throws IOException, InterruptedException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** The page as it would be printed, or as it stands on a screen. */
  void medium(String name) throws IOException, InterruptedException {
    call("Emulation.setEmulatedMedia", Map.of("media", name));
  }

  /** Lets the page read and write the clipboard, as a reader's click does. */
  void allowClipboard() throws IOException, InterruptedException {
    call("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
    browser.call(
        "",
        "Browser.grantPermissions",
        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")),
        this::accept);
  }

  /** Runs a script that is no file of this package. */
  void run(String script) throws IOException, InterruptedException {
    JsonNode result = call("Runtime.evaluate", Map.of("expression", script));
    if (result.has("exceptionDetails")) {
      errors.add("a script: " + thrown(result.get("exceptionDetails")));
    }
  }

  /** Presses a key and lets it go. */
  void key(String name, String text) throws IOException, InterruptedException {
    Map<String, String> down =
        text.isEmpty()
            ? Map.of("type", "rawKeyDown", "key", name, "code", name)
            : Map.of("type", "keyDown", "key", name, "text", text);
    call("Input.dispatchKeyEvent", down);
    call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", name));
  }

  /** Writes where the cursor is. */
  void write(String text) throws IOException, InterruptedException {
    call("Input.insertText", Map.of("text", text));
  }

  /** Bytes of the files that were asked for so far, of those whose names end so. */
  long bytes(String... endings) throws IOException {
    long sum = 0;
    for (String url : Set.copyOf(requested.values())) {
      Path file = Path.of(URI.create(url).getPath());
      if (Stream.of(endings).anyMatch(file.toString()::endsWith)) {
        sum += Files.size(file);
      }
    }
    return sum;
  }

  /**
   * What axe-core finds wrong within a part of the page.
   *
   * @param within the part's selector
   * @param rules which are asked about, all without any
   */
  JsonNode axe(String within, String... rules) throws IOException, InterruptedException {
    if (!hasAxe) {
      try (var stream = PageVisit.class.getResourceAsStream("/axe.min.js")) {
        run(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      }
      hasAxe = true;
    }
    return ask("axe.js", Map.of("within", within, "rules", rules));
  }

  /** What a script of this package, a function, gives for an argument. */
  JsonNode ask(String script, Object argument) throws IOException, InterruptedException {
    String given = new ObjectMapper().writeValueAsString(argument);
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of(
                "expression",
                "(" + text(script).strip().replaceAll(";$", "") + ")(" + given + ")",
                "awaitPromise",
                true,
                "returnByValue",
                true));
    if (result.has("exceptionDetails")) {
      errors.add(script + ": " + thrown(result.get("exceptionDetails")));
    }
    return result.at("/result/value");
  }

  /** A page with a slider, and what it showed. */
  record Slid(PublishedPage page, List<JsonNode> seen) {}

  private PublishedPage visit() throws IOException, InterruptedException {
    return close(open());
  }

  /** Opens the page in a tab of its own. */
  private String open() throws IOException, InterruptedException {
    String target =
        call("Target.createTarget", Map.of("url", "about:blank")).get("targetId").asText();
    session =
        call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
    call(
        "Network.emulateNetworkConditions",
        Map.of("offline", true, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    call("Network.setBlockedURLs", Map.of("urls", List.of("http*", "ws*", "ftp*")));
    if (!scripts) {
      call("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    }
    call("Page.navigate", Map.of("url", page.toUri().toString()));
    long end = System.nanoTime() + LOADING.toNanos();
    while (!loaded) {
      accept(browser.next(end, "opening " + page.getFileName()));
    }
    return target;
  }

  /** Counts the figures, waits for the last request, and closes the tab. */
  private PublishedPage close(String target) throws IOException, InterruptedException {
    JsonNode count = evaluate("count-figures.js");
    long end = System.nanoTime() + LOADING.toNanos();
    while (!pending.isEmpty()) {
      accept(browser.next(end, pending.values().toString()));
    }
    session = "";
    call("Target.closeTarget", Map.of("targetId", target));
    return new PublishedPage(
        page.getFileName().toString(),
        count.path("figures").asInt(),
        count.path("drawn").asInt(),
        failed,
        outside,
        errors);
  }

  void click(double x, double y) throws IOException, InterruptedException {
    mouse("mousePressed", x, y, 1);
    mouse("mouseReleased", x, y, 0);
  }

  /** One event of the mouse; {@code buttons} is 1 while the left one is held. */
  void mouse(String type, double x, double y, int buttons)
      throws IOException, InterruptedException {
    boolean free = type.equals("mouseMoved") && buttons == 0;
    call(
        "Input.dispatchMouseEvent",
        Map.of(
            "type",
            type,
            "x",
            x,
            "y",
            y,
            "button",
            free ? "none" : "left",
            "buttons",
            buttons,
            "clickCount",
            free ? 0 : 1));
  }

  private JsonNode evaluate(String script) throws IOException, InterruptedException {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", text(script), "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      errors.add(script + ": " + thrown(result.get("exceptionDetails")));
    }
    return result.at("/result/value");
  }

  private static String text(String script) throws IOException {
    try (var stream = PageVisit.class.getResourceAsStream(script)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private JsonNode call(String method, Map<String, ?> parameters)
      throws IOException, InterruptedException {
    return browser.call(session, method, parameters, this::accept);
  }

  private void accept(JsonNode event) {
    if (session.isEmpty() || !session.equals(event.path("sessionId").asText())) {
      return;
    }
    JsonNode facts = event.path("params");
    switch (event.path("method").asText()) {
      case "Page.loadEventFired" -> loaded = true;
      case "Network.requestWillBeSent" ->
          request(facts.get("requestId").asText(), facts.at("/request/url").asText());
      case "Network.webSocketCreated" -> outside.add(facts.get("url").asText());
      case "Network.loadingFinished" -> pending.remove(facts.get("requestId").asText());
      case "Network.loadingFailed" -> {
        String id = facts.get("requestId").asText();
        pending.remove(id);
        String reason = facts.path("errorText").asText();
        // a picture in the page itself, drawn anew before it was decoded: nothing was asked for
        if (requested.containsKey(id) || !reason.isEmpty()) {
          failed.add(requested.get(id) + " (" + reason + ")");
        }
      }
      case "Runtime.exceptionThrown" ->
          errors.add("exception: " + thrown(facts.path("exceptionDetails")));
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "assert").contains(facts.get("type").asText())) {
          errors.add("console: " + facts.get("args"));
        }
      }
      case "Log.entryAdded" -> {
        JsonNode entry = facts.path("entry");
        if (entry.path("level").asText().equals("error")) {
          errors.add("log: " + entry.path("text").asText() + " " + entry.path("url").asText());
        }
      }
      default -> {}
    }
  }

  private void request(String id, String url) {
    if (url.startsWith("data:") || url.startsWith("blob:")) {
      return;
    }
    pending.put(id, url);
    requested.put(id, url);
    if (!isInSite(url)) {
      outside.add(url);
    }
  }

  private boolean isInSite(String url) {
    URI address = URI.create(url);
    if (!"file".equals(address.getScheme())) {
      return false;
    }
    Path file = Path.of(address.getPath());
    try {
      Path real = file.toFile().exists() ? file.toRealPath() : file.normalize();
      return real.startsWith(site);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String thrown(JsonNode details) {
    JsonNode description = details.at("/exception/description");
    return description.isMissingNode() ? details.path("text").asText() : description.asText();
  }
}
