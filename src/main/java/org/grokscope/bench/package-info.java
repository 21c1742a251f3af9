/**
 * How fast: a training step beside PyTorch's and beside the machine's own limit, checkpoints,
 * sweeps, a kernel's start.
 *
 * <p>Start at {@link org.grokscope.bench.StepBenchmark}. Variants take turns within one run; what
 * counts are medians and ratios. May import the rooms that are timed.
 */
package org.grokscope.bench;
