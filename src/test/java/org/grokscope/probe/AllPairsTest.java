package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Activation;
import org.grokscope.model.ActivationCache;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.task.Operation;
import org.grokscope.task.OperationTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

class AllPairsTest {
  private static final double ROUNDING = 1e-12; // two orders of summing a few dozen numbers
  private static final OperationTable ADDITION = OperationTable.of(Operation.ADD, 7);

  @Test
  void everything_is_what_the_reference_path_computes() {
    Checkpoint checkpoint = SmallModel.of(Operation.ADD);
    AllPairs pairs = AllPairs.of(checkpoint);
    ActivationCache cache = reference(checkpoint);
    assertClose("logits", withoutEquals(cache.logits()), pairs.logits(), ROUNDING, ROUNDING);
    assertLast(cache, "blocks.0.hook_resid_mid", pairs.residualMid());
    assertLast(cache, "blocks.0.mlp.hook_pre", pairs.preActivations());
    assertLast(cache, "blocks.0.mlp.hook_post", pairs.neurons());
    INDArray pattern = cache.get("blocks.0.attn.hook_pattern"); // (n, heads, query, key)
    for (int head = 0; head < 2; head++) {
      INDArray expected =
          pattern.get(
              NDArrayIndex.all(),
              NDArrayIndex.point(head),
              NDArrayIndex.point(pattern.size(2) - 1),
              NDArrayIndex.all());
      assertClose("attention", expected, pairs.attention().slice(head), ROUNDING, ROUNDING);
    }
    INDArray wL =
        checkpoint
            .parameters()
            .get("W_out")
            .castTo(DataType.DOUBLE)
            .mmul(checkpoint.parameters().get("W_U").castTo(DataType.DOUBLE));
    assertClose("W_L", withoutEquals(wL), pairs.wL(), ROUNDING, ROUNDING);
    assertEquals("[7, 8]", Arrays.toString(pairs.embedding().shape()));
  }

  @Test
  void a_model_without_attention_has_neurons() {
    Checkpoint checkpoint = SmallModel.of(SmallModel.SHAPE.withoutAttention(), ADDITION);
    AllPairs pairs = AllPairs.of(checkpoint);
    ActivationCache cache = reference(checkpoint);
    assertClose("logits", withoutEquals(cache.logits()), pairs.logits(), ROUNDING, ROUNDING);
    assertLast(cache, "blocks.0.mlp.hook_post", pairs.neurons());
    assertTrue(refusal(pairs::attention).contains("without attention"));
    assertTrue(Metric.named("attention_fve").refusal(checkpoint).isPresent());
    assertEquals(1, Metric.named("neuron_fraction_85").readings(checkpoint).size());
  }

  @Test
  void other_models_have_logits_and_refuse_the_rest() {
    ModelShape shape = SmallModel.SHAPE;
    List<ModelShape> others =
        List.of(
            shape.withLayers(2),
            shape.withLayerNorm(true),
            shape.withActivation(Activation.GELU),
            shape.withLayers(3).withLayerNorm(true).withActivation(Activation.GELU));
    List<String> differences =
        List.of("2 layers", "LayerNorm", "GELU", "3 layers, LayerNorm, GELU");
    for (int i = 0; i < others.size(); i++) {
      Checkpoint checkpoint = SmallModel.of(others.get(i), ADDITION);
      AllPairs pairs = AllPairs.of(checkpoint);
      INDArray expected = withoutEquals(reference(checkpoint).logits());
      assertClose(differences.get(i), expected, pairs.logits(), ROUNDING, ROUNDING);
      for (Executable refused :
          List.<Executable>of(
              pairs::neurons,
              pairs::preActivations,
              pairs::residualMid,
              pairs::attention,
              pairs::wL)) {
        String message = refusal(refused);
        assertTrue(message.contains("got a model with " + differences.get(i) + ","), message);
      }
      int refusing = 0;
      for (Metric metric : Metric.all()) {
        refusing += metric.refusal(checkpoint).isPresent() ? 1 : 0;
      }
      // 3 key rules, wl_gini, 6 of neurons, 3 shares of products, 1 restricted, 2 excluded, 5 of
      // W_L, 3 of attention, 3 removals, 10 of groups
      assertEquals(37, refusing);
    }
  }

  @Test
  void the_last_forward_pass_of_a_thread_is_kept() throws InterruptedException {
    Checkpoint first = SmallModel.of(Operation.ADD);
    Checkpoint second = SmallModel.of(Operation.SUBTRACT);
    AllPairs pairs = AllPairs.of(first);
    assertSame(pairs, AllPairs.of(first));
    AllPairs[] elsewhere = new AllPairs[1];
    Thread thread = new Thread(() -> elsewhere[0] = AllPairs.of(first));
    thread.start();
    thread.join();
    assertNotSame(pairs, elsewhere[0]);
    assertEquals(second, AllPairs.of(second).checkpoint());
    assertNotSame(pairs, AllPairs.of(first));
  }

  @Test
  void arrays_are_copies() {
    AllPairs pairs = AllPairs.of(SmallModel.of(Operation.ADD));
    double before = pairs.logits().getDouble(0, 0);
    pairs.logits().putScalar(0, 0, before + 1);
    assertEquals(before, pairs.logits().getDouble(0, 0));
  }

  private static ActivationCache reference(Checkpoint checkpoint) {
    try (ReferenceTransformer model =
        ReferenceTransformer.of(checkpoint.config(), checkpoint.parameters(), DataType.DOUBLE)) {
      return model.runWithCache(ADDITION.all());
    }
  }

  private static void assertLast(ActivationCache cache, String name, INDArray actual) {
    INDArray all = cache.get(name); // (n, T, d)
    INDArray last =
        all.get(NDArrayIndex.all(), NDArrayIndex.point(all.size(1) - 1), NDArrayIndex.all());
    assertClose(name, last, actual, ROUNDING, ROUNDING);
  }

  private static INDArray withoutEquals(INDArray columns) {
    return columns.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 7)).dup('c');
  }

  private static String refusal(Executable action) {
    return assertThrows(IllegalArgumentException.class, action).getMessage();
  }
}
