package org.grokscope.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process of another library that trains the same models on request:
 * environment/torch_baseline.py or environment/jax_baseline.py, which answer each line on their
 * standard input by one line of JSON.
 */
final class PeerWorker implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a peer said it could not do. */
  static final class CannotException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    CannotException(String message) {
      super(message);
    }
  }

  private final String script;
  private final Process process;
  private final PrintWriter to;
  private final BufferedReader from;

  /**
   * @param script such as {@code torch_baseline.py}
   * @param data JSON file with p and train_rows
   * @param weights checkpoint with the initial weights
   * @param lines JSON files, each with a model that breaks lines
   * @param threads that it may use
   */
  PeerWorker(String script, Path data, Path weights, List<Path> lines, int threads) {
    this.script = script;
    String python = setting("GROKSCOPE_BENCH_PYTHON");
    Path file = Path.of(setting("GROKSCOPE_BENCH_SCRIPTS"), script);
    List<String> command = new ArrayList<>(List.of(python, file.toString()));
    command.addAll(List.of("--threads", String.valueOf(threads)));
    command.addAll(List.of("--data", data.toString(), "--weights", weights.toString()));
    lines.forEach(line -> command.addAll(List.of("--line", line.toString())));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().remove("OMP_WAIT_POLICY"); // it waits as it does by default
    builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
    builder.environment().put("MKL_NUM_THREADS", String.valueOf(threads));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("bench: " + script + " cannot be started", e);
    }
    to = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    from = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Version and libraries, for people. */
  String info() {
    List<String> facts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> fact : ask("info").properties()) {
      facts.add(fact.getKey() + " " + fact.getValue().asText());
    }
    return String.join(", ", facts);
  }

  /**
   * Trains some steps of a form of the model.
   *
   * @param form {@code published}, {@code last}, {@code factorised}, or {@code line-} and a mode,
   *     after {@code compiled-} where the peer runs a form in two ways
   * @return milliseconds of each step
   */
  List<Double> steps(String form, int steps) {
    return numbers(ask(form + " " + steps));
  }

  /**
   * The training loss before each of the first {@code steps} updates, on a fresh copy of the
   * weights.
   */
  List<Double> losses(String form, int steps) {
    return numbers(ask("losses " + form + " " + steps));
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asDouble()));
    return values;
  }

  private JsonNode ask(String line) {
    to.println(line);
    try {
      String answer = from.readLine();
      if (answer == null) {
        throw new IllegalStateException("bench: " + script + " ended at '" + line + "'");
      }
      JsonNode json = JSON.readTree(answer);
      if (json.has("error")) {
        throw new CannotException("bench: " + script + ": " + json.get("error").asText());
      }
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException("bench: the answer of " + script + " to '" + line + "'", e);
    }
  }

  private static String setting(String name) {
    String value = System.getenv(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException(
          "bench: "
              + name
              + " is not set; start it by 'environment/grokscope bench', or leave the peers"
              + " out by --no-peers");
    }
    return value;
  }

  @Override
  public void close() {
    to.println("quit");
    process.destroy();
  }
}
