package org.grokscope.evidence;

import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.grokscope.claim.Binding;
import org.grokscope.claim.EvidenceFolder;
import org.grokscope.claim.Measurement;
import org.grokscope.claim.Scale;

/**
 * A number of a paper, and where ours is read.
 *
 * @param paper authors and year
 * @param place section, figure or table, as the paper numbers them
 * @param quantity what it is, with its unit
 * @param published a number, or two with {@code to} between them
 * @param scale on which ours are averaged over seeds
 * @param comparable whether the setting is the same, or what differs
 * @param own where ours is read; empty where there is none yet
 */
record PublishedFigure(
    String paper,
    String place,
    String quantity,
    String published,
    Scale scale,
    String comparable,
    Optional<Binding> own) {

  /** The first line of the table of comparisons. */
  static final String HEADER =
      "paper,place,quantity,published,own,seeds,low,high,ratio,within,comparable,where\n";

  private static final Pattern NUMBERS =
      Pattern.compile("(-?[0-9.]+(?:e-?[0-9]+)?)(?: to (-?[0-9.]+(?:e-?[0-9]+)?))?");
  private static final MathContext DIGITS = new MathContext(6);
  private static final List<String> NONE = List.of("", "", "", "", "", "");

  /**
   * @throws IllegalArgumentException if a cell is empty, or what is published is no number
   */
  PublishedFigure {
    for (String cell : List.of(paper, place, quantity, comparable)) {
      if (cell.isBlank()) {
        throw new IllegalArgumentException(
            "got an empty cell, expected paper, place, quantity, published and comparable in each"
                + " line");
      }
    }
    Bounds.of(published);
  }

  /**
   * What is published.
   *
   * @param low equal to {@code high} for one number
   */
  private record Bounds(double low, double high) {
    static Bounds of(String text) {
      Matcher numbers = NUMBERS.matcher(text);
      if (!numbers.matches()) {
        throw new IllegalArgumentException(
            "got '" + text + "' as published, expected a number, or two as in '3 to 4'");
      }
      double low = Double.parseDouble(numbers.group(1));
      Bounds bounds =
          new Bounds(low, numbers.group(2) == null ? low : Double.parseDouble(numbers.group(2)));
      if (bounds.low > bounds.high) {
        throw new IllegalArgumentException(
            "got '" + text + "' as published, expected the smaller number first");
      }
      return bounds;
    }

    /** What ours is a multiple of; empty for a range, and for zero. */
    OptionalDouble divisor() {
      return low == high && low != 0 ? OptionalDouble.of(low) : OptionalDouble.empty();
    }

    String contains(double value) {
      return low <= value && value <= high ? "yes" : "no";
    }
  }

  /**
   * Its line of the table.
   *
   * @param folder of the evidence
   * @throws IllegalArgumentException if ours is not there, or cannot be averaged on the scale
   * @throws java.io.UncheckedIOException if there is no such file of evidence
   */
  String row(EvidenceFolder folder) {
    List<String> numbers = own.map(binding -> compare(binding, folder)).orElse(NONE);
    return Stream.of(
                List.of(paper, place, quantity, published),
                numbers,
                List.of(comparable, own.map(Binding::toString).orElse("")))
            .flatMap(List::stream)
            .map(ReadingsCsv::quoted)
            .collect(Collectors.joining(","))
        + "\n";
  }

  /** Ours, its seeds, low, high, ratio, and whether it is within. */
  private List<String> compare(Binding binding, EvidenceFolder folder) {
    Measurement measured =
        new Measurement(DoubleStream.of(binding.values(folder)).boxed().toList(), scale);
    Optional<Measurement.Interval> interval = measured.interval();
    Bounds bounds = Bounds.of(published);
    OptionalDouble divisor = bounds.divisor();
    return List.of(
        number(measured.mean()),
        "" + measured.seeds(),
        interval.map(of -> number(of.low())).orElse(""),
        interval.map(of -> number(of.high())).orElse(""),
        divisor.isPresent() ? number(measured.mean() / divisor.getAsDouble()) : "",
        divisor.isPresent() ? "" : bounds.contains(measured.mean()));
  }

  /** Six significant digits, with an exponent below a thousandth. */
  private static String number(double value) {
    return value != 0 && Math.abs(value) < 1e-3
        ? new DecimalFormat("0.#####E0", DecimalFormatSymbols.getInstance(Locale.ROOT))
            .format(value)
            .toLowerCase(Locale.ROOT)
        : new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}
