/**
 * Pictures: figures as values, in Plotly's JSON, all in one house style.
 *
 * <p>Start at {@link org.grokscope.plot.LossCurve} for a picture of a training, at {@link
 * org.grokscope.plot.CheckpointSlider} for one of a model's inside, at {@link
 * org.grokscope.plot.Helix3d} for a curve of activations, and at {@link org.grokscope.plot.Figure}
 * for a picture of your own. The only room that knows Plotly and tablesaw-jsplot. May import every
 * room below it ({@code train}, {@code checkpoint}, {@code model}, {@code task} …) and never {@code
 * notebook}, which hands in a {@link org.grokscope.plot.Display} instead.
 */
package org.grokscope.plot;
