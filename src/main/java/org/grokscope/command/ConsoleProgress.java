package org.grokscope.command;

import java.io.PrintWriter;
import java.util.Locale;
import org.grokscope.train.History;
import org.grokscope.train.TrainingListener;

/** Tells a terminal how far a training is: a line every few seconds. */
final class ConsoleProgress implements TrainingListener {
  private static final double SECONDS_BETWEEN_LINES = 5;

  private final PrintWriter console;
  private double saidAt;

  ConsoleProgress(PrintWriter console) {
    this.console = console;
  }

  @Override
  public void started(Progress progress) {
    if (progress.epoch() > 0 && progress.epoch() < progress.epochs()) {
      say("going on from epoch %,d of %,d", progress.epoch(), progress.epochs());
    }
  }

  @Override
  public void evaluated(Progress progress, History.Row row) {
    boolean first = progress.epoch() == progress.startEpoch();
    if (first || progress.secondsInCall() - saidAt >= SECONDS_BETWEEN_LINES) {
      saidAt = progress.secondsInCall();
      say(
          "epoch %,d of %,d  %s  %.1f steps/s  %s left",
          progress.epoch(),
          progress.epochs(),
          row.summary(),
          progress.stepsPerSecond(),
          duration((progress.epochs() - progress.epoch()) / progress.stepsPerSecond()));
    }
  }

  @Override
  public void finished(Progress progress) {
    if (progress.epoch() == progress.startEpoch()) {
      say("complete: %,d epochs, read from %s", progress.epoch(), progress.directory());
    } else {
      say("done: %,d epochs in %s", progress.epoch(), progress.directory());
    }
  }

  @Override
  public void interrupted(Progress progress) {
    say("stopped at epoch %,d; run the same command to go on", progress.epoch());
  }

  private static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return "?";
    }
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
  }

  private void say(String format, Object... values) {
    console.println(String.format(Locale.ROOT, format, values));
    console.flush();
  }
}
