/**
 * What a model is asked to learn: a finite table of questions and answers, and how it is divided
 * into known and unknown ones.
 *
 * <p>Start at {@link org.grokscope.task.ModularAddition#mod(int)}; {@link
 * org.grokscope.task.ModularTask} holds any binary operation on Z<sub>p</sub>, {@link
 * org.grokscope.task.Split} divides its table, and {@link org.grokscope.task.TokenSequences} is
 * what a model reads.
 *
 * <p>Imports no other room.
 */
package org.grokscope.task;
