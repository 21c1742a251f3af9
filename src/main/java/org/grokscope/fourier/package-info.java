/**
 * Waves on Z_p.
 *
 * <p>Start at {@link org.grokscope.fourier.FourierBasis}. The only room that knows JTransforms.
 * Imports no other room.
 */
package org.grokscope.fourier;
