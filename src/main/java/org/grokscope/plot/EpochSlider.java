package org.grokscope.plot;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A slider over epochs below a figure, with a button to play it. */
final class EpochSlider {
  private EpochSlider() {}

  /** The name of the frame of an epoch. */
  static String frame(long epoch) {
    return String.valueOf(epoch);
  }

  /** A slider with a step for each epoch, at the last one; its frames are called {@link #frame}. */
  static Map<String, Object> slider(List<Long> epochs) {
    return FrameSlider.slider(
        epochs.stream().map(EpochSlider::frame).toList(),
        epochs.stream().map(epoch -> String.format(Locale.ROOT, "%,d", epoch)).toList(),
        "epoch ",
        epochs.size() - 1);
  }

  /** Two buttons: play all frames, and stop. */
  static Map<String, Object> buttons() {
    return FrameSlider.buttons(250);
  }
}
