package org.grokscope.line;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.PlaneTurns;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Measures of curves and of maps of matches, and what curves that mean nothing give. */
class CurveMeasuresTest {
  private static final JsonNode FIXTURE = read();

  private static JsonNode read() {
    try (InputStream in = CurveMeasuresTest.class.getResourceAsStream("curves.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException("curves.json cannot be read", e);
    }
  }

  private static double[] row(JsonNode node) {
    return IntStream.range(0, node.size()).mapToDouble(i -> node.get(i).doubleValue()).toArray();
  }

  private static INDArray matrix(JsonNode node) {
    return Nd4j.createFromArray(
        IntStream.range(0, node.size()).mapToObj(i -> row(node.get(i))).toArray(double[][]::new));
  }

  private static int[] whole(JsonNode node) {
    return IntStream.range(0, node.size()).map(i -> node.get(i).intValue()).toArray();
  }

  private static Manifold curve(INDArray points) {
    return Manifold.of(points, IntStream.range(0, (int) points.size(0)).toArray());
  }

  @Test
  void curves_are_measured_as_numpy_measures_them() {
    for (JsonNode each : FIXTURE.get("curves")) {
      Manifold curve = curve(matrix(each.get("points")));
      FactManifold.Shape shape = FactManifold.Shape.of(curve);
      JsonNode expected = each.get("shape");
      assertEquals(expected.get("components_95").intValue(), shape.componentsFor95());
      assertClose("first", expected.get("first").doubleValue(), shape.first(), 1e-10, 0);
      assertClose("rise", expected.get("rise").doubleValue(), shape.rise(), 1e-10, 1e-12);
      assertClose("trough", expected.get("trough").doubleValue(), shape.trough(), 1e-10, 0);
      double turns = PlaneTurns.of(curve.means());
      assertClose("turns", expected.get("plane_turns").doubleValue(), turns, 1e-9, 0);
      assertClose("reach", expected.get("reach").doubleValue(), CurveNull.reach(curve), 1e-10, 0);
    }
    assertEquals(3, FIXTURE.get("curves").size());
  }

  @Test
  void the_share_of_a_map_that_depends_on_the_difference_is_that_of_numpy() {
    int[] queries = whole(FIXTURE.get("queries"));
    int[] keys = whole(FIXTURE.get("keys"));
    for (JsonNode each : FIXTURE.get("maps")) {
      double share =
          QkTwist.differenceShare(
              matrix(each.get("scores")), queries, keys, FIXTURE.get("within").intValue());
      assertClose("share", each.get("share").doubleValue(), share, 1e-10, 0);
    }
    assertEquals(3, FIXTURE.get("maps").size());
  }

  @Test
  void percentiles_are_those_of_numpy() {
    double[] draws = row(FIXTURE.get("draws"));
    double high = FIXTURE.get("percentile_99").doubleValue();
    assertClose("99", high, CurveNull.percentile(draws, 0.99), 1e-12, 0);
    double low = FIXTURE.get("percentile_40").doubleValue();
    assertClose("40", low, CurveNull.percentile(draws, 0.4), 1e-12, 0);
    assertEquals(draws[0], CurveNull.percentile(draws, 0));
    assertEquals(draws[36], CurveNull.percentile(draws, 1));
  }

  /** A map of the difference alone is all difference, one of the labels apart is none. */
  @Test
  void a_head_that_sees_the_difference_alone_has_a_share_of_one() {
    int[] labels = IntStream.range(0, 30).toArray();
    INDArray difference = Nd4j.zeros(org.nd4j.linalg.api.buffer.DataType.DOUBLE, 30, 30);
    INDArray product = difference.dup();
    for (int c = 0; c < 30; c++) {
      for (int k = 0; k < 30; k++) {
        difference.putScalar(c, k, Math.cos(2 * Math.PI * 3 * (k - c) / 30)); // rows sum to 0
        product.putScalar(c, k, (c - 14.5) * (k - 14.5) + 40 * Math.sin(c * c) * Math.sin(k * k));
      }
    }
    assertClose("difference", 1, QkTwist.differenceShare(difference, labels, labels, 12), 0, 1e-12);
    double other = QkTwist.differenceShare(product, labels, labels, 12);
    assertTrue(other < 0.3, "share " + other);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> QkTwist.differenceShare(difference.mul(0), labels, labels, 12))
            .getMessage();
    assertTrue(message.contains("a map without variance"), message);
  }

  @Test
  void a_rippled_curve_is_beyond_its_nulls_and_an_arc_is_not() {
    int[] labels = IntStream.rangeClosed(1, 50).toArray();
    double[][] rippled = new double[50][20];
    double[][] arc = new double[50][20];
    for (int i = 0; i < 50; i++) {
      double angle = 2 * Math.PI * i / 50;
      for (int pair = 0; pair < 2; pair++) {
        rippled[i][2 * pair] = (2 - pair) * Math.cos((2 - pair) * angle);
        rippled[i][2 * pair + 1] = (2 - pair) * Math.sin((2 - pair) * angle);
      }
      arc[i][0] = Math.cos(angle / 2);
      arc[i][1] = Math.sin(angle / 2);
    }
    assertTrue(beyond(Manifold.of(Nd4j.createFromArray(rippled), labels)));
    assertTrue(!beyond(Manifold.of(Nd4j.createFromArray(arc), labels)));
  }

  private static boolean beyond(Manifold curve) {
    boolean beyond = true;
    for (CurveNull.Kind kind : CurveNull.Kind.values()) {
      CurveNull drawn = CurveNull.of(kind, curve, 20, new Random(1));
      for (Map.Entry<String, Double> own : CurveNull.numbers(curve).entrySet()) {
        beyond &= own.getValue() > drawn.percentile(own.getKey(), 0.99);
      }
      assertEquals(1, drawn.shareAtLeast("rise", 0));
      assertEquals(0, drawn.shareAtLeast("rise", 3));
    }
    return beyond;
  }

  @Test
  void a_smooth_null_is_as_smooth_as_the_curve() {
    int[] labels = IntStream.range(0, 60).toArray();
    // seen from its own mean, which takes some likeness away, an endless curve's reach is a fifth
    // less
    for (double reach : new double[] {3, 6}) {
      Manifold smooth = OneGeometry.smoothCurve(labels, 500, reach, new Random(2));
      assertClose("reach", reach, CurveNull.reach(smooth), 0.2, 0);
    }
  }

  @Test
  void what_cannot_be_is_refused_and_said() {
    int[] labels = IntStream.range(0, 20).toArray();
    Manifold noise = OneGeometry.smoothCurve(labels, 3, 2, new Random(0));
    assertMessage(
        "curve null: got 0 draws, expected at least 1, such as 200",
        () -> CurveNull.of(CurveNull.Kind.WALK, noise, 0, new Random(0)));
    CurveNull drawn = CurveNull.of(CurveNull.Kind.WALK, noise, 2, new Random(0));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> drawn.percentile("height", 0.5))
            .getMessage()
            .contains("expected one of plane_turns, rise"));
    double[][] zigzag = new double[20][2];
    IntStream.range(0, 20).forEach(i -> zigzag[i][0] = i % 2 == 0 ? 1 : -1.1);
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> CurveNull.reach(Manifold.of(Nd4j.createFromArray(zigzag), labels)))
            .getMessage()
            .contains("it is no curve"));
  }

  private static void assertMessage(String expected, Runnable call) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
