package org.grokscope.plot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.PrincipalComponents;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a curve forms over a training: one point a label, such as the mean activation of each count,
 * joined in the order of the labels, in a space that turns under the mouse; a slider leads through
 * the checkpoints.
 *
 * <p>How to read it: colour is the label, from dark blue to vermillion. At the beginning the points
 * are a heap; where the model has learnt the label, they lie on a curve in the order of their
 * colours. Space and scale are the same at every epoch, so what grows in the picture has grown.
 *
 * @param title of the figure
 * @param what a label is, such as "count"
 * @param labels (m), ascending
 * @param axes what the three axes are
 * @param points by epoch, (m, 3) each; all along the same three directions, else a curve would turn
 *     from checkpoint to checkpoint without having changed
 */
public record CurveOverTraining(
    String title,
    String what,
    List<Integer> labels,
    List<String> axes,
    SortedMap<Long, INDArray> points)
    implements Chart {
  private static final String OPERATION = "curve over training";
  private static final int MOST_EPOCHS = 60;

  /**
   * @throws IllegalArgumentException if there are fewer than two epochs or more than sixty, fewer
   *     than four labels, labels that do not ascend, or shapes that do not agree
   */
  public CurveOverTraining {
    labels = List.copyOf(labels);
    axes = List.copyOf(axes);
    Inputs.count(OPERATION, "epochs", points.size(), 2, MOST_EPOCHS);
    Inputs.count(OPERATION, "labels", labels.size(), 4, 1_000);
    Inputs.count(OPERATION, "axes", axes.size(), 3, 3);
    Inputs.ascending(OPERATION, "the label", labels);
    TreeMap<Long, INDArray> copies = new TreeMap<>();
    for (Map.Entry<Long, INDArray> entry : points.entrySet()) {
      String which = "points of epoch " + entry.getKey();
      Inputs.shape(OPERATION, which, entry.getValue(), labels.size(), 3);
      copies.put(entry.getKey(), entry.getValue().dup());
    }
    points = Collections.unmodifiableSortedMap(copies);
  }

  /**
   * The means of one manifold a checkpoint, along the first three principal components of the last
   * checkpoint's means.
   *
   * @param title of the figure
   * @param what a label is, such as "count"
   * @param manifolds by epoch, all with the same labels and dimensions
   * @throws IllegalArgumentException if the labels differ, or the last means have fewer than three
   *     components
   */
  public static CurveOverTraining of(
      String title, String what, SortedMap<Long, Manifold> manifolds) {
    Inputs.count(OPERATION, "epochs", manifolds.size(), 2, MOST_EPOCHS);
    Manifold last = manifolds.get(manifolds.lastKey());
    PrincipalComponents components = last.principalComponents();
    Inputs.count(OPERATION, "components", Math.min(3, components.count()), 3, 3);
    SortedMap<Long, INDArray> points = new TreeMap<>();
    manifolds.forEach(
        (epoch, manifold) -> {
          if (!Arrays.equals(manifold.labels(), last.labels())) {
            throw new IllegalArgumentException(
                String.format(
                    "%s: got other labels at epoch %d than at epoch %d, expected the same",
                    OPERATION, epoch, manifolds.lastKey()));
          }
          points.put(epoch, components.project(manifold.means(), 3));
        });
    return new CurveOverTraining(
        title,
        what,
        Arrays.stream(last.labels()).boxed().toList(),
        Helix3d.axes(components),
        points);
  }

  @Override
  public Figure figure() {
    List<Long> epochs = List.copyOf(points.keySet());
    List<INDArray> clouds = List.copyOf(points.values());
    INDArray all = Nd4j.concat(0, clouds.toArray(new INDArray[0]));
    return Figure.declare(title, description())
        .moving(Scene.curve(0, what, labels), i -> Scene.coordinates(clouds.get(i)))
        .slider(Slider.ofEpochs(epochs))
        .layout(Scene.alone())
        .set("scene", Scene.space(axes, all, 0, 1))
        .set("height", 680)
        .set("margin", Map.of("l", 10, "r", 10, "t", 80, "b", 130))
        .narrow("height", 560)
        .narrow("margin", Map.of("l", 5, "r", 5, "t", 90))
        .figure();
  }

  private String description() {
    return Digits.text(
        "a slider from epoch %,d to %,d over a curve in space through %d points, %s %d to %d, in"
            + " order: their mean distance from their centre goes from %.3g to %.3g",
        points.firstKey(),
        points.lastKey(),
        labels.size(),
        what,
        labels.get(0),
        labels.get(labels.size() - 1),
        spread(points.get(points.firstKey())),
        spread(points.get(points.lastKey())));
  }

  private static double spread(INDArray cloud) {
    return cloud.subRowVector(cloud.mean(0)).norm2(1).meanNumber().doubleValue();
  }
}
