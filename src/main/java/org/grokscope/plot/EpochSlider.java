package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A slider over epochs below a figure, with a button to play it, in Plotly's own terms. */
final class EpochSlider {
  private EpochSlider() {}

  /** The name of the frame of an epoch. */
  static String frame(long epoch) {
    return String.valueOf(epoch);
  }

  /** A slider with a step for each epoch, at the last one; its frames are called {@link #frame}. */
  static Map<String, Object> slider(List<Long> epochs) {
    List<Map<String, Object>> steps = new ArrayList<>();
    for (long epoch : epochs) {
      steps.add(
          Map.of(
              "label",
              String.format(Locale.ROOT, "%,d", epoch),
              "method",
              "animate",
              "args",
              List.of(List.of(frame(epoch)), animation(0))));
    }
    Map<String, Object> slider = new LinkedHashMap<>();
    slider.put("active", epochs.size() - 1);
    slider.put("x", 0);
    slider.put("len", 1);
    slider.put("y", 0);
    slider.put("yanchor", "top");
    slider.put("pad", Map.of("t", 70));
    slider.put(
        "currentvalue",
        Map.of("prefix", "epoch ", "xanchor", "left", "offset", 18, "font", Map.of("size", 17)));
    slider.put("steps", steps);
    return slider;
  }

  /** Two buttons: play all frames, and stop. */
  static Map<String, Object> buttons() {
    Map<String, Object> menu = new LinkedHashMap<>();
    menu.put("type", "buttons");
    menu.put("direction", "left");
    menu.put("showactive", false);
    menu.put("x", 1);
    menu.put("xanchor", "right");
    menu.put("y", 0);
    menu.put("yanchor", "top");
    menu.put("pad", Map.of("t", 62));
    // to Plotly, null is every frame, and a list of null is to stop
    menu.put(
        "buttons",
        List.of(
            button("▶", Arrays.asList(null, animation(250))),
            button("❚❚", List.of(Collections.singletonList(null), animation(0)))));
    return menu;
  }

  private static Map<String, Object> button(String label, List<?> arguments) {
    return Map.of("label", label, "method", "animate", "args", arguments);
  }

  private static Map<String, Object> animation(int milliseconds) {
    return Map.of(
        "mode",
        "immediate",
        "fromcurrent",
        true,
        "frame",
        Map.of("duration", milliseconds, "redraw", true),
        "transition",
        Map.of("duration", 0));
  }
}
