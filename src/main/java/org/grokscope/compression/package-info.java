/**
 * Understanding as compression: how many bits a thing takes, by codes that are written out.
 *
 * <p>Start at {@link org.grokscope.compression.DescriptionLength}, a probe that asks how small a
 * checkpoint can be told without losing its answers. Beside it stand the small worlds in which the
 * idea can be checked by hand: {@link org.grokscope.compression.DigitString} with real {@link
 * org.grokscope.compression.Compressor compressors}, a {@link
 * org.grokscope.compression.ProgramSearch search for programs} and {@link
 * org.grokscope.compression.Prequential learnt models}, and {@link
 * org.grokscope.compression.Trajectories} with a {@link org.grokscope.compression.TrajectoryCode
 * law}.
 *
 * <p>All lengths are in bits, and every one is the length of something that could be decoded again,
 * so it is an upper bound of what is needed. May import {@code probe}, {@code checkpoint}, {@code
 * fourier}, {@code model} and {@code task}.
 */
package org.grokscope.compression;
