package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which checkpoints of many are drawn: those between which something changes. */
final class EvenSteps {
  private EvenSteps() {}

  /**
   * Some indices, a part of them spread over the checkpoints, the others over a path; the first and
   * the last always stay, and all of them if there are no more than wanted.
   *
   * @param path how far what is drawn has come by each checkpoint, from 0, never falling
   * @param spread the part that is spread over the checkpoints, 0 to 1
   * @param most indices, at least 2
   */
  static List<Integer> along(double[] path, double spread, int most) {
    int n = path.length;
    if (n <= most) {
      return IntStream.range(0, n).boxed().toList();
    }
    double whole = path[n - 1] > 0 ? path[n - 1] : 1;
    List<Integer> shown = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double place = spread * i / (n - 1) + (1 - spread) * path[i] / whole;
      if (place >= shown.size() / (most - 1.0) || i == n - 1) {
        shown.add(i);
      }
    }
    return shown;
  }
}
