package org.grokscope.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.grokscope.task.Batch;

/**
 * A small model with what PyTorch's autograd made of it in float64; {@code make_pytorch_fixture.py}
 * beside the files made them and describes them.
 */
public final class PytorchFixture {
  private final JsonNode root;

  private PytorchFixture(JsonNode root) {
    this.root = root;
  }

  /** Reads one of {@code one_layer}, {@code two_layers}, {@code two_way}. */
  public static PytorchFixture read(String name) {
    try (InputStream in = PytorchFixture.class.getResourceAsStream(name + ".json")) {
      return new PytorchFixture(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The model. */
  public ModelConfig config() {
    JsonNode c = root.required("config");
    ModelShape shape =
        ModelShape.uniform(
            c.required("layers").intValue(),
            c.required("dModel").intValue(),
            c.required("heads").intValue(),
            c.required("dHead").intValue(),
            c.required("dMlp").intValue(),
            Activation.valueOf(c.required("activation").textValue()),
            c.required("layerNorm").booleanValue(),
            c.required("causal").booleanValue());
    return new ModelConfig(
        shape,
        c.required("vocabulary").intValue(),
        c.required("outputs").intValue(),
        c.required("contextLength").intValue());
  }

  /** The tokens and labels. */
  public Batch batch() {
    int[] labels = ints(root.required("labels"));
    return new Batch(config().contextLength(), ints(root.required("tokens")), labels);
  }

  /** The weights, exactly as PyTorch had them. */
  public Parameters weights() {
    double[] exact = tensors(root.required("weights"));
    Parameters parameters = Parameters.zeros(config().layout());
    for (int i = 0; i < exact.length; i++) {
      parameters.values()[i] = (float) exact[i];
    }
    return parameters;
  }

  /** The logits at the last position, [n · outputs]. */
  public double[] logits() {
    return doubles(root.required("logits"));
  }

  /** The mean cross-entropy. */
  public double loss() {
    return root.required("loss").doubleValue();
  }

  /** The gradients of the loss, in the layout's order. */
  public double[] gradients() {
    return tensors(root.required("gradients"));
  }

  /** The version of PyTorch that made it. */
  public String torchVersion() {
    return root.required("torch").textValue();
  }

  /** The losses before each of ten AdamW steps; of {@code one_layer} only. */
  public double[] trainingLosses() {
    return doubles(root.required("training").required("losses"));
  }

  /** The weights after the ten steps, in the layout's order; of {@code one_layer} only. */
  public double[] finalWeights() {
    return tensors(root.required("training").required("finalWeights"));
  }

  /**
   * A setting of those ten steps: learningRate, warmUp, weightDecay, beta1, beta2 or epsilon; of
   * {@code one_layer} only.
   */
  public double trainingSetting(String name) {
    return root.required("training").required(name).doubleValue();
  }

  private double[] tensors(JsonNode byName) {
    ParameterLayout layout = config().layout();
    double[] values = new double[layout.size()];
    for (ParameterLayout.Slot slot : layout.slots()) {
      double[] part = doubles(byName.required(slot.name()));
      if (part.length != slot.length()) {
        throw new IllegalStateException(
            slot.name() + ": got " + part.length + " entries, expected " + slot.length());
      }
      System.arraycopy(part, 0, values, slot.offset(), part.length);
    }
    if (byName.size() != layout.slots().size()) {
      throw new IllegalStateException("fixture has tensors that the model does not know");
    }
    return values;
  }

  private static int[] ints(JsonNode array) {
    return leaves(array).stream().mapToInt(JsonNode::intValue).toArray();
  }

  private static double[] doubles(JsonNode array) {
    return leaves(array).stream().mapToDouble(JsonNode::doubleValue).toArray();
  }

  private static List<JsonNode> leaves(JsonNode node) {
    if (!node.isArray()) {
      return List.of(node);
    }
    List<JsonNode> leaves = new ArrayList<>();
    Iterator<JsonNode> children = node.elements();
    children.forEachRemaining(child -> leaves.addAll(leaves(child)));
    return leaves;
  }
}
