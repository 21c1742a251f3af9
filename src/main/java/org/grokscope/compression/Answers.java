package org.grokscope.compression;

import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.FactorisedTransformer;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.model.Transformer;
import org.grokscope.probe.AllPairs;
import org.grokscope.probe.Part;
import org.grokscope.task.Batch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Right answers of changed models to one checkpoint's questions. An answer is the largest logit of
 * all the model's outputs, as in training.
 */
public final class Answers implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final int[] rows; // a·p + b
  private final Batch questions;
  private final Parameters live;
  private final Transformer model;

  private Answers(Checkpoint checkpoint, int[] rows, Batch questions) {
    this.checkpoint = checkpoint;
    this.rows = rows;
    this.questions = questions;
    this.live = checkpoint.parameters();
    ModelConfig config = checkpoint.config();
    this.model =
        FactorisedTransformer.accepts(config)
            ? FactorisedTransformer.of(config, live, 1)
            : ReferenceTransformer.of(config, live);
  }

  /**
   * @throws IllegalArgumentException if the part is all questions, or has none
   */
  public static Answers of(Checkpoint checkpoint, Part part) {
    if (part == Part.ALL) {
      throw new IllegalArgumentException(
          "description length: got the part all, expected train or test; measure each by itself");
    }
    boolean train = part == Part.TRAIN;
    int[] rows = train ? checkpoint.trainRows() : checkpoint.testRows();
    if (rows.length == 0) {
      throw new IllegalArgumentException(
          "description length: got a checkpoint without "
              + part.label()
              + " questions, expected"
              + " some; measure the other part");
    }
    return new Answers(checkpoint, rows, train ? checkpoint.train() : checkpoint.test());
  }

  /** Share of right answers with other weights. */
  public double accuracy(Parameters weights) {
    live.copyFrom(weights);
    return model.loss(questions).accuracy();
  }

  /** The logits in two parts, for changing what comes from the neurons. */
  Bypass bypass() {
    return new Bypass();
  }

  /** Logits = rest + N W_L, in float64, without the column of '='. */
  final class Bypass {
    private final int p = checkpoint.p();
    private final int[] labels = checkpoint.labels();
    private final double[][] rest; // [questions][p]
    private final double[][] fromNeurons; // [questions][p]

    private Bypass() {
      AllPairs pairs = AllPairs.of(checkpoint);
      INDArray product = pairs.neurons().getRows(rows).mmul(pairs.wL());
      rest = pairs.logits().getRows(rows).sub(product).toDoubleMatrix();
      fromNeurons = product.toDoubleMatrix();
    }

    /** Share of right answers with N W_L projected on the first r directions. */
    public double accuracy(double[][] directions, int r) {
      int right = 0;
      for (int i = 0; i < rows.length; i++) {
        double[] z = rest[i].clone();
        for (int j = 0; j < r; j++) {
          double length = 0;
          for (int c = 0; c < p; c++) {
            length += fromNeurons[i][c] * directions[j][c];
          }
          for (int c = 0; c < p; c++) {
            z[c] += length * directions[j][c];
          }
        }
        int largest = 0;
        for (int c = 1; c < p; c++) {
          largest = z[c] > z[largest] ? c : largest;
        }
        right += largest == labels[rows[i]] ? 1 : 0;
      }
      return (double) right / rows.length;
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
