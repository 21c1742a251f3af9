/**
 * What a checkpoint has learnt, measured by written definitions.
 *
 * <p>{@link org.grokscope.probe.Phases} tells the phases of a training from a series of
 * measurements.
 *
 * <p>Works on any checkpoint, whoever trained it. May import {@code checkpoint}, {@code model},
 * {@code task} and {@code fourier}; never {@code train}.
 */
package org.grokscope.probe;
