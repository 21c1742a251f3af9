package org.grokscope.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.claim.Binding;
import org.grokscope.claim.Claim;
import org.grokscope.claim.EvidenceFolder;
import org.grokscope.claim.Ledger;
import org.grokscope.claim.Quantity;
import org.grokscope.claim.Verdict;
import org.grokscope.model.ModelShape;
import org.grokscope.series.Probe;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/**
 * A researcher's own metrics with a row of the ledger, declared in this file alone, on a control
 * that learns by heart.
 */
class OwnMetricTest {
  private static final Metric LARGEST =
      Metric.number(
          "w_e.max",
          1,
          "max of W_E",
          "this test",
          Set.of(),
          subject -> subject.checkpoint().parameters().get("W_E").maxNumber().doubleValue());

  private static final Metric GUESSES =
      Metric.of(
          "guess.mean",
          1,
          "mean over all questions of L[r, c] for each answer c that is a key",
          "this test",
          Set.of(Need.TABLE, Need.KEYS),
          subject ->
              subject.keys().frequencies().stream()
                  .map(c -> subject.reading("all", "" + c, mean(subject.pairs(), c)))
                  .toList());

  @TempDir private static Path folder;
  private static Run run;

  private static double mean(AllPairs pairs, int c) {
    return pairs.logits().getColumn(c).meanNumber().doubleValue();
  }

  @BeforeAll
  static void train_on_random_answers() {
    ModelShape shape = ModelShape.nanda2023().withDModel(16).withHeads(2).withDMlp(32);
    OperationTable random = OperationTable.of(Operation.ADD, 7).withRandomLabels(2);
    run =
        Trainer.of(TrainingConfig.nanda2023().withShape(shape).withEpochs(800))
            .threads(1)
            .withoutDefaultListener()
            .in(folder)
            .train(random.split(0.6, 0));
  }

  @Test
  void are_measured_over_a_run_and_kept_under_their_own_version() {
    KeyFrequencies keys = KeyFrequencies.given(7, 1, 3);
    Table series = run.probe(LARGEST.probe(), GUESSES.probe(keys), Metric.named("loss").probe());
    List<String> columns = new ArrayList<>(List.of("epoch", "w_e.max"));
    columns.addAll(List.of("guess.mean[all][1]", "guess.mean[all][3]"));
    columns.addAll(List.of("loss[train]", "loss[test]", "loss[all]"));
    assertEquals(columns, series.columnNames());
    int end = series.rowCount() - 1;
    Checkpoint last = run.last();
    double largest = last.parameters().get("W_E").maxNumber().doubleValue();
    assertEquals(largest, series.doubleColumn("w_e.max").get(end));
    double guess = mean(AllPairs.of(last), 3);
    assertEquals(guess, series.doubleColumn("guess.mean[all][3]").get(end));
    assertTrue(series.doubleColumn("loss[train]").get(end) < 0.1, "learnt by heart");
    assertTrue(series.doubleColumn("loss[test]").get(end) > 1, "nothing to understand");

    Probe first = LARGEST.probe();
    Metric changed = Metric.number("w_e.max", 2, "max of W_E", "this test", Set.of(), subject -> 0);
    assertEquals("w_e.max v1", first.identity().orElseThrow());
    assertEquals("w_e.max v2", changed.probe().identity().orElseThrow());
    assertEquals("loss v1", Metric.named("loss").probe().identity().orElseThrow());
    assertEquals(0, run.probe(changed.probe()).doubleColumn("w_e.max").get(end));
    assertEquals(largest, run.probe(first).doubleColumn("w_e.max").get(end));
  }

  @Test
  void have_a_row_of_the_ledger_that_is_read_from_evidence_and_judged(@TempDir Path evidence)
      throws IOException {
    Claim claim =
        Claim.of(
            "X1",
            "A weight of the embedding stays below 2",
            Quantity.of("X1", "largest weight at the end", "at most 2")
                .readIn(Binding.of("mine", "random", "last", "w_e.max")));
    Ledger ledger = Ledger.open(false).with(claim);
    Checkpoint last = run.last();
    double value = LARGEST.readings(last).get(0).value();
    String row = "random,2,last," + last.epoch().getAsLong() + ",w_e.max,,," + value + "\n";
    Files.writeString(
        evidence.resolve("mine.csv"), "experiment,seed,at,epoch,metric,part,key,value\n" + row);
    ledger.record(EvidenceFolder.of(evidence.toString()), "X1");
    assertEquals(
        value < 2 ? Verdict.SUPPORTED : Verdict.REFUTED, ledger.table().verdicts().get("X1"));
    assertEquals(value, ledger.table().outcomes().get(0).measurement().mean());
  }

  @Test
  void a_control_is_measured_along_a_named_circle_as_the_model_is() {
    Checkpoint control = run.last();
    Circle sum = Circle.named("a+b");
    KeyFrequencies all = KeyFrequencies.given(7, 1, 2, 3).along(sum);
    // the losses are of the answers it was taught
    double train = Metric.named("loss").readings(control).get(0).value();
    assertTrue(train < 0.1, () -> "loss " + train);
    // what it knows by heart is no wave of the sum: nothing is left of it there, and without them
    // it knows it still
    double kept = Metric.named("restricted.logits").readings(control, all).get(0).value();
    double removed = Metric.named("excluded.logits").readings(control, all).get(0).value();
    assertTrue(kept > 1 && removed < kept, () -> kept + " and " + removed);
    double waves = Metric.named("fit.fve.waves").readings(control, all).get(0).value();
    assertTrue(waves < 0.5, () -> "share of waves " + waves);
    // of another circle they are other waves
    assertNotEquals(
        waves,
        Metric.named("fit.fve.waves")
            .readings(control, all.along(Circle.DIFFERENCE))
            .get(0)
            .value());
    assertTrue(KeyFrequencies.of(control, KeyRule.ENERGY, sum).circle() == sum);
    assertEquals(
        12, Controls.random(KeyFrequencies.given(7, 2).along(sum), 1, 0).measure(control).size());
  }
}
