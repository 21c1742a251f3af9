package org.grokscope.model;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.grokscope.task.Batch;

/** A small model with what PyTorch's autograd and AdamW made of it in float64. */
public abstract class TorchFixture {
  final JsonNode root;

  TorchFixture(String file) {
    root = resource(file);
  }

  static JsonNode resource(String name) {
    try (InputStream in = TorchFixture.class.getResourceAsStream(name)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The model. */
  public abstract ModelConfig config();

  /** What it read. */
  public abstract Batch batch();

  /** The weights, exactly as PyTorch had them. */
  public Parameters weights() {
    double[] exact = tensors(root.required("weights"));
    Parameters parameters = Parameters.zeros(config().layout());
    for (int i = 0; i < exact.length; i++) {
      parameters.values()[i] = (float) exact[i];
    }
    return parameters;
  }

  /** The logits, at the last position of each sequence or at every one, row-major. */
  public double[] logits() {
    return numbers(root.required("logits"));
  }

  /** The mean loss. */
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

  /** The losses before each of some updates, where it was trained. */
  public double[] trainingLosses() {
    return numbers(root.required("training").required("losses"));
  }

  /** The weights after these updates, in the layout's order. */
  public double[] finalWeights() {
    return tensors(root.required("training").required("finalWeights"));
  }

  /** A setting of these updates, such as learningRate or beta1. */
  public double setting(String name) {
    return root.required("training").required(name).doubleValue();
  }

  /** The tolerances of a comparison; that of gradients relative to each tensor's largest entry. */
  record Tolerance(double loss, double relativeLogits, double logits, double gradients) {}

  /** Holds a model with these weights to PyTorch's loss, logits and float32 gradients. */
  void assertAgrees(Transformer model, Tolerance tolerance) {
    assertAgrees(model, () -> doubles(model.gradients().values()), tolerance);
  }

  /** The same for gradients that are to be had more exactly. */
  void assertAgrees(Transformer model, Supplier<double[]> gradients, Tolerance tolerance) {
    assertClose("loss", loss(), model.lossAndGradients(batch()).loss(), tolerance.loss(), 0);
    double[] actual = gradients.get();
    assertClose("loss, forward only", loss(), model.loss(batch()).loss(), tolerance.loss(), 0);
    double[] logits = doubles(model.logits(batch()));
    assertClose("logits", logits(), logits, tolerance.relativeLogits(), tolerance.logits());
    double[] expected = gradients();
    for (ParameterLayout.Slot slot : config().layout().slots()) {
      int to = slot.offset() + slot.length();
      double[] part = Arrays.copyOfRange(expected, slot.offset(), to);
      double largest = Arrays.stream(part).map(Math::abs).max().orElseThrow();
      assertTrue(largest > 0, slot.name() + " has no gradient to compare");
      double[] got = Arrays.copyOfRange(actual, slot.offset(), to);
      assertClose(slot.name(), part, got, 0, tolerance.gradients() * largest);
    }
  }

  private double[] tensors(JsonNode byName) {
    ParameterLayout layout = config().layout();
    double[] values = new double[layout.size()];
    for (ParameterLayout.Slot slot : layout.slots()) {
      double[] part = numbers(byName.required(slot.name()));
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

  /** All numbers of nested arrays, row-major. */
  static double[] numbers(JsonNode node) {
    return leaves(node).toArray();
  }

  private static DoubleStream leaves(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false).flatMapToDouble(TorchFixture::leaves)
        : DoubleStream.of(node.doubleValue());
  }
}
