package org.grokscope.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grokscope.task.Batch;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.RandomStream;
import org.grokscope.task.View;

/** Models small enough to differentiate by hand, weights for them, and something to read. */
public final class SmallModels {
  /** As published, in miniature: one layer, ReLU, no LayerNorm, causal. */
  static final ModelConfig ONE_LAYER =
      new ModelConfig(ModelShape.uniform(1, 8, 2, 4, 12, Activation.RELU, false, true), 6, 6, 3);

  /** Two layers; heads·d_head is not d_model, and outputs are not the vocabulary. */
  static final ModelConfig TWO_LAYERS =
      new ModelConfig(ModelShape.uniform(2, 6, 3, 5, 7, Activation.RELU, false, true), 5, 4, 4);

  static final ModelConfig GELU =
      new ModelConfig(ModelShape.uniform(1, 8, 2, 4, 12, Activation.GELU, false, true), 6, 6, 3);

  static final ModelConfig LAYER_NORM =
      new ModelConfig(ModelShape.uniform(1, 8, 2, 4, 12, Activation.RELU, true, true), 6, 6, 3);

  static final ModelConfig NON_CAUSAL =
      new ModelConfig(ModelShape.uniform(2, 8, 2, 4, 12, Activation.RELU, false, false), 6, 6, 3);

  /** Everything at once. */
  static final ModelConfig EVERYTHING =
      new ModelConfig(ModelShape.uniform(3, 6, 3, 2, 9, Activation.GELU, true, false), 7, 8, 5);

  /** An MLP on the sum of the embeddings. */
  static final ModelConfig NO_ATTENTION =
      new ModelConfig(ONE_LAYER.shape().withoutAttention(), 6, 6, 3);

  /** Everything else at once, without attention. */
  static final ModelConfig NO_ATTENTION_EVERYTHING =
      new ModelConfig(EVERYTHING.shape().withoutAttention(), 7, 8, 5);

  /** Layers of different widths, the last without MLP; biases, sink and slopes, no positions. */
  static final ModelConfig UNEVEN =
      new ModelConfig(
          new ModelShape(
              6,
              List.of(
                  LayerShape.attention(View.EVERYTHING, 2, 3, 5).withSink(0.7, 2),
                  LayerShape.mlp(4),
                  LayerShape.attention(View.BOTH_WAYS, 3, 1, 0).withSlopes(0.5, 0.25, 0.0)),
              Activation.GELU,
              false,
              false,
              true,
              ModelShape.Answer.AT_THE_LAST,
              ModelShape.Initial.BY_WIDTH_READ),
          5,
          6,
          4);

  /** An MLP after attention whose last position alone asks. */
  static final ModelConfig MLP_LAST =
      new ModelConfig(
          ONE_LAYER
              .shape()
              .withLayers(
                  List.of(LayerShape.attention(View.EVERYTHING, 2, 4, 0), LayerShape.mlp(9)))
              .withLayerNorm(true),
          6,
          6,
          3);

  /** As published, but asked at every position. */
  static final ModelConfig EVERYWHERE =
      new ModelConfig(TWO_LAYERS.shape().withAnswers(ModelShape.Answer.EVERYWHERE), 5, 4, 4);

  /** An MLP on each position by itself. */
  static final ModelConfig EVERYWHERE_ALONE =
      new ModelConfig(
          EVERYWHERE.shape().withoutAttention().withActivation(Activation.GELU), 5, 4, 4);

  /** What reads text, in miniature: pre-LayerNorm, biases, sink and slopes. */
  static final ModelConfig READING =
      new ModelConfig(
          ModelShape.reading(
              6,
              List.of(
                  LayerShape.attention(View.EVERYTHING, 2, 3, 5)
                      .withSink(0.7, 2)
                      .withSlopes(0.3, 0.0),
                  LayerShape.mlp(4),
                  LayerShape.attention(View.EVERYTHING, 1, 4, 0))),
          7,
          8,
          5);

