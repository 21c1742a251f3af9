package org.grokscope.plot;

import static org.grokscope.plot.FigureJson.numbers;
import static org.grokscope.plot.FigureJson.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CurveOverTrainingTest {
  private static final List<Integer> LABELS = IntStream.rangeClosed(1, 8).boxed().toList();
  private static final List<String> AXES = List.of("PC 1", "PC 2", "PC 3");

  /** A turn of a helix of some radius and rise, in d dimensions. */
  private static INDArray helix(double radius, double rise, int d) {
    INDArray points = Nd4j.zeros(DataType.DOUBLE, 8, d);
    for (int i = 0; i < 8; i++) {
      points.putScalar(i, 0, radius * Math.cos(2 * Math.PI * i / 8));
      points.putScalar(i, 1, radius * Math.sin(2 * Math.PI * i / 8));
      points.putScalar(i, 2, rise * i);
    }
    return points;
  }

  private static CurveOverTraining growing() {
    SortedMap<Long, INDArray> points = new TreeMap<>();
    points.put(0L, helix(0.25, 0, 3));
    points.put(400L, helix(1, 0, 3));
    points.put(3_000L, helix(2, 0, 3));
    return new CurveOverTraining("The count forms", "count", LABELS, AXES, points);
  }

  @Test
  void has_a_position_for_each_epoch_and_begins_with_the_last() {
    JsonNode json = FigureJson.of(growing());
    assertEquals(List.of("0", "400", "3000"), json.get("frames").findValuesAsText("name"));
    assertEquals(
        List.of("0", "400", "3,000"), json.at("/layout/sliders/0/steps").findValuesAsText("label"));
    assertEquals(2, json.at("/layout/sliders/0/active").asInt());
    assertEquals(2.0, json.at("/data/0/x/0").asDouble());
    for (String axis : List.of("x", "y", "z")) {
      assertEquals(json.at("/data/0/" + axis), json.at("/frames/2/data/0/" + axis));
    }
    assertEquals(0.25, json.at("/frames/0/data/0/x/0").asDouble());
  }

  @Test
  void joins_the_points_in_order_and_says_which_label_each_is() {
    JsonNode curve = FigureJson.of(growing()).at("/data/0");
    assertEquals("scatter3d", curve.get("type").asText());
    assertEquals(List.of(1., 2., 3., 4., 5., 6., 7., 8.), numbers(curve.get("customdata")));
    assertEquals(curve.get("customdata"), curve.at("/marker/color"));
    assertTrue(curve.get("hovertemplate").asText().contains("count %{customdata}"));
  }

  @Test
  void one_space_holds_every_epoch_so_that_growth_is_seen() {
    JsonNode scene = FigureJson.of(growing()).at("/layout/scene");
    assertTrue(scene.at("/xaxis/range/1").asDouble() > 2);
    assertTrue(scene.at("/xaxis/range/0").asDouble() < -2);
    assertEquals("cube", scene.get("aspectmode").asText());
  }

  @Test
  void the_description_says_by_how_much_it_grew() {
    assertEquals(
        "a slider from epoch 0 to 3,000 over a curve in space through 8 points, count 1 to 8, in"
            + " order: their mean distance from their centre goes from 0.250 to 2.00",
        growing().figure().description());
    assertTrue(growing().figure().toString().contains("Axis x: PC 1, "));
  }

  @Test
  void manifolds_are_all_seen_along_the_components_of_the_last() {
    int[] labels = LABELS.stream().mapToInt(i -> i).toArray();
    SortedMap<Long, Manifold> manifolds = new TreeMap<>();
    manifolds.put(0L, Manifold.of(helix(0.1, 0.4, 5), labels));
    manifolds.put(100L, Manifold.of(helix(2, 0.4, 5), labels));
    CurveOverTraining curve = CurveOverTraining.of("t", "count", manifolds);
    assertEquals(2, curve.points().size());
    // the directions are those of the last: there the curve's whole variance lies along them
    INDArray last = curve.points().get(100L);
    double along = last.norm2Number().doubleValue();
    INDArray means = manifolds.get(100L).means();
    double whole = means.subRowVector(means.mean(0)).norm2Number().doubleValue();
    assertEquals(whole, along, 1e-9);
    // both are measured from the centre of the last, so a shared shift cannot hide
    assertTrue(curve.points().get(0L).norm2Number().doubleValue() < along);
    assertTrue(curve.axes().get(0).startsWith("PC 1: "));

    manifolds.put(50L, Manifold.of(helix(1, 1, 5), new int[] {0, 1, 2, 3, 4, 5, 6, 7}));
    assertTrue(
        refusal(() -> CurveOverTraining.of("t", "count", manifolds))
            .contains("labels at epoch 50"));
  }

  @Test
  void refuses_what_does_not_fit_together() {
    SortedMap<Long, INDArray> one = new TreeMap<>();
    one.put(0L, helix(1, 1, 3));
    assertTrue(
        refusal(() -> new CurveOverTraining("t", "c", LABELS, AXES, one))
            .contains("got 1 epochs, expected 2 to"));
    SortedMap<Long, INDArray> flat = new TreeMap<>(one);
    flat.put(7L, Nd4j.zeros(DataType.DOUBLE, 8, 2));
    assertTrue(
        refusal(() -> new CurveOverTraining("t", "c", LABELS, AXES, flat))
            .contains("points of epoch 7 of shape [8, 2], expected [8, 3]"));
  }
}
