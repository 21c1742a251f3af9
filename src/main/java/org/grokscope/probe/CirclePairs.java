package org.grokscope.probe;

import org.grokscope.fourier.FourierBasis;
import org.grokscope.fourier.Spectrum;
import org.grokscope.model.Once;

/**
 * All questions of a checkpoint in the order of a circle's {@link Places}: waves take row i·m + j
 * for the place i + j mod m of a sum. The labels are the places of the checkpoint's own answers,
 * which are those sums where the circle is the task's own. For a+b this is {@link AllPairs} itself.
 */
final class CirclePairs {
  private final AllPairs pairs;
  private final Places places;
  private final FourierBasis basis;
  private final Questions questions;
  private final int m;
  private final KeyFrequencies[] keysOfBlocks = new KeyFrequencies[2]; // 2×2, 3×3
  private final LogitBlocks[] blocks = new LogitBlocks[2];
  private final Once<double[]> logits =
      new Once<>(() -> inOrder(columnsInOrder(pairs().logitValues())));
  private final Once<double[]> neurons = new Once<>(() -> inOrder(pairs().neuronValues()));
  private final Once<double[]> logitSums = new Once<>(() -> sums(logits(), places()));
  private final Once<double[]> neuronSums = new Once<>(() -> sums(neurons(), width(neurons())));
  private final Once<NeuronFrequencies> neuronFrequencies =
      new Once<>(() -> NeuronFrequencies.compute(basis(), neurons()));

