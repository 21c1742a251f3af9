package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A slider over Plotly's frames, and buttons that play them, in Plotly's own terms. */
final class FrameSlider {
  private FrameSlider() {}

  /**
   * A slider below a figure.
   *
   * @param frames names of the frames, in order
   * @param labels what stands below each
   * @param prefix what stands before the label of the frame that is seen
   * @param active index of the frame that is seen at first
   */
  static Map<String, Object> slider(
      List<String> frames, List<String> labels, String prefix, int active) {
    List<Map<String, Object>> steps = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      steps.add(
          Map.of(
              "label",
              labels.get(i),
              "method",
              "animate",
              "args",
              List.of(List.of(frames.get(i)), animation(0))));
    }
    Map<String, Object> slider = new LinkedHashMap<>();
    slider.put("active", active);
    slider.put("x", 0);
    slider.put("len", 1);
    slider.put("y", 0);
    slider.put("yanchor", "top");
    slider.put("pad", Map.of("t", 70));
    slider.put(
        "currentvalue",
        Map.of("prefix", prefix, "xanchor", "left", "offset", 18, "font", Map.of("size", 17)));
    slider.put("steps", steps);
    return slider;
  }

  /** Two buttons: play all frames, each for some time, and stop. */
  static Map<String, Object> buttons(int milliseconds) {
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
    List<Object> all = new ArrayList<>();
    all.add(null);
    all.add(animation(milliseconds));
    menu.put(
        "buttons",
        List.of(
            button("▶", all),
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