  /** The same kind, whose first layer is an MLP and whose second sees what is to come. */
  static final ModelConfig READING_BOTH_WAYS =
      new ModelConfig(
          ModelShape.reading(
              8,
              List.of(
                  LayerShape.mlp(9),
                  LayerShape.attention(View.BOTH_WAYS, 2, 3, 5).withSlopes(0.25, 0.5))),
          6,
          6,
          4);

  /** The same kind, of one token. */
  static final ModelConfig READING_NARROWEST =
      new ModelConfig(
          ModelShape.reading(2, List.of(LayerShape.attention(View.EVERYTHING, 1, 1, 1))), 3, 2, 1);

  /** The same kind with bounded scores, and norms and noise on the stream. */
  static final ModelConfig BOUNDED =
      new ModelConfig(
          ModelShape.reading(
              6,
              List.of(
                  LayerShape.attention(View.EVERYTHING, 2, 3, 5)
                      .withSink(0.7, 2)
                      .withSlopes(0.3, 0.0)
                      .withBounds(new ScoreBounds(4, 3))
                      .withSite(Site.normed(0.3)),
                  LayerShape.mlp(4).withSite(Site.NONE.withNoise(0.2)),
                  LayerShape.attention(View.EVERYTHING, 1, 4, 0)
                      .withBounds(new ScoreBounds(ScoreBounds.NO_NORM, 2)),
                  LayerShape.attention(View.EVERYTHING, 2, 2, 3)
                      .withBounds(new ScoreBounds(5, ScoreBounds.NO_CAP))
                      .withSite(Site.normed(0.1)))),
          7,
          8,
          5);

  /** Questions of which the last position alone is normalised. */
  static final ModelConfig BOUNDED_QUESTIONS =
      new ModelConfig(
          TWO_LAYERS
              .shape()
              .withLayers(
                  List.of(
                      LayerShape.attention(View.EVERYTHING, 3, 5, 7).withSite(Site.normed(0.3)),
                      LayerShape.attention(View.EVERYTHING, 2, 3, 4)
                          .withBounds(new ScoreBounds(4, 3))
                          .withSite(Site.normed(0.2)))),
          5,
          4,
          4);

  /** Documents of lines, each layer with a view of its own. */
  static final ModelConfig LINES = LineReaderFixture.read().config();

  /** Every dimension that can be 1 is. */
  static final ModelConfig NARROWEST =
      new ModelConfig(ModelShape.uniform(1, 1, 1, 1, 1, Activation.GELU, false, true), 3, 2, 1);

  /** A loss of one's own: half the squared distance to one-hot. */
  static final Loss SQUARED_ERROR =
      new Loss() {
        @Override
        public String label() {
          return "squared-error";
        }

        @Override
        public double of(double[] z, int label, double[] gradient) {
          double loss = 0;
          for (int c = 0; c < z.length; c++) {
            gradient[c] = z[c] - (c == label ? 1 : 0);
            loss += gradient[c] * gradient[c] / 2;
          }
          return loss;
        }
      };

  private SmallModels() {}

  /** All of them by name. */
  static Map<String, ModelConfig> all() {
    Map<String, ModelConfig> all = new LinkedHashMap<>();
    all.put("one layer", ONE_LAYER);
    all.put("two layers", TWO_LAYERS);
    all.put("GELU", GELU);
    all.put("LayerNorm", LAYER_NORM);
    all.put("not causal", NON_CAUSAL);
    all.put("everything", EVERYTHING);
    all.put("no attention", NO_ATTENTION);
    all.put("no attention, everything else", NO_ATTENTION_EVERYTHING);
    all.put("uneven", UNEVEN);
    all.put("MLP last", MLP_LAST);
    all.put("everywhere", EVERYWHERE);
    all.put("everywhere, alone", EVERYWHERE_ALONE);
    all.put("reading", READING);
    all.put("reading both ways", READING_BOTH_WAYS);
    all.put("reading, narrowest", READING_NARROWEST);
    all.put("bounded", BOUNDED);
    all.put("bounded, questions", BOUNDED_QUESTIONS);
    all.put("lines", LINES);
    all.put("narrowest", NARROWEST);
    return all;
  }

