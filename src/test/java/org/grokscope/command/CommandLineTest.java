package org.grokscope.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelShape;
import org.grokscope.model.StandardLoss;
import org.grokscope.task.Split;
import org.grokscope.task.View;
import org.grokscope.train.Cadence;
import org.grokscope.train.GradientFilter;
import org.grokscope.train.Muon;
import org.grokscope.train.Run;
import org.grokscope.train.Sgd;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Grokscope.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private int train(String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(List.of("train", "--p", "11", "--fraction", "0.5", "--out"));
    arguments.add(folder.resolve("run").toString());
    arguments.addAll(more.length == 0 ? List.of("--epochs", "20") : List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  void trains_into_a_folder_and_says_that_it_is_complete_when_asked_again() throws IOException {
    assertEquals(Grokscope.OK, train());
    for (String name :
        List.of("config.json", "provenance.json", "history.csv", "step-000020.npz")) {
      assertTrue(Files.exists(folder.resolve("run").resolve(name)), name);
    }
    assertTrue(out.toString().contains("a+b mod 11: 60 questions to train on, 61 to test on"));
    assertTrue(out.toString().contains("20 epochs: train loss"), out.toString());
    assertTrue(err.toString().contains("done: 20 epochs in "), err.toString());
    String history = Files.readString(folder.resolve("run").resolve("history.csv"));
    err.getBuffer().setLength(0);
    assertEquals(Grokscope.OK, train());
    assertTrue(err.toString().contains("complete: 20 epochs, read from "), err.toString());
    assertEquals(history, Files.readString(folder.resolve("run").resolve("history.csv")));
  }

  private Checkpoint last(int epoch) {
    return Checkpoint.load(folder.resolve("run").resolve("step-00000" + epoch + ".npz"));
  }

  private String settings() throws IOException {
    return Files.readString(folder.resolve("run").resolve("config.json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "S3 | S3: 18 questions to train on, 18 to test on | 2",
        "D4 | D4: 32 questions to train on, 32 to test on | 2",
        "a+b+c --p 5 | a+b+c mod 5: 62 questions to train on, 63 to test on | 3",
        "parity:2/6 | parity of bits 1, 4 of 6: 32 questions to train on, 32 to test on | 6",
        "a/b --p 7 | a/b mod 7: 21 questions to train on, 21 to test on | 2"
      })
  void trains_on_other_tables_when_asked(String operation, String printed, int operands) {
    String arguments = "--fraction 0.5 --epochs 2 --threads 1 --operation " + operation;
    assertEquals(Grokscope.OK, run(trainWith(arguments)), err.toString());
    assertTrue(out.toString().startsWith(printed), out.toString());
    assertEquals(operands, last(2).table().arity());
  }

  @Test
  void trains_on_random_labels_and_keeps_mirror_images_together_when_asked() throws IOException {
    String arguments = "--p 7 --fraction 0.5 --epochs 2 --random-labels 4 --mirrors-together";
    assertEquals(Grokscope.OK, run(trainWith(arguments)), err.toString());
    assertTrue(out.toString().startsWith("a+b mod 7, random labels of seed 4: "), out.toString());
    assertTrue(out.toString().contains(", mirror images together)"), out.toString());
    assertTrue(settings().contains("\"random_label_seed\" : 4"), settings());
    assertTrue(settings().contains("\"mirrors\" : \"together\""), settings());
    assertEquals(4, last(2).table().labelSeed().getAsLong());
    Split split = Run.open(folder.resolve("run")).split();
    for (int row : split.trainRows()) {
      int mirror = row % 7 * 7 + row / 7;
      assertTrue(Arrays.binarySearch(split.trainRows(), mirror) >= 0, "row " + row);
    }
  }

  @Test
  void trains_by_other_optimisers_losses_and_filters_when_asked() throws IOException {
    String arguments =
        "--p 7 --fraction 0.5 --epochs 3 --optimiser sgd --momentum 0.5 --loss stablemax"
            + " --gradient perpendicular --batch-size 8 --learning-rate 0.25 --weight-decay 0.125"
            + " --evaluate-every 2";
    assertEquals(Grokscope.OK, run(trainWith(arguments)), err.toString());
    TrainingConfig config = Run.open(folder.resolve("run")).config();
    assertEquals(new Sgd(0.5), config.optimiser());
    assertEquals(StandardLoss.STABLEMAX, config.loss());
    assertEquals(GradientFilter.PERPENDICULAR, config.filter());
    assertEquals(8, config.batchSize());
    assertEquals(0.25, config.learningRate());
    assertEquals(0.125, config.weightDecay());
    assertEquals(3, config.epochs());
    assertEquals(Cadence.every(2), config.evaluation());
    for (String text :
        List.of("\"name\" : \"sgd\"", "\"stablemax\"", "\"perpendicular\"", "\"batchSize\" : 8")) {
      assertTrue(settings().contains(text), settings());
    }
  }

  @Test
  void what_is_not_asked_for_is_as_published() {
    assertEquals(Grokscope.OK, train("--epochs", "2"), err.toString());
    assertEquals(
        TrainingConfig.nanda2023().withEpochs(2), Run.open(folder.resolve("run")).config());
  }

  @ParameterizedTest
  @CsvSource({
    "--d-model 30 --heads 3, 30, 3, 512",
    "--heads 8, 128, 8, 512",
    "--d-model 64, 64, 4, 512",
    "--d-mlp 20, 128, 4, 20",
    "--d-model 6 --heads 2 --d-mlp 5 --layers 2, 6, 2, 5"
  })
  void trains_models_of_other_widths_when_asked(String options, int d, int heads, int dMlp) {
    assertEquals(Grokscope.OK, run(trainWith("--p 7 --fraction 0.5 --epochs 2 " + options)));
    ModelShape shape = last(2).config().shape();
    assertEquals(d, shape.dModel());
    assertEquals(heads, shape.heads());
    assertEquals(d / heads, shape.dHead());
    assertEquals(dMlp, shape.dMlp());
  }

  @ParameterizedTest
  @CsvSource({"--epochs", "--steps"})
  void updates_are_counted_by_either_word_on_every_task(String word) {
    assertEquals(Grokscope.OK, run(trainWith("--p 7 --fraction 0.5 " + word + " 2")));
    assertTrue(out.toString().contains("2 epochs: train loss"), out.toString());
    String lines = "--task linebreak --mode plain-newline --threads 1 " + word + " 1";
    String[] arguments = ("train --out " + folder.resolve("lines") + " " + lines).split(" ");
    assertEquals(Grokscope.OK, run(arguments), err.toString());
    assertTrue(out.toString().contains("1 epochs: train loss"), out.toString());
  }

  @Test
  void trains_models_of_lines_by_another_optimiser_and_loss_when_asked() {
    String arguments =
        "--task linebreak --mode plain-newline --steps 1 --threads 1 --optimiser muon --momentum"
            + " 0.5 --loss cross-entropy-float32 --batch-size 4 --learning-rate 0.002"
            + " --weight-decay 0.5 --gradient perpendicular --seed 3";
    assertEquals(Grokscope.OK, run(trainWith(arguments)), err.toString());
    Run run = Run.open(folder.resolve("run"));
    assertEquals(
        TrainingConfig.lines(run.lines())
            .withEpochs(1)
            .withOptimiser(new Muon(0.5, 0.9, 0.98, 1e-8))
            .withLoss(StandardLoss.CROSS_ENTROPY_FLOAT32)
            .withBatchSize(4)
            .withLearningRate(0.002)
            .withWeightDecay(0.5)
            .withFilter(GradientFilter.PERPENDICULAR)
            .withSeed(3),
        run.config());
  }

  @ParameterizedTest
  @CsvSource({"--layers 2, 2, true", "--no-attention, 1, false", "--layers 1, 1, true"})
  void trains_other_shapes_when_asked(String options, int layers, boolean attends) {
    assertEquals(Grokscope.OK, run(trainWith("--p 11 --fraction 0.5 --epochs 2 " + options)));
    assertEquals(layers, last(2).config().shape().depth());
    assertEquals(attends, last(2).config().shape().attends());
  }

  @ParameterizedTest
  @CsvSource({"given, 64", "plain-newline, 48"})
  void trains_a_model_that_breaks_lines(String mode, int dModel) throws IOException {
    String arguments = "--task linebreak --mode " + mode + " --steps 2 --seed 7 --threads 1";
    assertEquals(Grokscope.OK, run(trainWith(arguments)), err.toString());
    Path folderOfRun = folder.resolve("run");
    List<String> history = Files.readAllLines(folderOfRun.resolve("history.csv"));
    assertEquals(
        "epoch,train_loss,test_loss,break_accuracy,near_edge_accuracy,squared_norm,seconds",
        history.get(0));
    assertTrue(history.get(history.size() - 1).startsWith("2,"), history.toString());
    assertTrue(out.toString().contains("2 epochs: train loss"), out.toString());
    assertEquals(dModel, last(2).config().shape().dModel());
    assertEquals("lines, " + mode, Run.open(folderOfRun).task().title());
    assertEquals(Grokscope.OK, run(trainWith(arguments)));
    assertTrue(err.toString().contains("complete: 2 epochs, read from "), err.toString());
  }

  @Test
  void trains_without_masks_when_asked() throws IOException {
    String arguments = "--task linebreak --mode box --unmasked --steps 1 --threads 1";
    assertEquals(Grokscope.OK, run(trainWith(arguments)), err.toString());
    List<LayerShape> layers = last(1).config().shape().layers();
    assertTrue(layers.stream().allMatch(layer -> layer.view() == View.EVERYTHING), settings());
    assertFalse(settings().contains("\"HEADER\""), settings());
  }

  @Test
  void goes_on_when_asked_for_more_epochs() {
    train();
    assertEquals(Grokscope.OK, train("--epochs", "30", "--threads", "1"));
    assertTrue(err.toString().contains("going on from epoch 20 of 30"), err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--p 2 | grokscope train: modulus: got p = 2, expected p ≥ 3 (tried often: 59, 97, 113)",
        "--p 4 --operation a/b | grokscope train: division modulo p needs a prime p (other moduli"
            + " leave quotients undefined), got p = 4; try 5",
        "--fraction 1.5 | grokscope train: split: got fraction = 1.5, expected a share strictly"
            + " between 0 and 1, such as 0.30",
        "--epochs 0 | grokscope train: training: got epochs = 0, expected at least 1",
        "--layers 0 | grokscope train: model: got layers = 0, expected at least 1",
        "--layers two | grokscope train: Invalid value for option '--layers': 'two' is not an int;"
            + " see grokscope train --help",
        "--operation a-b --no-attention | grokscope train: model without attention: got the"
            + " operation a-b, expected one in which a and b may change places, such as a+b; leave"
            + " out --no-attention",
        "--threads 0 | grokscope train: threads: got 0, expected at least 1",
        "--task lines | grokscope train: task: got 'lines', expected table or linebreak",
        "--task linebreak | grokscope train: mode: got none, expected one of given, inferred,"
            + " ruler, box, box-header, varied-header, varied-box, header-only, plain-newline,"
            + " odd-box, prose",
        "--task linebreak --mode boxed | grokscope train: mode: got 'boxed', expected one of given,"
            + " inferred, ruler, box, box-header, varied-header, varied-box, header-only, plain-newline,"
            + " odd-box, prose",
        "--task linebreak --mode box --corpus a.txt | grokscope train: --corpus: given with --mode"
            + " box, which makes its own texts; leave it out",
        "--task linebreak --mode prose --corpus nowhere.txt | grokscope train: corpus: got"
            + " nowhere.txt, which is no file, expected a text, plain or .gz",
        "--task linebreak --mode box --p 11 | grokscope train: --p: given with --task linebreak,"
            + " which has no such option; leave it out",
        "--task linebreak --mode box --heads 2 | grokscope train: --heads: given with --task"
            + " linebreak, which has no such option; leave it out",
        "--task linebreak --mode box --random-labels 2 | grokscope train: --random-labels: given"
            + " with --task linebreak, which has no such option; leave it out",
        "--task linebreak --mode box --mirrors-together | grokscope train: --mirrors-together:"
            + " given with --task linebreak, which has no such option; leave it out",
        "--task linebreak --mode box --operation S4 | grokscope train: --operation: given with"
            + " --task linebreak, which has no such option; leave it out",
        "--task linebreak --mode box --steps 0 | grokscope train: training: got epochs = 0,"
            + " expected at least 1",
        "--task linebreak --mode box --steps few | grokscope train: Invalid value for option"
            + " '--epochs': 'few' is not a long; see grokscope train --help",
        "--unmasked | grokscope train: --unmasked: given with --task table, which has no such"
            + " option; leave it out",
        "--operation S9 | grokscope train: group: got S9, expected S2 … S6",
        "--operation D2 | grokscope train: group: got D2, expected D3 … D200",
        "--operation parity:9/5 | grokscope train: parity: got 9 of 5 bits, expected 1 to n of n,"
            + " and n from 2 to 24",
        "--operation parity:3/40 | grokscope train: parity: got 3 of 40 bits, expected 1 to n of n,"
            + " and n from 2 to 24",
        "--operation a+b+c+d --p 997 | grokscope train: a+b+c+d mod 997: got 4 operands on 997"
            + " elements, expected at least one operand and two elements, and at most 400000000"
            + " questions",
        "--operation a+b+c --p 2 | grokscope train: modulus: got p = 2, expected p ≥ 3 (tried"
            + " often: 59, 97, 113)",
        "--optimiser adam | grokscope train: optimiser: got 'adam', expected adamw, sgd, muon or grokfast",
        "--momentum 0.5 | grokscope train: optimiser adamw: got the setting 'momentum', expected"
            + " some of [beta1, beta2, epsilon]",
        "--optimiser sgd --momentum 1 | grokscope train: training: got momentum = 1.0, expected 0 ≤"
            + " momentum < 1",
        "--loss mse | grokscope train: loss: got 'mse', expected one of cross-entropy,"
            + " cross-entropy-float32, stablemax",
        "--gradient up | grokscope train: gradient filter: got 'up', expected one of none,"
            + " perpendicular",
        "--batch-size -1 | grokscope train: training: got batch size = -1, expected at least 1, or"
            + " 0 for the full batch",
        "--learning-rate 0 | grokscope train: training: got learning rate = 0.0, expected 0 < rate"
            + " < 10",
        "--learning-rate 2 | grokscope train: training: got weight decay = 1.0, expected 0 or more,"
            + " and below 1/learning rate",
        "--d-model 0 | grokscope train: model: got d_model = 0, expected at least 1",
        "--heads 0 | grokscope train: model: got heads = 0, expected at least 1",
        "--heads 3 | grokscope train: model: 3 heads do not divide d_model = 128; choose a number"
            + " of heads that divides it",
        "--d-model 30 | grokscope train: model: 4 heads do not divide d_model = 30; choose a number"
            + " of heads that divides it",
        "--d-mlp 0 | grokscope train: model: got d_mlp = 0, expected at least 1",
        "--random-labels x | grokscope train: Invalid value for option '--random-labels': 'x' is"
            + " not a long; see grokscope train --help",
        "--operation S3 --no-attention | grokscope train: model without attention: got the"
            + " operation S3, expected one in which a and b may change places, such as a+b; leave"
            + " out --no-attention",
        "--task linebreak --mode box --batch-size 0 | grokscope train: line corpus: got 0"
            + " documents, expected at least 1",
        "--task modular --mode box | grokscope train: --mode: given with --task modular, which has"
            + " no such option; leave it out",
        "--seeds 3 | grokscope train: Unknown options: '--seeds', '3'; see grokscope train --help",
        "--p x | grokscope train: Invalid value for option '--p': 'x' is not an int; see grokscope"
            + " train --help",
        "--operation a**b | grokscope train: operation: got 'a**b', expected one of a+b (add), a-b"
            + " (subtract), a*b (multiply), a/b (divide), a^2+b^2 (sum-of-squares), a+b+c, S3 … S6,"
            + " D3 …, parity:3/20"
      })
  void wrong_input_is_one_clear_line_and_exit_code_two(String arguments, String message) {
    assertEquals(Grokscope.MISUSED, run(trainWith(arguments)));
    assertEquals(message, err.toString().strip());
  }

  @Test
  void whatever_an_argument_holds_the_message_is_one_line_of_text() {
    assertEquals(Grokscope.MISUSED, run("train", "--out", "x", "--operation", "a\n\u001b[2Jb"));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("operation: got 'a ?[2Jb', expected"), err.toString());
    err.getBuffer().setLength(0);
    assertEquals(Grokscope.MISUSED, run("train", "--out", "x", "--p", "9".repeat(100_000)));
    assertTrue(err.toString().length() < 2_500, "too long to read");
  }

  private String[] trainWith(String arguments) {
    return ("train --out " + folder.resolve("run") + " " + arguments).split(" ");
  }

  @Test
  void an_unwritable_folder_is_one_clear_line_and_exit_code_one() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertEquals(Grokscope.FAILED, run("train", "--out", file.resolve("run").toString()));
    assertTrue(err.toString().contains("a file stands at " + file), err.toString());
  }

  @Test
  void a_missing_folder_or_an_unknown_command_is_misuse() {
    assertEquals(Grokscope.MISUSED, run("train"));
    assertTrue(err.toString().startsWith("grokscope train: Missing required option: '--out=DIR'"));
    assertEquals(Grokscope.MISUSED, run("trian"));
    assertTrue(err.toString().contains("grokscope: Unmatched argument at index 0: 'trian'"));
  }

  @Test
  void info_tells_what_is_in_force() {
    assertEquals(Grokscope.OK, run("info"));
    for (String line : List.of("grokscope", "java", "cores", "blas core type", "GFLOP/s")) {
      assertTrue(out.toString().contains(line), out.toString());
    }
  }

  @Test
  void help_lists_the_commands_and_the_options() {
    assertEquals(Grokscope.OK, run());
    assertTrue(out.toString().contains("train"), out.toString());
    assertEquals(Grokscope.OK, run("train", "--help"));
    for (String option :
        List.of(
            "--weight-decay",
            "--optimiser",
            "--momentum",
            "--loss",
            "--gradient",
            "--mirrors-together",
            "--random-labels",
            "--batch-size",
            "--learning-rate",
            "--d-model",
            "--heads",
            "--d-mlp",
            "parity:3/20")) {
      assertTrue(out.toString().contains(option), option);
    }
    assertEquals(Grokscope.OK, run("--version"));
  }

  @Tag("longer")
  @Test
  void bench_without_pytorch_times_all_that_is_ours() throws IOException {
    Path file = folder.resolve("bench.csv");
    assertEquals(
        Grokscope.OK,
        run(
            "bench",
            "--no-peers",
            "--rounds",
            "1",
            "--threads",
            "1",
            "--sweep-epochs",
            "30",
            "--out",
            file.toString()));
    List<String> lines = Files.readAllLines(file);
    assertEquals("variant,threads,p,median_ms,min_ms,rounds", lines.get(0));
    assertEquals(
        List.of(
            "fast,1,113",
            "reference,1,113",
            "gemm-floor,1,113",
            "checkpoint-write,1,113",
            "checkpoint-read,1,113",
            "probe-suite,1,113",
            "fast-line-given,1,0",
            "fast-line-box-header,1,0",
            "fast-by-p,1,29",
            "fast-by-p,1,59",
            "fast-by-p,1,113",
            "fast-by-p,1,227",
            "sweep-local,1,31",
            "sweep-local,2,31"),
        lines.stream().skip(1).map(line -> line.replaceFirst("(,[^,]*){3}$", "")).toList());
    for (String line : lines.subList(1, lines.size())) {
      assertTrue(Double.parseDouble(line.split(",")[3]) > 0, line);
    }
    for (String ratio :
        List.of(
            "fast / gemm-floor, 1 thread",
            "fast, p = 227 / p = 113",
            "sweep-local, 8 equal runs, 2 workers / 1")) {
      assertTrue(out.toString().contains("  " + ratio + "\n"), out.toString());
    }
  }

  @Test
  void bench_says_how_to_start_it_with_pytorch_and_refuses_no_rounds() {
    assertEquals(Grokscope.MISUSED, run("bench", "--rounds", "0"));
    assertEquals("grokscope bench: rounds: got 0, expected at least 1", err.toString().strip());
    assertEquals(Grokscope.MISUSED, run("bench", "--sweep-epochs", "-1"));
    assertTrue(err.toString().contains("sweep epochs: got -1, expected at least 1, or 0"));
  }
}
