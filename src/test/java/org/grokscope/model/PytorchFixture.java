package org.grokscope.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.grokscope.task.Batch;

/** A model of questions; {@code make_pytorch_fixture.py} beside the files made and describes it. */
public final class PytorchFixture extends TorchFixture {
  private PytorchFixture(String name) {
    super(name + ".json");
  }

  /** Reads one of {@code one_layer}, which was trained too, {@code two_layers}, {@code two_way}. */
  public static PytorchFixture read(String name) {
    return new PytorchFixture(name);
  }

  @Override
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

  @Override
  public Batch batch() {
    return Batch.ofQuestions(
        config().contextLength(),
        integers(root.required("tokens")),
        integers(root.required("labels")));
  }

  /** The same as {@link #setting}. */
  public double trainingSetting(String name) {
    return setting(name);
  }

  private static int[] integers(JsonNode array) {
    return Arrays.stream(numbers(array)).mapToInt(value -> (int) value).toArray();
  }
}
