package org.grokscope.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchResultTest {

  @Test
  void medians_minima_and_ratios() {
    BenchResult result = new BenchResult();
    result.add("fast", 1, 113, List.of(9.0, 3.0, 4.0));
    result.add("torch-last", 1, 113, List.of(10.0, 8.0));
    assertEquals(new BenchResult.Row("fast", 1, 113, 4, 3, 3), result.rows().get(0));
    assertEquals(4.0 / 9, result.ratio("fast", "torch-last", 1).getAsDouble(), 1e-15);
    assertTrue(result.ratio("fast", "torch-last", 2).isEmpty());
    result.add("fast", 2, 113, List.of(3.0));
    assertEquals(3.0 / 4, result.ratioOfThreads("fast", 2, 1).getAsDouble(), 1e-15);
    assertTrue(result.ratioOfThreads("torch-last", 2, 1).isEmpty());
    result.add("fast-by-p", 1, 227, List.of(30.0));
    result.add("fast-by-p", 1, 113, List.of(4.0));
    assertEquals(7.5, result.ratioOfModuli("fast-by-p", 227, 113).getAsDouble(), 1e-15);
  }

  @Test
  void the_best_peer_of_a_form_is_named() {
    BenchResult result = new BenchResult();
    result.add("fast", 1, 113, List.of(3.0));
    result.add("torch-last", 1, 113, List.of(12.0));
    result.add("torch-compiled-last", 1, 113, List.of(10.0));
    result.add("jax-last", 1, 113, List.of(15.0));
    result.add("fast-line-given", 1, 0, List.of(2.0));
    result.add("jax-line-given", 1, 0, List.of(4.0));
    List<String> lines =
        new BenchReport(result)
            .ratios().stream().map(ratio -> ratio.value() + " " + ratio.what()).toList();
    assertEquals(
        List.of(
            "0.3 fast / torch-compiled-last (best peer), 1 thread",
            "0.25 fast / torch-last, 1 thread",
            "0.2 fast / jax-last, 1 thread",
            "0.5 fast-line-given / jax-line-given (best peer), 1 thread"),
        lines);
  }

  @Test
  void contestants_take_turns_and_the_median_of_a_turn_counts() {
    List<String> order = new ArrayList<>();
    Turns turns = new Turns();
    turns.add(
        "a",
        1,
        113,
        () -> {
          order.add("a");
          return List.of(9.0, 1.0 + order.size(), 1.0);
        });
    turns.add(
        "b",
        2,
        0,
        () -> {
          order.add("b");
          return List.of(5.0);
        });
    BenchResult result = new BenchResult();
    turns.run(3, result);
    assertEquals(List.of("a", "b", "a", "b", "a", "b"), order);
    assertEquals(
        List.of(
            new BenchResult.Row("a", 1, 113, 4, 2, 3), // medians 2, 4, 6
            new BenchResult.Row("b", 2, 0, 5, 5, 3)),
        result.rows());
  }

  @Test
  void a_file_is_read_as_it_was_written_and_another_is_refused(@TempDir Path folder)
      throws IOException {
    BenchResult result = new BenchResult();
    result.add("fast", 1, 113, List.of(9.25, 3.5));
    result.add("sweep-local", 2, 31, List.of(8.0));
    Path file = folder.resolve("bench.csv");
    result.write(file);
    assertEquals(result.rows(), BenchResult.read(file).rows());
    BenchResult joined = BenchResult.read(file);
    joined.addAll(result);
    assertEquals(4, joined.rows().size());
    assertEquals(result.rows(), joined.rows().subList(2, 4));
    Files.writeString(file, Files.readString(file).replace("9.25", "nine").replace("6.375", "six"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> BenchResult.read(file)).getMessage();
    assertTrue(message.contains("fast,1,113,six"), message);
    Files.writeString(file, "a,b\n1,2\n");
    assertThrows(IllegalArgumentException.class, () -> BenchResult.read(file));
  }

  @Test
  void the_readme_has_the_ratios_of_the_committed_figures() throws IOException {
    String readme = Files.readString(Path.of("src/README.md"));
    BenchResult committed = BenchResult.read(Path.of("notebooks/evidence/bench.csv"));
    BenchReport report = new BenchReport(committed);
    assertTrue(report.ratios().size() > 8, report.text());
    assertEquals(
        report.writtenInto(readme), readme, "environment/grokscope bench --save writes them anew");
    assertThrows(IllegalArgumentException.class, () -> report.writtenInto("no marks"));
  }
}
