package org.grokscope.notebook;

import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.grokscope.train.History;
import org.grokscope.train.TrainingListener;

/**
 * A training's progress, drawn anew in one place of the notebook, at most every 200 ms; the last
 * state stays in the notebook.
 *
 * <p>Good for one training; {@link Notebook#progress()} makes one.
 */
public final class TrainingProgress implements TrainingListener {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Function<MimeBundle, Kernel.Place> screen;
  private final LongSupplier nanoTime;
  private Kernel.Place place;
  private long drawnAt;
  private History.Row last;

  /**
   * @param screen shows a first state and gives the place where the next ones go
   * @param nanoTime a clock in nanoseconds, such as {@link System#nanoTime()}
   */
  TrainingProgress(Function<MimeBundle, Kernel.Place> screen, LongSupplier nanoTime) {
    this.screen = screen;
    this.nanoTime = nanoTime;
  }

  @Override
  public void started(Progress progress) {
    draw(ProgressView.State.RUNNING, progress);
  }

  @Override
  public void stepped(Progress progress) {
    if (nanoTime.getAsLong() - drawnAt >= REDRAW_NANOS) {
      draw(ProgressView.State.RUNNING, progress);
    }
  }

  @Override
  public void evaluated(Progress progress, History.Row row) {
    last = row;
  }

  @Override
  public void finished(Progress progress) {
    boolean nothingToDo = progress.epoch() > 0 && progress.epoch() == progress.startEpoch();
    draw(
        nothingToDo
            ? ProgressView.State.ALREADY_TRAINED
            : progress.epoch() < progress.epochs()
                ? ProgressView.State.STOPPED_BY_RULE
                : ProgressView.State.FINISHED,
        progress);
  }

  @Override
  public void interrupted(Progress progress) {
    draw(ProgressView.State.INTERRUPTED, progress);
  }

  private void draw(ProgressView.State state, Progress progress) {
    MimeBundle bundle = new ProgressView(state, progress, last).bundle();
    if (place == null) {
      place = screen.apply(bundle);
    } else {
      place.redraw(bundle);
    }
    drawnAt = nanoTime.getAsLong();
  }
}
