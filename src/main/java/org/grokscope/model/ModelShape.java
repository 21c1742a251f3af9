package org.grokscope.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.MarkCounting;
import org.grokscope.task.View;

/**
 * What a transformer is built of, whatever it reads and answers.
 *
 * <p>Two are ready: {@link #nanda2023()}, which answers questions at the last position, and {@link
 * #lines(LineBreaking)}, which predicts the next token at every position.
 *
 * <p>A model {@linkplain #withoutAttention() without attention} is written as one whose layers have
 * no heads.
 *
 * @param dModel width of the residual stream
 * @param layers the layers, each attention then MLP
 * @param activation the neurons' non-linearity
 * @param layerNorm whether each sublayer and the unembedding read a LayerNorm of the residual
 *     stream (pre-norm)
 * @param positions whether positions have embeddings, W_pos
 * @param biases whether attention has the biases b_Q and b_O, and the unembedding b_U
 * @param answers where it answers
 * @param initial how its weights are drawn
 */
public record ModelShape(
    int dModel,
    List<LayerShape> layers,
    Activation activation,
    boolean layerNorm,
    boolean positions,
    boolean biases,
    Answer answers,
    Initial initial) {

  /** Where a model answers. */
  public enum Answer {
    /** At the last position of a sequence: a question. */
    AT_THE_LAST,
    /** At every position: the next token. */
    EVERYWHERE
  }

  /** How initial weights are drawn; biases are 0 and LayerNorm scales 1. */
  public enum Initial {
    /**
     * As in the code published with Nanda et al. (2023): normal with standard deviation 1/√d_model,
     * W_U with 1/√outputs.
     */
    BY_MODEL_WIDTH,
    /**
     * Normal with standard deviation 1/√(width read), W_E with 0.1, W_O and W_out 0.7 times that
     * and W_V times its layer's gain; sinks at their initial value.
     */
    BY_WIDTH_READ
  }

  public ModelShape {
    requirePositive(dModel, "d_model");
    layers = List.copyOf(layers);
    requirePositive(layers.size(), "layers");
    for (LayerShape layer : layers) {
      if (layer.attends() && layer.view() == View.END_BEFORE && !layer.hasSink()) {
        throw new IllegalArgumentException(
            "model: got a layer of the view END_BEFORE without a sink, expected one: on the first"
                + " line there is no end before, and a position does not see itself; give the layer"
                + " a sink");
      }
    }
    Objects.requireNonNull(activation, "activation");
    Objects.requireNonNull(answers, "answers");
    Objects.requireNonNull(initial, "initial");
  }

  /**
   * The model of Nanda et al. (2023), section 3: one layer, d_model 128, 4 heads of 32, 512 ReLU
   * neurons, no LayerNorm.
   */
  public static ModelShape nanda2023() {
    return uniform(1, 128, 4, 32, 512, Activation.RELU, false, true);
  }

  /**
   * A model like it of other widths, all layers alike.
   *
   * @param layers number of layers
   * @param dModel width of the residual stream
   * @param heads attention heads a layer, 0 in a model without attention
   * @param dHead width of a head's queries, keys and values, 0 in a model without attention
   * @param dMlp neurons a layer
   * @param causal whether a position attends only to itself and to earlier ones
   */
  public static ModelShape uniform(
      int layers,
      int dModel,
      int heads,
      int dHead,
      int dMlp,
      Activation activation,
      boolean layerNorm,
      boolean causal) {
    requirePositive(layers, "layers");
    if (heads != 0 || dHead != 0) {
      requirePositive(heads, "heads");
      requirePositive(dHead, "d_head");
    }
    requirePositive(dMlp, "d_mlp");
    LayerShape layer = LayerShape.attention(viewOf(causal), heads, dHead, dMlp);
    return new ModelShape(
        dModel,
        Collections.nCopies(layers, layer),
        activation,
        layerNorm,
        true,
        false,
        Answer.AT_THE_LAST,
        Initial.BY_MODEL_WIDTH);
  }

  private static View viewOf(boolean causal) {
    return causal ? View.EVERYTHING : View.BOTH_WAYS;
  }

  /**
   * A model that reads text and predicts the next token at every position: pre-LayerNorm, ReLU, no
   * position embedding, biases, each layer with a view of its own.
   */
  public static ModelShape reading(int dModel, List<LayerShape> layers) {
    return new ModelShape(
        dModel,
        layers,
        Activation.RELU,
        true,
        false,
        true,
        Answer.EVERYWHERE,
        Initial.BY_WIDTH_READ);
  }

  /**
   * The model of our exploration for a task of lines.
   *
   * <p>For plain text: two layers of 4 heads of 16 and 256 neurons, d_model 64. The first layer
   * sees its own line and what opened it, with slopes .3, .1, 0, 0; the second sees only line ends
   * and the first token, so that it cannot count again.
   *
   * <p>For text in a box, and for its controls: three layers, d_model 48. The first, 4 heads of 12
   * with a sink and 192 neurons, sees its own line; the second is an MLP of 192; the last, 4 heads
   * of 12 without MLP, sees the header, or where there is none the first token.
   */
  public static ModelShape lines(LineBreaking task) {
    return task.readsAsPlainText()
        ? reading(
            64,
            List.of(
                LayerShape.attention(View.OPENED_LINE, 4, 16, 256).withSlopes(0.3, 0.1, 0.0, 0.0),
                LayerShape.attention(View.LINE_ENDS, 4, 16, 256)))
        : reading(
            48,
            List.of(
                LayerShape.attention(View.OWN_LINE, 4, 12, 192).withSink(3.5, 3),
                LayerShape.mlp(192),
                LayerShape.attention(View.HEADER, 4, 12, 0)));
  }

  /**
   * The model of our exploration for a task of marks: d_model 48, three layers. The first, 4 heads
   * of 12 with a sink and 192 neurons, sees its own line and can count; the second is an MLP of
   * 192; the last, heads without MLP, sees what ended the line before, and can compare. Between the
   * last two the stream is normalised (RMSNorm) and noise is added to it, so that a count has to be
   * told from its neighbours within a bounded norm.
   *
   * <p>Its heads are 4 of 12 with a QK-norm of 10 for a rule under a heading, one of 24 with 15 for
   * a bar of a stated number, whose count no layer makes.
   *
   * @param noise σ behind the second layer, .5 for headings and .3 for bars in our trials, 0 for
   *     the control
   */
  public static ModelShape marks(MarkCounting task, double noise) {
    return task.source() == MarkCounting.Source.NUMBER
        ? comparing(noise, LayerShape.attention(View.END_BEFORE, 1, 24, 0), 15)
        : comparing(noise, LayerShape.attention(View.END_BEFORE, 4, 12, 0), 10);
  }

  /**
   * The model of a rule under a heading, {@link #marks}, for plain text of lines, such as text
   * under a ruler: its last layer sees everything that ended a line, so that the width may stand
   * far above.
   *
   * @param noise σ behind the second layer, .3 in our trials, 0 for the control
   * @throws IllegalArgumentException if the task is no plain text
   */
  public static ModelShape lines(LineBreaking task, double noise) {
    if (!task.readsAsPlainText()) {
      throw new IllegalArgumentException(
          "model: got "
              + task.title()
              + " and noise, expected plain text, such as"
              + " LineBreaking.ruler(); for text in a box use lines(task) and withSite");
    }
    return comparing(noise, LayerShape.attention(View.LINE_ENDS, 4, 12, 0), 10);
  }

  /** Counts, through a norm and noise, and compares within bounded scores. */
  private static ModelShape comparing(double noise, LayerShape last, double qkNorm) {
    return reading(
        48,
        List.of(
            LayerShape.attention(View.OWN_LINE, 4, 12, 192).withSink(3.5, 3),
            LayerShape.mlp(192).withSite(Site.normed(noise)),
            last.withSink(0, 1).withBounds(new ScoreBounds(qkNorm, ScoreBounds.NO_CAP))));
  }

  /**
   * A model for prose: d_model 96, three layers of 4 heads of 24 and 384 neurons. The first, with a
   * sink, sees its own line and can count; the second sees everything before; the last, with a sink
   * and a QK-norm of 10, sees line ends and the first token, and can compare. Before it the stream
   * is normalised and noise is added to it, as in {@link #marks}.
   *
   * @param noise σ behind the second layer, 0 for the control
   */
  public static ModelShape prose(double noise) {
    return reading(
        96,
        List.of(
            LayerShape.attention(View.OWN_LINE, 4, 24, 384).withSink(3.5, 3),
            LayerShape.attention(View.EVERYTHING, 4, 24, 384).withSite(Site.normed(noise)),
            LayerShape.attention(View.LINE_ENDS, 4, 24, 384)
                .withSink(0, 1)
                .withBounds(new ScoreBounds(10, ScoreBounds.NO_CAP))));
  }

  /** The same without masks: every head sees everything before. */
  public ModelShape unmasked() {
    return each(layer -> layer.attends() ? layer.seeing(View.EVERYTHING) : layer);
  }

  /**
   * The same without attention, an MLP on the sum of the embeddings: with x<sub>0</sub> =
   * Σ<sub>t</sub> (W_E[token<sub>t</sub>] + W_pos[t]) over all positions, each block adds act(x
   * W_in + b_in) W_out + b_out, and logits = x W_U.
   *
   * <p>There are no W_Q, W_K, W_V, W_O. All positions weigh the same, so no answer depends on the
   * order of the tokens: such a model can learn a+b but cannot tell a−b from b−a. It is the
   * attention-free model of Zhong et al. (2023), "The Clock and the Pizza", that reads the sum of
   * two embeddings, with the residual stream kept around the MLP.
   */
  public ModelShape withoutAttention() {
    return each(layer -> layer.withHeads(0, 0));
  }

  /** Whether any layer has attention. */
  public boolean attends() {
    return layers.stream().anyMatch(LayerShape::attends);
  }

  /**
   * Whether positions are added up before the first block: a model of questions that attends not.
   */
  boolean sumsPositions() {
    return answers == Answer.AT_THE_LAST && !attends();
  }

  /** Number of layers. */
  public int depth() {
    return layers.size();
  }

  /** Attention heads of the first layer, and of all others where they are alike. */
  public int heads() {
    return layers.get(0).heads();
  }

  /** Width of a head of the first layer. */
  public int dHead() {
    return layers.get(0).dHead();
  }

  /** Neurons of the first layer. */
  public int dMlp() {
    return layers.get(0).dMlp();
  }

  /** Whether no position attends to a later one. */
  public boolean causal() {
    return layers.stream().noneMatch(layer -> layer.view() == View.BOTH_WAYS);
  }

  /** The same with this many layers, all like the first. */
  public ModelShape withLayers(int count) {
    requirePositive(count, "layers");
    return withLayers(Collections.nCopies(count, layers.get(0)));
  }

  /** The same with other layers. */
  public ModelShape withLayers(List<LayerShape> newLayers) {
    return new ModelShape(
        dModel, newLayers, activation, layerNorm, positions, biases, answers, initial);
  }

  private ModelShape each(UnaryOperator<LayerShape> change) {
    return withLayers(layers.stream().map(change).toList());
  }

  /**
   * The same with another number of heads, which share d_model equally; gives attention to a model
   * without.
   *
   * @throws IllegalArgumentException if d_model is not a multiple of {@code newHeads}
   */
  public ModelShape withHeads(int newHeads) {
    int share = shareOf(dModel, newHeads);
    return each(layer -> layer.withHeads(newHeads, share));
  }

  /**
   * The same with another residual width, shared equally by the heads of each layer that has any.
   *
   * @throws IllegalArgumentException if {@code newDModel} is not a multiple of the heads
   */
  public ModelShape withDModel(int newDModel) {
    requirePositive(newDModel, "d_model");
    ModelShape shared =
        each(
            layer ->
                layer.attends()
                    ? layer.withHeads(layer.heads(), shareOf(newDModel, layer.heads()))
                    : layer);
    return new ModelShape(
        newDModel, shared.layers, activation, layerNorm, positions, biases, answers, initial);
  }

  /** The same with another number of neurons in every layer that has any. */
  public ModelShape withDMlp(int newDMlp) {
    requirePositive(newDMlp, "d_mlp");
    return each(layer -> layer.dMlp() > 0 ? layer.withDMlp(newDMlp) : layer);
  }

  /** The same with another non-linearity. */
  public ModelShape withActivation(Activation value) {
    return new ModelShape(dModel, layers, value, layerNorm, positions, biases, answers, initial);
  }

  /** The same with LayerNorm on or off. */
  public ModelShape withLayerNorm(boolean on) {
    return new ModelShape(dModel, layers, activation, on, positions, biases, answers, initial);
  }

  /** The same with position embeddings or without. */
  public ModelShape withPositions(boolean on) {
    return new ModelShape(dModel, layers, activation, layerNorm, on, biases, answers, initial);
  }

  /** The same with every layer's view causal, or both ways. */
  public ModelShape withCausal(boolean on) {
    return each(layer -> layer.seeing(viewOf(on)));
  }

  /**
   * The same with another site.
   *
   * @param name where it is, {@code blocks.N.hook_resid_post}, N counted from 0
   * @throws IllegalArgumentException if there is no site of this name; the message lists those
   *     there are
   */
  public ModelShape withSite(String name, Site site) {
    List<String> names = sites();
    int layer = names.indexOf(name);
    if (layer < 0) {
      throw new IllegalArgumentException(
          "model: got the site '" + name + "', expected one of " + String.join(", ", names));
    }
    List<LayerShape> changed = new ArrayList<>(layers);
    changed.set(layer, layers.get(layer).withSite(site));
    return withLayers(changed);
  }

  /** The names of the places that can have a {@link Site}, one behind each layer. */
  public List<String> sites() {
    return IntStream.range(0, layers.size())
        .mapToObj(n -> "blocks." + n + ".hook_resid_post")
        .toList();
  }

  /** Whether every layer's scores are free and every site is empty. */
  boolean plainStream() {
    return layers.stream().allMatch(layer -> layer.bounds().absent() && !layer.site().present());
  }

  /** The same, answering elsewhere. */
  public ModelShape withAnswers(Answer value) {
    return new ModelShape(dModel, layers, activation, layerNorm, positions, biases, value, initial);
  }

  private static int shareOf(int dModel, int heads) {
    requirePositive(dModel, "d_model");
    requirePositive(heads, "heads");
    if (dModel % heads != 0) {
      throw new IllegalArgumentException(
          "model: "
              + heads
              + " heads do not divide d_model = "
              + dModel
              + "; choose a number of heads that divides it");
    }
    return dModel / heads;
  }

  private static void requirePositive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "model: got " + name + " = " + value + ", expected at least 1");
    }
  }
}
