/**
 * What was predicted beside what came out.
 *
 * <p>Start at {@link org.grokscope.claim.Comparison}, the closing table of a notebook. Knows
 * nothing of models: a notebook hands it measured values. Imports no other room.
 */
package org.grokscope.claim;
