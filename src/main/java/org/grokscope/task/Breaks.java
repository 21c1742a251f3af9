package org.grokscope.task;

import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * How often somebody is right about where lines end.
 *
 * @param batch the texts
 * @param ends whether they would end the line after a position i·T + t
 */
record Breaks(LinedBatch batch, IntPredicate ends) {

  private boolean isRight(int position, int[] mustBreak) {
    return ends.test(position) == (mustBreak[position] == 1);
  }

  /**
   * The share of decisions that are right among those for which a condition holds.
   *
   * @throws IllegalArgumentException if there are none
   */
  double accuracy(IntPredicate condition) {
    int[] mustBreak = batch.facts(LineFact.MUST_BREAK);
    return Arrays.stream(batch.decisions())
        .filter(condition)
        .map(position -> isRight(position, mustBreak) ? 1 : 0)
        .average()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "break accuracy: got no decision that fulfils the condition, expected some;"
                        + " read more documents"));
  }

  /** The share of right decisions near the edge. */
  double nearEdgeAccuracy() {
    int[] near = batch.facts(LineFact.NEAR_EDGE);
    return accuracy(position -> near[position] == 1);
  }

  /** Right decisions by the characters that would be left after the next word. */
  Table byDistance() {
    int[] remaining = batch.facts(LineFact.REMAINING);
    int[] next = batch.facts(LineFact.NEXT_LENGTH);
    int[] mustBreak = batch.facts(LineFact.MUST_BREAK);
    TreeMap<Integer, int[]> counts = new TreeMap<>();
    for (int position : batch.decisions()) {
      if (next[position] >= 0) {
        int[] count =
            counts.computeIfAbsent(remaining[position] - 1 - next[position], key -> new int[2]);
        count[0]++;
        count[1] += isRight(position, mustBreak) ? 1 : 0;
      }
    }
    IntColumn spare = IntColumn.create("spare");
    IntColumn decisions = IntColumn.create("decisions");
    IntColumn right = IntColumn.create("right");
    counts.forEach(
        (distance, count) -> {
          spare.append(distance);
          decisions.append(count[0]);
          right.append(count[1]);
        });
    return Table.create("accuracy by distance from the edge", spare, decisions, right);
  }
}
