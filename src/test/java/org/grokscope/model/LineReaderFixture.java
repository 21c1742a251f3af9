package org.grokscope.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineHeader;
import org.grokscope.task.View;
import org.grokscope.task.LineVocabulary;
import org.grokscope.task.LineWidths;
import org.grokscope.task.PseudoWords;
import org.grokscope.task.TokenKind;

/**
 * A small model that reads lines with what PyTorch's autograd and AdamW made of it in float64;
 * {@code make_line_reader_fixture.py} beside the files made it and describes it.
 */
public final class LineReaderFixture {
  /** The task whose documents it reads: lines of 12 characters under three labels. */
  public static final LineBreaking TASK =
      LineBreaking.boxHeader()
          .withWords(new PseudoWords(12, 2, 4, 0))
          .withWidths(LineWidths.given(12, 12))
          .withHeader(new LineHeader(3, 5, 1, 2, 0.3))
          .withLength(24)
          .withEndWeight(2);

  /** Seed of the documents. */
  public static final long SEED = 3;

  /** Documents a batch. */
  public static final int DOCUMENTS = 4;

  /** Batches, steps 0 to 4 of a training. */
  public static final int STEPS = 5;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode root;

  private LineReaderFixture(JsonNode root) {
    this.root = root;
  }

  /** Reads the fixture. */
  public static LineReaderFixture read() {
    return new LineReaderFixture(resource("line_reader.json"));
  }

  /** The documents that the script read. */
  static JsonNode documents() {
    return resource("line_documents.json");
  }

  /** The documents as the task draws them now, in the form that the script reads. */
  static ObjectNode documentsNow() {
    LineVocabulary vocabulary = TASK.corpus().vocabulary();
    ObjectNode node = JSON.createObjectNode();
    node.put("newline", vocabulary.newline());
    int first = vocabulary.token(TokenKind.LABEL, 0);
    node.putArray("labels").add(first).add(first + vocabulary.count(TokenKind.LABEL));
    node.put("length", TASK.length());
    node.put("vocabulary", vocabulary.size());
    ArrayNode batches = node.putArray("batches");
    for (int step = 0; step < STEPS; step++) {
      LineBatch batch = batch(step);
      ObjectNode part = batches.addObject();
      ArrayNode tokens = part.putArray("tokens");
      Arrays.stream(batch.tokens()).forEach(tokens::add);
      ArrayNode targets = part.putArray("targets");
      Arrays.stream(batch.targets()).forEach(targets::add);
      ArrayNode weights = part.putArray("weights");
      Arrays.stream(batch.weights()).forEach(weights::add);
    }
    return node;
  }

  /** The documents of a step. */
  public static LineBatch batch(int step) {
    return TASK.corpus().training(SEED, step, DOCUMENTS);
  }

  /** The model. */
  public ModelConfig config() {
    List<LayerShape> layers = new ArrayList<>();
    for (JsonNode layer : root.required("layers")) {
      LayerShape plain =
          new LayerShape(
              View.valueOf(layer.required("view").textValue()),
              layer.required("heads").intValue(),
              layer.required("dHead").intValue(),
              layer.required("dMlp").intValue(),
              StreamSupport.stream(layer.required("slopes").spliterator(), false)
                  .map(JsonNode::doubleValue)
                  .toList(),
              LayerShape.NO_SINK,
              1);
      layers.add(layer.required("sink").booleanValue() ? plain.withSink(0, 1) : plain);
    }
    int vocabulary = TASK.corpus().vocabulary().size();
    return new ModelConfig(root.required("dModel").intValue(), layers, vocabulary, TASK.length());
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

  /** The logits of the first batch, [n · T · vocabulary]. */
  double[] logits() {
    return doubles(root.required("logits"));
  }

  /** The loss of the first batch. */
  double loss() {
    return root.required("loss").doubleValue();
  }

  /** Its gradients, in the layout's order. */
  double[] gradients() {
    return tensors(root.required("gradients"));
  }

  /** The losses before each of five updates. */
  public double[] trainingLosses() {
    return doubles(root.required("training").required("losses"));
  }

  /** The lengths of the gradients before they were clipped. */
  public double[] gradientNorms() {
    return doubles(root.required("training").required("norms"));
  }

  /** The weights after five updates, in the layout's order. */
  public double[] finalWeights() {
    return tensors(root.required("training").required("finalWeights"));
  }

  /** A setting of the updates: learningRate, weightDecay, beta1, beta2, epsilon, warmUp, clip. */
  public double setting(String name) {
    return root.required("training").required(name).doubleValue();
  }

  /** The version of PyTorch that made it. */
  String torchVersion() {
    return root.required("torch").textValue();
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

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }

  private static JsonNode resource(String name) {
    try (InputStream in = LineReaderFixture.class.getResourceAsStream(name)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
