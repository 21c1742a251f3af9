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
 * A PyTorch process that trains the same model on request: environment/torch_baseline.py, which
 * answers each line on its standard input by one line of JSON.
 */
final class TorchWorker implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final PrintWriter to;
  private final BufferedReader from;

  /**
   * @param data JSON file with p and train_rows
   * @param weights checkpoint with the initial weights
   * @param lines JSON files, each with a model that breaks lines
   * @param threads that PyTorch may use
   */
  TorchWorker(Path data, Path weights, List<Path> lines, int threads) {
    String python = setting("GROKSCOPE_BENCH_PYTHON");
    String script = setting("GROKSCOPE_BENCH_SCRIPT");
    List<String> command = new ArrayList<>(List.of(python, script));
    command.addAll(List.of("--threads", String.valueOf(threads)));
    command.addAll(List.of("--data", data.toString(), "--weights", weights.toString()));
    lines.forEach(line -> command.addAll(List.of("--line", line.toString())));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().remove("OMP_WAIT_POLICY"); // PyTorch waits as it does by default
    builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
    builder.environment().put("MKL_NUM_THREADS", String.valueOf(threads));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("bench: PyTorch's process cannot be started", e);
    }
    to = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    from = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Version and libraries of this PyTorch, for people. */
  String info() {
    List<String> facts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> fact : ask("info").properties()) {
      facts.add(fact.getKey() + " " + fact.getValue().asText());
    }
    return String.join(", ", facts);
  }

  /**
   * Trains some steps of a variant.
   *
   * @param variant {@code published}, {@code last}, or {@code line-} and a mode
   * @return milliseconds of each step
   */
  List<Double> steps(String variant, int steps) {
    return numbers(ask(variant + " " + steps));
  }

  /**
   * The training loss before each of the first {@code steps} updates, on a fresh copy of the
   * weights.
   */
  List<Double> losses(String variant, int steps) {
    return numbers(ask("losses " + variant + " " + steps));
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
        throw new IllegalStateException("bench: PyTorch's process ended at '" + line + "'");
      }
      JsonNode json = JSON.readTree(answer);
      if (json.has("error")) {
        throw new IllegalStateException("bench: PyTorch's process: " + json.get("error").asText());
      }
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException("bench: PyTorch's answer to '" + line + "'", e);
    }
  }

  private static String setting(String name) {
    String value = System.getenv(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException(
          "bench: "
              + name
              + " is not set; start it by 'environment/grokscope bench', or leave PyTorch"
              + " out by --no-torch");
    }
    return value;
  }

  @Override
  public void close() {
    to.println("quit");
    process.destroy();
  }
}
