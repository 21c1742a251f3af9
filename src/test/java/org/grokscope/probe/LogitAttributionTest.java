package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.TensorAssert;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.Batch;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.OperationTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import tech.tablesaw.api.Table;

class LogitAttributionTest {
  /** Sums of float64 products of order 1, a few hundred terms. */
  private static final double FLOAT64 = 1e-12;

  private static final int P = 7;
  private static final ModelShape SHAPE =
      ModelShape.uniform(1, 8, 2, 3, 12, Activation.RELU, false, true);
  private static final OperationTable TASK = ModularAddition.mod(P);

  private static Batch allQuestions() {
    return TASK.questions(IntStream.range(0, P * P).toArray());
  }

  private static Checkpoint checkpoint(ModelShape shape) {
    ModelConfig config = new ModelConfig(shape, P + 1, P + 1, 3);
    Parameters parameters = Parameters.initial(config, 5);
    String prefix = shape.depth() == 1 ? "" : "blocks.0.";
    parameters.set(prefix + "b_in", Nd4j.linspace(DataType.FLOAT, -1, 0.2, shape.dMlp()));
    parameters.set(prefix + "b_out", Nd4j.linspace(DataType.FLOAT, -1, 0.3, shape.dModel()));
    return Checkpoint.of(TASK.split(0.5, 0), config, parameters, 0, "{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"published", "gelu", "no attention", "no attention, gelu"})
  void contributions_add_up_to_the_logits(String name) {
    ModelShape shape = name.contains("gelu") ? SHAPE.withActivation(Activation.GELU) : SHAPE;
    Checkpoint checkpoint =
        checkpoint(name.startsWith("no attention") ? shape.withoutAttention() : shape);
    LogitAttribution attribution =
        LogitAttribution.of(checkpoint, allQuestions(), Map.of(0, 3, 5, 1, 11, 3));

    try (ReferenceTransformer model =
        ReferenceTransformer.of(checkpoint.config(), checkpoint.parameters(), DataType.DOUBLE)) {
      INDArray logits =
          model
              .logits(allQuestions())
              .get(NDArrayIndex.all(), NDArrayIndex.interval(0, P))
              .dup('c');
      assertClose("logits", logits, attribution.logits(), FLOAT64, FLOAT64);
      assertTrue(logits.norm2Number().doubleValue() > 1, "logits are small: " + logits);
    }
    INDArray sum = Nd4j.zeros(DataType.DOUBLE, P * P, P);
    for (String component : attribution.components()) {
      INDArray part = attribution.of(component);
      assertTrue(part.norm2Number().doubleValue() > 1e-2, component + " says nothing");
      sum.addi(part);
    }
    assertClose("sum", sum, attribution.logits(), FLOAT64, FLOAT64);
  }

  @Test
  void components_stand_in_the_order_of_computation() {
    Map<Integer, Integer> frequencies = Map.of(0, 3, 5, 1, 11, 3);
    assertEquals(
        List.of("embedding", "head 0", "head 1", "neurons 1", "neurons 3", "other neurons", "bias"),
        LogitAttribution.of(checkpoint(SHAPE), allQuestions(), frequencies).components());
    assertEquals(
        List.of("embedding", "other neurons", "bias"),
        LogitAttribution.of(checkpoint(SHAPE.withoutAttention()), allQuestions(), Map.of())
            .components());
  }

  /** d_model 7: every component writes to a direction of its own, and W_U is the identity. */
  @Test
  void each_component_says_what_its_weights_say() {
    ModelShape shape = ModelShape.uniform(1, P, 1, 1, 2, Activation.RELU, false, true);
    ModelConfig config = new ModelConfig(shape, P + 1, P + 1, 3);
    Parameters weights = Parameters.zeros(config.layout());
    put(weights, "W_E", 2, 0, 0); // token 0 has 2 in direction 0
    put(weights, "W_E", 5, P, 1); // '=' has 5 in direction 1
    put(weights, "W_pos", 0.5, 2, 1);
    put(weights, "W_V", 3, 0, 0, 0); // reads direction 0; attention is even, a third each
    put(weights, "W_O", 1, 0, 0, 2);
    put(weights, "b_in", 4, 0);
    put(weights, "b_in", -4, 1);
    put(weights, "W_out", 10, 0, 3);
    put(weights, "W_out", 10, 1, 4);
    put(weights, "b_out", 9, 5);
    for (int c = 0; c < P; c++) {
      put(weights, "W_U", 1, c, c);
    }
    Checkpoint checkpoint = Checkpoint.of(TASK.split(0.5, 0), config, weights, 0, "{}");
    Batch question = TASK.questions(new int[] {2}); // 0 + 2, answer 2
    LogitAttribution attribution = LogitAttribution.of(checkpoint, question, Map.of(0, 2));

    assertRow(attribution, "embedding", 0, 5.5, 0, 0, 0, 0, 0);
    assertRow(attribution, "head 0", 0, 0, 2 * 3 / 3.0, 0, 0, 0, 0);
    assertRow(attribution, "neurons 2", 0, 0, 0, 40, 0, 0, 0);
    assertRow(attribution, "other neurons", 0, 0, 0, 0, 0, 0, 0); // neuron 1 is silent
    assertRow(attribution, "bias", 0, 0, 0, 0, 0, 9, 0);

    Table table = attribution.table();
    assertEquals(List.of("component", "right", "others", "difference"), table.columnNames());
    assertEquals(6, table.rowCount());
    double[] right = {0, 2, 0, 0, 0, 2};
    double[] others = {5.5 / 6, 0, 40 / 6.0, 0, 9 / 6.0, 54.5 / 6};
    assertClose("right", right, table.doubleColumn("right").asDoubleArray(), 1e-7, 0);
    assertClose("others", others, table.doubleColumn("others").asDoubleArray(), 1e-7, 1e-12);
    assertEquals(2 - 54.5 / 6, table.doubleColumn("difference").get(5), 1e-9);
    assertEquals("logits", table.stringColumn("component").get(5));
  }

  @Test
  void many_questions_are_as_one_by_one() {
    Checkpoint checkpoint = checkpoint(SHAPE);
    int[] rows = IntStream.range(0, 2500).map(i -> i * 11 % (P * P)).toArray();
    Map<Integer, Integer> frequencies = Map.of(3, 2);
    INDArray many =
        LogitAttribution.of(checkpoint, TASK.questions(rows), frequencies).of("neurons 2");
    INDArray once = LogitAttribution.of(checkpoint, allQuestions(), frequencies).of("neurons 2");
    for (int i : new int[] {0, 1023, 1024, 2047, 2048, 2499}) {
      double[] expected = TensorAssert.doubles(once.getRow(rows[i]));
      assertClose("row " + i, expected, TensorAssert.doubles(many.getRow(i)), 1e-13, 1e-13);
    }
  }

  @Test
  void groups_neurons_by_the_frequency_that_explains_them() {
    Checkpoint checkpoint = checkpoint(SHAPE);
    NeuronFrequencies neurons = NeuronFrequencies.of(checkpoint);
    double threshold = 0.4;
    LogitAttribution attribution =
        LogitAttribution.of(checkpoint, allQuestions(), neurons, threshold);
    List<String> expected =
        IntStream.range(0, 12)
            .filter(j -> neurons.largest(j) > threshold)
            .map(neurons::strongest)
            .distinct()
            .sorted()
            .mapToObj(k -> "neurons " + k)
            .toList();
    assertTrue(!expected.isEmpty(), "no neuron is of one frequency");
    assertEquals(expected, attribution.components().subList(3, 3 + expected.size()));
  }

  @Test
  void what_it_cannot_take_apart_is_refused() {
    assertRefused(SHAPE.withLayers(2), Map.of(), "got 2 layers, expected one layer");
    assertRefused(SHAPE.withLayerNorm(true), Map.of(), "got LayerNorm, expected a model without");
    assertRefused(SHAPE, Map.of(12, 1), "got neuron 12, expected 0 … 11");
    assertRefused(SHAPE, Map.of(2, 4), "got frequency 4 of neuron 2, expected 1 … 3");
    assertRefused(SHAPE, Map.of(2, 0), "got frequency 0 of neuron 2, expected 1 … 3");
    LogitAttribution attribution = LogitAttribution.of(checkpoint(SHAPE), allQuestions(), Map.of());
    var error = assertThrows(IllegalArgumentException.class, () -> attribution.of("head 2"));
    assertEquals(
        "logit attribution: got the component 'head 2', expected one of embedding, head 0, head 1,"
            + " other neurons, bias",
        error.getMessage());
    Batch none = TASK.questions(new int[0]);
    assertThrows(
        IllegalArgumentException.class,
        () -> LogitAttribution.of(checkpoint(SHAPE), none, Map.of()));
  }

  private static void assertRefused(
      ModelShape shape, Map<Integer, Integer> frequencies, String message) {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> LogitAttribution.of(checkpoint(shape), allQuestions(), frequencies));
    assertTrue(error.getMessage().startsWith("logit attribution: " + message), error.getMessage());
  }

  private static void assertRow(LogitAttribution attribution, String name, double... expected) {
    assertClose(name, expected, TensorAssert.doubles(attribution.of(name)), 1e-7, 1e-15);
  }

  private static void put(Parameters weights, String name, double value, int... where) {
    INDArray array = weights.get(name);
    array.putScalar(where, value);
    weights.set(name, array);
  }
}
