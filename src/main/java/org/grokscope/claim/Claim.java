package org.grokscope.claim;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A statement that is put to the test, in our words, with the quantities that judge it.
 *
 * @param id its name in the ledger, such as {@code C2}
 * @param statement what is claimed
 * @param quantities in the ledger's order
 */
public record Claim(String id, String statement, List<Quantity> quantities) {

  public Claim {
    quantities = List.copyOf(quantities);
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
}
