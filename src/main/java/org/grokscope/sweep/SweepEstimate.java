package org.grokscope.sweep;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.grokscope.train.Cadence;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;

/**
 * How long the runs of a sweep may take on one thread each, if all spend their whole budget: epochs
 * times a measured step, and evaluations times a measured evaluation. Other work on the machine,
 * and runs that stop early, make it wrong.
 *
 * @param secondsOfRuns of each run, in order
 */
public record SweepEstimate(List<Double> secondsOfRuns) {
  private static final double SECONDS_ALL_TOGETHER = 12;
  private static final double MOST_SECONDS_OF_A_KIND = 1.5;
  private static final int FEWEST_STEPS = 5;
  private static final long MOST_COUNTED = 10_000_000;

  public SweepEstimate {
    secondsOfRuns = List.copyOf(secondsOfRuns);
  }

  /** Measures one run of each kind: runs of equal cost and step count as one. */
  static SweepEstimate measure(List<RunPlan> plans) {
    Map<String, RunPlan> kinds = new HashMap<>();
    plans.forEach(plan -> kinds.putIfAbsent(kind(plan), plan));
    double seconds = Math.min(MOST_SECONDS_OF_A_KIND, SECONDS_ALL_TOGETHER / kinds.size());
    Map<String, double[]> paces = new HashMap<>();
    kinds.forEach((kind, plan) -> paces.put(kind, pace(plan, seconds)));
    return new SweepEstimate(
        plans.stream().map(plan -> secondsOf(plan, paces.get(kind(plan)))).toList());
  }

  private static String kind(RunPlan plan) {
    return plan.cost() / plan.epochs()
        + plan.text(Field.OPTIMISER)
        + plan.text(Field.GRADIENT)
        + plan.text(Field.LOSS);
  }

  /** Seconds of a step and of an evaluation. */
  private static double[] pace(RunPlan plan, double seconds) {
    try (Training training = Trainer.of(plan.config()).threads(1).start(plan.task())) {
      double[] steps = new double[FEWEST_STEPS];
      long start = System.nanoTime();
      int count = 0;
      while (count < FEWEST_STEPS || (System.nanoTime() - start) * 1e-9 < seconds) {
        long before = System.nanoTime();
        training.step();
        steps[count++ % FEWEST_STEPS] = (System.nanoTime() - before) * 1e-9; // the last ones count
      }
      long before = System.nanoTime();
      training.evaluate();
      double evaluation = (System.nanoTime() - before) * 1e-9;
      Arrays.sort(steps);
      return new double[] {steps[FEWEST_STEPS / 2], evaluation};
    }
  }

  private static double secondsOf(RunPlan plan, double[] pace) {
    return plan.epochs() * pace[0] + evaluations(plan) * pace[1];
  }

  /** How often it is evaluated; of a budget that nobody counts through, its share at the start. */
  private static double evaluations(RunPlan plan) {
    Cadence cadence = plan.config().evaluation();
    long counted = Math.min(plan.epochs(), MOST_COUNTED);
    long due = LongStream.rangeClosed(0, counted).filter(cadence::due).count();
    return due * ((double) plan.epochs() / counted);
  }

  /** Seconds of all runs one after the other. */
  public double seconds() {
    return secondsOfRuns.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Seconds with some runs side by side: no less than the longest run takes. */
  public double seconds(int runsAtATime) {
    double longest = secondsOfRuns.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return Math.max(longest, seconds() / runsAtATime);
  }
}
