package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a ReLU multiplies. A neuron gets the sum cos a + cos b, which holds no product; it answers
 * max(cos a + cos b, 0), which does. The third panel is the product in it, and the fourth what is
 * left when the constant, the plain waves of a and of b and the product are taken away.
 *
 * <p>How to read it: the fold where the sum is zero is what makes the product. Above each panel
 * stands its share of what varies in the answer.
 *
 * @param points of each angle, over a full turn
 */
public record ReluProduct(int points) implements Chart {
  private static final String OPERATION = "ReLU product";

  /**
   * @throws IllegalArgumentException if there are fewer than 8 or more than 200 points
   */
  public ReluProduct {
    Inputs.count(OPERATION, "points", points, 8, 200);
  }

  /** Forty points a turn: fine enough to see, few enough for a page. */
  public static ReluProduct drawn() {
    return new ReluProduct(40);
  }

  private double cosine(int i) {
    return Math.cos(2 * Math.PI * i / points);
  }

  private double answer(int i, int j) {
    return Math.max(cosine(i) + cosine(j), 0);
  }

  /** The mean of the answer times cos^m a cos^n b. */
  private double moment(int m, int n) {
    double sum = 0;
    for (int i = 0; i < points; i++) {
      for (int j = 0; j < points; j++) {
        sum += answer(i, j) * Math.pow(cosine(i), m) * Math.pow(cosine(j), n);
      }
    }
    return sum / points / points;
  }

  /** The coefficient of cos a cos b in the answer; 16/(3π²) in the limit of many points. */
  public double product() {
    return 4 * moment(1, 1);
  }

  /** The coefficient of cos a, and of cos b; 1/2. */
  public double plain() {
    return 2 * moment(1, 0);
  }

  /** The share of the answer's variance that is the product. */
  public double productShare() {
    return product() * product() / 4 / variance();
  }

  /**
   * The share of the answer's variance that is a wave of a alone or of b alone, cos a and cos b.
   */
  public double plainShare() {
    return plain() * plain() / variance();
  }

  private double variance() {
    double mean = moment(0, 0);
    double square = 0;
    for (int i = 0; i < points; i++) {
      for (int j = 0; j < points; j++) {
        square += answer(i, j) * answer(i, j);
      }
    }
    return square / points / points - mean * mean;
  }

  private INDArray drawn(int panel) {
    INDArray values = Nd4j.create(DataType.DOUBLE, points, points);
    double constant = moment(0, 0);
    for (int i = 0; i < points; i++) {
      for (int j = 0; j < points; j++) {
        double sum = cosine(i) + cosine(j);
        double times = product() * cosine(i) * cosine(j);
        double value =
            switch (panel) {
              case 0 -> sum;
              case 1 -> answer(i, j);
              case 2 -> times;
              default -> answer(i, j) - constant - plain() * sum - times;
            };
        values.putScalar(i, j, value);
      }
    }
    return values;
  }

  @Override
  public Figure figure() {
    List<String> titles =
        List.of(
            "goes in<br>cos a + cos b",
            "comes out<br>max(cos a + cos b, 0)",
            Digits.text("in it<br>%.2f · cos a · cos b", product()),
            Digits.text("left over<br>%.0f %%", 100 * (1 - plainShare() - productShare())));
    PanelGrid wide = new PanelGrid(4, 4, PanelPairs.WIDE, 1, 14, 0);
    PanelGrid narrow = new PanelGrid(4, 2, PanelPairs.NARROW, 1, 14, 78);
    Declaration figure = Figure.declare("How a ReLU multiplies", description());
    List<Attributes> names = new ArrayList<>();
    for (int panel = 0; panel < 4; panel++) {
      figure
          .trace(
              HeatTrace.of(drawn(panel), panel, 3, "%{z}<extra></extra>")
                  .set("zmin", -2)
                  .set("zmax", 2)
                  .set("colorscale", HouseStyle.DIVERGING)
                  .set("showscale", false))
          .layout(Map.of(PanelPairs.axis("x", panel), turn("x", panel, "b")))
          .layout(Map.of(PanelPairs.axis("y", panel), turn("y", panel, panel == 0 ? "a" : "")));
      names.add(PanelPairs.title(panel, titles.get(panel)).set("font.size", 11.5));
    }
    return figure
        .set("annotations", names)
        .set("margin", Map.of("l", 50, "r", 20, "t", 115, "b", 60))
        .layout(wide.layout(175))
        .narrow(narrow.layout(175))
        .narrow("margin", Map.of("l", 44, "r", 10, "t", 115))
        .narrow("font.size", 11)
        .figure();
  }

  private Attributes turn(String letter, int panel, String title) {
    return Attributes.of("title.text", title)
        .set("title.standoff", 2)
        .set("anchor", PanelPairs.reference(letter.equals("x") ? "y" : "x", panel))
        .set("tickvals", List.of(0, points / 2.0, points))
        .set("ticktext", List.of("0", "π", "2π"))
        .set("showticklabels", letter.equals("x") || panel % 4 == 0)
        .set("ticklen", 3)
        .set("showgrid", false);
  }

  private String description() {
    return Digits.text(
        "the sum of two cosines, what a ReLU makes of it, and the product in that: %.2f · cos a ·"
            + " cos b. Of what varies in the answer, %.0f %% are the plain waves of a and b, %.0f %%"
            + " the product, %.0f %% all else",
        product(),
        100 * plainShare(),
        100 * productShare(),
        100 * (1 - plainShare() - productShare()));
  }
}
