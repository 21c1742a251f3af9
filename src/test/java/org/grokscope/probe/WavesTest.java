package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntToDoubleFunction;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.task.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Waves of known frequencies, and projections against their formulas written out. */
class WavesTest {
  private static final int M = 13;
  private static final double EXACT = 1e-10; // of sums of a few thousand numbers of order 10

  @Test
  void a_neuron_of_one_frequency_is_explained_and_one_of_two_by_halves() {
    double[] neurons =
        columns(
            r -> 3 + cos(4, r / M) * cos(4, r % M) + 0.5 * sin(4, r / M), // all in 4
            r -> cos(2, r / M) + cos(6, r % M), // half and half
            r -> cos(1, r / M) * cos(5, r % M), // a product of two frequencies is in neither
            r -> 0, // dead
            r -> 2 * cos(6, r % M) + cos(3, r / M)); // 4/5 in the highest
    NeuronFrequencies frequencies = NeuronFrequencies.compute(FourierBasis.of(M), neurons);
    assertEquals(5, frequencies.size());
    assertEquals(6, frequencies.frequencies());
    assertClose("one", 1, frequencies.fraction(0, 4), 0, EXACT);
    assertEquals(4, frequencies.strongest(0));
    assertClose("two", 0.5, frequencies.fraction(1, 2), 0, EXACT);
    assertClose("two", 0.5, frequencies.fraction(1, 6), 0, EXACT);
    assertClose("product", 0, frequencies.largest(2), 0, EXACT);
    assertTrue(frequencies.isDead(3));
    assertEquals(0, frequencies.largest(3));
    assertEquals(0, frequencies.strongest(3));
    assertClose("4/5", 0.8, frequencies.largest(4), 0, EXACT);
    assertEquals(6, frequencies.strongest(4));
    assertEquals(3, frequencies.strongestBelow(4, 6), "the rule repo stops one short");
    assertClose("share", 1 / 5.0, frequencies.share(0.85), 0, 0);
    // largest, sorted: 0 0 .5 .8 1
    assertClose("median", 0.5, frequencies.quantile(0.5), 0, EXACT);
    assertClose("90 %", 0.8 + 0.6 * 0.2, frequencies.quantile(0.9), 0, EXACT);
    assertThrows(IllegalArgumentException.class, () -> frequencies.quantile(1.5));
    assertClose("array", 1, frequencies.fractions().getDouble(0, 3), 0, EXACT);
  }

  @Test
  void attention_that_is_one_wave_of_a_and_of_b_is_explained() {
    FourierBasis basis = FourierBasis.of(M);
    IntToDoubleFunction one = r -> 0.4 + 0.2 * cos(3, r / M) - 0.1 * sin(3, r % M);
    assertClose("one", 1, AttentionWaves.explained(basis, columns(one)), 0, EXACT);
    IntToDoubleFunction two = r -> one.applyAsDouble(r) + 0.1 * cos(5, r / M);
    // energies .04, .01 of frequency 3 and .01 of frequency 5
    assertClose("two", 5 / 6.0, AttentionWaves.explained(basis, columns(two)), 0, EXACT);
    IntToDoubleFunction product = r -> 0.4 + 0.1 * cos(3, r / M) * cos(3, r % M);
    assertClose("product", 0, AttentionWaves.explained(basis, columns(product)), 0, EXACT);
    assertEquals(1, AttentionWaves.explained(basis, columns(r -> 1 / 3.0)), "constant");
  }

