package org.grokscope.task;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The widths that lines are broken at; every document has one, each as likely as any other.
 *
 * @param source how the reader learns it
 * @param narrowest smallest width in characters
 * @param widest largest width in characters
 * @param heldOut widths between the two that no training document has
 */
public record LineWidths(
    WidthSource source, int narrowest, int widest, SortedSet<Integer> heldOut) {

  public LineWidths {
    if (narrowest < 1 || widest < narrowest) {
      throw new IllegalArgumentException(
          "line widths: got "
              + narrowest
              + " to "
              + widest
              + ", expected 1 ≤ narrowest ≤ widest; exchange or raise them");
    }
    heldOut = Collections.unmodifiableSortedSet(new TreeSet<>(heldOut));
    if (!heldOut.isEmpty() && (heldOut.first() < narrowest || heldOut.last() > widest)) {
      throw new IllegalArgumentException(
          "line widths: got held-out widths "
              + heldOut
              + ", expected all of them in "
              + narrowest
              + " … "
              + widest
              + "; widen the range or hold out others");
    }
    if (heldOut.size() == widest - narrowest + 1) {
      throw new IllegalArgumentException(
          "line widths: all widths from "
              + narrowest
              + " to "
              + widest
              + " are held out, expected some to train on; hold out fewer");
    }
  }

  /** Widths that the first token names. */
  public static LineWidths given(int narrowest, int widest, Integer... heldOut) {
    return new LineWidths(WidthSource.GIVEN, narrowest, widest, new TreeSet<>(List.of(heldOut)));
  }

  /** Widths that have to be read off earlier lines. */
  public static LineWidths inferred(int narrowest, int widest, Integer... heldOut) {
    return new LineWidths(WidthSource.INFERRED, narrowest, widest, new TreeSet<>(List.of(heldOut)));
  }

  /** Widths that a ruler of dashes is as long as. */
  public static LineWidths ruled(int narrowest, int widest, Integer... heldOut) {
    return new LineWidths(WidthSource.RULED, narrowest, widest, new TreeSet<>(List.of(heldOut)));
  }

  /** The widths of training documents, ascending. */
  public SortedSet<Integer> trained() {
    SortedSet<Integer> widths = all();
    widths.removeAll(heldOut);
    return widths;
  }

  /** Every width in the range, ascending. */
  public SortedSet<Integer> all() {
    return new TreeSet<>(IntStream.rangeClosed(narrowest, widest).boxed().toList());
  }
}
