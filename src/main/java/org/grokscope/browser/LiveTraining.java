package org.grokscope.browser;

import java.util.Arrays;
import org.grokscope.model.FactorisedTransformer;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.task.Batch;
import org.grokscope.task.OperationTable;
import org.grokscope.task.Split;
import org.grokscope.train.History;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;

/** A training in plain Java, and what a page shows of it. */
final class LiveTraining {
  private final Split split;
  private final OperationTable table;
  private final Batch all; // every pair, (a, b) at a·p + b
  private final FactorisedTransformer model;
  private final Training training;

  LiveTraining(Split split, TrainingConfig config) {
    this.split = split;
    table = split.table();
    all = table.all();
    ModelConfig shape = ModelConfig.of(config.shape(), split, config.outputClasses());
    Parameters parameters = Parameters.initial(shape, config.seed());
    model = FactorisedTransformer.inPlainJava(shape, parameters, config.loss());
    training = Training.of(config, split, model);
  }

  /** One update; returns the training loss before it. */
  double step() {
    return training.step().loss();
  }

  /** As {@link Live#evaluate} says. */
  double[] evaluate() {
    History.Row row = training.evaluate();
    return new double[] {
      row.epoch(),
      row.trainLoss(),
      row.testLoss(),
      row.trainAccuracy(),
      row.testAccuracy(),
      row.squaredNorm()
    };
  }

  int[] known() {
    int[] known = new int[all.size()];
    for (int row : split.trainRows()) {
      known[row] = 1;
    }
    return known;
  }

  int[] labels() {
    return table.labels();
  }

  int[] answers() {
    float[][] logits = model.logitRows(all);
    int[] answers = new int[logits.length];
    for (int row = 0; row < answers.length; row++) {
      for (int c = 1; c < logits[row].length; c++) {
        answers[row] = logits[row][c] > logits[row][answers[row]] ? c : answers[row];
      }
    }
    return answers;
  }

  double[] scores(int a, int b) {
    float[] logits = model.logitRows(table.questions(new int[] {table.row(a, b)}))[0];
    double[] scores = new double[table.size()];
    Arrays.setAll(scores, c -> logits[c]);
    return scores;
  }

  Circles circles() {
    int dModel = model.config().shape().dModel();
    return new Circles(model.parameters().doubles("W_E"), table.size(), dModel);
  }
}
