package org.grokscope.probe;

import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Once;
import org.grokscope.model.OneLayerPass;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferencePass;
import org.grokscope.task.Group;
import org.grokscope.task.OperationTable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a model computes on all n questions of a table, in float64 from float32 weights: n = p² and
 * rows r = a·p + b for two operands, as below.
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
  private final Parameters weights;
  private final OneLayerPass pass;
  private final Questions questions;
  private final Once<double[]> logits;
  private final Once<Optional<Circle>> recognised;
  private final Once<Optional<Group>> group;
  private final Map<Circle, CirclePairs> onCircle = new EnumMap<>(Circle.class);

  private AllPairs(Checkpoint checkpoint) {
    Need.require("all questions", Set.of(Need.TABLE), checkpoint, Circle.OWN);
    this.checkpoint = checkpoint;
    this.weights = checkpoint.parameters();
    this.pass = new OneLayerPass(checkpoint.config(), weights);
    int p = checkpoint.p();
    int[] labels = checkpoint.labels();
    boolean[] known = new boolean[labels.length];
    for (int r : checkpoint.trainRows()) {
      known[r] = true;
    }
    int[] answers = // a question to be refused has no answer among the residues
        Arrays.stream(labels).map(c -> c < p ? c : OperationTable.UNDEFINED).toArray();
    this.questions = new Questions(p, answers, known);
    this.recognised = new Once<>(() -> Circle.recognised(checkpoint));
    this.group = new Once<>(() -> Group.of(checkpoint.table()));
    boolean oneLayer = OneLayerPass.refusal(checkpoint.config()).isEmpty();
    this.logits =
        new Once<>(
            () ->
                oneLayer
                    ? pass.logits(pass.mid(), pass.neurons())
                    : ReferencePass.logits(checkpoint.config(), weights));
  }

  /**
   * The forward pass of a checkpoint: the one made last on this thread, if it is the same.
   *
   * @throws IllegalArgumentException if it is no model of a table
   */
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
    return array(embeddingValues(), p(), shape().dModel());
  }

  /** W_E without the row of '=', [p · d_model]. */
  double[] embeddingValues() {
    return Arrays.copyOf(weights.doubles("W_E"), p() * shape().dModel());
  }

  /** All questions. */
  Questions questions() {
    return questions;
  }

  /** The circle whose answers these are, or empty. */
  Optional<Circle> recognised() {
    return recognised.get();
  }

  /** The group whose table this is, or empty. */
  Optional<Group> group() {
    return group.get();
  }

  /**
   * The same questions in the order of a circle's places. The task's own is the recognised one and,
   * where there is none, the residues in their order.
   */
  synchronized CirclePairs onCircle(Circle circle) {
    Circle there = circle == Circle.OWN ? recognised().orElse(Circle.SUM) : circle;
    return onCircle.computeIfAbsent(there, one -> new CirclePairs(this, Places.of(one, p())));
  }

  double[] logitValues() {
    return logits.get();
  }

  double[] neuronValues() {
    require("neurons", Need.NEURONS);
    return pass.neurons();
  }

  double[] preActivationValues() {
    require("neurons", Need.NEURONS);
    return pass.preActivations();
  }

  double[] midValues() {
    require("residual stream", Need.NEURONS);
    return pass.mid();
  }

  /**
   * The gradient of one logit of each question by the embeddings of its operands.
   *
   * @param classes [n], of each question the answer whose logit is meant
   * @return for a and for b, [2][n · d_model]
   */
  double[][] operandGradients(int[] classes) {
    return OneLayerPass.refusal(checkpoint.config()).isEmpty()
        ? pass.operandGradients(classes)
        : ReferencePass.operandGradients(checkpoint.config(), weights, classes);
  }

  double[] attentionValues() {
    require("attention", Need.ATTENTION);
    return pass.attention();
  }

  double[] wLValues() {
    require("W_L", Need.NEURONS);
    return pass.wL();
  }

  double[] outputBiasValues() {
    require("b_out", Need.NEURONS);
    return pass.outputBias();
  }

  private void require(String what, Need need) {
    Need.require(what, Set.of(need), checkpoint, Circle.OWN);
  }

  private ModelShape shape() {
    return checkpoint.config().shape();
  }

  private int n() {
    return questions.size();
  }

  private static INDArray array(double[] values, long... shape) {
    return Nd4j.create(values.clone(), shape, 'c');
  }
}
