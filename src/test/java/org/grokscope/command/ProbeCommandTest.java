package org.grokscope.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.NpyArray;
import org.grokscope.checkpoint.Npz;
import org.grokscope.line.LineMeasures;
import org.grokscope.probe.Metric;
import org.grokscope.probe.Need;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code grokscope probe} on small trained models; make_probe_fixture.py says how they came. */
class ProbeCommandTest {
  private static final String FOLDER = "src/test/resources/org/grokscope/probe/";
  private static final String GROKKED = FOLDER + "add-29.npz";
  private static final String TWO_LAYERS = FOLDER + "two-layers-7.npz";
  private static final String DIVISION = FOLDER + "divide-11.npz";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int probe(String... arguments) {
    List<String> all = new ArrayList<>(List.of("probe"));
    all.addAll(Arrays.asList(arguments));
    return Grokscope.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  /** The metrics printed, in order. */
  private List<String> metrics() {
    return lines().stream().skip(1).map(line -> line.split(",")[2]).distinct().toList();
  }

  /** Those of any table; measures of groups are for tables of groups. */
  private static List<Metric> ofAnyTable() {
    return Metric.all().stream().filter(metric -> !metric.needs().contains(Need.GROUP)).toList();
  }

  private static List<String> names() {
    return ofAnyTable().stream().map(Metric::name).toList();
  }

  /** The value that NumPy gives; make_probe_fixture.py. */
  private static double numpy(String row) throws IOException {
    return Files.readAllLines(Path.of(FOLDER + "add-29.csv")).stream()
        .filter(line -> line.startsWith(row + ","))
        .mapToDouble(line -> Double.parseDouble(line.substring(row.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void prints_file_epoch_metric_part_key_and_every_digit_of_the_value() throws IOException {
    assertEquals(Grokscope.OK, probe(GROKKED, "--metrics", "loss,excluded.single", "--keys", "7"));
    assertEquals("file,epoch,metric,part,key,value", lines().get(0));
    assertEquals(7, lines().size());
    assertTrue(lines().get(1).startsWith(GROKKED + ",4000,loss,train,,"), lines().get(1));
    assertTrue(lines().get(4).startsWith(GROKKED + ",4000,excluded.single,train,7,"));
    double loss = Double.parseDouble(lines().get(1).replaceAll(".*,", ""));
    assertEquals(numpy("loss,train,"), loss, 1e-6 * loss);
    assertEquals(
        Metric.named("loss").readings(Checkpoint.load(Path.of(GROKKED))).get(0).value(), loss);
    assertEquals("", err.toString());
  }

  @Test
  void measures_everything_once_keys_and_controls_are_given() {
    assertEquals(Grokscope.OK, probe(GROKKED, "--key-rule", "energy", "--controls", "2"));
    assertEquals(names(), metrics());
    assertEquals("", err.toString());
    List<String> sets =
        lines().stream()
            .filter(line -> line.contains(",control.kept,all,"))
            .map(line -> line.split(",")[4])
            .toList();
    assertEquals(2, sets.stream().distinct().count(), sets::toString);
    assertTrue(sets.stream().noneMatch(set -> set.matches("(.*\\+)?[37](\\+.*)?")), sets::toString);
  }

  @Test
  void equal_seeds_draw_equal_controls() {
    List<String> arguments = List.of(GROKKED, "--keys", "3,7", "--controls", "3", "--seed");
    List<String> printed = new ArrayList<>();
    for (String seed : List.of("5", "5", "6")) {
      List<String> all = new ArrayList<>(arguments);
      all.addAll(List.of(seed, "--metrics", "control.kept"));
      assertEquals(Grokscope.OK, probe(all.toArray(String[]::new)));
      printed.add(out.toString());
      out.getBuffer().setLength(0);
    }
    assertEquals(printed.get(0), printed.get(1));
    assertFalse(printed.get(0).equals(printed.get(2)));
  }

  @Test
  void leaves_out_what_needs_keys_where_there_are_none_and_says_so() {
    assertEquals(Grokscope.OK, probe(GROKKED));
    assertEquals(
        ofAnyTable().stream().filter(metric -> !metric.needsKeys()).map(Metric::name).toList(),
        metrics());
    List<String> expected =
        ofAnyTable().stream()
            .filter(Metric::needsKeys)
            .map(
                metric ->
                    "grokscope probe: left out: "
                        + metric.name()
                        + ": got no key frequencies, expected some; give --keys or --key-rule")
            .toList();
    assertEquals(expected, err.toString().lines().toList());
  }

  @Test
  void leaves_out_what_the_architecture_does_not_allow_and_says_so_once() {
    assertEquals(Grokscope.OK, probe(TWO_LAYERS, TWO_LAYERS, "--keys", "1", "--controls", "1"));
    assertTrue(metrics().containsAll(List.of("loss", "excluded.logits", "fit.alpha")));
    List<String> left = new ArrayList<>(names());
    left.removeAll(metrics());
    assertEquals(27, left.size());
    assertEquals(
        left.stream()
            .map(
                name ->
                    "grokscope probe: left out: "
                        + name
                        + ": got a model with 2 layers, expected one layer of ReLU neurons without"
                        + " LayerNorm on a, b, =")
            .toList(),
        err.toString().lines().toList());
  }

  @Test
  void leaves_out_what_the_labels_do_not_allow_and_says_so() {
    assertEquals(Grokscope.OK, probe(DIVISION, "--keys", "2"));
    assertTrue(metrics().containsAll(List.of("loss", "margin.min", "embedding_norm", "wl_gini")));
    assertFalse(metrics().contains("fit.alpha"));
    String said = "grokscope probe: left out: fit.alpha: got labels of no circle, expected those";
    assertTrue(err.toString().lines().anyMatch(line -> line.startsWith(said)), err.toString());
  }

  @Test
  void measures_everything_along_a_circle_that_is_named() throws IOException {
    int[] labels = OperationTable.of(Operation.ADD, 29).withRandomLabels(4).labels();
    long[] random = Arrays.stream(labels).asLongStream().toArray();
    Path control =
        changed("random.npz", arrays -> arrays.put("labels", NpyArray.ofLongs(random, 29 * 29)));
    String[] options = {
      control.toString(), "--key-rule", "energy", "--controls", "2", "--circle", "a+b"
    };
    assertEquals(Grokscope.OK, probe(options));
    assertEquals("", err.toString());
    assertEquals(names(), metrics());
    List<String> ofRandom = alphas();
    out.getBuffer().setLength(0);
    assertEquals(Grokscope.OK, probe(GROKKED, "--key-rule", "energy", "--metrics", "fit.alpha"));
    assertEquals(alphas(), ofRandom, "waves of the same weights, whatever the labels");
    assertEquals(
        Grokscope.MISUSED, probe(control.toString(), "--key-rule", "energy", "--circle", "a/b"));
    assertTrue(err.toString().contains("circle: got 'a/b', expected one of a+b, a-b, a*b"));
  }

  /** Key and value of each fit.alpha. */
  private List<String> alphas() {
    return lines().stream()
        .filter(line -> line.contains(",fit.alpha,"))
        .map(line -> line.replaceAll(".*,fit.alpha,", ""))
        .toList();
  }

  @Test
  void a_table_of_a_group_has_the_measures_of_groups() {
    assertEquals(Grokscope.OK, probe(FOLDER + "s3.npz"));
    List<String> ofGroups =
        Metric.all().stream()
            .filter(metric -> metric.needs().contains(Need.GROUP))
            .map(Metric::name)
            .toList();
    assertEquals(10, ofGroups.size());
    assertTrue(metrics().containsAll(ofGroups), out.toString());
    assertTrue(metrics().containsAll(List.of("loss", "gradient_symmetricity")));
    out.getBuffer().setLength(0);
    assertEquals(Grokscope.MISUSED, probe(GROKKED, "--metrics", "group.logits"));
    String message =
        "group.logits: got a table that is no group's, expected that of S3 to S6 or of";
    assertTrue(err.toString().contains(message), err.toString());
  }

  @Test
  void takes_the_keys_of_the_last_file_for_all_files() throws IOException {
    Path other = changed("other.npz", arrays -> arrays.put("epoch", NpyArray.ofLong(5000)));
    assertEquals(
        Grokscope.OK,
        probe(GROKKED, other.toString(), "--key-rule", "energy", "--metrics", "fit.alpha"));
    assertEquals(
        List.of("4000,3", "4000,7", "5000,3", "5000,7"),
        lines().stream()
            .skip(1)
            .map(line -> line.split(",")[1] + "," + line.split(",")[4])
            .toList());
  }

  @Test
  void reads_what_numpy_saved_from_another_trainer() {
    // float64, Fortran order, no labels, epoch or provenance; see make_probe_fixture.py
    assertEquals(Grokscope.OK, probe(TWO_LAYERS, "--keys", "1"));
    List<String> ours = lines();
    out.getBuffer().setLength(0);
    String exported = FOLDER + "exported-7.npz";
    assertEquals(Grokscope.OK, probe(exported, "--keys", "1"));
    assertEquals(
        ours.stream().map(line -> line.replace(TWO_LAYERS + ",200,", exported + ",,")).toList(),
        lines());
  }

  @Test
  void lists_every_metric_with_its_formula_and_source() {
    assertEquals(Grokscope.OK, probe("--list"));
    for (Metric metric : Metric.all()) {
      String needs =
          metric.needsControls()
              ? " (needs --controls)"
              : metric.needsKeys() ? " (needs --keys or --key-rule)" : "";
      String entry =
          String.join(
              System.lineSeparator(),
              metric.name() + needs,
              "    " + metric.formula(),
              "    source: " + metric.source());
      assertTrue(out.toString().contains(entry), entry);
    }
    for (LineMeasures.Measure measure : LineMeasures.all()) {
      String entry =
          measure.name()
              + " of models that break lines"
              + (measure.isCheap() ? "" : " (by name, or with --controls)")
              + System.lineSeparator()
              + "    "
              + measure.formula();
      assertTrue(out.toString().contains(entry), entry);
    }
    assertEquals(3 * Metric.all().size() + 2 * LineMeasures.all().size(), lines().size());
  }

  @Test
  void a_model_that_breaks_lines_has_measures_of_its_own() throws IOException {
    LineBreaking task = LineBreaking.plainNewline();
    Path run = folder.resolve("lines");
    Trainer.of(TrainingConfig.lines(task).withEpochs(1))
        .withoutDefaultListener()
        .threads(1)
        .in(run)
        .train(task);
    String file = run.resolve("step-000001.npz").toString();
    assertEquals(Grokscope.OK, probe(file, "--metrics", "accuracy,raw_count"));
    List<String> readings = lines().stream().map(line -> line.split(",")[2]).toList();
    assertTrue(readings.contains("break_accuracy"), readings.toString());
    assertTrue(readings.contains("raw_count.turns"), readings.toString());
    assertEquals(Grokscope.MISUSED, probe(file, "--metrics", "loss"));
    assertTrue(err.toString().contains("expected one of accuracy"), err.toString());
  }

  @Test
  void writes_a_file_whole_or_not_at_all() throws IOException {
    Path file = folder.resolve("readings.csv");
    assertEquals(Grokscope.OK, probe(GROKKED, "--metrics", "loss", "--out", file.toString()));
    assertEquals("", out.toString());
    assertEquals(4, Files.readAllLines(file).size());
    String missing = folder.resolve("none.npz").toString();
    assertEquals(
        Grokscope.FAILED,
        probe(missing, GROKKED, "--metrics", "loss,accuracy", "--out", file.toString()));
    assertEquals(4, Files.readAllLines(file).size());
  }

  @Test
  void quotes_a_file_name_that_has_a_comma() throws IOException {
    Path odd = Files.copy(Path.of(GROKKED), folder.resolve("a,b.npz"));
    assertEquals(Grokscope.OK, probe(odd.toString(), "--metrics", "margin.min"));
    assertTrue(lines().get(1).startsWith('"' + odd.toString() + "\",4000,margin.min,,,"));
  }

  @Nested
  class WrongInput {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "--keys 0 | got 0 in [0], expected 1 to (p−1)/2 = 14 for p = 29",
          "--keys 15 | got 15 in [15], expected 1 to (p−1)/2 = 14 for p = 29",
          "--keys 3,3 | got [3, 3], expected each frequency once",
          "--keys 3,x | Invalid value for option '--keys' (K): 'x' is not an int; see grokscope",
          "--keys 3 --key-rule energy | keys: got both --keys and --key-rule, expected one of",
          "--key-rule best | key rule: got 'best', expected one of repo, neuron85,",
          "--controls 3 | controls: got no key frequencies, expected some to be set against; give",
          "--controls -1 | controls: got -1, expected 0 or more",
          "--keys 1,2,3,4,5,6,7,8 --controls 1 | controls: got a count of 1, expected 1 to 0",
          "--metrics loss,lose | metric: got 'lose', expected one of loss, accuracy,",
          "--metrics loss,fit.alpha | fit.alpha: got no key frequencies, expected some; give --keys",
          "--metrics control.kept --keys 3 | control.kept: got no random sets, expected some; give",
        })
    void is_one_clear_line_and_exit_code_two(String options, String message) {
      assertEquals(Grokscope.MISUSED, probe((GROKKED + " " + options).split(" ")), err.toString());
      assertEquals(1, err.toString().lines().count(), err.toString());
      assertTrue(err.toString().startsWith("grokscope probe: "), err.toString());
      assertTrue(err.toString().contains(message), err.toString());
    }

    @Test
    void without_a_file() {
      assertEquals(Grokscope.MISUSED, probe());
      assertTrue(err.toString().startsWith("grokscope probe: files: got none, expected "));
    }

    @ParameterizedTest
    @CsvSource({
      "two-layers-7, restricted.mlp, 1",
      "two-layers-7, attention_fve, 1",
      "divide-11, restricted.logits, 1",
      "divide-11, key.kept, 1"
    })
    void that_a_model_does_not_allow_is_refused_by_name(String name, String metric, String keys) {
      assertEquals(
          Grokscope.MISUSED,
          probe(FOLDER + name + ".npz", "--metrics", "loss," + metric, "--keys", keys));
      assertTrue(
          err.toString().startsWith("grokscope probe: " + FOLDER + name + ".npz: " + metric + ": "),
          err.toString());
      assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void is_a_file_that_is_missing() {
      refused(folder.resolve("none.npz"), "none.npz");
    }

    @Test
    void is_a_file_without_train_pairs() throws IOException {
      refused(
          changed("no-pairs.npz", arrays -> arrays.remove("train_pairs")),
          "array train_pairs: missing, expected int64 of shape [train], each a·p + b");
    }

    @Test
    void is_a_weight_that_is_not_a_number() throws IOException {
      float[] values = new float[32 * 128];
      values[77] = Float.NaN;
      refused(
          changed("nan.npz", arrays -> arrays.put("W_in", NpyArray.ofFloats(values, 32, 128))),
          "array W_in: got NaN at flat index 77, expected finite float32 values");
    }

    @Test
    void is_a_file_of_another_modulus_beside_the_last() {
      assertEquals(Grokscope.FAILED, probe(TWO_LAYERS, GROKKED, "--metrics", "loss"));
      assertTrue(err.toString().contains("array p: got p = 7, expected p = 29"), err.toString());
    }

    private void refused(Path file, String message) {
      assertEquals(Grokscope.FAILED, probe(file.toString()), err.toString());
      assertTrue(err.toString().contains(message), err.toString());
      assertEquals("", out.toString());
    }
  }

  /** The grokked model with something changed in its file. */
  private Path changed(String name, Consumer<LinkedHashMap<String, NpyArray>> change)
      throws IOException {
    LinkedHashMap<String, NpyArray> arrays = Checkpoint.load(Path.of(GROKKED)).arrays();
    change.accept(arrays);
    Npz.write(folder.resolve(name), arrays);
    return folder.resolve(name);
  }
}
