package org.grokscope.train;

/**
 * The loop of {@link Trainer#train}: update, evaluate, save, until the budget, the stop rule or an
 * interrupt.
 */
final class TrainingLoop {
  private final Training training;
  private final TrainingConfig config;
  private final StopRule stopRule;
  private final RunFolder folder;
  private final Broadcast listener;

  TrainingLoop(
      Training training,
      TrainingConfig config,
      StopRule stopRule,
      RunFolder folder,
      Broadcast listener) {
    this.training = training;
    this.config = config;
    this.stopRule = stopRule;
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * Whether the training came to its end; false if the thread was interrupted. Everything is saved
   * either way.
   */
  boolean run() {
    listener.beganAt(training.epoch());
    listener.started(training.epoch());
    if (training.epoch() == 0 && arrive()) {
      return true;
    }
    while (training.epoch() < config.epochs()) {
      if (Thread.interrupted()) {
        folder.save(training, false);
        listener.interrupted(training.epoch());
        return false;
      }
      training.step();
      listener.stepped(training.epoch());
      if (arrive()) {
        return true;
      }
    }
    listener.finished(training.epoch());
    return true;
  }

  /**
   * Measures and saves what is due at this epoch; returns whether the stop rule ended the training.
   */
  private boolean arrive() {
    long epoch = training.epoch();
    boolean last = epoch == config.epochs();
    boolean stop = false;
    if (last || config.evaluation().due(epoch)) {
      listener.evaluated(epoch, training.evaluate());
      stop = config.evaluation().due(epoch) && stopRule.stop(training.history());
    }
    if (last || stop || config.checkpoints().due(epoch)) {
      folder.save(training, true);
    }
    if (stop) {
      listener.finished(epoch);
    }
    return stop;
  }
}
