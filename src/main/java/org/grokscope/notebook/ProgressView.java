package org.grokscope.notebook;

import static org.grokscope.notebook.ProgressBar.count;
import static org.grokscope.notebook.ProgressBar.duration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.grokscope.train.History;
import org.grokscope.train.TrainingListener.Progress;

/**
 * One state of a training, in HTML without scripts and in plain text.
 *
 * @param state what the training is doing
 * @param progress how far it is
 * @param last its last evaluation, or null before the first
 */
record ProgressView(State state, Progress progress, History.Row last) {

  /** What a training can be doing. */
  enum State {
    RUNNING,
    FINISHED,
    STOPPED_BY_RULE,
    INTERRUPTED,
    ALREADY_TRAINED
  }

  MimeBundle bundle() {
    List<String> lines = new ArrayList<>(List.of(headline()));
    if (last != null) {
      lines.add(evaluation());
    }
    String pace = pace();
    if (!pace.isEmpty()) {
      lines.add(pace);
    }
    double share =
        state == State.RUNNING || state == State.INTERRUPTED
            ? Math.min(1, (double) progress.epoch() / Math.max(1, progress.epochs()))
            : 1;
    return new ProgressBar("training", share, state == State.INTERRUPTED, lines).bundle();
  }

  private String headline() {
    String epoch = count(progress.epoch());
    String of = " of " + count(progress.epochs());
    return switch (state) {
      case RUNNING -> "training: epoch " + epoch + of + continued();
      case FINISHED -> "trained: " + epoch + " epochs" + continued();
      case STOPPED_BY_RULE -> "trained: stopped by its rule at epoch " + epoch + of + continued();
      case INTERRUPTED ->
          "interrupted at epoch "
              + epoch
              + of
              + ": everything is saved; run the cell again to go on"
              + continued();
      case ALREADY_TRAINED -> "already trained: " + epoch + " epochs, read from disk";
    };
  }

  private String continued() {
    return progress.startEpoch() > 0
        ? " (continued from epoch " + count(progress.startEpoch()) + ")"
        : "";
  }

  private String evaluation() {
    return String.format(Locale.ROOT, "epoch %,d: %s", last.epoch(), last.summary());
  }

  private String pace() {
    List<String> parts = new ArrayList<>();
    double rate = progress.stepsPerSecond();
    if (rate > 0) {
      parts.add(String.format(Locale.ROOT, rate < 10 ? "%.1f steps/s" : "%,.0f steps/s", rate));
    }
    if (state == State.RUNNING) {
      if (rate > 0) {
        parts.add(duration((progress.epochs() - progress.epoch()) / rate) + " left");
      }
      parts.add("to pause, interrupt the kernel; running the cell again goes on");
    } else if (rate > 0) {
      parts.add("took " + duration(progress.secondsInCall()));
    }
    if (state != State.RUNNING && progress.directory() != null) {
      parts.add("kept as " + progress.directory().getFileName());
    }
    return String.join(" · ", parts);
  }
}
