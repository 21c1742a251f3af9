package org.grokscope.compression;

import java.util.Arrays;
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
import org.nd4j.linalg.factory.Nd4j;

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

  /**
   * The logits in two parts, for changing what comes from the neurons.
   *
   * @param directions [r][p], on the first of which it is projected
   */
  Bypass bypass(double[][] directions) {
    return new Bypass(directions);
  }

  /** Logits = rest + N W_L, in float64, without the column of '='. */
  final class Bypass {
    private final int p = checkpoint.p();
    private final int[] labels = checkpoint.labels();
    private final double[][] rest; // [questions][p]
    private final double[][] fromNeurons; // [questions][p]
    private final double[][] directions; // [r][p]
    private final double[][] lengths; // [r][questions], of those that were asked for

    private Bypass(double[][] directions) {
      this.directions = directions;
      this.lengths = new double[directions.length][];
      AllPairs pairs = AllPairs.of(checkpoint);
      INDArray product = rowsOf(pairs.neurons()).mmul(pairs.wL());
      fromNeurons = matrix(product);
      rest = matrix(rowsOf(pairs.logits()));
      for (int i = 0; i < rows.length; i++) {
        for (int c = 0; c < p; c++) {
          rest[i][c] -= fromNeurons[i][c];
        }
      }
    }

    /** The questions' own rows; ND4J's getRows takes ten times as long. */
    private INDArray rowsOf(INDArray all) {
      double[] values = all.data().asDouble(); // row by row, as it comes from AllPairs
      int columns = all.columns();
      double[] chosen = new double[rows.length * columns];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(values, rows[i] * columns, chosen, i * columns, columns);
      }
      return Nd4j.create(chosen, new long[] {rows.length, columns}, 'c');
    }

    private double[][] matrix(INDArray array) {
      double[] values = array.dup('c').data().asDouble();
      int columns = array.columns();
      double[][] matrix = new double[rows.length][];
      for (int i = 0; i < rows.length; i++) {
        matrix[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
      }
      return matrix;
    }

    /** Of every question's N W_L along a direction; computed once. */
    private double[] along(int j) {
      if (lengths[j] == null) {
        lengths[j] = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
          double length = 0;
          for (int c = 0; c < p; c++) {
            length += fromNeurons[i][c] * directions[j][c];
          }
          lengths[j][i] = length;
        }
      }
      return lengths[j];
    }

    /** Share of right answers with N W_L projected on the first r directions. */
    public double accuracy(int r) {
      int right = 0;
      for (int i = 0; i < rows.length; i++) {
        double[] z = rest[i].clone();
        for (int j = 0; j < r; j++) {
          double length = along(j)[i];
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
