package org.grokscope.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.AllPairs;
import org.grokscope.probe.KeyFrequencies;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * From noise to a clock, as a filmstrip: a row a key frequency, a column a checkpoint, and in each
 * panel all numbers in the plane of that frequency. It moves nothing, so it can be printed.
 *
 * <p>How to read it: colour is the angle that a number should have. Where there is no circle yet,
 * colours are mixed; where there is one, they go round in order. A row has one scale, so a circle
 * that grows in the picture has grown.
 *
 * @param epochs one a column, ascending, 2 to 6
 * @param frequencies one a row, 1 to 8
 * @param places (columns, rows, p, 2): each number's embedding along the cosine and the sine
 *     direction of the row's frequency, the same two directions in all columns
 */
public record CircleStrip(List<Long> epochs, List<Integer> frequencies, INDArray places)
    implements Chart {
  private static final String OPERATION = "circle strip";
  private static final int MOST = 8;
  private static final double GAP = 8;
  private static final double NAMES = 64; // pixels before the rows

  /**
   * @throws IllegalArgumentException if the shapes do not agree, epochs do not ascend, or there are
   *     too many panels
   */
  public CircleStrip {
    epochs = List.copyOf(epochs);
    frequencies = List.copyOf(frequencies);
    Inputs.count(OPERATION, "epochs", epochs.size(), 2, 6);
    Inputs.count(OPERATION, "frequencies", frequencies.size(), 1, MOST);
    Inputs.ascending(OPERATION, "epoch", epochs);
    Inputs.shape(OPERATION, "places", places, epochs.size(), frequencies.size(), Inputs.ANY, 2);
    Inputs.frequencies(OPERATION, frequencies, (places.size(2) - 1) / 2);
    places = places.dup();
  }

  /**
   * The embeddings of some checkpoints of one run, along the directions of the last of them.
   *
   * @param checkpoints by ascending epoch, 2 to 6
   * @param keys the rows; of more than eight the first eight
   */
  public static CircleStrip of(List<Checkpoint> checkpoints, KeyFrequencies keys) {
    List<INDArray> embeddings =
        checkpoints.stream().map(one -> AllPairs.of(one).embedding()).toList();
    Inputs.count(OPERATION, "checkpoints", embeddings.size(), 2, 6);
    List<Integer> rows = keys.frequencies().stream().limit(MOST).toList();
    INDArray places = Nd4j.create(DataType.DOUBLE, checkpoints.size(), rows.size(), keys.p(), 2);
    for (int row = 0; row < rows.size(); row++) {
      INDArray plane = KeyPlane.of(embeddings.get(embeddings.size() - 1), rows.get(row));
      for (int column = 0; column < embeddings.size(); column++) {
        places.get(panel(column, row)).assign(embeddings.get(column).mmul(plane));
      }
    }
    List<Long> epochs = checkpoints.stream().map(one -> one.epoch().orElseThrow()).toList();
    return new CircleStrip(epochs, rows, places);
  }

  private static INDArrayIndex[] panel(int column, int row) {
    return new INDArrayIndex[] {
      NDArrayIndex.point(column), NDArrayIndex.point(row), NDArrayIndex.all(), NDArrayIndex.all()
    };
  }

  @Override
  public Figure figure() {
    int columns = epochs.size();
    int rows = frequencies.size();
    Declaration figure = Figure.declare("From noise to a clock", description());
    List<Attributes> names = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      double reach = 1.2 * largest(row);
      for (int column = 0; column < columns; column++) {
        int panel = row * columns + column;
        figure
            .trace(numbers(column, row, panel))
            .layout(Map.of(PanelPairs.axis("x", panel), PanelGrid.bare("x", panel, reach)))
            .layout(Map.of(PanelPairs.axis("y", panel), PanelGrid.bare("y", panel, reach)));
        if (row == 0) {
          names.add(
              PanelPairs.title(panel, Digits.text("epoch<br>%,d", epochs.get(column)))
                  .set("x", 0.5)
                  .set("xanchor", "center")
                  .set("align", "center"));
        }
      }
      names.add(
          PanelPairs.title(row * columns, "k = " + frequencies.get(row))
              .set("x", 0)
              .set("y", 0.5)
              .set("xanchor", "right")
              .set("yanchor", "middle"));
    }
    return figure
        .set("annotations", names)
        .set("showlegend", false)
        .layout(new PanelGrid(rows * columns, columns, 860 - NAMES, 1, GAP, GAP).layout(140))
        .set("margin", Map.of("l", 20 + NAMES, "r", 20, "t", 120, "b", 20))
        .narrow(new PanelGrid(rows * columns, columns, 290, 1, 4, 4).layout(150))
        .narrow("margin", Map.of("l", 52, "r", 8, "t", 130))
        .narrow("font.size", 11)
        .figure();
  }

  private double largest(int row) {
    double most = 0;
    for (int column = 0; column < epochs.size(); column++) {
      most = Math.max(most, places.get(panel(column, row)).amaxNumber().doubleValue());
    }
    return most > 0 ? most : 1;
  }

  private Attributes numbers(int column, int row, int panel) {
    int p = (int) places.size(2);
    double[][] xy = places.get(panel(column, row)).transpose().dup('c').toDoubleMatrix();
    int k = frequencies.get(row);
    return Attributes.scatter("markers")
        .on(panel)
        .xy(Digits.fixed(xy[0], 3), Digits.fixed(xy[1], 3))
        .set("marker.size", 4.5)
        .set("marker.color", IntStream.range(0, p).mapToObj(t -> (long) k * t % p).toList())
        .set("marker.cmin", 0)
        .set("marker.cmax", p)
        .set("marker.colorscale", HouseStyle.CYCLIC)
        .set("hovertemplate", "number %{pointNumber}<extra></extra>");
  }

  /**
   * How much of a panel is a circle: the share of the numbers' spread that is the wave of their
   * angle. 1 if number t stands at the angle 2πkt/p of one circle, near 0 in noise.
   */
  double order(int column, int row) {
    int p = (int) places.size(2);
    double[][] xy = places.get(panel(column, row)).transpose().dup('c').toDoubleMatrix();
    double mx = Arrays.stream(xy[0]).average().orElse(0);
    double my = Arrays.stream(xy[1]).average().orElse(0);
    double along = 0;
    double across = 0;
    double spread = 0;
    for (int t = 0; t < p; t++) {
      double angle = 2 * Math.PI * ((long) frequencies.get(row) * t % p) / p;
      double x = xy[0][t] - mx;
      double y = xy[1][t] - my;
      along += x * Math.cos(angle) + y * Math.sin(angle);
      across += y * Math.cos(angle) - x * Math.sin(angle);
      spread += x * x + y * y;
    }
    return spread == 0 ? 0 : (along * along + across * across) / (p * spread);
  }

  private String description() {
    int last = epochs.size() - 1;
    return "the numbers in the planes of the frequencies "
        + frequencies.stream().map(String::valueOf).collect(Collectors.joining(", "))
        + " at the epochs "
        + epochs.stream().map(e -> Digits.text("%,d", e)).collect(Collectors.joining(", "))
        + Digits.text(
            "; on average %.0f %% of their spread is a circle in order at first, %.0f %% at last",
            100 * meanOrder(0), 100 * meanOrder(last));
  }

  private double meanOrder(int column) {
    return IntStream.range(0, frequencies.size())
        .mapToDouble(row -> order(column, row))
        .average()
        .orElse(0);
  }
}
