package org.grokscope.claim;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The claims with the predictions that were written before the runs that judge them, and what a
 * notebook measured of them. A notebook shows {@link #predictions} before its run, records whole
 * claims from the evidence and gives by hand only what it computes itself, and ends with {@link
 * #table}. No verdict is typed anywhere: each follows from the values by the rule that stands in
 * ledger.csv beside this class.
 *
 * <pre>{@code
 * ledger.record(EvidenceFolder.of("evidence"), "C1", "C2");   // where ledger.csv says
 * ledger.record("D3", "random digits with a program found", 0, 0, 0);
 * }</pre>
 */
public final class Ledger {
  private final boolean quick;
  private final Map<String, Claim> claims;
  private final Map<Quantity, Outcome> outcomes = new LinkedHashMap<>();

  private Ledger(boolean quick, List<Claim> claims) {
    this.quick = quick;
    this.claims =
        claims.stream()
            .collect(Collectors.toMap(Claim::id, claim -> claim, (a, b) -> a, LinkedHashMap::new));
  }

  /**
   * The ledger with nothing recorded.
   *
   * @param quick whether the trainings behind it are cut short; then it gives no verdict
   */
  public static Ledger open(boolean quick) {
    return of(quick, LedgerFile.shipped());
  }

  static Ledger of(boolean quick, List<Claim> claims) {
    return new Ledger(quick, claims);
  }

  /**
   * This ledger with claims of a reader's own, or with more quantities of claims that it has, and
   * with what was recorded so far.
   *
   * @throws IllegalArgumentException if a claim is there with another statement, or a quantity of
   *     that name
   */
  public Ledger with(Claim... more) {
    Map<String, Claim> all = new LinkedHashMap<>(claims);
    for (Claim claim : more) {
      try {
        all.merge(claim.id(), claim, Claim::and);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("ledger with " + claim.id() + ": " + e.getMessage(), e);
      }
    }
    Ledger longer = new Ledger(quick, List.copyOf(all.values()));
    longer.outcomes.putAll(outcomes);
    return longer;
  }

  /** All claims, measured or not. */
  public List<Claim> claims() {
    return List.copyOf(claims.values());
  }

  /**
   * The claim of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public Claim claim(String id) {
    Claim claim = claims.get(id);
    if (claim == null) {
      throw new IllegalArgumentException(
          "ledger: got the claim '"
              + id
              + "', expected one of "
              + String.join(", ", claims.keySet()));
    }
    return claim;
  }

  /**
   * What is predicted of some claims: claim, quantity, published, predicted, what would refute it.
   *
   * @param ids the claims' names, such as {@code C1}
   * @throws IllegalArgumentException if there is no such claim
   */
  public Table predictions(String... ids) {
    List<Quantity> asked =
        Arrays.stream(ids).flatMap(id -> claim(id).quantities().stream()).toList();
    return Table.create(
        "predictions, written before the runs",
        column("claim", asked.stream().map(Quantity::claim).toList()),
        column("quantity", asked.stream().map(Quantity::name).toList()),
        column("published", asked.stream().map(Quantity::publishedWithSource).toList()),
        column("predicted", asked.stream().map(Quantity::prediction).toList()),
        column("refuted if", asked.stream().map(Quantity::refutedIf).toList()));
  }

  private static StringColumn column(String name, List<String> values) {
    return StringColumn.create(name, values);
  }

  /**
   * Records of some claims all that the ledger says where to read.
   *
   * @param evidence where the ledger's files lie
   * @param ids the claims' names, such as {@code C1}
   * @return the outcomes, in the order of the claims and of their quantities
   * @throws IllegalArgumentException if there is no such claim, nothing of it is to be read, or a
   *     line points to no file, runs or reading; the message names the line
   */
  public List<Outcome> record(EvidenceFolder evidence, String... ids) {
    List<Outcome> recorded = new ArrayList<>();
    for (String id : ids) {
      List<Quantity> read =
          claim(id).quantities().stream().filter(q -> q.binding().isPresent()).toList();
      if (read.isEmpty()) {
        throw new IllegalArgumentException(
            "ledger: got the claim "
                + id
                + ", of which nothing is read in the evidence, expected one with a file in its"
                + " line; record what was computed by hand");
      }
      read.forEach(quantity -> recorded.add(record(evidence, quantity)));
    }
    return recorded;
  }

  private Outcome record(EvidenceFolder evidence, Quantity quantity) {
    Binding binding = quantity.binding().orElseThrow();
    double[] values;
    try {
      values = binding.values(evidence);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new IllegalArgumentException(
          "ledger: the line "
              + quantity.claim()
              + " '"
              + quantity.name()
              + "' points nowhere ("
              + binding
              + "): "
              + e.getMessage(),
          e);
    }
    return record(quantity.claim(), quantity.name(), values);
  }

  /**
   * Records what was measured of each of several things: trainings, samples, seeds.
   *
   * @param id the claim's name, such as {@code A5}
   * @param quantity its name in the ledger
   * @param sample what was measured
   * @param measure of one of them
   */
  public <T> Outcome record(
      String id, String quantity, List<T> sample, ToDoubleFunction<? super T> measure) {
    return record(id, quantity, sample.stream().mapToDouble(measure).toArray());
  }

  /**
   * Records what was measured of a quantity, in the place of what was recorded of it before.
   *
   * @param id the claim's name, such as {@code C2}
   * @param quantity its name in the ledger
   * @param values one a seed
   * @return the quantity with its mean, interval and verdict
   * @throws IllegalArgumentException if the ledger has no such claim or quantity, or it is not
   *     testable here, or there are no values, or one is not finite
   */
  public Outcome record(String id, String quantity, double... values) {
    return record(id, quantity, Arrays.stream(values).boxed().toList());
  }

  /**
   * The same with the values of a list or of a table's column.
   *
   * @param values one a seed: numbers, or booleans where the quantity is a yes or no
   */
  public Outcome record(String id, String quantity, Iterable<?> values) {
    Quantity asked = claim(id).quantity(quantity);
    List<Double> numbers = new ArrayList<>();
    for (Object value : values) {
      numbers.add(number(value, asked));
    }
    try {
      Outcome outcome = Outcome.of(asked, new Measurement(numbers, asked.scale()), quick);
      outcomes.put(asked, outcome);
      return outcome;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(id + " " + quantity + ": " + e.getMessage(), e);
    }
  }

  private static double number(Object value, Quantity quantity) {
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(
        quantity.claim()
            + " "
            + quantity.name()
            + ": got "
            + (value == null ? "a missing value" : value.getClass().getSimpleName() + " " + value)
            + ", expected numbers or booleans, one a seed");
  }

  /**
   * What was recorded so far, claim by claim in the ledger's order: the closing table of a
   * notebook.
   */
  public LedgerTable table() {
    List<Outcome> ordered =
        claims.values().stream()
            .flatMap(claim -> claim.quantities().stream())
            .filter(outcomes::containsKey)
            .map(outcomes::get)
            .toList();
    return new LedgerTable(claims(), ordered);
  }
}
