package org.grokscope.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.AllPairs;
import org.grokscope.train.History;
import org.grokscope.train.Run;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The whole table of answers, and how it fills: a cell a question, a upwards and b to the right,
 * coloured where the model is right. A dot marks what it was trained on. A slider leads through the
 * checkpoints.
 *
 * <p>How to read it: first the dotted cells fill, blue. Then cells fill that mirror a dotted one at
 * the diagonal, green: the model has noticed that order does not matter. At last the rest fills,
 * vermillion, which nothing but the rule can.
 *
 * @param task what the table is of, such as "a+b mod 113"
 * @param epochs one a checkpoint, ascending, at least two
 * @param right (checkpoints, p, p): 1 where the answer to (a, b) is right, else 0
 * @param known (p, p): 1 where (a, b) was trained on, else 0
 */
public record AnswerTable(String task, List<Long> epochs, INDArray right, INDArray known)
    implements Chart {
  private static final String OPERATION = "answer table";

  /** So many positions of the slider, and pictures of the filmstrip, at the most. */
  static final int MOST_FRAMES = 12;

  private static final double SPREAD = 0.4; // of the slider's positions, over the epochs
  private static final int MOST_NUMBERS = 131;
  private static final int SIDE = 520; // pixels of the table

  /** What a cell can be. */
  private enum Cell {
    WRONG("wrong", "#F1F1F1"),
    KNOWN("right, trained on", HouseStyle.TRAIN),
    MIRROR("right, its mirror image trained on", "#009E73"),
    STRANGER("right, a stranger", HouseStyle.TEST);

    private final String label;
    private final String colour;

    Cell(String label, String colour) {
      this.label = label;
      this.colour = colour;
    }
  }

  /**
   * @throws IllegalArgumentException if the shapes do not agree, there are fewer than two or too
   *     many checkpoints, epochs do not ascend, or there are too many numbers to see one
   */
  public AnswerTable {
    epochs = List.copyOf(epochs);
    Inputs.count(OPERATION, "checkpoints", epochs.size(), 2, 60);
    Inputs.ascending(OPERATION, "epoch", epochs);
    Inputs.squares(OPERATION, "right", right, epochs.size());
    Inputs.count(OPERATION, "numbers", (int) right.size(1), 2, MOST_NUMBERS);
    Inputs.shape(OPERATION, "known", known, right.size(1), right.size(1));
    right = right.dup();
    known = known.dup();
  }

  /**
   * The table of a run on a table of two operands, at most twelve checkpoints: the first, the last,
   * and those between which its answers change.
   */
  public static AnswerTable of(Run run) {
    List<Long> kept = run.checkpointEpochs();
    double[] path = new double[kept.size()];
    for (int i = 1; i < path.length; i++) {
      History.Row here = row(run, kept.get(i));
      History.Row before = row(run, kept.get(i - 1));
      path[i] =
          path[i - 1]
              + Math.abs(here.trainAccuracy() - before.trainAccuracy())
              + Math.abs(here.testAccuracy() - before.testAccuracy());
    }
    return of(
        EvenSteps.along(path, SPREAD, MOST_FRAMES).stream()
            .map(i -> run.checkpoint(kept.get(i)))
            .toList());
  }

  private static History.Row row(Run run, long epoch) {
    return run.history().until(epoch).last();
  }

  /**
   * The answers of some checkpoints of one run.
   *
   * @param checkpoints by ascending epoch, of a table of two operands
   */
  public static AnswerTable of(List<Checkpoint> checkpoints) {
    Inputs.count(OPERATION, "checkpoints", checkpoints.size(), 2, 60);
    Checkpoint first = checkpoints.get(0);
    int p = first.p();
    int[] labels = first.labels();
    INDArray right = Nd4j.create(DataType.DOUBLE, checkpoints.size(), p, p);
    for (int i = 0; i < checkpoints.size(); i++) {
      INDArray answers = AllPairs.of(checkpoints.get(i)).logits().argMax(1);
      for (int row = 0; row < labels.length; row++) {
        boolean hit = answers.getInt(row) == labels[row];
        right.putScalar(new int[] {i, row / p, row % p}, hit ? 1 : 0);
      }
    }
    INDArray known = Nd4j.create(DataType.DOUBLE, p, p);
    for (int row : first.trainRows()) {
      known.putScalar(row / p, row % p, 1);
    }
    List<Long> epochs = checkpoints.stream().map(one -> one.epoch().orElseThrow()).toList();
    return new AnswerTable(first.table().title(), epochs, right, known);
  }

  private int p() {
    return (int) known.size(0);
  }

  private Cell cell(int step, int a, int b) {
    if (right.getDouble(step, a, b) == 0) {
      return Cell.WRONG;
    }
    if (known.getDouble(a, b) != 0) {
      return Cell.KNOWN;
    }
    return known.getDouble(b, a) != 0 ? Cell.MIRROR : Cell.STRANGER;
  }

  @Override
  public Figure figure() {
    Declaration figure =
        Figure.declare(title(), description())
            .moving(cells(0), step -> colours(step))
            .trace(dots(0, SIDE))
            .slider(Slider.ofEpochs(epochs))
            .set("xaxis", numbers("x", 0).set("title.text", "b"))
            .set("yaxis", numbers("y", 0).set("title.text", "a"))
            .set("yaxis.title.standoff", 4)
            .set("height", SIDE + 330)
            .set("margin", Map.of("l", 60, "r", 20, "t", 145, "b", 175))
            .narrow("height", 740)
            .narrow("margin", Map.of("l", 50, "r", 10, "t", 190))
            .still(still());
    for (Cell cell : Cell.values()) {
      figure.trace(HouseStyle.swatch(cell.label, cell.colour));
    }
    return figure.figure();
  }

  private String title() {
    return "The table of " + task + " fills in";
  }

  private Attributes cells(int panel) {
    List<List<Object>> steps = new ArrayList<>();
    double count = Cell.values().length;
    for (Cell cell : Cell.values()) {
      steps.add(List.of(cell.ordinal() / count, cell.colour));
      steps.add(List.of((cell.ordinal() + 1) / count, cell.colour));
    }
    return Attributes.of("type", "heatmap")
        .on(panel)
        .set("zmin", -0.5)
        .set("zmax", count - 0.5)
        .set("colorscale", steps)
        .set("showscale", false)
        .set("hovertemplate", "a = %{y}, b = %{x}<extra></extra>");
  }

  private Attributes colours(int step) {
    int p = p();
    return Attributes.of(
        "z",
        IntStream.range(0, p)
            .mapToObj(a -> IntStream.range(0, p).mapToObj(b -> cell(step, a, b).ordinal()).toList())
            .toList());
  }

  /** What was trained on, each a third of a cell wide. */
  private Attributes dots(int panel, double side) {
    List<Integer> x = new ArrayList<>();
    List<Integer> y = new ArrayList<>();
    for (int a = 0; a < p(); a++) {
      for (int b = 0; b < p(); b++) {
        if (known.getDouble(a, b) != 0) {
          x.add(b);
          y.add(a);
        }
      }
    }
    double size = Math.max(1, Math.round(10 * side / p() / 3) / 10.0);
    return Attributes.scatter("markers")
        .on(panel)
        .set("name", "trained on")
        .set("showlegend", false)
        .xy(x, y)
        .set("marker", Map.of("size", size, "color", HouseStyle.INK, "opacity", 0.55))
        .set("hoverinfo", "skip");
  }

  private Attributes numbers(String letter, int panel) {
    Attributes axis =
        PanelPairs.indices(letter, panel, "", p())
            .set("range", List.of(-0.5, p() - 0.5))
            .set("constrain", "domain");
    return letter.equals("y") ? axis.set("scaleanchor", PanelPairs.reference("x", panel)) : axis;
  }

  /** The checkpoints side by side. */
  private Chart still() {
    List<Integer> pictures = pictures();
    int n = pictures.size();
    PanelGrid grid = new PanelGrid(n, n, PanelPairs.WIDE, 1, 10, 0);
    double side = (PanelPairs.WIDE - 10 * (n - 1)) / n;
    Declaration strip = Figure.declare(title(), description());
    List<Attributes> names = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int step = pictures.get(i);
      strip
          .trace(cells(i).lay(colours(step)))
          .layout(Map.of(PanelPairs.axis("x", i), numbers("x", i).set("visible", false)))
          .layout(Map.of(PanelPairs.axis("y", i), numbers("y", i).set("visible", false)));
      names.add(
          PanelPairs.title(
              i,
              Digits.text(
                  "epoch %,d<br>%.0f %% of the others right",
                  epochs.get(step), 100 * share(step, false))));
    }
    for (Cell cell : Cell.values()) {
      strip.trace(HouseStyle.swatch(cell.label, cell.colour));
    }
    return strip
        .layout(grid.layout(175))
        .set("annotations", names)
        .set("legend.y", 1 + 45 / side)
        .set("margin", Map.of("l", 10, "r", 10, "t", 155, "b", 20))
        .set("width", 880);
  }

  /**
   * Those of the filmstrip: the first, by heart, a fifth and three fifths of the rest, the last.
   */
  private List<Integer> pictures() {
    int last = epochs.size() - 1;
    return IntStream.of(
            0,
            first(step -> share(step, true) >= 0.99),
            first(step -> share(step, false) >= 0.2),
            first(step -> share(step, false) >= 0.6),
            last)
        .distinct()
        .sorted()
        .boxed()
        .toList();
  }

  private int first(IntPredicate reached) {
    int last = epochs.size() - 1;
    return IntStream.range(0, last).filter(reached).findFirst().orElse(last);
  }

  /** The share of right ones among the questions that were trained on, or among the others. */
  private double share(int step, boolean trained) {
    int hits = 0;
    int all = 0;
    for (int a = 0; a < p(); a++) {
      for (int b = 0; b < p(); b++) {
        if (known.getDouble(a, b) != 0 == trained) {
          all++;
          hits += right.getDouble(step, a, b) != 0 ? 1 : 0;
        }
      }
    }
    return all == 0 ? 0 : (double) hits / all;
  }

  private String description() {
    List<String> parts = new ArrayList<>();
    for (int step : pictures()) {
      parts.add(
          Digits.text(
              "epoch %,d: %.0f %% and %.0f %%",
              epochs.get(step), 100 * share(step, true), 100 * share(step, false)));
    }
    return "a slider over the table of all "
        + p()
        + " × "
        + p()
        + " questions; right of those that were trained on, and of the others, at "
        + String.join("; ", parts);
  }
}
