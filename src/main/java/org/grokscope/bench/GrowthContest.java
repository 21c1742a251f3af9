package org.grokscope.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grokscope.task.ModularAddition;
import org.grokscope.model.ComputationPath;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;

/** The fast path's step on one thread at several moduli, 30 % of the pairs each, in turns. */
final class GrowthContest {
  static final String NAME = "fast-by-p";
  private static final List<Integer> MODULI = List.of(29, 59, 113, 227);
  private static final int PAIRS_A_ROUND = 40_000; // so that small moduli take more steps

  private GrowthContest() {}

  /** Milliseconds of a step by modulus, one a round, the median of its steps. */
  static Map<Integer, List<Double>> run(int rounds) {
    Map<Integer, Training> trainings = new LinkedHashMap<>();
    Map<Integer, List<Double>> times = new LinkedHashMap<>();
    try {
      for (int p : MODULI) {
        Training training =
            Trainer.of(TrainingConfig.nanda2023())
                .threads(1)
                .on(ComputationPath.FAST)
                .start(ModularAddition.mod(p).split(0.30, 0));
        trainings.put(p, training);
        times.put(p, new ArrayList<>());
        StepBenchmark.steps(training, 2 * steps(p)); // until the loops are compiled
      }
      for (int round = 0; round < rounds; round++) {
        trainings.forEach(
            (p, training) ->
                times.get(p).add(BenchResult.median(StepBenchmark.steps(training, steps(p)))));
      }
      return times;
    } finally {
      trainings.values().forEach(Training::close);
    }
  }

  private static int steps(int p) {
    return Math.max(3, PAIRS_A_ROUND * 10 / (3 * p * p));
  }
}
