package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.geometry.HelixFit;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.PrincipalComponents;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The means of a manifold along its first three principal components, joined in the order of their
 * labels, in a space that turns under the mouse; other curves may stand beside it, such as {@link
 * org.grokscope.geometry.KnownCurve}s, which say what a line, an arc or a helix looks like.
 *
 * <p>How to read it: colour is the label, from dark blue to vermillion; a straight line is an
 * amount, a loop a position. All axes have one scale, so that what looks round is round.
 *
 * @param title of the figure
 * @param curves 1 to 6
 */
public record Helix3d(String title, List<Curve> curves) implements Chart {
  private static final String OPERATION = "helix";
  private static final int MOST = 6;
  private static final List<String> UNNAMED = List.of("", "", ""); // small spaces have no room
  private static final double GAP = 0.02; // between spaces, as a share

  /**
   * Points in order.
   *
   * @param name of the curve, above its space; may be empty if it is alone
   * @param what a label is, such as "count"
   * @param labels (m), ascending
   * @param points (m, 3)
   * @param axes what the three axes are
   * @param summary what is to be seen, for whoever cannot see it
   */
  public record Curve(
      String name,
      String what,
      List<Integer> labels,
      INDArray points,
      List<String> axes,
      String summary) {

    /**
     * @throws IllegalArgumentException if there are fewer than four points, labels do not ascend,
     *     or the shapes do not agree
     */
    public Curve {
      labels = List.copyOf(labels);
      axes = List.copyOf(axes);
      Inputs.count(OPERATION, "points", labels.size(), 4, 1_000);
      Inputs.count(OPERATION, "axes", axes.size(), 3, 3);
      Inputs.shape(OPERATION, "points", points, labels.size(), 3);
      Inputs.ascending(OPERATION, "the label", labels);
      points = points.dup();
    }

    /**
     * Means along their own first three components.
     *
     * @param name of the curve
     * @param what a label is
     * @param manifold of at least four labels
     */
    public static Curve of(String name, String what, Manifold manifold) {
      List<Integer> labels = Arrays.stream(manifold.labels()).boxed().toList();
      return of(name, what, labels, manifold.means());
    }

    /**
     * Any points along their own first three components.
     *
     * @param name of the curve
     * @param what a label is
     * @param labels (m), ascending
     * @param means (m, d)
     */
    public static Curve of(String name, String what, List<Integer> labels, INDArray means) {
      Inputs.count(OPERATION, "points", labels.size(), 4, 1_000);
      Inputs.shape(OPERATION, "means", means, labels.size(), Inputs.ANY);
      PrincipalComponents components = PrincipalComponents.of(means);
      int known = Math.min(3, components.count());
      INDArray points = Nd4j.zeros(DataType.DOUBLE, labels.size(), 3);
      points
          .get(NDArrayIndex.all(), NDArrayIndex.interval(0, known))
          .assign(components.scores(known));
      String summary =
          Digits.text(
              "%d labels, %s %d to %d; three components hold %.0f %% of their variance, the first"
                  + " alone %.0f %%; %.2f turns about an axis",
              labels.size(),
              what,
              labels.get(0),
              labels.get(labels.size() - 1),
              100 * components.explained(known),
              100 * components.explained(1),
              HelixFit.of(means, 0.3).turns());
      return new Curve(name, what, labels, points, Helix3d.axes(components), summary);
    }
  }

  /** What the first three components are, with the share of the variance that each explains. */
  static List<String> axes(PrincipalComponents components) {
    return IntStream.range(0, 3)
        .mapToObj(
            i ->
                i < components.count()
                    ? Digits.text(
                        "PC %d: %.0f %%", i + 1, 100 * components.explained().getDouble(i))
                    : "nothing")
        .toList();
  }

  /**
   * @throws IllegalArgumentException if there is no curve, or more than six
   */
  public Helix3d {
    curves = List.copyOf(curves);
    Inputs.count(OPERATION, "curves", curves.size(), 1, MOST);
  }

