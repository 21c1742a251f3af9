package org.grokscope.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Contestants that take turns, so that a machine that slows down or speeds up does so for all of
 * them. Of a contestant's times in one turn the median counts.
 */
final class Turns {
  /**
   * One contestant.
   *
   * @param variant what it is
   * @param threads it is given
   * @param p the modulus, 0 where there is none
   * @param turn milliseconds of each thing it does in its turn
   */
  private record Contestant(String variant, int threads, int p, Supplier<List<Double>> turn) {}

  private static final int ENOUGH = 5; // rounds whose figures are worth keeping

  private final List<Contestant> contestants = new ArrayList<>();

  /**
   * How often a contestant does its work before it counts, so that its loops are compiled; less
   * where there are few rounds, which are for a look and not for a record.
   *
   * @param whole as often as is needed
   */
  static int warmUp(int whole, int rounds) {
    return Math.max(1, whole * Math.min(rounds, ENOUGH) / ENOUGH);
  }

  /** One more contestant, after the others; its row has these three. */
  void add(String variant, int threads, int p, Supplier<List<Double>> turn) {
    contestants.add(new Contestant(variant, threads, p, turn));
  }

  /** All of them in every round; then a row each. */
  void run(int rounds, BenchResult into) {
    List<List<Double>> medians = new ArrayList<>();
    contestants.forEach(contestant -> medians.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < contestants.size(); i++) {
        medians.get(i).add(BenchResult.median(contestants.get(i).turn().get()));
      }
    }
    for (int i = 0; i < contestants.size(); i++) {
      Contestant of = contestants.get(i);
      into.add(of.variant(), of.threads(), of.p(), medians.get(i));
    }
  }
}
