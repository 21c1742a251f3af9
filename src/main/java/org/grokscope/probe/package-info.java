/**
 * What a checkpoint has learnt, measured by written definitions.
 *
 * <p>Start at {@link org.grokscope.probe.Metric}, the catalogue of all measures, each declared
 * beside its definition with a version of its own; {@link org.grokscope.probe.AllPairs} is what a
 * model computes on all questions, and {@link org.grokscope.probe.KeyFrequencies} are the
 * frequencies that most measures need. In a notebook {@link org.grokscope.probe.LossAndAccuracy},
 * {@link org.grokscope.probe.WeightNorm}, {@link org.grokscope.probe.RestrictedLoss}, {@link
 * org.grokscope.probe.ExcludedLoss}, {@link org.grokscope.probe.Gini}, {@link
 * org.grokscope.probe.NormAtMargin} and {@link org.grokscope.probe.Controls} are probes as they
 * are.
 *
 * <p>{@link org.grokscope.probe.Phases} tells the phases of a training from a series of
 * measurements, {@link org.grokscope.probe.LogitAttribution} which part of a one-layer model says
 * what, and {@link org.grokscope.probe.ActivationPatching} which activation of any model carries an
 * answer. {@link org.grokscope.probe.GroupShares} is for tables of groups, whose waves are
 * irreducible representations, and {@link org.grokscope.probe.LearningCoefficient} says how many
 * directions of a model's weights cost it anything.
 *
 * <p>Models that break lines have a room of their own, {@code line}.
 *
 * <p>Works on any checkpoint, whoever trained it. May import {@code checkpoint}, {@code model},
 * {@code task}, {@code fourier} and {@code geometry}; never {@code train}.
 *
 * <h2>Notation</h2>
 *
 * <p>Rows r = a·p + b, n = p² questions with answers y; L [n, p] the logits, the column of '='
 * dropped; m_c = mean_r L[r, c]; N [n, d_mlp] the neurons after the ReLU; mid [n, d_model] the
 * residual stream before the MLP; W_L = W_out W_U; w_k = 2πk/p; F the orthonormal {@link
 * org.grokscope.fourier.FourierBasis}; K the key frequencies; u_k[r] = √2/p cos(w_k(a+b)) and
 * v_k[r] = √2/p sin(w_k(a+b)) unit vectors over the questions; P_K Z = Σ_K u_k(u_kᵀZ) + v_k(v_kᵀZ),
 * over all n questions, whatever part a loss is then taken on.
 *
 * <h2>Which circle</h2>
 *
 * <p>Measures with waves are for tables of two operands over an odd p. They run along a {@link
 * org.grokscope.probe.Circle}: an addition on m places, either the task's own, recognised by its p²
 * answers, or one that is named, so that a control (random answers, another operation) can be
 * measured as the model is:
 *
 * <table>
 *   <caption>Where operands and answers stand</caption>
 *   <tr><th>operation</th><th>m</th><th>a at place i</th><th>b at place j</th><th>answer at place
 *       l</th><th>waves</th></tr>
 *   <tr><td>a+b</td><td>p</td><td>i</td><td>j</td><td>l</td><td>w_k(a+b)</td></tr>
 *   <tr><td>a−b</td><td>p</td><td>i</td><td>−j mod p</td><td>l</td><td>w_k(a−b)</td></tr>
 *   <tr><td>a·b, p prime</td><td>p−1</td><td>g^i mod p</td><td>g^j mod p</td><td>g^l mod p</td>
 *       <td>2πk/m (log a + log b)</td></tr>
 * </table>
 *
 * <p>with g the smallest primitive root of p and log the discrete logarithm to g. For a·b every
 * formula holds with m in the place of p: the questions are the m² pairs without a zero (train,
 * test and all are those among them), the classes of every loss, accuracy and mean are the m
 * residues without zero, rows of embeddings and columns of W_L stand in the order of logarithms.
 * Frequencies run from 1 to (p−1)/2 as for the others; m is even, so the highest, (p−1)/2 = m/2, is
 * the wave (−1)^i, with one unit vector in place of two, α_k = 1/m³ Σ L cos, and a basis row cos
 * without a sine. The rule {@code repo} takes frequencies up to the one before the highest.
 *
 * <p>What a circle decides, metric by metric:
 *
 * <ul>
 *   <li>Without waves: loss, accuracy, margin.min, margin.mean, wl_rank_2pct, attention_to_equals
 *       and gradient_symmetricity are of all questions and p classes, squared_norm of any model;
 *       group.* are of tables of groups, which have no circle.
 *   <li>Waves of one place (embedding_norm, embedding_gini, wl_gini, wl_residual, wl_wave_size, the
 *       rules of keys but energy) or of two, each by itself (neuron_*, product_share.*,
 *       restricted.block*, excluded.block*, attention_fve): nothing is asked of the sum, so they
 *       work for any labels. Where these are of no circle and none is named, residues stand in
 *       their order; the E_k beside the frequencies that a rule chooses is then of a+b.
 *   <li>Waves of the sum of places (all others: u_k, v_k, P_K and cos w_k(a+b−c) of restricted.*,
 *       excluded.*, fit.*, wl_direction_fve, wave.*, key.*, control.* and the rule energy), and
 *       distance_irrelevance, which fixes the difference of two places: the labels are of a circle,
 *       or one is named. The fit's own margin, margin.ideal, is that at the sum.
 * </ul>
 *
 * <p>The answers y are the checkpoint's own along any circle: losses, accuracies, and the right
 * answer of wave.right and wave.wrong. On a circle without zero, that of a·b, a question whose
 * answer is 0 has none.
 */
package org.grokscope.probe;
