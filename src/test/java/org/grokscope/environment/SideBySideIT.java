package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two notebooks are executed at a time where there are two cores, the first time as later. The
 * longest begin first, but none beside another that trains a run which it needs as well.
 */
@Order(6)
class SideBySideIT {
  private static final List<String> NAMES = List.of("01-one", "02-other", "03-longest");

  @TempDir Path folder;

  /** When a notebook's work began and ended, milliseconds. */
  private record Span(long from, long to) {
    boolean meets(Span other) {
      return from < other.to && other.from < to;
    }

    boolean meetsOther(Span other) {
      return this != other && meets(other);
    }
  }

  private List<Span> run(String... more) throws Exception {
    ProcessBuilder builder =
        VirtualEnvironment.readyScript(
            "run",
            "--no-build",
            "--notebooks",
            folder.resolve("notebooks").toString(),
            "--site",
            folder.resolve("site").toString());
    builder.command().addAll(List.of(more));
    builder.environment().put("GROKSCOPE_HOME", folder.resolve("home").toString());
    CommandResult result = CommandResult.of(builder, Duration.ofMinutes(3));
    assertEquals(0, result.exit(), result::everything);
    return NAMES.stream().map(this::span).toList();
  }

  private Span span(String name) {
    JsonNode copy = read(folder.resolve("site-work/" + name + ".ipynb"));
    StringBuilder text = new StringBuilder(copy.at("/cells/0/outputs/0/text").asText());
    copy.at("/cells/0/outputs/0/text").forEach(line -> text.append(line.asText()));
    String[] words = text.toString().strip().split(" ");
    return new Span(Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  private static JsonNode read(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void two_are_executed_at_once_the_longest_first_and_none_that_waits_for_the_other()
      throws Exception {
    Path notebooks = Files.createDirectory(folder.resolve("notebooks"));
    for (String name : NAMES) {
      Files.writeString(
          notebooks.resolve(name + ".ipynb"),
          """
          {"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {},
            "outputs": [], "source": "long from = System.currentTimeMillis(); // %s\\n\
          while (System.currentTimeMillis() < from + 6_000) {}\\n\
          System.out.println(from + \\" \\" + System.currentTimeMillis());"}],
           "metadata": {"grokscope": {"seconds": %d}, "after": "%s",
            "kernelspec": {"display_name": "Java", "language": "java", "name": "java"}},
           "nbformat": 4, "nbformat_minor": 5}
          """
              .formatted(
                  name,
                  name.endsWith("longest") ? 60 : 10,
                  name.endsWith("one") ? "03-longest" : ""));
    }
    boolean sideBySide = Runtime.getRuntime().availableProcessors() > 1;
    List<Span> first = run();
    assertEquals(sideBySide, first.get(1).meets(first.get(2)), first::toString);
    assertTrue(first.get(2).from < first.get(0).from, first::toString);
    assertEquals(sideBySide, first.get(1).from < first.get(0).from, first::toString);
    List<Span> second = run("--all"); // now all of them took as long
    boolean anyTwo = second.stream().anyMatch(one -> second.stream().anyMatch(one::meetsOther));
    assertEquals(sideBySide, anyTwo, second::toString);
  }
}
