package org.grokscope.browser;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.grokscope.fourier.FourierBasis;
import org.grokscope.model.ComputationPath;
import org.grokscope.model.FactorisedTransformer;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.Parameters;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.RandomStream;
import org.grokscope.task.Split;
import org.grokscope.train.Trainer;
import org.grokscope.train.Training;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class LiveTrainingTest {
  private static final int P = 23;
  private static final Split SPLIT = Live.split(P, 0.7, 1, false);
  private static final TrainingConfig CONFIG = Live.config(1, 3e-3, 1, 16, 32);

  /** Training losses before each update. */
  private static List<Double> losses(LiveTraining training, int updates) {
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < updates; i++) {
      losses.add(training.step());
    }
    return losses;
  }

  @Test
  void the_questions_are_those_of_modular_addition() {
    Split named = ModularAddition.mod(P).splitMirrorsTogether(0.7, 1);
    assertEquals(named.settings(), SPLIT.settings());
    assertEquals(
        ModularAddition.mod(P).withRandomLabels(4).splitMirrorsTogether(0.5, 4).settings(),
        Live.split(P, 0.5, 4, true).settings());
  }

  /** The losses in plain Java from weights each of which is moved by a unit in the last place. */
  private static List<Double> lossesOfShaken(long seed, int updates) {
    ModelConfig model = ModelConfig.of(CONFIG.shape(), SPLIT, 1);
    Parameters parameters = Parameters.initial(model, CONFIG.seed());
    RandomStream random = RandomStream.of(seed, "shaken");
    float[] values = parameters.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(2) == 0 ? Math.nextUp(values[i]) : Math.nextDown(values[i]);
    }
    List<Double> losses = new ArrayList<>();
    try (Training training =
        Training.of(
            CONFIG, SPLIT, FactorisedTransformer.inPlainJava(model, parameters, CONFIG.loss()))) {
      for (int i = 0; i < updates; i++) {
        losses.add(training.step().loss());
      }
    }
    return losses;
  }

  private static double apart(List<Double> a, List<Double> b, int updates) {
    return IntStream.range(0, updates)
        .mapToDouble(i -> Math.abs(a.get(i) - b.get(i)))
        .max()
        .orElseThrow();
  }

  /**
   * Both paths add the same float32 terms, in another order. What that may do to a training is what
   * weights do to it that begin a unit in the last place away: AdamW divides gradients by their
   * size, and so hands rounding on, which grows from update to update. Three such trainings say how
   * far; ten times that leaves room for other processors' products.
   */
  @Test
  void it_learns_what_the_native_path_learns() {
    List<Double> plain = losses(new LiveTraining(SPLIT, CONFIG), 200);
    List<Double> there = new ArrayList<>();
    try (Training training = Trainer.of(CONFIG).on(ComputationPath.FAST).threads(1).start(SPLIT)) {
      for (int i = 0; i < plain.size(); i++) {
        there.add(training.step().loss());
      }
    }
    double soon = 0;
    double late = 0;
    for (long seed = 0; seed < 3; seed++) {
      List<Double> shaken = lossesOfShaken(seed, 200);
      soon = Math.max(soon, apart(plain, shaken, 20));
      late = Math.max(late, apart(plain, shaken, 200));
    }
    assertTrue(plain.get(199) < 0.5 * plain.get(0), "it does not learn: " + plain.get(199));
    assertTrue(soon < 1e-5 && late < 0.01, "a tolerance that says nothing: " + soon + ", " + late);
    assertClose("first losses", array(there, 20), array(plain, 20), 0, 10 * soon);
    assertClose("losses", array(there, 200), array(plain, 200), 0, 10 * late);
  }

  private static double[] array(List<Double> values, int count) {
    return values.stream().limit(count).mapToDouble(x -> x).toArray();
  }

  @Test
  void two_trainings_have_the_same_bits() {
    assertEquals(
        losses(new LiveTraining(SPLIT, CONFIG), 20), losses(new LiveTraining(SPLIT, CONFIG), 20));
  }

  @Test
  void what_is_shown_is_of_the_live_weights() {
    LiveTraining training = new LiveTraining(SPLIT, CONFIG);
    losses(training, 100);
    double[] row = training.evaluate();
    int[] answers = training.answers();
    int[] labels = training.labels();
    int[] known = training.known();
    assertEquals(P * P, answers.length);
    assertEquals(SPLIT.train().size(), Arrays.stream(known).sum());
    int right = 0;
    int rightOfKnown = 0;
    for (int i = 0; i < answers.length; i++) {
      assertEquals((i / P + i % P) % P, labels[i]);
      right += answers[i] == labels[i] ? 1 : 0;
      rightOfKnown += answers[i] == labels[i] ? known[i] : 0;
    }
    int train = SPLIT.train().size();
    assertEquals(100, row[0]);
    assertEquals(rightOfKnown / (double) train, row[3]);
    assertEquals((right - rightOfKnown) / (double) (P * P - train), row[4]);
    double[] scores = training.scores(3, 5);
    int best = 0;
    for (int c = 1; c < P; c++) {
      best = scores[c] > scores[best] ? c : best;
    }
    assertTrue(answers[3 * P + 5] == best || answers[3 * P + 5] == P);
  }

  /** Against the library's Fourier basis, in ND4J. */
  @Test
  void shares_of_frequencies_are_those_of_the_fourier_basis() {
    ModelConfig model = ModelConfig.of(CONFIG.shape(), SPLIT, 1);
    Parameters parameters = Parameters.initial(model, 3);
    double[] shares = new Circles(parameters.doubles("W_E"), P, 16).shares();
    INDArray embedding = Nd4j.create(parameters.doubles("W_E")).reshape(P + 1, 16);
    INDArray waves = FourierBasis.of(P).matrix().mmul(embedding.get(NDArrayIndex.interval(0, P)));
    double[] expected = new double[P / 2];
    for (int k = 1; k <= expected.length; k++) {
      for (int i = 0; i < 16; i++) {
        expected[k - 1] +=
            Math.pow(waves.getDouble(2 * k - 1, i), 2) + Math.pow(waves.getDouble(2 * k, i), 2);
      }
    }
    double total = Arrays.stream(expected).sum();
    assertClose("shares", Arrays.stream(expected).map(x -> x / total).toArray(), shares, 0, 1e-9);
    assertEquals(1, Arrays.stream(shares).sum(), 1e-12);
  }

  @Test
  void a_pure_wave_is_a_circle() {
    double[] embedding = new double[7 * 2];
    for (int a = 0; a < 7; a++) {
      embedding[2 * a] = 2 * Math.cos(2 * Math.PI * 3 * a / 7);
      embedding[2 * a + 1] = 2 * Math.sin(2 * Math.PI * 3 * a / 7);
    }
    Circles circles = new Circles(embedding, 7, 2);
    assertClose("circle", embedding, circles.circle(3), 0, 1e-12);
    assertClose("shares", new double[] {0, 0, 1}, circles.shares(), 0, 1e-12);
    assertArrayEquals(new double[14], new Circles(new double[14], 7, 2).circle(1));
  }

  @Test
  void a_checkpoint_that_could_not_say_whence_it_came_is_refused() {
    ModelConfig model = ModelConfig.of(CONFIG.shape(), SPLIT, 1);
    var transformer =
        FactorisedTransformer.inPlainJava(model, Parameters.initial(model, 1), CONFIG.loss());
    try (Training training = Training.of(CONFIG, SPLIT, transformer)) {
      assertThrows(IllegalStateException.class, training::checkpoint);
      TrainingConfig wider = CONFIG.withOutputClasses(0);
      assertThrows(IllegalArgumentException.class, () -> Training.of(wider, SPLIT, transformer));
    }
  }
}
