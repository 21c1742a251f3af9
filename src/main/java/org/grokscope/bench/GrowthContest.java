package org.grokscope.bench;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.model.ComputationPath;
import org.grokscope.task.ModularAddition;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;

/** The fast path's step on one thread at several moduli, 30 % of the pairs each, in turns. */
final class GrowthContest {
  static final String NAME = "fast-by-p";
  private static final List<Integer> MODULI = List.of(29, 59, 113, 227);
  private static final int PAIRS_A_ROUND = 40_000; // so that small moduli take more steps

  private GrowthContest() {}

  static void run(int rounds, BenchResult into) {
    List<Training> trainings = new ArrayList<>();
    Turns turns = new Turns();
    try {
      for (int p : MODULI) {
        Training training =
            Trainer.of(TrainingConfig.nanda2023())
                .threads(1)
                .on(ComputationPath.FAST)
                .start(ModularAddition.mod(p).split(0.30, 0));
        trainings.add(training);
        int steps = Math.max(3, PAIRS_A_ROUND * 10 / (3 * p * p));
        StepBenchmark.steps(training, Turns.warmUp(2 * steps, rounds));
        turns.add(NAME, 1, p, () -> StepBenchmark.steps(training, steps));
      }
      turns.run(rounds, into);
    } finally {
      trainings.forEach(Training::close);
    }
  }
}
