package org.grokscope.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.LineHeader;
import org.grokscope.task.LineVocabulary;
import org.grokscope.task.LineWidths;
import org.grokscope.task.PseudoWords;
import org.grokscope.task.TokenKind;
import org.grokscope.task.View;

/**
 * A small model that reads lines, and five updates of it; {@code make_line_reader_fixture.py}
 * beside the files made it and describes it.
 */
public final class LineReaderFixture extends TorchFixture {
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

  private LineReaderFixture() {
    super("line_reader.json");
  }

  /** Reads the fixture. */
  public static LineReaderFixture read() {
    return new LineReaderFixture();
  }

  /** The documents that the script read. */
  static JsonNode documents() {
    return resource("line_documents.json");
  }

  /** The documents as the task draws them now, in the form that the script reads. */
  static ObjectNode documentsNow() {
    LineVocabulary vocabulary = TASK.corpus().vocabulary();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
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

  /** The documents of the first step. */
  @Override
  public LineBatch batch() {
    return batch(0);
  }

  @Override
  public ModelConfig config() {
    List<LayerShape> layers = new ArrayList<>();
    for (JsonNode layer : root.required("layers")) {
      LayerShape plain =
          new LayerShape(
              View.valueOf(layer.required("view").textValue()),
              layer.required("heads").intValue(),
              layer.required("dHead").intValue(),
              layer.required("dMlp").intValue(),
              Arrays.stream(numbers(layer.required("slopes"))).boxed().toList(),
              LayerShape.NO_SINK,
              1);
      layers.add(layer.required("sink").booleanValue() ? plain.withSink(0, 1) : plain);
    }
    int vocabulary = TASK.corpus().vocabulary().size();
    ModelShape shape = ModelShape.reading(root.required("dModel").intValue(), layers);
    return new ModelConfig(shape, vocabulary, vocabulary, TASK.length());
  }

  /** The lengths of the gradients before they were clipped. */
  public double[] gradientNorms() {
    return numbers(root.required("training").required("norms"));
  }
}
