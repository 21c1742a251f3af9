package org.grokscope.line;

import java.util.Arrays;
import java.util.List;
import org.grokscope.geometry.CategoricalProbe;
import org.grokscope.geometry.Folds;
import org.grokscope.geometry.LinearProbe;
import org.grokscope.task.LineFact;
import org.nd4j.linalg.api.ndarray.INDArray;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What can be read off activations, layer by layer: how many characters there are, the width, what
 * remains, what comes next, whether to break (E2).
 *
 * <p>Both probes are cross-validated by documents: what stands in a document already fitted says
 * something of the rest of it.
 */
public final class AbilityProbes {
  private AbilityProbes() {}

  /**
   * Probes of some facts at some hooks.
   *
   * @param sites the activations of every hook, in the order of the layers
   * @param facts what to read, each of which has to vary; rows where one is −1 (not known) are left
   *     out for it
   * @param settings of the probes
   * @return a row a hook and fact: {@code hook}, {@code fact}, {@code rows}, {@code values} (how
   *     many different ones), {@code r2} and {@code rmse} of the linear probe, {@code accuracy},
   *     {@code auc} and {@code distance} (mean |read − true|) of the categorical one
   * @throws IllegalArgumentException if a fact does not vary at the positions given
   */
  public static Table of(
      List<LineActivations> sites, List<LineFact> facts, ProbeSettings settings) {
    StringColumn hooks = StringColumn.create("hook");
    StringColumn names = StringColumn.create("fact");
    IntColumn rows = IntColumn.create("rows");
    IntColumn values = IntColumn.create("values");
    DoubleColumn r2 = DoubleColumn.create("r2");
    DoubleColumn rmse = DoubleColumn.create("rmse");
    DoubleColumn accuracy = DoubleColumn.create("accuracy");
    DoubleColumn auc = DoubleColumn.create("auc");
    DoubleColumn distance = DoubleColumn.create("distance");
    for (LineActivations site : sites) {
      for (LineFact fact : facts) {
        LineActivations known = site.where(fact, 0, Integer.MAX_VALUE);
        LinearProbe.Score linear = linear(known, fact, settings);
        CategoricalProbe.Score categorical = categorical(known, fact, settings);
        hooks.append(site.hook());
        names.append(fact.name());
        rows.append(known.size());
        values.append((int) Arrays.stream(known.facts(fact)).distinct().count());
        r2.append(linear.r2());
        rmse.append(linear.rootMeanSquaredError());
        accuracy.append(categorical.accuracy());
        auc.append(categorical.auc());
        distance.append(categorical.meanDistance());
      }
    }
    return Table.create("abilities", hooks, names, rows, values, r2, rmse, accuracy, auc, distance);
  }

  /** The linear probe of one fact. */
  public static LinearProbe.Score linear(
      LineActivations activations, LineFact fact, ProbeSettings settings) {
    int[] labels = varied(activations, fact);
    return LinearProbe.crossValidate(
        activations.values(),
        Arrays.stream(labels).asDoubleStream().toArray(),
        settings.ridge() * labels.length,
        folds(activations, settings));
  }

  /** The categorical probe of one fact. */
  public static CategoricalProbe.Score categorical(
      LineActivations activations, LineFact fact, ProbeSettings settings) {
    return CategoricalProbe.crossValidate(
        activations.values(),
        varied(activations, fact),
        settings.shrinkage(),
        folds(activations, settings));
  }

  static Folds folds(LineActivations activations, ProbeSettings settings) {
    return Folds.byGroup(activations.documents(), settings.folds(), settings.seed());
  }

  private static int[] varied(LineActivations activations, LineFact fact) {
    int[] labels = activations.facts(fact);
    if (Arrays.stream(labels).allMatch(label -> label == labels[0])) {
      throw new IllegalArgumentException(
          "ability probes: got "
              + fact
              + " = "
              + labels[0]
              + " at all "
              + labels.length
              + " positions of "
              + activations.hook()
              + ", expected a fact that varies; leave it out or take another task");
    }
    return labels;
  }

  /**
   * How well each neuron alone holds a fact: the R² of the best straight line from it to the fact,
   * the squared correlation, of all rows (E13). A neuron that never changes has 0.
   *
   * @param neurons such as those of {@code blocks.0.mlp.hook_post}
   * @return [d]
   */
  public static double[] neuronR2(LineActivations neurons, LineFact fact) {
    int[] labels = varied(neurons, fact);
    INDArray values = neurons.values();
    double meanLabel = Arrays.stream(labels).average().orElseThrow();
    double[] r2 = new double[(int) values.size(1)];
    for (int j = 0; j < r2.length; j++) {
      double[] column = values.getColumn(j).toDoubleVector();
      double mean = Arrays.stream(column).average().orElseThrow();
      double both = 0;
      double own = 0;
      double label = 0;
      for (int i = 0; i < column.length; i++) {
        both += (column[i] - mean) * (labels[i] - meanLabel);
        own += Math.pow(column[i] - mean, 2);
        label += Math.pow(labels[i] - meanLabel, 2);
      }
      r2[j] = own > 0 ? both * both / (own * label) : 0;
    }
    return r2;
  }
}
