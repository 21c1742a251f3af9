package org.grokscope.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.Npz;
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

  @ParameterizedTest
  @CsvSource({"--layers 2, 2, true", "--no-attention, 1, false", "--layers 1, 1, true"})
  void trains_other_shapes_when_asked(String options, int layers, boolean attends) {
    assertEquals(Grokscope.OK, run(trainWith("--p 11 --fraction 0.5 --epochs 2 " + options)));
    Checkpoint last = Checkpoint.load(folder.resolve("run").resolve("step-000002.npz"));
    assertEquals(layers, last.config().shape().depth());
    assertEquals(attends, last.config().shape().attends());
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
    assertTrue(out.toString().contains("2 steps: train loss"), out.toString());
    assertEquals(
        dModel, Npz.read(folderOfRun.resolve("step-000002.npz")).get("W_U").shape().get(0));
    assertEquals(Grokscope.OK, run(trainWith(arguments)));
    assertTrue(err.toString().contains("complete: 2 epochs, read from "), err.toString());
  }

  @Test
  void trains_without_masks_when_asked() throws IOException {
    String arguments = "--task linebreak --mode box --unmasked --steps 1 --threads 1";
    assertEquals(Grokscope.OK, run(trainWith(arguments)), err.toString());
    String settings = Files.readString(folder.resolve("run").resolve("config.json"));
    assertTrue(settings.contains("\"view\" : \"EVERYTHING\""), settings);
    assertFalse(settings.contains("\"view\" : \"HEADER\""), settings);
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
        "--task lines | grokscope train: task: got 'lines', expected modular or linebreak",
        "--task linebreak | grokscope train: mode: got none, expected one of given, inferred, box,"
            + " box-header, varied-header, varied-box, header-only, plain-newline, odd-box",
        "--task linebreak --mode boxed | grokscope train: mode: got 'boxed', expected one of given,"
            + " inferred, box, box-header, varied-header, varied-box, header-only, plain-newline,"
            + " odd-box",
        "--task linebreak --mode box --p 11 | grokscope train: --p: given with --task linebreak,"
            + " which has no such option; leave it out",
        "--task linebreak --mode box --epochs 9 | grokscope train: --epochs: given with --task"
            + " linebreak, which has no such option; leave it out",
        "--task linebreak --mode box --steps 0 | grokscope train: line training: got steps = 0,"
            + " expected at least 1",
        "--task linebreak --mode box --steps few | grokscope train: Invalid value for option"
            + " '--steps': 'few' is not a long; see grokscope train --help",
        "--steps 9 | grokscope train: --steps: given with --task modular, which has no such option;"
            + " leave it out",
        "--task modular --mode box | grokscope train: --mode: given with --task modular, which has"
            + " no such option; leave it out",
        "--seeds 3 | grokscope train: Unknown options: '--seeds', '3'; see grokscope train --help",
        "--p x | grokscope train: Invalid value for option '--p': 'x' is not an int; see grokscope"
            + " train --help",
        "--operation a**b | grokscope train: operation: got 'a**b', expected one of a+b (add), a-b"
            + " (subtract), a*b (multiply), a/b (divide), a^2+b^2 (sum-of-squares)"
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
    assertTrue(out.toString().contains("--weight-decay"), out.toString());
    assertEquals(Grokscope.OK, run("--version"));
  }

  @Test
  void bench_without_pytorch_times_all_that_is_ours() throws IOException {
    Path file = folder.resolve("bench.csv");
    assertEquals(
        Grokscope.OK,
        run(
            "bench",
            "--no-torch",
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
            "line-fast,1,0",
            "line-box-header-fast,1,0",
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
