package org.grokscope.claim;

/**
 * A quantity with what was measured of it.
 *
 * @param quantity as the ledger has it
 * @param measurement over seeds
 * @param verdict by the quantity's rule, or {@link Verdict#NOT_GIVEN} in quick mode
 */
public record Outcome(Quantity quantity, Measurement measurement, Verdict verdict) {

  static Outcome of(Quantity quantity, Measurement measurement, boolean quick) {
    Verdict judged = quantity.rule().judge(measurement);
    return new Outcome(quantity, measurement, quick ? Verdict.NOT_GIVEN : judged);
  }

  /** The measurement in words: mean, interval and seeds. */
  public String measured() {
    return quantity.rule().describe(measurement);
  }

  /** The verdict in words, with a remark where the ledger predicts that the claim is refuted. */
  public String verdictInWords() {
    if (quantity.expected() == Verdict.REFUTED && verdict != Verdict.NOT_GIVEN) {
      return verdict.text()
          + (verdict == Verdict.REFUTED ? ", as predicted" : ", against the prediction");
    }
    return verdict.text();
  }

  /** Such as {@code C2 neuron_fraction_85 at 40,000: 0.8461, one seed (≥ 0.8): supported}. */
  @Override
  public String toString() {
    return quantity.claim()
        + " "
        + quantity.name()
        + ": "
        + measured()
        + " ("
        + quantity.rule().tolerance()
        + "): "
        + verdictInWords();
  }
}
