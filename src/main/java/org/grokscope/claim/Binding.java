package org.grokscope.claim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Where a quantity is read in the evidence: one number a run, or two that a formula takes together
 * seed by seed. The ledger writes it in six cells:
 *
 * <table>
 *   <caption>cells of a binding</caption>
 *   <tr><td>file</td><td>the evidence's name without {@code .csv}</td></tr>
 *   <tr><td>experiment</td><td>its name, or conditions as in {@link Evidence#where}, such as {@code
 *       weight_decay=1; fraction=0.5}; empty for all runs</td></tr>
 *   <tr><td>moment</td><td>as in {@link Evidence#at}; empty for a sweep's results</td></tr>
 *   <tr><td>reading</td><td>such as {@code loss[test]}; {@code test_99_epoch or epochs_done} takes
 *       the second where a run has not the first</td></tr>
 *   <tr><td>reducer</td><td>{@code value}, or {@code smallest}, {@code largest}, {@code mean},
 *       {@code count} or {@code shared} of all keys of a reading, or {@code reached}: whether there
 *       is one</td></tr>
 *   <tr><td>formula</td><td>of x and y; empty for x itself</td></tr>
 * </table>
 *
 * <p>{@code a | b} in a cell says a for x and b for y; a cell without the bar says the same for
 * both. {@code bits[train]} of {@code 12000 | memorised} by {@code x / y} is the length at 12,000
 * epochs over that once all was memorised.
 *
 * @param x the first number
 * @param y the second one, where the formula takes two
 * @param formula what is made of them
 */
public record Binding(Side x, Optional<Side> y, Formula formula) {
  /** The cells of the ledger, in their order. */
  public static final List<String> CELLS =
      List.of("file", "experiment", "moment", "reading", "reducer", "formula");

  private static final String OR = " or ";

  /** How the readings of a run become one number. */
  public enum Reducer {
    /** The reading of this name. */
    VALUE(Evidence::values),
    /** The smallest, whatever the key. */
    SMALLEST(Evidence::smallest),
    /** The largest, whatever the key. */
    LARGEST(Evidence::largest),
    /** The mean over all keys. */
    MEAN(Evidence::mean),
    /** How many keys there are. */
    COUNT(Evidence::count),
    /** 1 if every run has the same keys, else 0. */
    SHARED(Evidence::shared),
    /** 1 if the run has the reading, else 0. */
    REACHED(Evidence::reached);

    private final BiFunction<Evidence, String, double[]> reduce;

    Reducer(BiFunction<Evidence, String, double[]> reduce) {
      this.reduce = reduce;
    }

    static Reducer named(String name) {
      return Arrays.stream(values())
          .filter(reducer -> reducer.toString().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "reducer: got '" + name + "', expected one of " + Arrays.toString(values())));
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Where one number a run is read.
   *
   * @param file of the evidence
   * @param experiment or conditions, or empty
   * @param moment or empty
   * @param reading its name, or two with {@code or} between them
   * @param reducer how the readings of a run become one number
   */
  public record Side(
      String file, String experiment, String moment, String reading, Reducer reducer) {

    /**
     * @throws IllegalArgumentException if the file is no name, the reading is empty, or one of two
     *     readings is not to be taken as it is
     */
    public Side {
      if (!file.matches("[\\w-]+") || reading.isEmpty()) {
        throw new IllegalArgumentException(
            "binding: got the file '"
                + file
                + "' and the reading '"
                + reading
                + "', expected the name of a file of evidence without .csv, and a reading");
      }
      if (reading.contains(OR) && reducer != Reducer.VALUE) {
        throw new IllegalArgumentException(
            "binding: got the reducer '" + reducer + "' of '" + reading + "', expected 'value'");
      }
    }

    private Side of(String otherFile, String otherExperiment) {
      return new Side(otherFile, otherExperiment, moment, reading, reducer);
    }

    private boolean isIn(EvidenceFolder folder) {
      return folder.has(file)
          && (!folder.isUnfinished(file)
              || !folder.file(file).hasExperiments()
              || folder.file(file).experiments().contains(experiment));
    }

    @Override
    public String toString() {
      return String.join("; ", file, experiment, moment, reading, reducer.toString());
    }

    private Evidence runs(EvidenceFolder folder) {
      Evidence runs = folder.file(file);
      runs = experiment.isEmpty() ? runs : runs.where(experiment);
      return moment.isEmpty() ? runs : runs.at(moment);
    }

    private double[] values(Evidence runs) {
      if (!reading.contains(OR)) {
        return reducer.reduce.apply(runs, reading);
      }
      String[] names = reading.split(OR, 2);
      return runs.valuesOr(names[0], names[1]);
    }
  }

  /**
   * @throws IllegalArgumentException if the formula takes another number of numbers
   */
  public Binding {
    if (formula.takesTwo() != y.isPresent()) {
      throw new IllegalArgumentException(
          "binding: got the formula '"
              + formula
              + "' of "
              + (y.isPresent() ? "two numbers" : "one number")
              + ", expected "
              + (y.isPresent() ? "x and y in it" : "x alone in it; a | in a cell tells y from x"));
    }
  }

  /** One number a run, read at one place. */
  public static Binding of(String file, String experiment, String moment, String reading) {
    return of(List.of(file, experiment, moment, reading, "value", ""));
  }

  /**
   * As the ledger writes it.
   *
   * @param cells file, experiment, moment, reading, reducer, formula; see above
   * @throws IllegalArgumentException if they are no binding
   */
  public static Binding of(List<String> cells) {
    List<String> x = new ArrayList<>();
    List<String> y = new ArrayList<>();
    for (String cell : cells.subList(0, CELLS.size() - 1)) {
      String[] sides = cell.split("\\|", -1);
      x.add(sides[0].strip());
      y.add(sides[sides.length - 1].strip());
    }
    String formula = cells.get(CELLS.size() - 1);
    return new Binding(
        side(x),
        x.equals(y) ? Optional.empty() : Optional.of(side(y)),
        formula.isEmpty() ? Formula.X : new Formula(formula));
  }

  private static Side side(List<String> cells) {
    return new Side(
        cells.get(0), cells.get(1), cells.get(2), cells.get(3), Reducer.named(cells.get(4)));
  }

  /**
   * What is read there, one number a seed.
   *
   * @throws java.io.UncheckedIOException if there is no such file
   * @throws IllegalArgumentException if it has no such runs or readings, or x and y are not of the
   *     same seeds
   */
  public double[] values(EvidenceFolder folder) {
    Evidence first = x.runs(folder);
    double[] values = x.values(first);
    if (y.isEmpty()) {
      return Evidence.each(values, values, formula);
    }
    Evidence second = y.get().runs(folder);
    if (!first.seeds().equals(second.seeds())) {
      throw new IllegalArgumentException(
          "binding: got the seeds "
              + first.seeds()
              + " for x and "
              + second.seeds()
              + " for y, expected the same");
    }
    return Evidence.each(values, y.get().values(second), formula);
  }

  /**
   * The same moments, readings and formula, read of other runs.
   *
   * @param file of the evidence
   * @param experiment or conditions
   */
  public Binding of(String file, String experiment) {
    return new Binding(x.of(file, experiment), y.map(side -> side.of(file, experiment)), formula);
  }

  /** Whether all that it reads is of one moment. */
  public boolean isAt(String moment) {
    return x.moment().equals(moment) && y.map(side -> side.moment().equals(moment)).orElse(true);
  }

  /**
   * Whether the files that it reads are there, and in one that is to be gone on with its
   * experiments.
   */
  boolean isIn(EvidenceFolder folder) {
    return x.isIn(folder) && y.map(side -> side.isIn(folder)).orElse(true);
  }

  /** Such as {@code circuit; a+b mod 113; last; loss[test]; value; x}. */
  @Override
  public String toString() {
    return x + y.map(side -> " | " + side).orElse("") + "; " + formula;
  }
}
