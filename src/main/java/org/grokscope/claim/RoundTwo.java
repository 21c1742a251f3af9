package org.grokscope.claim;

import java.io.Reader;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * The second round of verdicts, beside the first one of {@link Ledger}, which stays as it is.
 *
 * <ul>
 *   <li>A quantity <b>holds</b> if its whole 95 % interval keeps the rule, <b>fails</b> if the
 *       whole interval is outside, and is <b>undecided</b> otherwise. Fewer than eight seeds decide
 *       nothing.
 *   <li>A claim is decided by its primary quantities, all of them or any; the rest is context.
 *   <li>Each primary quantity has a null: what it is where nothing was understood. A quantity does
 *       not hold if more than 5 % of the null's draws pass its rule.
 *   <li>What the essay or paper says and what we predicted are told apart.
 *   <li>A line is <b>registered</b> if it is older than the first run of its evidence, else
 *       <b>exploratory</b>; both dates are compared, nothing is promised.
 *   <li>Holm's correction is over all primary quantities that were measured, at 2.5 % to each side,
 *       as the intervals are.
 * </ul>
 *
 * <pre>{@code
 * RoundTwo.shipped().judge(EvidenceFolder.of("evidence")).forEach(System.out::println)
 * }</pre>
 *
 * <p>Immutable.
 */
public final class RoundTwo {
  private static final List<String> COLUMNS =
      List.of(
          "claim",
          "decided_by",
          "quantity",
          "role",
          "metric",
          "null",
          "published",
          "published_source",
          "at",
          "scale",
          "rule",
          "expected",
          "prediction",
          "registered");
  private static final List<String> NULL_CELLS = List.of("null_file", "null_experiment");
  private static final List<String> ALL =
      Stream.of(COLUMNS, Binding.CELLS, NULL_CELLS).flatMap(List::stream).toList();
  private static final String SHIPPED = "round-two.csv";
  private static final String EXPERIMENTS = "experiments.csv";
  private static final double LEVEL = 0.025; // to each side

  private final String name; // of the file
  private final List<Criterion> criteria;

  private RoundTwo(String name, List<Criterion> criteria) {
    this.name = name;
    this.criteria = List.copyOf(criteria);
  }

  /** The lines of round-two.csv beside this class. */
  public static RoundTwo shipped() {
    return shipped(SHIPPED);
  }

  /**
   * The lines of experiments.csv beside this class: the experiments that came after round two, by
   * the same rules, with a correction of their own. A claim is one of the ledger, or X and the
   * number of an experiment that no essay asked for.
   */
  public static RoundTwo experiments() {
    return shipped(EXPERIMENTS);
  }

  private static RoundTwo shipped(String name) {
    return lines(name, TextTable.shipped(RoundTwo.class, name, List.of(ALL)));
  }

  /**
   * Reads lines in the order of the file.
   *
   * @throws IllegalArgumentException if it is not such a file; the message names the line
   */
  static RoundTwo read(Reader csv) {
    return lines(SHIPPED, TextTable.read(csv, SHIPPED, List.of(ALL)));
  }