  /** Those that the fast path of models that answer everywhere takes. */
  static List<ModelConfig> preNorm() {
    return List.of(READING, READING_BOTH_WAYS, READING_NARROWEST, BOUNDED, LINES);
  }

  /** The losses that are shipped, and one that is not. */
  static List<Loss> losses() {
    return List.of(
        StandardLoss.CROSS_ENTROPY,
        StandardLoss.CROSS_ENTROPY_FLOAT32,
        StandardLoss.STABLEMAX,
        SQUARED_ERROR);
  }

  /**
   * Weights of which none is zero: normal with standard deviation 0.5, LayerNorm scales around 1;
   * multiples of 2<sup>−12</sup>, so that steps of smaller powers of two are exact in float32.
   */
  static Parameters weights(ModelConfig config, long seed) {
    Parameters parameters = Parameters.zeros(config.layout());
    RandomStream random = RandomStream.of(seed, "small model");
    float[] values = parameters.values();
    for (ParameterLayout.Slot slot : parameters.layout().slots()) {
      double centre = slot.name().endsWith(".w") ? 1 : 0;
      for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
        values[i] = (float) (Math.rint((centre + 0.5 * random.nextGaussian()) * 4096) / 4096);
      }
    }
    return parameters;
  }

  /** A reader of lines with random weights, normal with standard deviation 0.1. */
  public static ReferenceTransformer randomReader(LineBreaking task) {
    ModelConfig config = ModelConfig.of(ModelShape.lines(task), task, 0);
    Parameters parameters = Parameters.zeros(config.layout());
    Random random = new Random(3);
    for (int i = 0; i < parameters.values().length; i++) {
      parameters.values()[i] = (float) (0.1 * random.nextGaussian());
    }
    return ReferenceTransformer.of(config, parameters);
  }

  /** Initial weights that are nowhere special: biases not zero, scales not one. */
  static Parameters shaken(ModelConfig config) {
    Parameters parameters = Parameters.initial(config, 3);
    float[] values = parameters.values();
    for (int i = 0; i < values.length; i++) {
      values[i] += 0.05f * (float) Math.sin(12.9898 * i);
    }
    return parameters;
  }

  /** Something that a model can read: questions, text with weights, or documents of lines. */
  static Batch batch(ModelConfig config, int n, long seed) {
    if (config.shape().answers() == ModelShape.Answer.AT_THE_LAST) {
      return questions(config, n, seed);
    }
    boolean plain =
        config.shape().layers().stream()
            .allMatch(l -> l.view() == View.EVERYTHING || l.view() == View.BOTH_WAYS);
    return plain ? text(config, n, seed) : LineReaderFixture.TASK.corpus().training(seed, 0, n);
  }

  /** Random tokens and targets with weights 0, 1 and 2, the last of a sequence never 0. */
  private static Batch text(ModelConfig config, int n, long seed) {
    RandomStream random = RandomStream.of(seed, "small text");
    int context = config.contextLength();
    int[] tokens = new int[n * context];
    int[] targets = new int[n * context];
    double[] weights = new double[n * context];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = random.nextInt(config.vocabulary());
      targets[i] = random.nextInt(config.outputs());
      weights[i] = i % context == context - 1 ? 1 + random.nextInt(2) : random.nextInt(3);
    }
    return new Batch(context, tokens, targets, weights);
  }

  /**
   * Random questions of the form of modular arithmetic: the last token is the vocabulary's last,
   * which stands nowhere else.
   */
  static Batch questions(ModelConfig config, int n, long seed) {
    RandomStream random = RandomStream.of(seed, "small batch");
    int context = config.contextLength();
    int[] tokens = new int[n * context];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < context - 1; t++) {
        tokens[i * context + t] = random.nextInt(config.vocabulary() - 1);
      }
      tokens[i * context + context - 1] = config.vocabulary() - 1;
      labels[i] = random.nextInt(config.outputs());
    }
    return Batch.ofQuestions(context, tokens, labels);
  }
}
