package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.geometry.PrincipalComponents;
import org.grokscope.geometry.Procrustes;
import org.grokscope.line.QkTwist;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * How one head turns one curve onto another, in space: before, the mean inputs of those who ask and
 * of those who are asked; after, what W_Q and W_K make of them. Grey lines join the labels that
 * match after the head. A slider leads from before to after.
 *
 * <p>How to read it: colour is the label on both curves, balls are those who ask and diamonds those
 * who are asked. Where the head turns one onto the other, the grey lines become short.
 *
 * <p>Before and after are each seen along the first three components of both curves together, and
 * brought to one size. After is turned, as a whole, to where it is nearest to before, so that
 * nothing moves that need not. Between the ends points move on straight lines: that is how the
 * slider draws it, not what the head does.
 *
 * @param title of the figure
 * @param queries what the query labels are, such as "count"
 * @param keys what the key labels are, such as "end of the label"
 * @param head both curves
 */
public record TwistInSpace(String title, String queries, String keys, QkTwist head)
    implements Chart {
  private static final int STEPS = 10;
  private static final String BEFORE = "before";
  private static final String AFTER = "after";
  private static final String QUERIES = "queries"; // what the legend shows or hides together
  private static final String KEYS = "keys";
  private static final String DIAMOND = "diamond";

  @Override
  public Figure figure() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i <= STEPS; i++) {
      names.add(i == 0 ? BEFORE : i == STEPS ? AFTER : 100 * i / STEPS + " %");
    }
    INDArray before = before();
    INDArray after = after();
    INDArray all = Nd4j.vstack(before, after);
    return Figure.declare(title, description())
        .moving(joints(0), i -> ends(between(before, after, i)))
        .moving(asking(0), i -> Scene.coordinates(rows(between(before, after, i), true)))
        .moving(asked(0), i -> Scene.coordinates(rows(between(before, after, i), false)))
        .traces(keysOfTheLegend())
        .slider(new Slider("", names, names, STEPS, 180))
        .layout(Scene.alone())
        .set("scene", Scene.space(axes(), all, 0, 1))
        .set("showlegend", true)
        .set("height", 700)
        .set("margin", Map.of("l", 25, "r", 25, "t", 110, "b", 130))
        .narrow("height", 610)
        .narrow("margin", Map.of("l", 20, "r", 20, "t", 170))
        .still(still(before, after, all))
        .figure();
  }

  private static List<String> axes() {
    return List.of("1st of both", "2nd", "3rd");
  }

  private int asking() {
    return head.queryLabels().length;
  }

  /** Both curves, those who ask first, along three directions (c + k, 3). */
  private INDArray before() {
    return seen(head.queryMeans(), head.keyMeans());
  }

  private INDArray after() {
    INDArray after = seen(head.projectedQueries(), head.projectedKeys());
    return Procrustes.fit(after, before(), Procrustes.Scale.FIXED, Procrustes.Mirror.ALLOWED)
        .apply(after);
  }

  /** Centred each by itself, along the first three components of both, mean distance 1. */
  private static INDArray seen(INDArray left, INDArray right) {
    INDArray both = Nd4j.vstack(left.subRowVector(left.mean(0)), right.subRowVector(right.mean(0)));
    PrincipalComponents components = PrincipalComponents.of(both);
    int known = Math.min(3, components.count());
    INDArray points = Nd4j.zeros(DataType.DOUBLE, both.size(0), 3);
    points
        .get(NDArrayIndex.all(), NDArrayIndex.interval(0, known))
        .assign(components.scores(known));
    double size = points.norm2(1).meanNumber().doubleValue();
    return size > 0 ? points.div(size) : points;
  }

  private static INDArray between(INDArray before, INDArray after, int step) {
    double share = (double) step / STEPS;
    return before.mul(1 - share).add(after.mul(share));
  }

  private INDArray rows(INDArray points, boolean ask) {
    long split = asking();
    return points.get(
        ask ? NDArrayIndex.interval(0, split) : NDArrayIndex.interval(split, points.size(0)),
        NDArrayIndex.all());
  }

  private Attributes asking(int scene) {
    return Scene.curve(scene, queries, boxed(head.queryLabels()))
        .set("name", queries + ", asking")
        .set("legendgroup", QUERIES);
  }

  private Attributes asked(int scene) {
    return Scene.curve(scene, keys, boxed(head.keyLabels()))
        .set("mode", "lines+markers")
        .set("name", keys + ", asked")
        .set("legendgroup", KEYS)
        .set("marker.symbol", DIAMOND);
  }

  /**
   * What the legend shows for the two curves, which have no colour of their own: Plotly would draw
   * black there, by day and by night. Each has no point, and goes with its curve.
   */
  private List<Attributes> keysOfTheLegend() {
    return List.of(keyOfTheLegend(asking(0), "circle"), keyOfTheLegend(asked(0), DIAMOND));
  }

  private static Attributes keyOfTheLegend(Attributes curve, String symbol) {
    List<Object> nowhere = Collections.singletonList(null);
    return Attributes.of("type", "scatter3d")
        .set("mode", "markers")
        .set("scene", Scene.name(0))
        .set("name", curve.get("name"))
        .set("legendgroup", curve.get("legendgroup"))
        .set("x", nowhere)
        .set("y", nowhere)
        .set("z", nowhere)
        .set("marker", Map.of("symbol", symbol, "size", 9, "color", HouseStyle.CONTEXT))
        .set("hoverinfo", "skip");
  }

  private static Attributes joints(int scene) {
    return Attributes.of("type", "scatter3d")
        .set("mode", "lines")
        .set("scene", Scene.name(scene))
        .set("name", "match after the head")
        .set("showlegend", scene == 0)
        .set("line", Map.of("color", HouseStyle.CONTEXT, "width", 2))
        .set("hoverinfo", "skip");
  }

  /** Lines between the labels that are a shift apart, some eight of them. */
  private Attributes ends(INDArray points) {
    int shift = head.alignmentAfter().shift();
    int[] from = head.queryLabels();
    int[] to = head.keyLabels();
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0; i < from.length; i++) {
      int j = Arrays.binarySearch(to, from[i] + shift);
      if (j >= 0) {
        pairs.add(new int[] {i, asking() + j});
      }
    }
    int every = Math.max(1, pairs.size() / 12);
    Attributes lines = Attributes.none();
    for (int axis = 0; axis < 3; axis++) {
      List<Number> along = new ArrayList<>();
      for (int n = 0; n < pairs.size(); n += every) {
        for (int end : pairs.get(n)) {
          along.add(Digits.significant(points.getDouble(end, axis), 4));
        }
        along.add(null);
      }
      lines.set(List.of("x", "y", "z").get(axis), along);
    }
    return lines;
  }

  private Chart still(INDArray before, INDArray after, INDArray all) {
    Declaration pair = Figure.declare(title, description()).layout(Scene.alone());
    List<Attributes> names = new ArrayList<>();
    for (int scene = 0; scene < 2; scene++) {
      INDArray points = scene == 0 ? before : after;
      double left = scene * 0.51;
      pair.trace(joints(scene).lay(ends(points)))
          .trace(asking(scene).lay(Scene.coordinates(rows(points, true))))
          .trace(asked(scene).lay(Scene.coordinates(rows(points, false))))
          .set(Scene.name(scene), Scene.space(axes(), all, left, left + 0.49));
      names.add(
          Attributes.note("<b>" + (scene == 0 ? BEFORE : AFTER) + "</b>", left + 0.01, 1)
              .set("xref", "paper")
              .set("yref", "paper")
              .set("xanchor", "left")
              .set("yanchor", "bottom"));
    }
    return pair.traces(keysOfTheLegend())
        .set("annotations", names)
        .set("showlegend", true)
        .set("legend.y", 1.06)
        .set("width", 900)
        .set("height", 560)
        .set("margin", Map.of("l", 10, "r", 10, "t", 120, "b", 10));
  }

  private static List<Integer> boxed(int[] labels) {
    return IntStream.of(labels).boxed().toList();
  }

  private String description() {
    QkTwist.Alignment earlier = head.alignmentBefore();
    QkTwist.Alignment later = head.alignmentAfter();
    return Digits.text(
        "two curves in space, %s %d to %d asking and %s %d to %d asked, and a slider from before"
            + " head %s to after it: the cosine of the curves, where they are most alike, goes from"
            + " %.2f to %.2f, at %d labels apart",
        queries,
        head.queryLabels()[0],
        head.queryLabels()[asking() - 1],
        keys,
        head.keyLabels()[0],
        head.keyLabels()[head.keyLabels().length - 1],
        head.head().name(),
        earlier.cosine(),
        later.cosine(),
        later.shift());
  }
}
