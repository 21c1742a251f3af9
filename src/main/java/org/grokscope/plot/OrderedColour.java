package org.grokscope.plot;

import java.util.List;
import java.util.Locale;

/** Single colours out of {@link HouseStyle#ORDERED}, for lines that have one colour each. */
final class OrderedColour {
  private OrderedColour() {}

  /** The colour at a place from 0 to 1, between its two neighbours on the scale. */
  static String at(double place) {
    List<List<Object>> scale = HouseStyle.ORDERED;
    int upper = 1;
    while (upper < scale.size() - 1 && place(scale.get(upper)) < place) {
      upper++;
    }
    double from = place(scale.get(upper - 1));
    double to = place(scale.get(upper));
    double share = Math.min(1, Math.max(0, (place - from) / (to - from)));
    int low = colour(scale.get(upper - 1));
    int high = colour(scale.get(upper));
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = low >> shift & 255;
      int b = high >> shift & 255;
      mixed |= (int) Math.round(a + share * (b - a)) << shift;
    }
    return String.format(Locale.ROOT, "#%06X", mixed);
  }

  private static double place(List<Object> step) {
    return ((Number) step.get(0)).doubleValue();
  }

  private static int colour(List<Object> step) {
    return Integer.parseInt(((String) step.get(1)).substring(1), 16);
  }
}
