/**
 * The shape of a cloud of vectors, measured by written definitions: plain linear algebra.
 *
 * <p>Arrays are ND4J's and are computed with in float64 whatever their type; rows are points.
 *
 * <p>Start at {@link org.grokscope.geometry.Manifold}: the mean activation of every count is a
 * curve. {@link org.grokscope.geometry.PrincipalComponents} says in how many dimensions it lives,
 * {@link org.grokscope.geometry.CosineMatrix} whether it ripples, {@link
 * org.grokscope.geometry.HelixFit} how often it turns, and {@link
 * org.grokscope.geometry.CirculantEmbedding} what a curve that trades capacity against resolution
 * would look like. {@link org.grokscope.geometry.SparseDictionary} finds the features that vectors
 * are sums of.
 *
 * <p>Imports no other room.
 */
package org.grokscope.geometry;
