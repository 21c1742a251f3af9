package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.series.Reading;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every reading beside that of an independent NumPy implementation: make_probe_fixture.py beside
 * the files. Both compute in float64 from the same float32 weights, so what they are allowed to
 * differ by is for two people who read one definition, not for rounding.
 */
class ProbeFixtureTest {
  private static final Path FOLDER = Path.of("src/test/resources/org/grokscope/probe");

  /** Relative; on losses, norms, energies, coefficients and margins. */
  private static final double SAME_NUMBER = 1e-6;

  /** Absolute; on shares of one: fractions, Gini, explained variance, attention. */
  private static final double SAME_SHARE = 1e-4;

  private static final Set<String> SHARES =
      Set.of(
          "neuron_fraction_85",
          "neuron_energy_85",
          "neuron_fraction.quantile",
          "embedding_gini",
          "wl_gini",
          "wl_residual",
          "wl_direction_fve",
          "wl_direction_fve.weighted",
          "neuron_on",
          "attention_fve",
          "attention_fve.keys",
          "attention_to_equals",
          "distance_irrelevance",
          "gradient_symmetricity",
          "group.embedding",
          "group.logits",
          "group.characters",
          "group.characters.total",
          "group.cosets");

  /** Ratios of counts and counts: the same. */
  private static final Set<String> COUNTS =
      Set.of(
          "accuracy",
          "accuracy.strangers",
          "wl_rank_2pct",
          "key.kept",
          "key.removed",
          "control.kept",
          "control.removed",
          "removed.embedding",
          "removed.residual",
          "removed.neurons",
          "group.count_95",
          "group.removed.embedding",
          "group.removed.logits");

  @ParameterizedTest(name = "{0}: {3} readings")
  @CsvSource({
    "add-29,       energy, 1+2 4+13, 209",
    "subtract-23,  1+3+10, 2+4+11,   227",
    "multiply-23,  energy, 1+5,      195",
    "divide-11,     2+5, '',          99",
    "divide-11.a+b, 1+3, 2+4,       162",
    "divide-11.a-b, 1+4, 2+3,        162",
    "subtract-23.product, 1+11, 2+4,    196",
    "two-layers-7, 1,      2 3,       100",
    "no-attention-13, 3+5, 1+6,      184",
    "s3,             1, '',          69"
  })
  void every_reading_is_that_of_numpy(String name, String keys, String others, int count)
      throws IOException {
    String[] parts = name.split("\\."); // the checkpoint and, where it is named, the circle
    Checkpoint checkpoint = Checkpoint.load(FOLDER.resolve(parts[0] + ".npz"));
    Circle circle =
        parts.length == 1
            ? Circle.OWN
            : parts[1].equals("product") ? Circle.PRODUCT : Circle.named(parts[1]);
    Map<String, Double> expected = numpy(name);
    Map<String, Double> actual = java(checkpoint, circle, keys, others);
    // key frequencies, tensors, heads: the very same rows
    assertEquals(text(expected.keySet()), text(actual.keySet()));
    expected.forEach((row, value) -> assertSame(name + ": " + row, value, actual.get(row)));
    assertEquals(count, expected.size());
  }

  private static void assertSame(String row, double expected, double actual) {
    String metric = row.replaceAll(".*: |,.*", "");
    if (COUNTS.contains(metric)) {
      assertEquals(expected, actual, row);
    } else if (SHARES.contains(metric) || metric.matches("(fit\\.fve|product_share)\\..*")) {
      assertClose(row, expected, actual, 0, SAME_SHARE);
    } else {
      assertClose(row, expected, actual, SAME_NUMBER, 0);
    }
  }

  /** The values by metric, part and key. */
  private static Map<String, Double> numpy(String name) throws IOException {
    Map<String, Double> values = new TreeMap<>();
    List<String> lines = Files.readAllLines(FOLDER.resolve(name + ".csv"));
    assertEquals("metric,part,key,value", lines.get(0));
    for (String line : lines.subList(1, lines.size())) {
      int comma = line.lastIndexOf(',');
      String row = line.substring(0, comma);
      assertNull(values.put(row, Double.valueOf(line.substring(comma + 1))), row);
    }
    return values;
  }

  private static Map<String, Double> java(
      Checkpoint checkpoint, Circle circle, String keys, String others) {
    Map<String, Double> values = new TreeMap<>();
    for (Metric each : Metric.all()) {
      Metric metric = each.along(circle);
      if (metric.refusal(checkpoint).isEmpty()) {
        for (Reading reading : readings(metric, checkpoint, keys, others)) {
          String row = reading.metric() + "," + reading.part() + "," + reading.key();
          assertNull(values.put(row, reading.value()), row);
        }
      }
    }
    return values;
  }

  private static List<Reading> readings(
      Metric metric, Checkpoint checkpoint, String keys, String others) {
    if (!metric.needsKeys()) {
      return metric.readings(checkpoint);
    }
    int p = checkpoint.p();
    KeyFrequencies frequencies =
        keys.matches("[0-9+]+")
            ? set(p, keys).along(metric.circle())
            : KeyFrequencies.of(checkpoint, KeyRule.named(keys), metric.circle());
    List<KeyFrequencies> sets =
        Arrays.stream(others.split(" "))
            .filter(other -> !other.isEmpty())
            .map(other -> set(p, other).along(frequencies.circle()))
            .toList();
    return metric.readings(checkpoint, new Controls(frequencies, sets, 0));
  }

  private static KeyFrequencies set(int p, String frequencies) {
    return KeyFrequencies.given(
        p, Arrays.stream(frequencies.split("\\+")).mapToInt(Integer::parseInt).toArray());
  }

  private static String text(Set<String> rows) {
    return String.join("\n", rows);
  }
}
