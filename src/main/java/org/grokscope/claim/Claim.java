package org.grokscope.claim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A statement that is put to the test, in our words, with the quantities that judge it.
 *
 * @param id its name in the ledger, such as {@code C2}
 * @param statement what is claimed
 * @param quantities in the ledger's order
 */
public record Claim(String id, String statement, List<Quantity> quantities) {

  /**
   * @throws IllegalArgumentException if a quantity is another claim's, or there twice
   */
  public Claim {
    quantities = List.copyOf(quantities);
    Set<String> names = new HashSet<>();
    for (Quantity quantity : quantities) {
      if (!quantity.claim().equals(id)) {
        throw new IllegalArgumentException(
            "got '" + quantity.name() + "' of " + quantity.claim() + ", expected one of " + id);
      }
      if (!names.add(quantity.name())) {
        throw new IllegalArgumentException(
            "got '" + quantity.name() + "' of " + id + " a second time");
      }
    }
  }

  /** A claim of a reader's own, for {@link Ledger#with}; each quantity names it. */
  public static Claim of(String id, String statement, Quantity... quantities) {
    return new Claim(id, statement, List.of(quantities));
  }

  /**
   * The quantity of that name.
   *
   * @throws IllegalArgumentException if the claim has none; the message lists those it has
   */
  public Quantity quantity(String name) {
    return quantities.stream()
        .filter(quantity -> quantity.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "ledger: got the quantity '"
                        + name
                        + "' of "
                        + id
                        + ", expected one of "
                        + quantities.stream()
                            .map(quantity -> "'" + quantity.name() + "'")
                            .collect(Collectors.joining(", "))));
  }

  /**
   * The same with the quantities of another one of this name.
   *
   * @throws IllegalArgumentException if its statement is another, or it has a quantity of this one
   */
  Claim and(Claim other) {
    if (!statement.equals(other.statement)) {
      throw new IllegalArgumentException(
          "got another statement of " + id + ", expected '" + statement + "'");
    }
    List<Quantity> all = new ArrayList<>(quantities);
    all.addAll(other.quantities);
    return new Claim(id, statement, all);
  }
}
