/**
 * What a model is asked to learn.
 *
 * <p>A finite table of questions and answers: start at {@link
 * org.grokscope.task.ModularAddition#mod(int)}; {@link org.grokscope.task.ModularTask} holds any
 * binary operation on Z<sub>p</sub>, {@link org.grokscope.task.Split} divides its table into known
 * and unknown questions, and {@link org.grokscope.task.TokenSequences} is what a model reads.
 *
 * <p>Or a text without end: start at {@link org.grokscope.task.LineBreaking#given()}; its {@link
 * org.grokscope.task.LineCorpus} draws a {@link org.grokscope.task.LineBatch}, which knows what is
 * true at every position, shows any document as plain text, and is read by an {@link
 * org.grokscope.task.IdealReader} that no model can expect to outdo.
 *
 * <p>Imports no other room.
 */
package org.grokscope.task;
