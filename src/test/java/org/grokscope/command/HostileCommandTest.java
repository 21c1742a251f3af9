package org.grokscope.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grokscope.endurance.Edition;
import org.grokscope.endurance.HostileArchives;
import org.grokscope.endurance.Mutation;
import org.grokscope.endurance.Tiny;
import org.grokscope.endurance.Trial;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands given arguments and files of bad will: each ends soon, with exit code 0, or with 1 or 2
 * and one line that begins with the command's name, and writes nothing outside its folder.
 */
@Tag("endurance")
class HostileCommandTest {
  private static final long MOST_BYTES = 300L << 20;
  private static final long MOST_BYTES_OF_STEPS = 8L << 30; // 1.5 s of training to estimate by
  private static final String BASE = " --p 7 --fraction 0.5 --epochs 1 --threads 1 --seed 3 ";

  /** Commands that take milliseconds as they stand; DIR is a folder, FILE a checkpoint. */
  private static final List<String> COMMANDS =
      List.of(
          "train" + BASE + "--out DIR/run",
          "train" + BASE + "--weight-decay 0.5 --operation a*b --out DIR/run",
          "train" + BASE + "--no-attention --layers 1 --out DIR/run",
          "train"
              + BASE
              + "--operation parity:2/5 --optimiser sgd --momentum 0.5 --loss stablemax"
              + " --batch-size 4 --d-model 8 --heads 2 --d-mlp 8 --learning-rate 0.01 --out"
              + " DIR/run",
          "train"
              + BASE
              + "--operation S3 --random-labels 4 --mirrors-together --optimiser muon --gradient"
              + " perpendicular --out DIR/run",
          "train --task linebreak --mode plain-newline --steps 1 --threads 1 --out DIR/run",
          "sweep DIR/sweep.json --out DIR/sweep --engine local --at-a-time 1 --threads 1",
          "probe FILE --keys 1,2 --metrics loss,excluded.logits --controls 1 --seed 4",
          "probe FILE FILE --key-rule energy --metrics key.kept --out DIR/readings.csv",
          "probe --list",
          "convert FILE DIR/step-000010.safetensors --names transformer-lens-4",
          "evidence DIR --out DIR/evidence.csv --at 10 --key-rule energy --controls 1",
          "bench --rounds 0 --threads 1 --no-peers --sweep-epochs 0 --out DIR/bench.csv",
          "info",
          "--help");

  /** Beside the hostile values of all: what would be taken and run for hours is not among them. */
  private static final Set<String> LARGE_AND_FINE =
      Set.of("2147483647", "9223372036854775807", "0x10", "1_000");

  @TempDir Path temporary;
  private Path folder;
  private Path checkpoint;

  @BeforeEach
  void a_folder_of_a_folder() throws IOException {
    folder = Files.createDirectories(temporary.resolve("outer/inner"));
    checkpoint = folder.resolve("step-000010.npz");
    Tiny.checkpoint(10).save(checkpoint);
  }

