package org.grokscope.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.grokscope.plot.HouseStyle;
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
    return MimeBundle.html(html(lines), String.join("\n", lines));
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
    return String.format(
        Locale.ROOT,
        "epoch %,d: train loss %.2e, accuracy %.1f %%; test loss %.2e, accuracy %.1f %%",
        last.epoch(),
        last.trainLoss(),
        100 * last.trainAccuracy(),
        last.testLoss(),
        100 * last.testAccuracy());
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

  private String html(List<String> lines) {
    double share =
        state == State.RUNNING || state == State.INTERRUPTED
            ? Math.min(1, (double) progress.epoch() / Math.max(1, progress.epochs()))
            : 1;
    StringBuilder html = new StringBuilder("<div style=\"max-width:48em;line-height:1.5\">");
    html.append(
        String.format(
            Locale.ROOT,
            "<div role=\"progressbar\" aria-label=\"training\" aria-valuemin=\"0\""
                + " aria-valuemax=\"100\" aria-valuenow=\"%.0f\" style=\"height:8px;"
                + "border-radius:4px;overflow:hidden;background:rgba(128,128,128,.25)\">"
                + "<div style=\"height:8px;width:%.1f%%;background:%s\"></div></div>",
            100 * share,
            100 * share,
            state == State.INTERRUPTED ? HouseStyle.TEST : HouseStyle.TRAIN));
    for (int i = 0; i < lines.size(); i++) {
      html.append(i == 0 ? "<div><b>" : "<div>")
          .append(Html.escape(lines.get(i)))
          .append(i == 0 ? "</b></div>" : "</div>");
    }
    return html.append("</div>").toString();
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return (whole == 0 && seconds > 0 ? "under 1" : whole) + " s";
    }
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
