/**
 * Training: from a split and a configuration to a {@link org.grokscope.train.Run} of history and
 * checkpoints.
 *
 * <p>Start at {@link org.grokscope.train.Trainer}; {@link org.grokscope.train.Training} is one
 * training under way, for whoever writes the loop themselves. Writes checkpoints, never plots. May
 * import {@code checkpoint}, {@code model} and {@code task}.
 */
package org.grokscope.train;
