/**
 * From finished runs to the tables of {@code notebooks/evidence}: one class a family of claims.
 *
 * <p>Each file there is made by {@code grokscope evidence NAME}. A table has one number a row:
 * experiment, seed, moment, epoch, metric, part, key, value.
 */
package org.grokscope.evidence;
