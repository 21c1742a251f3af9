package org.grokscope.model;

import org.grokscope.task.RandomStream;

/**
 * Which noise the {@linkplain Site sites} of a model add on one pass.
 *
 * <p>It depends on a seed, the number of an update, the layer and the sequence's place in its batch
 * alone: not on threads, on the path of computation, or on what was drawn before. So a training
 * that goes on after a kill adds the same noise as one that was never stopped.
 */
public final class Noise {
  /** No noise: how a model is examined. */
  public static final Noise NONE = new Noise(false, 0, 0);

  private final boolean present;
  private final long seed;
  private final long update;

  private Noise(boolean present, long seed, long update) {
    this.present = present;
    this.seed = seed;
    this.update = update;
  }

  /**
   * The noise of an update.
   *
   * @param seed of the training
   * @param update updates done before
   */
  public static Noise of(long seed, long update) {
    return new Noise(true, seed, update);
  }

  /** Whether a site adds any. */
  boolean at(Site site) {
    return present && site.noise() > 0;
  }

  /**
   * Adds σ times standard normal numbers to the stream of one sequence.
   *
   * @param x of which the entries {@code from} to {@code from + count} − 1 are the sequence's
   * @param layer behind which the site is
   * @param sequence its place in the batch
   */
  void addTo(float[] x, int from, int count, Site site, int layer, int sequence) {
    if (!at(site)) {
      return;
    }
    String purpose = "noise of update " + update + ", layer " + layer + ", sequence " + sequence;
    RandomStream random = RandomStream.of(seed, purpose);
    for (int k = from; k < from + count; k++) {
      x[k] += (float) (site.noise() * random.nextGaussian());
    }
  }
}
