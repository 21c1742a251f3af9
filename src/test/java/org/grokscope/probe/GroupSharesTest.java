package org.grokscope.probe;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.probe.RepresentationRemoval.Site;
import org.grokscope.series.Reading;
import org.grokscope.task.Group;
import org.grokscope.task.Operation;
import org.grokscope.task.Representation;
import org.junit.jupiter.api.Test;

/**
 * A model built by hand that answers by the characters of one representation, and untrained ones.
 */
class GroupSharesTest {
  private static final Group S4 = Group.symmetric(4);
  private static final double FLOAT32 = 1e-5; // of weights, in sums of a few hundred products

  /** L[x, y, c] = χ(xyc⁻¹) of 3+1, with a neuron for each question and no attention. */
  private static Checkpoint characterModel() {
    int n = S4.size();
    // without attention '=' sees W_E[x] + W_E[y]: no order, so each operand has a coordinate of its
    // own only through attention; two heads attend to x and to y alone
    ModelShape shape = ModelShape.uniform(1, 3 * n + 4, 2, n, n * n, Activation.RELU, false, true);
    ModelConfig config = new ModelConfig(shape, n + 1, n + 1, 3);
    Parameters parameters = Parameters.zeros(config.layout());
    Representation rho = S4.representations().get(1);
    int atX = 3 * n;
    int equals = 3 * n + 2;
    for (int x = 0; x < n; x++) {
      PizzaModel.put(parameters, "W_E", 1, x, x);
      for (int head = 0; head < 2; head++) {
        PizzaModel.put(parameters, "W_V", 1, head, x, x);
        PizzaModel.put(parameters, "W_O", 1, head, x, n + head * n + x);
      }
      for (int y = 0; y < n; y++) {
        PizzaModel.put(parameters, "W_in", 1, n + x, x * n + y);
        PizzaModel.put(parameters, "W_in", 1, 2 * n + y, x * n + y);
        PizzaModel.put(parameters, "b_in", -1, x * n + y);
        PizzaModel.put(parameters, "W_out", 1, x * n + y, S4.product(x, y)); // one of the first n
      }
      for (int c = 0; c < n; c++) {
        PizzaModel.put(parameters, "W_U", rho.character(S4.product(x, S4.inverse(c))), x, c);
      }
    }
    for (int t = 0; t < 3; t++) {
      PizzaModel.put(parameters, "W_pos", 1, t, atX + t);
    }
    for (int head = 0; head < 2; head++) {
      PizzaModel.put(parameters, "W_Q", 1000, head, equals, 0);
      PizzaModel.put(parameters, "W_K", 1, head, atX + head, 0);
    }
    return Checkpoint.of(S4.table().split(0.5, 0), config, parameters, 1, "{}");
  }

