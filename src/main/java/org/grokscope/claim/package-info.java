/**
 * What was predicted, beside what came out.
 *
 * <p>Start at {@link org.grokscope.claim.Ledger}: the claims, with predictions fixed in ledger.csv
 * before the run, values recorded over seeds, and verdicts that follow from them. A {@link
 * org.grokscope.claim.Binding} says where in the {@link org.grokscope.claim.Evidence} a quantity is
 * read. {@link org.grokscope.claim.RoundTwo} judges anew, by whole intervals, nulls and dates, and
 * stands beside the first round. {@link org.grokscope.claim.Comparison} is the smaller thing for
 * predictions of one page about one run. Knows nothing of models: a notebook hands it measured
 * values. Imports no other room.
 */
package org.grokscope.claim;