  /**
   * One manifold.
   *
   * @param title of the figure
   * @param what a label is, such as "count"
   * @param manifold of at least four labels
   */
  public static Helix3d of(String title, String what, Manifold manifold) {
    return new Helix3d(title, List.of(Curve.of(what, what, manifold)));
  }

  /** The same with a name for the first curve, which two curves need. */
  public Helix3d named(String name) {
    Curve first = curves.get(0);
    List<Curve> renamed = new ArrayList<>(curves);
    renamed.set(
        0,
        new Curve(
            name, first.what(), first.labels(), first.points(), first.axes(), first.summary()));
    return new Helix3d(title, renamed);
  }

  /** The same with one more curve beside it. */
  public Helix3d beside(Curve other) {
    List<Curve> more = new ArrayList<>(curves);
    more.add(other);
    return new Helix3d(title, more);
  }

  /** The same with one more manifold beside it. */
  public Helix3d beside(String name, String what, Manifold other) {
    return beside(Curve.of(name, what, other));
  }

  @Override
  public Figure figure() {
    int n = curves.size();
    List<Attributes> names = new ArrayList<>();
    List<Attributes> narrowNames = new ArrayList<>();
    Declaration figure = Figure.declare(title, description()).layout(Scene.alone());
    int across = Math.min(n, 3);
    int narrowAcross = n > 2 ? 2 : 1;
    for (int i = 0; i < n; i++) {
      Curve curve = curves.get(i);
      Map<String, List<Double>> place = place(i, across);
      Map<String, List<Double>> narrow = place(i, narrowAcross);
      figure
          .trace(
              Scene.curve(i, curve.what(), curve.labels()).lay(Scene.coordinates(curve.points())))
          .set(Scene.name(i), Scene.space(n > 2 ? UNNAMED : curve.axes(), curve.points(), 0, 1))
          .set(Scene.name(i) + ".domain", place)
          .narrow(Scene.name(i) + ".domain", narrow);
      if (n > 1) {
        names.add(name(curve.name(), place));
        narrowNames.add(name(curve.name(), narrow));
      }
    }
    int rows = rows(across);
    return figure
        .set("annotations", names)
        .set("height", rows == 1 ? (n == 3 ? 430 : 560) : 740)
        .set("margin", Map.of("l", 10, "r", 10, "t", 80, "b", 10))
        .narrow("height", n == 1 ? 420 : 95 + rows(narrowAcross) * (n == 2 ? 332 : 220))
        .narrow("annotations", narrowNames)
        .narrow("margin", Map.of("l", 5, "r", 5, "t", 90, "b", 5))
        .figure();
  }

  private int rows(int across) {
    return (curves.size() + across - 1) / across;
  }

  /** Where a space stands: so many beside each other, from the top, with room for a name above. */
  private Map<String, List<Double>> place(int i, int across) {
    double width = (1 - GAP * (across - 1)) / across;
    double left = i % across * (width + GAP);
    int rows = rows(across);
    double height = (1 - 2 * GAP * (rows - 1)) / rows;
    double top = 1 - i / across * (height + 2 * GAP);
    return Map.of(
        "x", PanelGrid.domain(left, left + width), "y", PanelGrid.domain(top - height, top));
  }

  private static Attributes name(String text, Map<String, List<Double>> place) {
    return Attributes.note("<b>" + text + "</b>", place.get("x").get(0), place.get("y").get(1))
        .set("xref", "paper")
        .set("yref", "paper")
        .set("xanchor", "left")
        .set("yanchor", "bottom");
  }

  private String description() {
    return "a curve in space through the means, in order"
        + (curves.size() == 1
            ? ": " + curves.get(0).summary()
            : curves.stream()
                .map(curve -> curve.name() + ": " + curve.summary())
                .collect(Collectors.joining("; ", "; ", "")));
  }
}
