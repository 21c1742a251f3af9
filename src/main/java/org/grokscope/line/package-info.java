/**
 * What a model that breaks lines has learnt, measured by written definitions (E1–E15 of the
 * ledger).
 *
 * <p>Start at {@link org.grokscope.line.LineActivations}: the activations of one hook at chosen
 * positions, with what is true there. {@link org.grokscope.line.FactManifold} is their mean by
 * count, width, or what remains; {@link org.grokscope.line.QkTwist} how a head compares two such
 * curves; {@link org.grokscope.line.Steering} what a model does when its count is exchanged.
 *
 * <p>Models of marks, whose texts name nothing, are looked at by {@link
 * org.grokscope.line.MarkSubject} and {@link org.grokscope.line.MarkMeasures}; {@link
 * org.grokscope.line.CurveNull} is what curves that mean nothing do.
 *
 * <p>Models of English prose are looked at by {@link org.grokscope.line.ProseSubject} and {@link
 * org.grokscope.line.ProseMeasures}, with a dictionary of features of their own.
 *
 * <p>Works on any activations, whoever trained the model. May import what {@code probe} may: {@code
 * checkpoint}, {@code model}, {@code task}, {@code fourier} and {@code geometry}; never {@code
 * train}. Everything in float64.
 *
 * <p>Source of the questions: "When Models Manipulate Manifolds" (Anthropic, 2025).
 */
package org.grokscope.line;
