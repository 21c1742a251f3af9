package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.grokscope.task.LineBatch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class LineReaderTest {
  private static final double FLOAT_SUMS = 2e-4; // relative to the largest gradient

  private static LineBreaking task(String kind) {
    return switch (kind) {
      case "given" -> LineBreaking.given();
      case "inferred" -> LineBreaking.inferred();
      case "box" -> LineBreaking.box();
      case "box-header", "unmasked" -> LineBreaking.boxHeader();
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Weights that are nowhere special: biases not zero, scales not one. */
  private static Parameters shaken(ModelConfig config) {
    Parameters parameters = Parameters.initial(config, 3);
    float[] values = parameters.values();
    for (int i = 0; i < values.length; i++) {
      values[i] += 0.05f * (float) Math.sin(12.9898 * i);
    }
    return parameters;
  }

  @ParameterizedTest
  @ValueSource(strings = {"given", "inferred", "box", "box-header", "unmasked"})
  void the_fast_reader_computes_what_the_reference_computes(String kind) {
    LineBreaking task = task(kind);
    ModelConfig masked = ModelConfig.of(task);
    ModelConfig config = kind.equals("unmasked") ? masked.unmasked() : masked;
    LineBatch batch = task.corpus().training(1, 0, 11); // no multiple of a piece
    Parameters parameters = shaken(config);
    try (ReferenceTransformer reference = ReferenceTransformer.of(config, parameters, DataType.DOUBLE);
        PreNormTransformer fast = PreNormTransformer.of(config, parameters, 2)) {
      double expected = reference.lossAndGradients(batch);
      assertEquals(expected, fast.lossAndGradients(batch), 1e-5 * expected);
      assertEquals(expected, fast.loss(batch), 1e-5 * expected);
      assertEquals(expected, reference.loss(batch), 1e-12);
      double[] gradients = reference.gradientsInDouble();
      for (ParameterLayout.Slot slot : config.layout().slots()) {
        double largest = 0;
        double off = 0;
        for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
          largest = Math.max(largest, Math.abs(gradients[i]));
          off = Math.max(off, Math.abs(gradients[i] - fast.gradients().values()[i]));
        }
        assertTrue(largest > 0, slot.name() + " has no gradient");
        assertTrue(off <= FLOAT_SUMS * largest, slot.name() + ": off by " + off / largest);
      }
      INDArray exact = reference.logits(batch);
      INDArray logits = fast.logits(batch).castTo(DataType.DOUBLE);
      assertArrayEquals(exact.shape(), logits.shape());
      double largest = exact.sub(logits).amaxNumber().doubleValue();
      assertTrue(largest < 1e-4, "logits off by " + largest);
    }
  }

  @Test
  void without_masks_every_head_sees_everything_and_all_else_stays() {
    ModelConfig masked = ModelConfig.of(LineBreaking.boxHeader());
    ModelConfig open = masked.unmasked();
    assertEquals(View.EVERYTHING, open.layers().get(0).view());
    assertEquals(View.EVERYTHING, open.layers().get(2).view());
    assertEquals(masked.layers().get(1), open.layers().get(1), "it has no heads");
    assertEquals(masked.layers().get(0), open.layers().get(0).seeing(View.OWN_LINE));
    assertEquals(masked.layout(), open.layout());
  }

  @Test
  void gradients_are_those_of_finite_differences() {
    LineBreaking task = LineBreaking.boxHeader().withLength(24);
    ModelConfig config =
        new ModelConfig(
            6,
            List.of(
                LayerShape.attention(View.OWN_LINE, 2, 3, 5)
                    .withSink(0.7, 2)
                    .withSlopes(0.3, 0.0),
                LayerShape.mlp(4),
                LayerShape.attention(View.HEADER, 1, 4, 0)),
            task.corpus().vocabulary().size(),
            24);
    LineBatch batch = task.corpus().training(0, 5, 3);
    Parameters parameters = shaken(config);
    try (ReferenceTransformer reader = ReferenceTransformer.of(config, parameters, DataType.DOUBLE)) {
      reader.lossAndGradients(batch);
      double[] gradients = reader.gradientsInDouble();
      for (ParameterLayout.Slot slot : config.layout().slots()) {
        for (int step = 0; step < 3; step++) {
          int i = slot.offset() + step * (slot.length() - 1) / 2;
          float there = parameters.values()[i];
          parameters.values()[i] = there + 1f / 16384;
          float up = parameters.values()[i];
          double above = reader.loss(batch);
          parameters.values()[i] = there - 1f / 16384;
          double below = reader.loss(batch);
          double slope = (above - below) / ((double) up - parameters.values()[i]);
          parameters.values()[i] = there;
          assertEquals(slope, gradients[i], 2e-5, slot.name() + " at " + i);
        }
      }
    }
  }

  @Test
  void what_comes_later_or_is_out_of_view_changes_nothing() {
    LineBreaking task = LineBreaking.given();
    ModelConfig config = ModelConfig.of(task);
    LineBatch batch = task.corpus().fresh(0, 2);
    int word = batch.decisions()[5];
    int other = batch.vocabulary().successors(batch.token(0, word)).get(0);
    try (ReferenceTransformer reader = ReferenceTransformer.of(config, shaken(config), DataType.DOUBLE)) {
      INDArray before = reader.logits(batch);
      int same =
          java.util.stream.IntStream.of(batch.positionsOf(org.grokscope.task.TokenKind.WORD))
              .map(position -> batch.token(position / batch.length(), position % batch.length()))
              .filter(token -> token != batch.token(0, word))
              .filter(
                  token ->
                      batch.vocabulary().length(token)
                          == batch.vocabulary().length(batch.token(0, word)))
              .findFirst()
              .orElse(other);
      INDArray after = reader.logits(batch.withReplaced(0, word, same));
      int end = word;
      while (batch.kind(0, end) != org.grokscope.task.TokenKind.NEWLINE) {
        end++;
      }
      assertEquals(0, difference(before, after, 0, 0, word));
      assertTrue(difference(before, after, 0, word, end) > 1e-6, "its own line sees it");
      assertEquals(0, difference(before, after, 1, 0, batch.length()), "another document");
    }
  }

  private static double difference(INDArray a, INDArray b, int document, int from, int to) {
    double largest = 0;
    for (int t = from; t < to; t++) {
      largest =
          Math.max(
              largest,
              a.slice(document)
                  .getRow(t)
                  .sub(b.slice(document).getRow(t))
                  .amaxNumber()
                  .doubleValue());
    }
    return largest;
  }

  @Test
  void activations_have_names_and_can_be_exchanged() {
    LineBreaking task = LineBreaking.boxHeader();
    ModelConfig config = ModelConfig.of(task);
    LineBatch batch = task.corpus().fresh(0, 3);
    try (ReferenceTransformer reader = ReferenceTransformer.of(config, shaken(config))) {
      INDArray pattern = reader.activation(batch, "blocks.0.attn.hook_pattern");
      assertArrayEquals(new long[] {3, 4, 64, 64}, pattern.shape());
      double sums = pattern.sum(3).maxNumber().doubleValue();
      assertTrue(sums < 1, "the sink takes its share: " + sums);
      INDArray last = reader.activation(batch, "blocks.2.attn.hook_pattern");
      assertEquals(1, last.sum(3).minNumber().doubleValue(), 1e-5);
      Map<String, INDArray> all = reader.runWithCache(batch, config.activations());
      assertEquals(config.activations().size(), all.size());
      assertArrayEquals(new long[] {3, 64, 48}, all.get("blocks.1.hook_resid_post").shape());
      INDArray same = reader.logits(batch, Map.of("blocks.1.hook_resid_post", x -> x));
      assertEquals(0, same.sub(reader.logits(batch)).amaxNumber().doubleValue(), 1e-6);
      INDArray cut = reader.logits(batch, Map.of("blocks.1.hook_resid_post", x -> x.mul(0)));
      assertTrue(cut.sub(same).amaxNumber().doubleValue() > 0.1);
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> reader.activation(batch, "blocks.1.attn.hook_q"))
              .getMessage();
      assertTrue(message.contains("got 'blocks.1.attn.hook_q', expected one of"), message);
      String changed =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> reader.logits(batch, Map.of("blocks.7.hook_resid_post", x -> x)))
              .getMessage();
      assertTrue(changed.contains("got 'blocks.7.hook_resid_post', expected one of"), changed);
    }
  }

  @Test
  void results_do_not_depend_on_the_number_of_threads() {
    LineBreaking task = LineBreaking.inferred();
    ModelConfig config = ModelConfig.of(task);
    LineBatch batch = task.corpus().training(0, 0, 32);
    Parameters parameters = shaken(config);
    try (PreNormTransformer one = PreNormTransformer.of(config, parameters, 1);
        PreNormTransformer three = PreNormTransformer.of(config, parameters, 3)) {
      assertEquals(one.lossAndGradients(batch), three.lossAndGradients(batch));
      assertArrayEquals(one.gradients().values(), three.gradients().values());
    }
  }

  @Test
  void a_batch_of_another_task_is_refused() {
    ModelConfig config = ModelConfig.of(LineBreaking.given());
    LineBatch other = LineBreaking.boxHeader().corpus().fresh(0, 1);
    try (PreNormTransformer reader = PreNormTransformer.of(config, Parameters.initial(config, 0), 1)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> reader.loss(other)).getMessage();
      assertTrue(message.startsWith("batch: got a vocabulary of "), message);
    }
  }
}
