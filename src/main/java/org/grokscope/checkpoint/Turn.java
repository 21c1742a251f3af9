package org.grokscope.checkpoint;

import java.util.List;
import java.util.Optional;

/**
 * How an array of TransformerLens 4 lies beside ours. Its layers are PyTorch's {@code nn.Linear},
 * whose weights are [written, read], all heads in one axis.
 */
enum Turn {
  /** As ours. */
  NONE("as here"),
  /** Ours [a, b]. */
  TRANSPOSED("[b, a]"),
  /** Ours [heads, d_model, d_head]. */
  READING_HEADS("[heads·d_head, d_model]"),
  /** Ours [heads, d_head, d_model]. */
  WRITING_HEADS("[d_model, heads·d_head]"),
  /** Ours [heads, d_head]. */
  BIASES_OF_HEADS("[heads·d_head]");

  /** The shape of the other one, for messages. */
  final String shapeThere;

  Turn(String shapeThere) {
    this.shapeThere = shapeThere;
  }

  /** Whether the way back needs the number of heads. */
  boolean ofHeads() {
    return this == READING_HEADS || this == WRITING_HEADS || this == BIASES_OF_HEADS;
  }

  /** From our layout to the other. */
  NpyArray there(NpyArray ours) {
    List<Integer> shape = ours.shape();
    return switch (this) {
      case NONE -> ours;
      case TRANSPOSED -> ours.swapped();
      case READING_HEADS -> ours.swapped().reshaped(shape.get(0) * shape.get(2), shape.get(1));
      case WRITING_HEADS -> ours.reshaped(shape.get(0) * shape.get(1), shape.get(2)).swapped();
      case BIASES_OF_HEADS -> ours.reshaped(ours.size());
    };
  }

  /** From the other layout to ours; empty if the array cannot have it. */
  Optional<NpyArray> back(NpyArray theirs, int heads) {
    List<Integer> shape = theirs.shape();
    int axis = this == WRITING_HEADS ? 1 : 0; // of all heads
    boolean fits =
        theirs.isFloating()
            && shape.size() == (this == BIASES_OF_HEADS ? 1 : 2)
            && (!ofHeads() || shape.get(axis) % heads == 0);
    if (this == NONE || !fits) {
      return this == NONE ? Optional.of(theirs) : Optional.empty();
    }
    return Optional.of(
        switch (this) {
          case READING_HEADS ->
              theirs.reshaped(heads, shape.get(0) / heads, shape.get(1)).swapped();
          case WRITING_HEADS ->
              theirs.swapped().reshaped(heads, shape.get(1) / heads, shape.get(0));
          case BIASES_OF_HEADS -> theirs.reshaped(heads, shape.get(0) / heads);
          default -> theirs.swapped();
        });
  }
}
