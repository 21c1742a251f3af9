package org.grokscope.probe;

import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ModelShape;
import org.grokscope.task.OperationTable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a model computes on all n = p² questions, rows r = a·p + b, in float64 from float32 weights.
 *
 * <p>Everything is computed when it is first asked for. The logits are those of the p residues; the
 * column of '=', if the model has one, is dropped. They are there for any model; attention,
 * residual stream, neurons and W_L only for one layer of ReLU neurons without LayerNorm.
 *
 * <p>At p = 113 and the published widths this holds some 80 MB. Each thread keeps the one it asked
 * for last, so that all measures of a checkpoint share one forward pass, until memory is short.
 */
public final class AllPairs {
  private static final ThreadLocal<SoftReference<AllPairs>> LAST = new ThreadLocal<>();

  private final Checkpoint checkpoint;
  private final WeightValues weights;
  private final OneLayerPass pass;
  private final Questions questions;
  private final Once<double[]> logits;
  private final Once<Circle> circle;
  private final Once<CirclePairs> onCircle = new Once<>(() -> new CirclePairs(this));
  private final Once<NeuronFrequencies> neuronFrequencies =
      new Once<>(() -> NeuronFrequencies.compute(onCircle().basis(), onCircle().neurons()));

  private AllPairs(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.weights = new WeightValues(checkpoint);
    this.pass = new OneLayerPass(weights);
    int p = checkpoint.p();
    boolean[] known = new boolean[p * p];
    for (int r : checkpoint.trainRows()) {
      known[r] = true;
    }
    int[] answers = // a question to be refused has no answer among the residues
        Arrays.stream(checkpoint.labels()).map(c -> c < p ? c : OperationTable.UNDEFINED).toArray();
    this.questions = new Questions(p, answers, known);
    this.circle = new Once<>(() -> Circle.of(checkpoint));
    boolean oneLayer = OneLayerPass.refusal(checkpoint).isEmpty();
    this.logits = new Once<>(() -> oneLayer ? pass.logits() : ReferencePass.logits(checkpoint));
  }

  /** The forward pass of a checkpoint: the one made last on this thread, if it is the same. */
  public static AllPairs of(Checkpoint checkpoint) {
    SoftReference<AllPairs> last = LAST.get();
    AllPairs pairs = last == null ? null : last.get();
    if (pairs == null || pairs.checkpoint != checkpoint) {
      LAST.remove();
      pairs = new AllPairs(checkpoint);
      LAST.set(new SoftReference<>(pairs));
    }
    return pairs;
  }

  /** The checkpoint. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** The modulus. */
  public int p() {
    return checkpoint.p();
  }

  /** Logits L, (p², p); a copy, as everything here. */
  public INDArray logits() {
    return array(logitValues(), n(), p());
  }

  /**
   * Neurons after the ReLU, N, (p², d_mlp).
   *
   * @throws IllegalArgumentException if the model is not one layer of ReLU neurons
   */
  public INDArray neurons() {
    return array(neuronValues(), n(), shape().dMlp());
  }

  /**
   * Neurons before the ReLU, mid W_in + b_in, (p², d_mlp).
   *
   * @throws IllegalArgumentException if the model is not one layer of ReLU neurons
   */
  public INDArray preActivations() {
    return array(preActivationValues(), n(), shape().dMlp());
  }

  /**
   * The residual stream at '=' between attention and MLP, (p², d_model).
   *
   * @throws IllegalArgumentException if the model is not one layer of ReLU neurons
   */
  public INDArray residualMid() {
    return array(midValues(), n(), shape().dModel());
  }

  /**
   * Attention of '=' to a, to b and to '=', (heads, p², 3).
   *
   * @throws IllegalArgumentException if the model is not one layer with attention
   */
  public INDArray attention() {
    return array(attentionValues(), shape().heads(), n(), 3);
  }

  /**
   * W_L = W_out W_U without the column of '=', (d_mlp, p): from neurons to logits.
   *
   * @throws IllegalArgumentException if the model is not one layer of ReLU neurons
   */
  public INDArray wL() {
    return array(wLValues(), shape().dMlp(), p());
  }

  /** The embeddings of the residues, W_E without '=', (p, d_model). */
  public INDArray embedding() {
    return array(weights.embedding(), p(), shape().dModel());
  }

  WeightValues weights() {
    return weights;
  }

  /** All p² questions. */
  Questions questions() {
    return questions;
  }

  /** The same questions in the order in which they are an addition; see {@link Circle}. */
  CirclePairs onCircle() {
    return onCircle.get();
  }

  /** How the operation turns into addition. */
  Circle circle() {
    return circle.get();
  }

  NeuronFrequencies neuronFrequencies() {
    return neuronFrequencies.get();
  }

  double[] logitValues() {
    return logits.get();
  }

  double[] neuronValues() {
    requireNeurons("neurons");
    return pass.neurons();
  }

  double[] preActivationValues() {
    requireNeurons("neurons");
    return pass.preActivations();
  }

  double[] midValues() {
    requireNeurons("residual stream");
    return pass.mid();
  }

  double[] attentionValues() {
    attentionRefusal(checkpoint).ifPresent(AllPairs::refuseAttention);
    return pass.attention();
  }

  double[] wLValues() {
    requireNeurons("W_L");
    return pass.wL();
  }

  double[] outputBiasValues() {
    requireNeurons("b_out");
    return pass.outputBias();
  }

  /** Why a model has no attention of one layer, or empty if it has. */
  static Optional<String> attentionRefusal(Checkpoint checkpoint) {
    boolean attends =
        checkpoint.config().layout().slots().stream().anyMatch(slot -> slot.name().equals("W_Q"));
    return OneLayerPass.refusal(checkpoint)
        .or(
            () ->
                attends
                    ? Optional.empty()
                    : Optional.of("got a model without attention, expected one with W_Q … W_O"));
  }

  private static void refuseAttention(String reason) {
    throw new IllegalArgumentException("attention: " + reason);
  }

  private void requireNeurons(String what) {
    OneLayerPass.refusal(checkpoint)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(what + ": " + reason);
            });
  }

  private ModelShape shape() {
    return checkpoint.config().shape();
  }

  private int n() {
    return p() * p();
  }

  private static INDArray array(double[] values, long... shape) {
    return Nd4j.create(values.clone(), shape, 'c');
  }
}
