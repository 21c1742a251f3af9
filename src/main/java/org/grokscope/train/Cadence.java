package org.grokscope.train;

/**
 * At which epochs something is done: at every one up to {@code denseUntil}, at powers of two if
 * wished, and at multiples of {@code every}. Epoch 0, before the first update, always counts.
 *
 * @param denseUntil every epoch up to and including this one; 0 for none
 * @param powersOfTwo whether 1, 2, 4, 8 … count
 * @param every the step of the regular rest, at least 1
 */
public record Cadence(long denseUntil, boolean powersOfTwo, long every) {

  public Cadence {
    if (denseUntil < 0 || every < 1) {
      throw new IllegalArgumentException(
          "cadence: got denseUntil = "
              + denseUntil
              + " and every = "
              + every
              + ", expected denseUntil ≥ 0 and every ≥ 1");
    }
  }

  /** Every {@code epochs} epochs. */
  public static Cadence every(long epochs) {
    return new Cadence(0, false, epochs);
  }

  /** The same, and each of the first {@code epochs} epochs. */
  public Cadence denseUntil(long epochs) {
    return new Cadence(epochs, powersOfTwo, every);
  }

  /** The same, and the powers of two, which space the early epochs evenly on a log axis. */
  public Cadence andPowersOfTwo() {
    return new Cadence(denseUntil, true, every);
  }

  /** Whether it is time. */
  public boolean due(long epoch) {
    return epoch <= denseUntil
        || epoch % every == 0
        || (powersOfTwo && epoch < every && Long.bitCount(epoch) == 1);
  }
}