  private static RoundTwo lines(String name, Table table) {
    List<Criterion> criteria = new ArrayList<>();
    for (Row row : table) {
      try {
        criteria.add(criterion(row));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            name + ", quantity " + (row.getRowNumber() + 1) + ": " + e.getMessage(), e);
      }
    }
    return new RoundTwo(name, criteria);
  }

  private static Criterion criterion(Row row) {
    TextTable.requireFilled(row, COLUMNS);
    List<String> cells = Binding.CELLS.stream().map(row::getString).toList();
    return new Criterion(
        row.getString("claim"),
        oneOf(row, "decided_by", "any", "all"),
        row.getString("quantity"),
        oneOf(row, "role", "primary", "context"),
        row.getString("metric"),
        row.getString("null"),
        row.getString("published"),
        row.getString("published_source"),
        row.getString("at"),
        Scale.named(row.getString("scale")),
        Rule.of(row.getString("rule")),
        Decision.named(row.getString("expected")),
        row.getString("prediction"),
        instant(row.getString("registered")),
        Binding.of(cells),
        nullBinding(row, Binding.of(cells)));
  }

  private static boolean oneOf(Row row, String column, String yes, String no) {
    String text = row.getString(column);
    if (!text.equals(yes) && !text.equals(no)) {
      throw new IllegalArgumentException(
          "got '" + text + "' as " + column + ", expected '" + yes + "' or '" + no + "'");
    }
    return text.equals(yes);
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "got '" + text + "' as registered, expected a time such as 2026-11-29T16:30:00Z", e);
    }
  }

  /** The null has the moments, readings and formula of its quantity, in other runs. */
  private static Optional<Binding> nullBinding(Row row, Binding own) {
    List<String> where = NULL_CELLS.stream().map(row::getString).toList();
    return where.stream().allMatch(String::isBlank)
        ? Optional.empty()
        : Optional.of(own.of(where.get(0), where.get(1)));
  }

  /** All lines. */
  public List<Criterion> criteria() {
    return criteria;
  }

  /**
   * Judges what there is evidence of; lines whose file is not there wait, and those whose
   * experiment an unfinished file has not yet.
   *
   * @throws IllegalArgumentException if a line points to no runs or reading; the message names it
   */
  public List<Ruling> judge(EvidenceFolder evidence) {
    return holm(
        criteria.stream()
            .filter(criterion -> criterion.isIn(evidence))
            .map(criterion -> judge(evidence, criterion))
            .toList());
  }

  /** The lines that wait for evidence, in their order. */
  public List<Criterion> waiting(EvidenceFolder evidence) {
    return criteria.stream().filter(criterion -> !criterion.isIn(evidence)).toList();
  }

  private Ruling judge(EvidenceFolder evidence, Criterion criterion) {
    try {
      List<Double> values = new ArrayList<>();
      for (double value : criterion.binding().values(evidence)) {
        values.add(value);
      }
      return new Ruling(
          criterion,
          new Measurement(values, criterion.scale()),
          criterion.nullBinding().map(binding -> binding.values(evidence)).orElse(new double[0]),
          evidence.began(criterion.binding().x().file()),
          false);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new IllegalArgumentException(
          name
              + ": the line "
              + criterion
              + " cannot be judged ("
              + criterion.binding()
              + "): "
              + e.getMessage(),
          e);
    }
  }

  /** Holm's step-down over the decided primaries among all of them. */
  private static List<Ruling> holm(List<Ruling> rulings) {
    List<Ruling> byP =
        rulings.stream()
            .filter(ruling -> ruling.criterion().primary() && ruling.p().isPresent())
            .sorted(Comparator.comparingDouble(ruling -> ruling.p().getAsDouble()))
            .toList();
    int survivors = 0;
    while (survivors < byP.size()
        && byP.get(survivors).p().getAsDouble() <= LEVEL / (byP.size() - survivors)) {
      survivors++;
    }
    List<Ruling> kept = byP.subList(0, survivors);
    return rulings.stream().map(ruling -> ruling.with(kept.contains(ruling))).toList();
  }

  /** The rulings taken together claim by claim, in the order of the lines. */
  public static List<ClaimRuling> byClaim(List<Ruling> rulings) {
    Map<String, List<Ruling>> primaries = new LinkedHashMap<>();
    rulings.stream()
        .filter(ruling -> ruling.criterion().primary())
        .forEach(
            ruling ->
                primaries
                    .computeIfAbsent(ruling.criterion().claim(), unseen -> new ArrayList<>())
                    .add(ruling));
    return primaries.entrySet().stream()
        .map(claim -> new ClaimRuling(claim.getKey(), claim.getValue()))
        .toList();
  }
}
