package org.grokscope.command;

import java.io.PrintWriter;
import java.util.Locale;
import org.grokscope.sweep.RunResult;
import org.grokscope.sweep.SweepListener;
import org.grokscope.train.History;

/** Tells a terminal how far a sweep is: a line a run. */
final class ConsoleSweepProgress implements SweepListener {
  private final PrintWriter console;

  ConsoleSweepProgress(PrintWriter console) {
    this.console = console;
  }

  @Override
  public void started(Progress progress) {
    say("%,d runs, %,d of them done before", progress.runs(), progress.done());
  }

  @Override
  public void ended(Progress progress, String label, RunResult result) {
    say(
        "%,d of %,d done%s  %s: %s  %s left",
        progress.done(),
        progress.runs(),
        progress.failed() == 0 ? "" : String.format(Locale.ROOT, ", %,d failed", progress.failed()),
        label,
        result.last().map(row -> outcome(row, result)).orElseGet(() -> failure(result)),
        Durations.inWords(progress.secondsLeft()));
  }

  private static String outcome(History.Row row, RunResult result) {
    return String.format(
        Locale.ROOT,
        "%,d epochs, %s%s",
        row.epoch(),
        row.summary(),
        result.understood().isPresent()
            ? String.format(Locale.ROOT, ", grok at %,d", result.understood().getAsLong())
            : "");
  }

  private static String failure(RunResult result) {
    return "failed: " + result.error().orElse("");
  }

  private void say(String format, Object... values) {
    console.println(String.format(Locale.ROOT, format, values));
    console.flush();
  }
}
