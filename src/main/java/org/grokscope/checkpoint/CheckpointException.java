package org.grokscope.checkpoint;

/**
 * A file that cannot be read as what it should be: it is missing, damaged, or holds something else.
 * The message names the file, the array, what was found, what was expected and what to do.
 */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message the file, what was found, what was expected and what to do
   */
  public CheckpointException(String message) {
    super(message);
  }

  /**
   * @param message the file, what was found, what was expected and what to do
   * @param cause what the machine said
   */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
