package org.grokscope.train;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** Tells all listeners of a training how far it is. */
final class Broadcast {
  private final List<TrainingListener> listeners;
  private final long epochs;
  private final Path directory;
  private final long startNanos = System.nanoTime();
  private long startEpoch;

  Broadcast(List<TrainingListener> listeners, long epochs, Path directory) {
    this.listeners = List.copyOf(listeners);
    this.epochs = epochs;
    this.directory = directory;
  }

  void beganAt(long epoch) {
    startEpoch = epoch;
  }

  /** Of a run that is complete already: its last row, so that there is something to show. */
  void complete(long epoch, History.Row last) {
    beganAt(epoch);
    started(epoch);
    evaluated(epoch, last);
    finished(epoch);
  }

  void started(long epoch) {
    tell(epoch, TrainingListener::started);
  }

  void stepped(long epoch) {
    tell(epoch, TrainingListener::stepped);
  }

  void evaluated(long epoch, History.Row row) {
    tell(epoch, (listener, progress) -> listener.evaluated(progress, row));
  }

  void finished(long epoch) {
    tell(epoch, TrainingListener::finished);
  }

  void interrupted(long epoch) {
    tell(epoch, TrainingListener::interrupted);
  }

  private void tell(long epoch, BiConsumer<TrainingListener, TrainingListener.Progress> what) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    TrainingListener.Progress progress =
        new TrainingListener.Progress(epoch, epochs, startEpoch, seconds, directory);
    for (TrainingListener listener : listeners) {
      what.accept(listener, progress);
    }
  }
}
