package org.grokscope.evidence;

import java.util.Locale;
import org.grokscope.model.ModelShape;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.train.TrainingConfig;

/**
 * A training on a table that evidence is measured on. The seed of its configuration is that of its
 * split, and of its labels where these are random.
 *
 * @param operation that gives the labels
 * @param p of the table
 * @param randomLabels whether the labels are shuffled
 * @param fraction of the pairs, to train on
 * @param config how it is trained
 */
record WantedRun(
    Operation operation, int p, boolean randomLabels, double fraction, TrainingConfig config) {

  /** The published training of a + b, with these epochs and this seed. */
  static WantedRun addition(int p, double fraction, long epochs, long seed) {
    return new WantedRun(
        Operation.ADD,
        p,
        false,
        fraction,
        TrainingConfig.nanda2023().withEpochs(epochs).withSeed(seed));
  }

  WantedRun with(Operation value) {
    return new WantedRun(value, p, randomLabels, fraction, config);
  }

  WantedRun with(TrainingConfig value) {
    return new WantedRun(operation, p, randomLabels, fraction, value);
  }

  WantedRun withRandomLabels() {
    return new WantedRun(operation, p, true, fraction, config);
  }

  Split split() {
    OperationTable task = OperationTable.of(operation, p);
    return (randomLabels ? task.withRandomLabels(config.seed()) : task)
        .split(fraction, config.seed());
  }

  /** What is not as published of a model, or nothing. */
  static String variant(ModelShape shape) {
    if (!shape.attends()) {
      return ", no attention";
    }
    return shape.depth() == 1 ? "" : ", " + shape.depth() + " layers";
  }

  /** All but the seed. */
  String what() {
    TrainingConfig published = TrainingConfig.nanda2023();
    ModelShape shape = config.shape();
    return String.format(
        Locale.ROOT,
        "%s mod %d%s%s, %.0f %% of the pairs%s%s, %,d epochs",
        operation.symbol(),
        p,
        variant(shape),
        randomLabels ? ", random labels" : "",
        100 * fraction,
        shape.dModel() == published.shape().dModel() ? "" : ", width " + shape.dModel(),
        config.weightDecay() == published.weightDecay()
            ? ""
            : ", decay " + number(config.weightDecay()),
        config.epochs());
  }

  @Override
  public String toString() {
    return what() + ", seed " + config.seed();
  }

  /** With at most four digits. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value).replaceAll("\\.?0+$", "");
  }
}
