package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A slider below a figure and two buttons, which play all positions and stop. It moves what a
 * {@link Declaration} declared as moving, over Plotly's frames, and needs no kernel, only a page.
 *
 * @param prefix stands before the label of the position that is seen, such as "epoch "
 * @param names of the positions, in order, all different
 * @param labels what stands below each
 * @param active index of the position that is seen at first
 * @param milliseconds that playing stays at each
 */
public record Slider(
    String prefix, List<String> names, List<String> labels, int active, int milliseconds) {
  private static final int PLAYED_EPOCH = 250;

  /**
   * @throws IllegalArgumentException if there are fewer than two positions, two of one name, not a
   *     label for each, or the active one is none of them
   */
  public Slider {
    names = List.copyOf(names);
    labels = List.copyOf(labels);
    int n = names.size();
    if (n < 2 || names.stream().distinct().count() < n || labels.size() != n) {
      throw new IllegalArgumentException(
          "slider: got the positions "
              + names
              + " with "
              + labels.size()
              + " labels, expected at least two different ones to slide between, a label each");
    }
    if (active < 0 || active >= n) {
      throw new IllegalArgumentException(
          "slider: got the active position " + active + ", expected one from 0 to " + (n - 1));
    }
  }

  /** A position for each number. */
  public static Slider of(String prefix, List<Integer> positions, int active, int milliseconds) {
    List<String> names = positions.stream().map(String::valueOf).toList();
    return new Slider(prefix, names, names, active, milliseconds);
  }

  /** A position for each epoch, at the last one. */
  public static Slider ofEpochs(List<Long> epochs) {
    return new Slider(
        "epoch ",
        epochs.stream().map(String::valueOf).toList(),
        epochs.stream().map(epoch -> Digits.text("%,d", epoch)).toList(),
        epochs.size() - 1,
        PLAYED_EPOCH);
  }

  /** The slider and its buttons as a part of a layout. */
  Attributes layout() {
    List<Attributes> steps =
        IntStream.range(0, names.size())
            .mapToObj(i -> animate(labels.get(i), List.of(names.get(i)), 0))
            .toList();
    Attributes slider =
        Attributes.of("active", active)
            .set("x", 0)
            .set("len", 1)
            .set("y", 0)
            .set("yanchor", "top")
            .set("pad.t", 70)
            .set("currentvalue.prefix", prefix)
            .set("currentvalue.xanchor", "left")
            .set("currentvalue.offset", 18)
            .set("currentvalue.font.size", 17)
            .set("steps", steps);
    // to Plotly, null is every frame, and a list of null is to stop
    Attributes buttons =
        Attributes.of("type", "buttons")
            .set("direction", "left")
            .set("showactive", false)
            .set("x", 1)
            .set("xanchor", "right")
            .set("y", 0)
            .set("yanchor", "top")
            .set("pad.t", 62)
            .set(
                "buttons",
                List.of(
                    animate("▶", null, milliseconds),
                    animate("❚❚", Collections.singletonList(null), 0)));
    return Attributes.of("sliders", List.of(slider)).set("updatemenus", List.of(buttons));
  }

  private static Attributes animate(String label, List<String> frames, int milliseconds) {
    Attributes how =
        Attributes.of("mode", "immediate")
            .set("fromcurrent", true)
            .set("frame.duration", milliseconds)
            .set("frame.redraw", true)
            .set("transition.duration", 0);
    List<Object> arguments = new ArrayList<>();
    arguments.add(frames);
    arguments.add(how);
    return Attributes.of("label", label).set("method", "animate").set("args", arguments);
  }

  /**
   * What each position draws.
   *
   * @param moving by the index of a trace, what it is at each position
   */
  List<Attributes> frames(SortedMap<Integer, IntFunction<? extends Map<String, ?>>> moving) {
    return IntStream.range(0, names.size())
        .mapToObj(
            i ->
                Attributes.of("name", names.get(i))
                    .set("traces", List.copyOf(moving.keySet()))
                    .set("data", moving.values().stream().map(at -> at.apply(i)).toList()))
        .toList();
  }
}
