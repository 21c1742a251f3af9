package org.grokscope.series;

/** A probe could not measure a checkpoint. The message names both and says what went wrong. */
public final class ProbeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long epoch;

  ProbeException(long epoch, String message, Throwable cause) {
    super(message, cause);
    this.epoch = epoch;
  }

  /** The epoch of the checkpoint; that of the first in the series, if there were several. */
  public long epoch() {
    return epoch;
  }
}
