/**
 * Waves on Z_n: the real Fourier basis const, cos1, sin1, cos2, sin2 … and coefficients in it.
 *
 * <p>Start at {@link org.grokscope.fourier.FourierBasis}, which shows the basis as a matrix; {@link
 * org.grokscope.fourier.FourierTransform} computes the same coefficients along any axis of an
 * array, and {@link org.grokscope.fourier.Spectrum} says how much of each frequency there is. The
 * only room that knows JTransforms. Imports no other room.
 */
package org.grokscope.fourier;
