package org.grokscope.notebook;

import org.grokscope.train.History;
import org.grokscope.train.TrainingListener;
import org.grokscope.train.TrainingListener.Progress;

/**
 * A training with nothing to learn: it steps, tells its listener, keeps its epoch, and stops when
 * its thread is interrupted. Public because cells call it.
 */
public final class LongTraining {
  private static long epoch;
  private static double noise;

  private LongTraining() {}

  /** Steps up to an epoch; a second call waits for the first one and goes on from its epoch. */
  public static synchronized long run(TrainingListener listener, long epochs) {
    long start = epoch;
    long began = System.nanoTime();
    listener.started(new Progress(epoch, epochs, start, 0, null));
    while (epoch < epochs) {
      Progress progress =
          new Progress(epoch, epochs, start, (System.nanoTime() - began) / 1e9, null);
      if (Thread.interrupted()) {
        listener.interrupted(progress);
        return epoch;
      }
      step();
      epoch++;
      listener.stepped(progress);
      if (epoch % 10 == 0) {
        listener.evaluated(progress, History.Row.of(epoch, 1, 2, 0.5, 0.1, 1, 1));
      }
    }
    listener.finished(new Progress(epoch, epochs, start, (System.nanoTime() - began) / 1e9, null));
    return epoch;
  }

  /** About a millisecond of arithmetic. */
  private static void step() {
    for (int i = 1; i < 100_000; i++) {
      noise += Math.sqrt(i) / (1 + noise);
    }
  }
}
