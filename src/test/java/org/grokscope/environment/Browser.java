package org.grokscope.environment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A headless Chromium that resolves no host name, spoken to in its DevTools protocol. Everything
 * happens in the caller's thread: events are handed over while it waits for something.
 */
final class Browser implements AutoCloseable {
  private static final Duration STARTING = Duration.ofSeconds(60);
  private static final Duration ANSWERING = Duration.ofMinutes(3); // where much else runs
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the entry script looks for, too. */
  private static final List<String> NAMES =
      List.of(
          "chromium",
          "chromium-browser",
          "google-chrome",
          "google-chrome-stable",
          "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
          "/Applications/Chromium.app/Contents/MacOS/Chromium");

  private final Process process;
  private final Path profile;
  private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
  private WebSocket socket;
  private long lastId;

  private Browser(Process process, Path profile) {
    this.process = process;
    this.profile = profile;
  }

  /** Starts the browser, or fails with what is missing. */
  static Browser start() throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory("grokscope-browser");
    List<String> command = new ArrayList<>();
    command.add(program());
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-unsafe-swiftshader",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--window-size=1280,1000",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log.txt").toFile())
            .start();
    Browser browser = new Browser(process, profile);
    try {
      browser.connect();
      return browser;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      browser.close();
      throw e;
    }
  }

  /** The Chromium that opens the pages. */
  static String program() throws IOException, InterruptedException {
    String given = System.getenv("GROKSCOPE_CHROMIUM");
    if (given != null && !given.isEmpty()) {
      if (!answers(given)) {
        throw new AssertionError("GROKSCOPE_CHROMIUM is " + given + ", which does not start");
      }
      return given;
    }
    VirtualEnvironment.python(); // whose set-up installs Chromium where it may
    for (String name : NAMES) {
      if (answers(name)) {
        return name;
      }
    }
    throw new AssertionError(
        "no Chromium to open the pages with: install Chromium or Chrome, or set GROKSCOPE_CHROMIUM");
  }

  private static boolean answers(String program) throws InterruptedException {
    try {
      return CommandResult.of(new ProcessBuilder(program, "--version"), STARTING).exit() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  private void connect() throws IOException, InterruptedException {
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          private final StringBuilder text = new StringBuilder();

          @Override
          public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
              messages.add(parse(text.toString()));
              text.setLength(0);
            }
            from.request(1);
            return null;
          }
        };
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .connectTimeout(STARTING)
            .buildAsync(URI.create(address()), listener)
            .join();
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException("the browser sent what is no JSON: " + text, e);
    }
  }

  /** Where the browser listens: the port and the path that it writes to its profile. */
  private String address() throws IOException, InterruptedException {
    Path file = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + STARTING.toNanos();
    try (WatchService watch = profile.getFileSystem().newWatchService()) {
      profile.register(
          watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      while (process.isAlive() && System.nanoTime() < end) {
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        if (lines.size() == 2 && lines.get(1).matches("/devtools/browser/[-0-9a-f]{36}")) {
          return "ws://127.0.0.1:" + lines.get(0) + lines.get(1);
        }
        WatchKey key = watch.poll(1, TimeUnit.SECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
    }
    throw new AssertionError(
        "Chromium does not start; it says:\n" + Files.readString(profile.resolve("log.txt")));
  }

  /**
   * Calls a method and waits for its result.
   *
   * @param session the page, or empty for the browser itself
   * @param events is given every event that arrives in the meantime
   */
  JsonNode call(String session, String method, Map<String, ?> parameters, Consumer<JsonNode> events)
      throws IOException, InterruptedException {
    long id = ++lastId;
    var message = JSON.createObjectNode().put("id", id).put("method", method);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    message.set("params", JSON.valueToTree(parameters));
    socket.sendText(JSON.writeValueAsString(message), true).join();
    long end = System.nanoTime() + ANSWERING.toNanos();
    while (true) {
      JsonNode next = next(end, method);
      if (next.path("id").asLong() == id) {
        if (next.has("error")) {
          throw new AssertionError(method + ": " + next.get("error"));
        }
        return next.get("result");
      }
      events.accept(next);
    }
  }

  /** The next message, which has to arrive before a moment of {@link System#nanoTime()}. */
  JsonNode next(long end, String waitingFor) throws InterruptedException {
    JsonNode message = messages.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (message == null) {
      throw new AssertionError("the browser gives no answer to " + waitingFor);
    }
    return message;
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.abort();
    }
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly().onExit().join();
    for (ProcessHandle child : children) {
      child.destroyForcibly();
      child.onExit().join();
    }
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