  private String run(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Grokscope.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments.toArray(String[]::new));
    List<String> lines = err.toString().lines().toList();
    if (code != Grokscope.OK) {
      assertTrue(code == Grokscope.FAILED || code == Grokscope.MISUSED, () -> "exit code " + code);
      assertTrue(!lines.isEmpty(), "nothing is said");
      String last = lines.get(lines.size() - 1);
      assertTrue(last.matches("grokscope( \\w+)?: .+"), () -> "said: " + start(err));
      assertTrue(last.chars().noneMatch(Character::isISOControl), () -> "said: " + start(err));
      assertTrue(last.length() < 2_500, () -> "said " + last.length() + " characters");
    }
    assertTrue(lines.stream().noneMatch(line -> line.startsWith("\tat ")), () -> start(err));
    return out.toString();
  }

  private static String start(StringWriter text) {
    return text.toString().lines().limit(9).collect(Collectors.joining("\n      "));
  }

  /** What is there beside the folder: around it, and where these tests run. */
  private Set<Path> outside() throws IOException {
    try (Stream<Path> around = Files.walk(temporary);
        Stream<Path> here = Files.list(Path.of(""));
        Stream<Path> root = Files.list(Path.of("/"))) {
      return Stream.of(around, here, root)
          .flatMap(paths -> paths)
          .filter(path -> !path.startsWith(folder))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void arguments() throws IOException {
    Files.writeString(folder.resolve("sweep.json"), Tiny.oneRun());
    Mutation mutation = new Mutation(21);
    Set<Path> before = outside();
    try (Trial trial = new Trial("arguments", MOST_BYTES, List.of())) {
      for (int i = 0; i < Edition.share(2_000); i++) {
        List<String> arguments = mutated(mutation);
        trial.run(
            String.join(" ", arguments).replaceAll("(.{300}).*", "$1…"), () -> run(arguments));
      }
    }
    assertEquals(before, outside());
  }

  private List<String> mutated(Mutation mutation) {
    List<String> arguments = new ArrayList<>();
    for (String word : mutation.one(COMMANDS).strip().split(" +")) {
      arguments.add(word.replace("DIR", folder.toString()).replace("FILE", checkpoint.toString()));
    }
    for (int i = mutation.random().nextInt(3); i >= 0; i--) {
      int at = mutation.random().nextInt(arguments.size());
      String value = value(mutation);
      switch (mutation.random().nextInt(8)) {
        case 0 -> arguments.add(at, value);
        case 1 -> arguments.remove(at);
        case 2 -> arguments.set(at, arguments.get(at) + value);
        case 3 -> arguments.add(mutation.one(List.copyOf(arguments)));
        default -> {
          if (!arguments.get(at).startsWith("--")) {
            arguments.set(at, value);
          }
        }
      }
      if (arguments.isEmpty()) {
        arguments.add(value);
      }
    }
    // without these the published training would begin, which takes minutes
    boolean trains = arguments.contains("train") || arguments.contains("bench");
    boolean shortened =
        Stream.of("--epochs", "--steps", "--rounds")
            .anyMatch(name -> arguments.stream().anyMatch(word -> word.startsWith(name)));
    return trains && !shortened ? List.of("train", value(mutation)) : harmless(arguments);
  }

  /**
   * The same, but for what would be fine and take hours, or be written where it was asked to be.
   */
  private List<String> harmless(List<String> arguments) {
    for (int i = 1; i < arguments.size(); i++) {
      String option = arguments.get(i - 1);
      String value = arguments.get(i);
      if (option.equals("--out") && !value.startsWith(folder.toString())) {
        arguments.set(i, folder + "/" + value.replace('/', '_'));
      }
      boolean counts = option.equals("--epochs") || option.equals("--steps");
      if (counts && value.matches("\\d{3,}") || option.equals("--rounds")) {
        arguments.set(i, "-7");
      }
    }
    return arguments;
  }

  private static String value(Mutation mutation) {
    String value = mutation.value();
    return LARGE_AND_FINE.contains(value) ? "-7" : value;
  }

  @Test
  void checkpoints() throws IOException {
    HostileArchives archives = new HostileArchives(22);
    Set<Path> before = outside();
    try (Trial trial = new Trial("probe of checkpoints", MOST_BYTES, List.of())) {
      for (int i = 0; i < Edition.share(1_200); i++) {
        Files.write(checkpoint, archives.next());
        String which = "mutant " + i + " " + archives.last();
        trial.run(which, () -> run(List.of("probe", checkpoint.toString(), "--keys", "1,2")));
      }
    }
    assertEquals(before, outside());
  }

  @Test
  void sweeps() throws IOException {
    Path file = folder.resolve("sweep.json");
    Mutation mutation = new Mutation(23);
    Set<Path> before = outside();
    try (Trial trial = new Trial("sweeps planned", MOST_BYTES_OF_STEPS, List.of())) {
      for (int i = 0; i < Edition.share(1_200); i++) {
        String text = mutation.text(Tiny.oneRun());
        Files.writeString(file, text);
        String which = text.replaceAll("\\s+", " ").replaceAll("(.{300}).*", "$1…");
        trial.run(which, () -> run(List.of("sweep", file.toString(), "--dry-run")));
      }
    }
    assertEquals(before, outside());
  }

  @Test
  void runs_that_are_to_be_evidence() throws IOException {
    Path run = folder.resolve("run");
    run(List.of(("train" + BASE + "--out " + run).split(" +")));
    List<Path> files;
    try (Stream<Path> all = Files.list(run)) {
      files =
          all.filter(file -> file.toString().matches(".*(json|csv|001\\.npz)")).sorted().toList();
    }
    assertEquals(4, files.size(), files::toString);
    Mutation mutation = new Mutation(24);
    List<String> command =
        List.of("evidence", run.toString(), "--controls", "1", "--out", folder + "/evidence.csv");
    try (Trial trial = new Trial("evidence of runs", MOST_BYTES, List.of())) {
      for (int i = 0; i < Edition.share(500); i++) {
        Path file = mutation.one(files);
        byte[] good = Files.readAllBytes(file);
        Files.write(file, mutation.bytes(good));
        trial.run("mutant " + i + " of " + file.getFileName(), () -> run(command));
        Files.write(file, good);
      }
    }
  }
}
