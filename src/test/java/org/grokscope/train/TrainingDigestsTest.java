package org.grokscope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grokscope.model.Activation;
import org.grokscope.model.Blas;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.task.Task;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every kind of training there is, held to its bits: a digest of weights and history after some
 * updates, as they were before the rooms were rebuilt. Bits depend on the matrix products of the
 * machine; elsewhere only the equalities are tested.
 */
class TrainingDigestsTest {
  private static final String DIGESTS = "digests.csv";

  /** Kinds that are trained on two threads as well: one of each way to share work out. */
  private static final Set<String> SHARED_OUT =
      Set.of("p 113", "p 23", "mini-batches", "two layers, LayerNorm", "lines, box-header");

  /** A training of one thread or of several, to be digested. */
  private interface Kind {
    String digest(int threads);
  }

  private static Map<String, Kind> kinds() {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    TrainingConfig usual =
        TrainingConfig.nanda2023().withEpochs(100).withEvaluation(Cadence.every(20));
    Split small = ModularAddition.mod(23).split(0.5, 1);
    ModelShape narrow = ModelShape.nanda2023().withDModel(32).withDMlp(64);
    TrainingConfig little = usual.withShape(narrow).withSeed(3).withEpochs(200);
    kinds.put("p 113", table(usual.withEpochs(60), ModularAddition.mod(113).split(0.3, 0)));
    kinds.put("p 23", table(little, small));
    kinds.put("mini-batches", table(little.withBatchSize(50), small));
    kinds.put("without decay", table(little.withWeightDecay(0), small));
    for (Operation operation : Operation.values()) {
      if (operation != Operation.ADD) {
        kinds.put(operation.word(), table(little, OperationTable.of(operation, 23).split(0.4, 2)));
      }
    }
    OperationTable own = OperationTable.of("a+2b", 21, (a, b, p) -> a + 2 * b);
    kinds.put("own operation", table(little, own.split(0.5, 0)));
    OperationTable random = ModularAddition.mod(23).withRandomLabels(5);
    kinds.put("random labels", table(little, random.split(0.5, 0)));
    OperationTable refusing = ModularAddition.mod(23).withRefusals(3, 4);
    kinds.put("refusals", table(little, refusing.split(0.5, 0)));
    TrainingConfig deep = little.withEpochs(60);
    kinds.put("no attention", table(deep.withShape(narrow.withoutAttention()), small));
    kinds.put(
        "two layers, LayerNorm",
        table(deep.withShape(narrow.withLayers(2).withLayerNorm(true)), small));
    kinds.put("GELU", table(deep.withShape(narrow.withActivation(Activation.GELU)), small));
    kinds.put(
        "two layers, both ways",
        table(deep.withShape(narrow.withLayers(2).withCausal(false)), small));
    kinds.put("reference", threads -> digest(deep, small, ComputationPath.REFERENCE, threads));
    for (String mode :
        new String[] {
          "given",
          "inferred",
          "box",
          "box-header",
          "varied-header",
          "varied-box",
          "header-only",
          "plain-newline",
          "odd-box"
        }) {
      kinds.put("lines, " + mode, lines(LineBreaking.named(mode), false));
    }
    kinds.put("lines, unmasked", lines(LineBreaking.boxHeader(), true));
    return kinds;
  }

  private static Kind table(TrainingConfig config, Split split) {
    return threads ->
        digest(config, split, ComputationPath.bestFor(Training.modelFor(config, split)), threads);
  }

  private static String digest(
      TrainingConfig config, Task task, ComputationPath path, int threads) {
    try (Training training = Trainer.of(config).on(path).threads(threads).start(task)) {
      training.evaluate();
      while (training.epoch() < config.epochs()) {
        training.step();
        if (config.evaluation().due(training.epoch())) {
          training.evaluate();
        }
      }
      return digest(training.model().parameters(), HistoryFile.text(training.history()));
    }
  }

  private static Kind lines(LineBreaking task, boolean unmasked) {
    TrainingConfig usual = TrainingConfig.lines(task).withSeed(2).withEpochs(50);
    TrainingConfig config =
        (unmasked ? usual.withShape(usual.shape().unmasked()) : usual)
            .withEvaluation(Cadence.every(50));
    return threads -> digest(config, task, ComputationPath.FAST, threads);
  }

  /** The weights, and the history without its last column, the seconds. */
  private static String digest(Parameters weights, String history) {
    ByteBuffer bytes = ByteBuffer.allocate(weights.values().length * Float.BYTES);
    bytes.asFloatBuffer().put(weights.values());
    String rows =
        history
            .lines()
            .map(line -> line.replaceFirst(",[^,]*$", ""))
            .collect(Collectors.joining("\n"));
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(bytes.array());
      sha256.update(rows.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Digests by kind, of the matrix products that this machine has; empty if they are others. */
  private static Map<String, String> recorded() {
    try (var in = TrainingDigestsTest.class.getResourceAsStream(DIGESTS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split(";"))
          .filter(cells -> cells[0].equals(Blas.coreType()))
          .collect(
              Collectors.toMap(cells -> cells[1], cells -> cells[2], (a, b) -> b, TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A training on lines holds OpenBLAS to one thread, for ND4J's products too, which others end
   * with other bits: so it comes first, whatever was trained in this process before.
   */
  @BeforeAll
  static void products_take_one_thread() {
    Nd4j.zeros(1);
    LineBreaking task = LineBreaking.named("box");
    try (Training training = Trainer.of(TrainingConfig.lines(task)).threads(1).start(task)) {
      training.step();
    }
  }

  @TestFactory
  Stream<DynamicTest> one_thread_and_two_end_with_the_bits_of_old() {
    Map<String, String> recorded = recorded();
    return kinds().entrySet().stream()
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.getKey(),
                    () -> {
                      String one = kind.getValue().digest(1);
                      if (SHARED_OUT.contains(kind.getKey())) {
                        assertEquals(one, kind.getValue().digest(2), "two threads");
                      }
                      assumeTrue(
                          !recorded.isEmpty(),
                          "no digests recorded here: "
                              + Blas.coreType()
                              + ";"
                              + kind.getKey()
                              + ";"
                              + one);
                      assertEquals(
                          recorded.get(kind.getKey()),
                          one,
                          Blas.coreType() + ";" + kind.getKey() + ";" + one);
                    }));
  }

  @Test
  void a_training_that_stops_in_the_middle_ends_with_the_same_bits(@TempDir Path folder) {
    Split split = ModularAddition.mod(23).split(0.5, 1);
    ModelShape narrow = ModelShape.nanda2023().withDModel(32).withDMlp(64);
    TrainingConfig config =
        TrainingConfig.nanda2023().withShape(narrow).withEpochs(90).withBatchSize(40);
    Supplier<Trainer> trainer = () -> Trainer.of(config).withoutDefaultListener();
    trainer.get().in(folder.resolve("a")).train(split);
    Trainer.of(config.withEpochs(37)).withoutDefaultListener().in(folder.resolve("b")).train(split);
    Run resumed = trainer.get().in(folder.resolve("b")).train(split);
    Run whole = trainer.get().in(folder.resolve("a")).train(split);
    assertEquals(
        digest(whole.last().parameters(), HistoryFile.text(whole.history())),
        digest(resumed.last().parameters(), HistoryFile.text(resumed.history())));
  }
}
