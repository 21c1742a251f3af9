package org.grokscope.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.grokscope.model.Activation;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ScoreBounds;
import org.grokscope.model.Site;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.MarkCounting;
import org.grokscope.task.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeJsonTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  static Stream<ModelShape> shapes() {
    ModelShape published = ModelShape.nanda2023();
    List<ModelShape> shapes =
        new ArrayList<>(
            List.of(
                published,
                published.withLayers(3),
                published.withHeads(8).withDModel(64),
                published.withActivation(Activation.GELU),
                published.withLayerNorm(true),
                published.withPositions(false),
                published.withCausal(false),
                published.withoutAttention(),
                published.withAnswers(ModelShape.Answer.EVERYWHERE),
                ModelShape.lines(LineBreaking.box()).unmasked(),
                ModelShape.reading(
                    8,
                    List.of(
                        LayerShape.mlp(4),
                        LayerShape.attention(View.HEADER, 2, 3, 0).withSink(-1e-3, 0.1),
                        LayerShape.attention(View.OWN_LINE, 2, 4, 5).withSlopes(1.0 / 3, -2.0)))));
    for (String mode : List.of("given", "inferred", "box", "box-header", "varied-box")) {
      shapes.add(ModelShape.lines(LineBreaking.named(mode)));
    }
    for (View view : View.values()) {
      LayerShape layer = published.layers().get(0).withSink(0, 1);
      shapes.add(published.withLayers(List.of(layer.seeing(view))));
    }
    shapes.add(ModelShape.marks(MarkCounting.underline(), 0.3));
    shapes.add(
        published
            .withLayers(List.of(published.layers().get(0).withBounds(new ScoreBounds(4, 1.0 / 3))))
            .withSite("blocks.0.hook_resid_post", Site.NONE.withNoise(0.1)));
    for (ModelShape.Initial initial : ModelShape.Initial.values()) {
      shapes.add(
          new ModelShape(
              4,
              published.layers(),
              Activation.GELU,
              true,
              false,
              true,
              ModelShape.Answer.AT_THE_LAST,
              initial));
    }
    return shapes.stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void every_kind_of_shape_comes_back(ModelShape shape) throws JsonProcessingException {
    assertEquals(shape, ShapeJson.shape(ShapeJson.tree(shape)));
    assertEquals(shape, ShapeJson.shape(JsonTree.parse(ShapeJson.tree(shape).toString())));
  }

  @Test
  void what_bounds_no_score_and_no_stream_is_left_out_so_that_no_kept_run_is_renamed() {
    JsonNode layer = ShapeJson.tree(ModelShape.nanda2023()).at("/layers/0");
    for (String name : List.of("qkNorm", "softCap", "site")) {
      assertFalse(layer.has(name), name);
    }
    ObjectNode noisy = ShapeJson.tree(ModelShape.marks(MarkCounting.underline(), 0.3));
    assertEquals(10, noisy.at("/layers/2/qkNorm").doubleValue());
    assertEquals(0.3, noisy.at("/layers/1/site/noise").doubleValue());
    ((ObjectNode) noisy.at("/layers/1/site")).put("noise", -0.3);
    assertMessage("site: got noise of σ = -0.3, expected 0 or more and finite, such as 0.3", noisy);
  }

  @Test
  void a_layer_without_a_sink_has_none() {
    assertFalse(ShapeJson.tree(ModelShape.nanda2023()).at("/layers/0").has("sink"));
    JsonNode boxed = ShapeJson.tree(ModelShape.lines(LineBreaking.box()));
    assertEquals(3.5, boxed.at("/layers/0/sink").doubleValue());
    assertFalse(boxed.at("/layers/1").has("sink"));
  }

  @ParameterizedTest
  @CsvSource({
    "/dModel",
    "/layers",
    "/activation",
    "/layerNorm",
    "/positions",
    "/biases",
    "/answers",
    "/initial",
    "/layers/0/view",
    "/layers/0/heads",
    "/layers/0/dHead",
    "/layers/0/dMlp",
    "/layers/0/slopes",
    "/layers/0/valueGain"
  })
  void what_is_missing_is_named(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    ObjectNode tree = ShapeJson.tree(ModelShape.nanda2023());
    parent(tree, path).remove(name);
    assertMessage("model: got no " + name + ", expected all that a model is built of", tree);
    parent(tree, path).putNull(name);
    assertMessage("model: got no " + name + ", expected all that a model is built of", tree);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/dModel | 1.5 | model: got dModel = 1.5, expected a whole number",
        "/dModel | \"8\" | model: got dModel = \"8\", expected a whole number",
        "/dModel | 4294967296 | model: got dModel = 4294967296, expected a whole number",
        "/dModel | 0 | model: got d_model = 0, expected at least 1",
        "/layers | [] | model: got layers = 0, expected at least 1",
        "/layers | 3 | model: got layers = 0, expected at least 1",
        "/layers | [3] | model: got no slopes, expected all that a model is built of",
        "/activation | \"TANH\" | model: got activation = \"TANH\", expected one of [RELU, GELU]",
        "/layerNorm | 1 | model: got layerNorm = 1, expected true or false",
        "/positions | \"yes\" | model: got positions = \"yes\", expected true or false",
        "/biases | [] | model: got biases = [], expected true or false",
        "/answers | 0 | model: got answers = 0, expected one of [AT_THE_LAST, EVERYWHERE]",
        "/initial | {} | model: got initial = {}, expected one of [BY_MODEL_WIDTH, BY_WIDTH_READ]",
        "/layers/0/heads | -1 | layer: got -1 and 512, expected heads or neurons",
        "/layers/0/dHead | 0 | layer: got 4 and 0, expected a width for every head and no width"
            + " without",
        "/layers/0/slopes | [1, 2] | layer: got 4 and 2, expected one slope a head",
        "/layers/0/slopes | [1, 2, 3, \"x\"] | model: got slopes = \"x\", expected a number",
        "/layers/0/slopes | [1, 2, 3, 1e999] | model: got slopes = \"Infinity\", expected a number",
        "/layers/0/sink | \"deep\" | model: got sink = \"deep\", expected a number",
        "/layers/0/sink | null | model: got sink = null, expected a number",
        "/layers/0/valueGain | true | model: got valueGain = true, expected a number",
        "/layers/0/valueGain | 0 | layer: got a sink of -Infinity and a gain of 0.0, expected a"
            + " number or NO_SINK, and a positive gain"
      })
  void what_is_wrong_is_named(String path, String value, String message)
      throws JsonProcessingException {
    ObjectNode tree = ShapeJson.tree(ModelShape.nanda2023());
    parent(tree, path).set(path.substring(path.lastIndexOf('/') + 1), JsonTree.parse(value));
    assertMessage(message, tree);
  }

  @Test
  void what_is_no_object_has_no_layers() {
    for (JsonNode tree :
        List.of(NODES.missingNode(), NODES.nullNode(), NODES.numberNode(3), new ArrayNode(NODES))) {
      assertMessage("model: got no layers, expected all that a model is built of", tree);
    }
  }

  private static ObjectNode parent(ObjectNode tree, String path) {
    return (ObjectNode) tree.at(path.substring(0, path.lastIndexOf('/')));
  }

  private static void assertMessage(String expected, JsonNode tree) {
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> ShapeJson.shape(tree)).getMessage());
  }
}
