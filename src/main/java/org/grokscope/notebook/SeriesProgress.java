package org.grokscope.notebook;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.grokscope.series.ProbeListener;

/**
 * The progress of a series of measurements, drawn anew in one place of the notebook, at most every
 * 200 ms; the last state stays in the notebook.
 *
 * <p>Good for one series; {@link Notebook#seriesProgress()} makes one.
 */
final class SeriesProgress implements ProbeListener {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Function<MimeBundle, Kernel.Place> screen;
  private final LongSupplier nanoTime;
  private Kernel.Place place;
  private long drawnAt;
  private boolean unwritable;

  /**
   * @param screen shows a first state and gives the place where the next ones go
   * @param nanoTime a clock in nanoseconds, such as {@link System#nanoTime()}
   */
  SeriesProgress(Function<MimeBundle, Kernel.Place> screen, LongSupplier nanoTime) {
    this.screen = screen;
    this.nanoTime = nanoTime;
  }

  @Override
  public void started(Progress progress) {
    if (progress.done() < progress.total()) { // else the end is all there is to show
      running(progress);
    }
  }

  @Override
  public void measured(Progress progress) {
    if (nanoTime.getAsLong() - drawnAt >= REDRAW_NANOS) {
      running(progress);
    }
  }

  @Override
  public void notKept(Progress progress, UncheckedIOException why) {
    unwritable = true;
  }

  @Override
  public void finished(Progress progress) {
    if (progress.read() == progress.total()) {
      draw(progress, false, "already measured: " + all(progress) + ", read from disk", "");
    } else {
      draw(progress, false, "measured: " + all(progress) + readFromDisk(progress), took(progress));
    }
  }

  @Override
  public void interrupted(Progress progress) {
    String advice =
        progress.kept()
            ? ": what was measured is kept; run the cell again to go on"
            : ": run the cell again; a lambda's numbers are measured anew";
    draw(progress, true, "interrupted after " + part(progress) + advice, took(progress));
  }

  @Override
  public void failed(Progress progress) {
    draw(progress, true, "stopped by an error after " + part(progress), took(progress));
  }

  private void running(Progress progress) {
    double rate = progress.checkpointsPerSecond();
    List<String> pace = new ArrayList<>();
    if (rate > 0) {
      pace.add(String.format(Locale.ROOT, rate < 10 ? "%.1f" : "%,.0f", rate) + " checkpoints/s");
      pace.add(ProgressBar.duration((progress.total() - progress.done()) / rate) + " left");
    }
    draw(
        progress,
        false,
        "measuring: " + part(progress) + readFromDisk(progress),
        String.join(" · ", pace));
  }

  private void draw(Progress progress, boolean stopped, String headline, String pace) {
    List<String> lines = new ArrayList<>(List.of(headline));
    if (!pace.isEmpty()) {
      lines.add(pace);
    }
    if (unwritable) {
      lines.add("the folder of the run cannot be written: the numbers are not kept for next time");
    }
    double share = (double) progress.done() / progress.total();
    MimeBundle bundle = new ProgressBar("measuring", share, stopped, lines).bundle();
    if (place == null) {
      place = screen.apply(bundle);
    } else {
      place.redraw(bundle);
    }
    drawnAt = nanoTime.getAsLong();
  }

  private static String all(Progress progress) {
    return ProgressBar.count(progress.total())
        + (progress.total() == 1 ? " checkpoint" : " checkpoints");
  }

  private static String part(Progress progress) {
    return ProgressBar.count(progress.done()) + " of " + all(progress);
  }

  private static String readFromDisk(Progress progress) {
    return progress.read() > 0
        ? " (" + ProgressBar.count(progress.read()) + " of them read from disk)"
        : "";
  }

  private static String took(Progress progress) {
    return "took " + ProgressBar.duration(progress.seconds());
  }
}
