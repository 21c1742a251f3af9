/**
 * Transformers and their gradients.
 *
 * <p>Two implementations of {@link org.grokscope.model.Transformer} stand side by side. {@link
 * org.grokscope.model.ReferenceTransformer} reads like the formulas, for any number of layers,
 * heads and widths, with hooks and an activation cache; start there. {@link
 * org.grokscope.model.FactorisedTransformer} computes the very same function for one-layer models
 * without LayerNorm, many times faster. Tests hold the two together.
 *
 * <p>Parameters carry the names and shapes of TransformerLens (W_E, W_Q, …); {@link
 * org.grokscope.model.ParameterLayout} lists them. May import {@code task}.
 */
package org.grokscope.model;
