/**
 * What a model is asked to learn.
 *
 * <p>A {@link org.grokscope.task.Batch} is what every model reads: tokens, targets, weights. A
 * {@link org.grokscope.task.Task} says what is trained on and what is tested on; its {@link
 * org.grokscope.task.Course} feeds one training and examines it.
 *
 * <p>A finite table of questions and answers: start at {@link
 * org.grokscope.task.ModularAddition#mod(int)}. {@link org.grokscope.task.OperationTable} holds any
 * operation on a finite set, {@link org.grokscope.task.Group} the symmetric and dihedral groups
 * with their {@link org.grokscope.task.Representation}s, {@link org.grokscope.task.Parity} sparse
 * parities; {@link org.grokscope.task.Split} divides a table into known and unknown questions.
 *
 * <p>Or a text without end: start at {@link org.grokscope.task.LineBreaking#given()}; its {@link
 * org.grokscope.task.LineCorpus} draws a {@link org.grokscope.task.LineBatch}, which knows what is
 * true at every position, shows any document as plain text, and is read by an {@link
 * org.grokscope.task.IdealReader} that no model can expect to outdo. {@link
 * org.grokscope.task.LineAnswers} is what logits say of it.
 *
 * <p>{@link org.grokscope.task.MarkCounting} is a text without end as well, in which nothing is
 * named: headings underlined to their length, bars as long as a stated number. A {@link
 * org.grokscope.task.MarkBatch} knows the exact probability of every next token.
 *
 * <p>{@link org.grokscope.task.Prose} is lines as people write them: words of a {@link
 * org.grokscope.task.Corpus} in {@link org.grokscope.task.Subwords}, wrapped at a width that
 * nothing names. A {@link org.grokscope.task.ProseReader} knows the width as well as can be, and of
 * the language only which lengths follow a word.
 *
 * <p>Imports no other room.
 */
package org.grokscope.task;
