package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.grokscope.task.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class HeadProductsTest {
  /** Rounding of sums of a few terms of order 1 in float32. */
  private static final double FLOAT32 = 1e-5;

  @Test
  void by_hand_on_one_sequence_of_two_positions_and_two_heads_of_width_one() {
    HeadProducts products = new HeadProducts(1, 2, 1);
    INDArray q = Nd4j.createFromArray(new float[][] {{1, 10}, {2, 20}}); // (positions, heads)
    INDArray k = Nd4j.createFromArray(new float[][] {{3, 30}, {4, 40}});
    // S of head 0 is (1, 2)ᵀ(3, 4), that of head 1 is (10, 20)ᵀ(30, 40)
    double[] scores = {3, 4, 6, 8, 300, 400, 600, 800};
    assertClose("scores", scores, doubles(products.scores(q, k)), 0, 0);
    INDArray a = Nd4j.createFromArray(new float[] {1, 0, 2, 1, 0, 1, 1, 0}).reshape(2, 2, 2);
    // head 0: rows (1, 0) and (2, 1) on (3, 4); head 1: rows (0, 1) and (1, 0) on (30, 40)
    assertClose("mix", new double[] {3, 40, 10, 30}, doubles(products.mix(a, k)), 0, 0);
    // transposed: head 0 (1, 2), (0, 1) on (3, 4); head 1 as before
    assertClose("spread", new double[] {11, 40, 4, 30}, doubles(products.spread(a, k)), 0, 0);
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "1, 3", "1, 1", "8, 8", "9, 9", "1, 12"})
  void loops_in_float_agree_with_products_in_double(int queries, int keys) {
    int n = 5;
    int heads = 3;
    int dHead = 7;
    HeadProducts products = new HeadProducts(n, heads, dHead);
    INDArray q = random(1, n * queries, heads * dHead);
    INDArray k = random(2, n * keys, heads * dHead);
    INDArray a = random(3, n * heads, queries, keys);
    assertAgree("scores", products.scores(q, k), products.scores(wide(q), wide(k)));
    assertAgree("mix", products.mix(a, k), products.mix(wide(a), wide(k)));
    assertAgree("spread", products.spread(a, q), products.spread(wide(a), wide(q)));
  }

  @Test
  void reads_views_and_column_major_arrays_as_what_they_are() {
    HeadProducts products = new HeadProducts(2, 2, 2);
    INDArray q = random(4, 6, 4);
    INDArray k = random(5, 6, 4);
    double[] expected = doubles(products.scores(q, k));
    INDArray embedded = Nd4j.concat(0, random(6, 2, 4), k);
    INDArray view = embedded.get(NDArrayIndex.interval(2, 8));
    assertClose("scores", expected, doubles(products.scores(q.dup('f'), view)), 0, 0);
  }

  private static void assertAgree(String name, INDArray narrow, INDArray wide) {
    assertEquals(DataType.FLOAT, narrow.dataType());
    assertEquals(DataType.DOUBLE, wide.dataType());
    assertArrayEquals(wide.shape(), narrow.shape(), name);
    assertClose(name, doubles(wide), doubles(narrow), FLOAT32, FLOAT32);
  }

  private static INDArray wide(INDArray narrow) {
    return narrow.castTo(DataType.DOUBLE);
  }

  private static INDArray random(long seed, long... shape) {
    RandomStream stream = RandomStream.of(seed, "head products");
    int length = (int) Arrays.stream(shape).reduce(1, (x, y) -> x * y);
    float[] values = new float[length];
    IntStream.range(0, length).forEach(i -> values[i] = (float) stream.nextGaussian());
    return Nd4j.create(values, shape, 'c');
  }
}