  private static double value(List<Reading> readings, String part, String key) {
    return readings.stream()
        .filter(reading -> reading.part().equals(part) && reading.key().equals(key))
        .mapToDouble(Reading::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_model_of_one_character_is_found_to_be_one() {
    Checkpoint model = characterModel();
    assertEquals(1.0, Metric.named("accuracy").readings(model).get(2).value());
    GroupShares shares = GroupShares.of(model);
    assertEquals(List.of("3+1"), shares.keys());
    assertClose("total", 1, shares.total(), FLOAT32, 0);
    shares
        .logits()
        .forEach((rho, share) -> assertClose(rho, rho.equals("3+1") ? 1 : 0, share, 0, FLOAT32));
    assertEquals(9, RepresentationRemoval.keyDimensions(model));
  }

  @Test
  void one_hot_embeddings_lie_in_every_representation_by_its_dimension() {
    // the rows of the identity matrix less their mean: 23 dimensions, f_ρ of them in ρ
    GroupShares shares = GroupShares.of(characterModel());
    assertClose("3+1", 9.0 / 23, shares.embedding().get("3+1"), FLOAT32, 0);
    assertClose("2+2", 4.0 / 23, shares.embedding().get("2+2"), FLOAT32, 0);
    assertClose("1+1+1+1", 1.0 / 23, shares.embedding().get("1+1+1+1"), FLOAT32, 0);
  }

  @Test
  void the_same_functions_of_relabelled_elements_explain_little() {
    GroupShares shares = GroupShares.of(characterModel());
    for (int seed = 0; seed < 5; seed++) {
      GroupShares other = shares.relabelled(seed);
      assertTrue(other.total() < 0.1, seed + ": " + other.total());
      // but together they are all functions of a product that is not the group's own
      double logits = other.logits().values().stream().mapToDouble(Double::doubleValue).sum();
      assertTrue(logits < 0.3, seed + ": " + logits);
      double embedding = other.embedding().values().stream().mapToDouble(Double::doubleValue).sum();
      assertClose("every function on the group", 1, embedding, FLOAT32, 0);
    }
    assertEquals(shares.relabelled(3).characters(), shares.relabelled(3).characters());
  }

  @Test
  void without_its_representation_the_model_knows_nothing_and_without_others_all() {
    Checkpoint model = characterModel();
    List<Reading> logits = Metric.named("group.removed.logits").readings(model);
    assertEquals(1.0, value(logits, "test", "2+2"));
    assertEquals(1.0, value(logits, "test", RepresentationRemoval.OTHERS));
    List<Reading> losses = Metric.named("group.removed.logits.loss").readings(model);
    for (String key : List.of("3+1", RepresentationRemoval.KEYS)) {
      assertClose("nothing left", Math.log(24), value(losses, "all", key), FLOAT32, 0);
    }
    double before = Metric.named("loss").readings(model).get(2).value();
    assertClose("all left", before, value(losses, "all", RepresentationRemoval.OTHERS), 1e-5, 0);
  }

  @Test
  void a_random_subspace_of_few_dimensions_takes_little() {
    Checkpoint model = characterModel();
    RepresentationRemoval atLogits = new RepresentationRemoval(Site.LOGITS);
    assertEquals(1.0, atLogits.control(model, 1, 0).getAsDouble());
    double nine = atLogits.control(model, 9, 1).getAsDouble();
    assertTrue(nine > 0.5, "" + nine);
    assertEquals(nine, atLogits.control(model, 9, 1).getAsDouble());
    String message =
        assertThrows(IllegalArgumentException.class, () -> atLogits.control(model, 24, 0))
            .getMessage();
    assertTrue(message.startsWith("random subspace: got 24 dimensions"), message);
  }

  @Test
  void inputs_that_say_where_one_thing_goes_are_constant_on_cosets() {
    // W_E[x] = 1 in the coordinate of x(0), each neuron reads one coordinate: constant on the
    // cosets
    // of the permutations that leave 0 where it is
    Checkpoint base = SmallModel.of(SmallModel.SHAPE, S4.table());
    Parameters parameters = Parameters.zeros(base.config().layout());
    for (int x = 0; x < 24; x++) {
      PizzaModel.put(parameters, "W_E", 1, x, S4.permutation(x)[0]);
      PizzaModel.put(parameters, "W_in", x % 3 + 1, x % 4, x % 12);
    }
    for (int i = 0; i < 4; i++) {
      PizzaModel.put(parameters, "W_V", 1, 0, i, i);
      PizzaModel.put(parameters, "W_O", 1, 0, i, i);
    }
    Checkpoint places = base.withParameters(parameters);
    assertClose("cosets", 1, GroupShares.of(places).cosets(), FLOAT32, 0);
    double relabelled = GroupShares.of(places).relabelled(0).cosets();
    assertTrue(relabelled < 0.7, "" + relabelled);
    assertClose("3+1", 1, GroupShares.of(places).embedding().get("3+1"), FLOAT32, 0);
  }

  @Test
  void every_metric_works_for_other_groups_and_refuses_other_tables() {
    Checkpoint d7 = SmallModel.of(SmallModel.SHAPE, Group.dihedral(7).table());
    Checkpoint two = SmallModel.of(SmallModel.SHAPE.withLayers(2), S4.table());
    Checkpoint random = SmallModel.of(SmallModel.SHAPE, S4.table().withRandomLabels(0));
    int count = 0;
    for (Metric metric : Metric.all()) {
      if (metric.needs().contains(Need.GROUP)) {
        count++;
        assertTrue(metric.isMeantFor(d7) && metric.isMeantFor(two) && !metric.isMeantFor(random));
        Set<String> columns = new TreeSet<>();
        for (Reading reading : metric.readings(d7)) {
          assertTrue(Double.isFinite(reading.value()), reading.toString());
          assertTrue(columns.add(reading.column()), reading.column());
        }
        assertFalse(columns.isEmpty());
        assertEquals(metric.name().equals("group.cosets"), metric.refusal(two).isPresent());
        assertEquals(
            "got a table that is no group's, expected that of S3 to S6 or of D3 to D200; for"
                + " modular arithmetic there are measures along a circle",
            metric.refusal(random).orElseThrow());
      }
    }
    assertEquals(10, count);
    assertThrows(
        IllegalArgumentException.class, () -> GroupShares.of(SmallModel.of(Operation.ADD)));
  }

  @Test
  void projections_of_all_representations_sum_to_all_functions() {
    GroupShares shares = GroupShares.of(SmallModel.of(SmallModel.SHAPE, Group.dihedral(6).table()));
    double[] sum = new double[144];
    for (Representation rho : shares.representations()) {
      double[] projection = shares.projection(rho);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += projection[i];
      }
    }
    double[] expected =
        IntStream.range(0, 144).mapToDouble(i -> (i % 13 == 0 ? 1 : 0) - 1.0 / 12).toArray();
    assertClose("all but the constant", expected, sum, 0, 1e-12);
  }
}
