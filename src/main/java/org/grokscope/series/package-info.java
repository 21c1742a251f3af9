/**
 * A measurement over the checkpoints of a training.
 *
 * <p>A {@link org.grokscope.series.Probe} measures one checkpoint, a {@link
 * org.grokscope.series.ProbeSeries} many: in parallel, with progress, and keeping what it measured
 * beside the checkpoints. Any model can be measured so.
 *
 * <p>May import {@code checkpoint}, {@code model} and {@code task}.
 */
package org.grokscope.series;
