/**
 * The files of {@code notebooks/evidence}: from which runs each is made, and how. One class a
 * family of claims.
 *
 * <p>Start at {@link org.grokscope.evidence.EvidenceFile}; {@code grokscope evidence NAME} makes
 * one. {@link org.grokscope.evidence.KeptRuns} finds the runs or trains them. Most tables have one
 * number a row: experiment, seed, moment, epoch, metric, part, key, value. One sets the numbers of
 * papers beside these. May import the rooms of models, measures, sweeps and claims.
 */
package org.grokscope.evidence;
