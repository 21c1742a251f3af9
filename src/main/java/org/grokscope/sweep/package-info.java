/**
 * Sweeps: many trainings that differ in some fields of their configuration, on the cores of this
 * machine or on a Spark cluster, into one table.
 *
 * <p>Start at {@link org.grokscope.sweep.Sweep}; an {@link org.grokscope.sweep.Engine} says where
 * the runs are computed and changes no number. A {@link org.grokscope.sweep.Shard} is what one
 * process of several computes. What is kept is a folder:
 *
 * <table>
 *   <caption>The folder of a sweep</caption>
 *   <tr><th>file</th><th>what</th></tr>
 *   <tr><td>results.csv</td><td>a row a run that ended, in the order of the sweep; replaced
 *       atomically after every run</td></tr>
 *   <tr><td>results.json</td><td>what was swept, and how the results came to be</td></tr>
 *   <tr><td>runs/HASH</td><td>the run: what {@link org.grokscope.train.Trainer} keeps, and
 *       result.json, written when it is done. HASH is of all that changes its numbers; not of
 *       a budget of epochs that changes none, so a longer sweep goes on from a shorter one</td></tr>
 *   <tr><td>shards/I-of-N</td><td>of a shard, the same two files with its runs alone; the folder's
 *       own two are made when shards are merged</td></tr>
 *   <tr><td>.holder.json</td><td>while a process is at work, who it is: in the folder, or in that
 *       of its shard</td></tr>
 * </table>
 *
 * <p>May import {@code probe}, {@code train}, {@code checkpoint}, {@code model} and {@code task}.
 * The only room that knows Spark, which is on the class path only where asked for.
 */
package org.grokscope.sweep;