  CirclePairs(AllPairs pairs, Places places) {
    this.pairs = pairs;
    this.places = places;
    this.m = places.size();
    this.basis = FourierBasis.of(m);
    int[] labels = new int[m * m];
    boolean[] known = new boolean[m * m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        int row = places.row(i, j);
        labels[i * m + j] = places.placeOf(pairs.questions().label(row));
        known[i * m + j] = pairs.questions().isIn(Part.TRAIN, row);
      }
    }
    this.questions = new Questions(m, labels, known);
  }

  /** Number of places, m. */
  int places() {
    return m;
  }

  /** The basis of Z<sub>m</sub>. */
  FourierBasis basis() {
    return basis;
  }

  /** The m² questions. */
  Questions questions() {
    return questions;
  }

  /** What a model computes, in the order of the residues. */
  AllPairs pairs() {
    return pairs;
  }

  /** The place of the sum of row r, (i + j) mod m. */
  int sum(int r) {
    return (r / m + r % m) % m;
  }

  /** The logits, [m² · m]; live. */
  double[] logits() {
    return logits.get();
  }

  /** What a changed model says, [p² · p], in the order of the places, [m² · m]. */
  double[] ordered(double[] changedLogits) {
    return inOrder(columnsInOrder(changedLogits));
  }

  /** The neurons, [m² · d_mlp]; live. */
  double[] neurons() {
    return neurons.get();
  }

  /** The residual stream before the MLP, [m² · d_model]. */
  double[] mid() {
    return inOrder(pairs.midValues());
  }

  /** The neurons before the ReLU, [m² · d_mlp]; computed anew at each call. */
  double[] preActivations() {
    return inOrder(pairs.preActivationValues());
  }

  /** Attention of one head to position t, [m²]. */
  double[] attention(int head, int t) {
    double[] all = pairs.attentionValues();
    int n = pairs.p() * pairs.p();
    double[] values = new double[m * m];
    for (int r = 0; r < values.length; r++) {
      values[r] = all[(head * n + places.row(r / m, r % m)) * 3 + t];
    }
    return values;
  }

  NeuronFrequencies neuronFrequencies() {
    return neuronFrequencies.get();
  }

  /** W_L, [d_mlp · m]. */
  double[] wL() {
    return columnsInOrder(pairs.wLValues());
  }

  /** b_out W_U, [m]. */
  double[] outputBias() {
    return columnsInOrder(pairs.outputBiasValues());
  }

  /** The embeddings of the first operands, [m · d_model]. */
  double[] embedding() {
    double[] all = pairs.embeddingValues();
    int width = all.length / pairs.p();
    double[] values = new double[m * width];
    for (int i = 0; i < m; i++) {
      System.arraycopy(all, places.left(i) * width, values, i * width, width);
    }
    return values;
  }

  /** The residue of the first operand at a place. */
  int residue(int place) {
    return places.left(place);
  }

  /** The spectrum of the embeddings. */
  Spectrum embeddingSpectrum() {
    return Spectrum.of(m, embedding());
  }

  /** Σ of the logits over the m questions of each sum, [m · m]; live. */
  double[] logitSums() {
    return logitSums.get();
  }

  /** Σ of the neurons over the m questions of each sum, [m · d_mlp]; live. */
  double[] neuronSums() {
    return neuronSums.get();
  }

  /** m_c, the mean logit of each class over all m² questions, [m]. */
  double[] logitMeans() {
    double[] means = new double[m];
    double[] sums = logitSums();
    for (int s = 0; s < m; s++) {
      for (int c = 0; c < m; c++) {
        means[c] += sums[s * m + c] / m / m;
      }
    }
    return means;
  }

  /** Σ of the squares of all logits, after means are taken off. */
  double logitEnergy(LogitFit.Centring centring) {
    double[] means = logitMeans();
    double mean = java.util.Arrays.stream(means).average().orElseThrow();
    double[] logits = logits();
    double energy = 0;
    for (int r = 0; r < m * m; r++) {
      double ofInput = 0;
      for (int c = 0; c < m; c++) {
        ofInput += logits[r * m + c] / m;
      }
      for (int c = 0; c < m; c++) {
        double centred =
            logits[r * m + c]
                - switch (centring) {
                  case RAW -> 0;
                  case GLOBAL -> mean;
                  case PER_CLASS -> means[c];
                  case PER_INPUT -> ofInput;
                  case DOUBLE -> means[c] + ofInput - mean;
                };
        energy += centred * centred;
      }
    }
    return energy;
  }

  /** The projection on products of waves; the one of each kind asked for last is kept. */
  synchronized LogitBlocks blocks(KeyFrequencies keys, boolean withConstant) {
    int kind = withConstant ? 1 : 0;
    if (!keys.equals(keysOfBlocks[kind])) {
      blocks[kind] = new LogitBlocks(this, keys, withConstant);
      keysOfBlocks[kind] = keys;
    }
    return blocks[kind];
  }

  /** The loss of each row, [m²], of logits that depend on its sum alone, [m · m]. */
  double[] lossesOfSums(double[] table) {
    CrossEntropy loss = new CrossEntropy(m);
    double[] atSums = new double[m]; // the loss where the answer is the sum
    for (int s = 0; s < m; s++) {
      atSums[s] = loss.of(table, s * m, s);
    }
    return ofRows((s, label) -> label == s ? atSums[s] : loss.of(table, s * m, label));
  }

  /**
   * 1 for each row, [m²], that logits depending on its sum alone, [m · m], answer right, else 0.
   */
  double[] hitsOfSums(double[] table) {
    int[] largest = new int[m];
    for (int s = 0; s < m; s++) {
      largest[s] = Questions.largest(table, s * m, m);
    }
    return ofRows((s, label) -> largest[s] == label ? 1 : 0);
  }

  /** A number for each row that has an answer, of its sum and label, [m²]; 0 for the others. */
  private double[] ofRows(OfSum number) {
    double[] ofRows = new double[m * m];
    for (int r = 0; r < ofRows.length; r++) {
      if (questions.isIn(Part.ALL, r)) {
        ofRows[r] = number.of(sum(r), questions.label(r));
      }
    }
    return ofRows;
  }

  @FunctionalInterface
  private interface OfSum {
    double of(int sum, int label);
  }

  private int width(double[] rows) {
    return rows.length / (m * m);
  }

  /** Rows of questions, [p² · width], as rows of places, [m² · width]. */
  private double[] inOrder(double[] rows) {
    if (places.isPlain()) {
      return rows;
    }
    int p = pairs.p();
    int width = rows.length / (p * p);
    double[] ordered = new double[m * m * width];
    for (int r = 0; r < m * m; r++) {
      System.arraycopy(rows, places.row(r / m, r % m) * width, ordered, r * width, width);
    }
    return ordered;
  }

  /** Columns of residues, [… · p], as columns of places, [… · m]. */
  double[] columnsInOrder(double[] rows) {
    if (places.isPlain()) {
      return rows;
    }
    int p = pairs.p();
    int count = rows.length / p;
    double[] ordered = new double[count * m];
    for (int row = 0; row < count; row++) {
      for (int place = 0; place < m; place++) {
        ordered[row * m + place] = rows[row * p + places.answer(place)];
      }
    }
    return ordered;
  }

  private double[] sums(double[] rows, int width) {
    double[] sums = new double[m * width];
    for (int r = 0; r < m * m; r++) {
      int s = sum(r) * width;
      for (int j = 0; j < width; j++) {
        sums[s + j] += rows[r * width + j];
      }
    }
    return sums;
  }
}