  @Test
  void products_of_waves_are_told_from_their_sums() {
    CirclePairs pairs = AllPairs.of(ClockModel.of(Operation.ADD).checkpoint).onCircle(Circle.OWN);
    KeyFrequencies keys = KeyFrequencies.given(M, 2, 5);
    double[] sums = columns(r -> cos(2, r / M) + sin(5, r % M) + 7);
    assertClose("sums", 0, ProductShare.of(pairs, sums, keys), 0, EXACT);
    double[] products = columns(r -> cos(2, r / M) * sin(2, r % M) + 7);
    assertClose("products", 1, ProductShare.of(pairs, products, keys), 0, EXACT);
    double[] mixed = columns(r -> cos(2, r / M) * sin(5, r % M), r -> cos(5, r / M + r % M));
    // energies 1/4 of two frequencies, which does not count, and 1/2
    assertClose("mixed", 2 / 3.0, ProductShare.of(pairs, mixed, keys), 0, EXACT);
    // the ReLU of a sum of waves has products, the sum has none
    double[] after = columns(r -> Math.max(0, cos(2, r / M) + cos(2, r % M)));
    assertTrue(ProductShare.of(pairs, after, keys) > 0.1);
  }

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUBTRACT", "MULTIPLY"})
  void projections_are_those_of_the_unit_vectors_written_out(Operation operation) {
    CirclePairs pairs = AllPairs.of(SmallModel.of(operation)).onCircle(Circle.OWN);
    int m = pairs.places();
    KeyFrequencies keys = KeyFrequencies.given(7, 1, 3); // 3 has no sine for a·b
    INDArray logits = Nd4j.create(pairs.logits(), new long[] {m * m, m}, 'c');
    INDArray sums = Nd4j.zeros(logits.dataType(), m * m, m);
    INDArray blocks = Nd4j.zeros(logits.dataType(), m * m, m);
    for (int k : keys.frequencies()) {
      for (int i : pairs.basis().rowsOf(k)) {
        project(logits, unit(m, r -> pairs.basis().value(i, (r / m + r % m) % m)), sums);
        for (int j : pairs.basis().rowsOf(k)) {
          INDArray unit =
              unit(m, r -> pairs.basis().value(i, r / m) * pairs.basis().value(j, r % m));
          project(logits, unit, blocks);
        }
      }
    }
    double[] table = SumWaves.ofLogits(pairs).projection(keys.frequencies());
    LogitBlocks projection = new LogitBlocks(pairs, keys, false);
    for (int r = 0; r < m * m; r++) {
      double[] row = new double[m];
      projection.add(r, 1, row);
      for (int c = 0; c < m; c++) {
        double sum = table[pairs.sum(r) * m + c];
        assertClose("P_K L", sums.getDouble(r, c), sum, EXACT, EXACT);
        assertClose("blocks", blocks.getDouble(r, c), row[c], EXACT, EXACT);
      }
    }
    double energy = 0;
    for (int k = 1; k <= m / 2; k++) {
      energy += SumWaves.ofLogits(pairs).energies()[k];
    }
    INDArray all = Nd4j.zeros(logits.dataType(), m * m, m);
    for (int i = 1; i < m; i++) {
      int row = i;
      project(logits, unit(m, r -> pairs.basis().value(row, (r / m + r % m) % m)), all);
    }
    assertClose("Σ E_k", all.mul(all).sumNumber().doubleValue(), energy, EXACT, 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUBTRACT", "MULTIPLY"})
  void the_fit_is_the_least_squares_of_its_waves(Operation operation) {
    CirclePairs pairs = AllPairs.of(SmallModel.of(operation)).onCircle(Circle.OWN);
    int m = pairs.places();
    LogitFit fit = LogitFit.of(pairs, KeyFrequencies.given(7, 1, 3));
    double taken = 0; // Σ logit² − left², without the difference of two large sums
    double total = 0;
    double[] along = new double[4];
    for (int r = 0; r < m * m; r++) {
      for (int c = 0; c < m; c++) {
        int d = r / m + r % m - c;
        double logit = pairs.logits()[r * m + c];
        double left = logit - fit.at(d);
        along[1] += left * Math.cos(2 * Math.PI * d / m);
        along[3] += left * Math.cos(6 * Math.PI * d / m);
        taken += (logit - left) * (logit + left);
        total += logit * logit;
      }
    }
    // what is left is orthogonal to the waves, so the shares add up
    assertClose("orthogonal", new double[4], along, 0, EXACT);
    double explained = fit.explained(LogitFit.Centring.RAW);
    assertClose("explained", taken / total, explained, EXACT, 0);
    assertThrows(IllegalArgumentException.class, () -> fit.alpha(2));
  }

  private static void project(INDArray z, INDArray unit, INDArray into) {
    into.addi(unit.mmul(unit.transpose().mmul(z)));
  }

  /** A unit vector over the m² questions, (m², 1). */
  private static INDArray unit(int m, IntToDoubleFunction wave) {
    double[] values = java.util.stream.IntStream.range(0, m * m).mapToDouble(wave).toArray();
    INDArray vector = Nd4j.create(values, new long[] {m * m, 1}, 'c');
    return vector.div(vector.norm2Number().doubleValue());
  }

  private static double cos(int k, int t) {
    return Math.cos(2 * Math.PI * k * t / M);
  }

  private static double sin(int k, int t) {
    return Math.sin(2 * Math.PI * k * t / M);
  }

  /** [M² · columns] */
  private static double[] columns(IntToDoubleFunction... columns) {
    double[] values = new double[M * M * columns.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns[i % columns.length].applyAsDouble(i / columns.length);
    }
    return values;
  }
}
