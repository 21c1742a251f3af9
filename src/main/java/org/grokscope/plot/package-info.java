/**
 * Pictures: figures as values, in Plotly's JSON, all in one house style.
 *
 * <p>A figure is declared, not assembled: {@link org.grokscope.plot.Figure#declare} takes a title
 * and a sentence that says what is to be seen; then follow the layout by dotted paths, the traces,
 * and what narrow pages change. {@link org.grokscope.plot.Attributes} are a trace, an axis or a
 * note. What a {@link org.grokscope.plot.Slider} moves is declared once, as a function of its
 * position, and drawn and framed from there:
 *
 * <pre>{@code
 * Figure.declare("Multiples mod 7", "a times b mod 7, a from 1 to 6")
 *     .set("xaxis.title.text", "b")
 *     .moving(Attributes.bars().set("x", b), i -> Attributes.of("y", multiples(i + 1)))
 *     .slider(Slider.of("a = ", List.of(1, 2, 3, 4, 5, 6), 0, 300))
 *     .narrow("height", 300)
 * }</pre>
 *
 * <p>A figure with a slider carries a filmstrip ({@link org.grokscope.plot.Declaration#still})
 * where its last position does not tell the story: static pictures are drawn of that.
 *
 * <p>A kind of figure is a record of what is drawn that implements {@link
 * org.grokscope.plot.Chart}, in this room or any other. Its words are told once, by {@link
 * org.grokscope.plot.Figure#toString()}: a notebook's plain text, a published page's alternative
 * text and a screen reader all have them from there.
 *
 * <p>Start at {@link org.grokscope.plot.LossCurve} for a picture of a training, at {@link
 * org.grokscope.plot.CheckpointSlider} for one of a model's inside, at {@link
 * org.grokscope.plot.Helix3d} for a curve of activations, at {@link org.grokscope.plot.SeedBands}
 * for the mean and interval over the seeds of a sweep. The only room that knows Plotly and
 * tablesaw-jsplot. May import every room below it ({@code sweep}, {@code claim}, {@code train},
 * {@code checkpoint}, {@code model}, {@code task} …) and never {@code notebook}, which hands in a
 * {@link org.grokscope.plot.Display} instead.
 */
package org.grokscope.plot;
