/**
 * Transformers and their gradients.
 *
 * <p>{@link org.grokscope.model.ModelShape} says what a model is built of, {@link
 * org.grokscope.model.ModelConfig} what it reads and answers beside; {@link
 * org.grokscope.model.Transformer#open} takes the implementation that is best for it.
 *
 * <p>Three implementations of {@link org.grokscope.model.Transformer} stand side by side. {@link
 * org.grokscope.model.ReferenceTransformer} reads like the formulas, for every shape, with hooks
 * and an activation cache; start there. {@link org.grokscope.model.FactorisedTransformer} computes
 * the very same function for one-layer models without LayerNorm, many times faster, and {@link
 * org.grokscope.model.PreNormTransformer} for models with LayerNorm that answer everywhere, such as
 * those that break lines. Its parts, {@code FastBlock}, {@code FastAttention} and so on, each have
 * a plain twin, {@code Block}, {@code Attention} and so on. One contract, finite differences and
 * PyTorch hold the three together.
 *
 * <p>A layer's scores may be {@linkplain org.grokscope.model.ScoreBounds bounded}, and behind it
 * may be a {@link org.grokscope.model.Site}: a norm of the residual stream, and {@link
 * org.grokscope.model.Noise} while the model learns. The reference and the fast path of models that
 * answer everywhere compute both; the noise is the same on both, whatever the threads.
 *
 * <p>The fast paths' products are native where the library loads, else in plain Java ({@code
 * MatrixProducts}); {@link org.grokscope.model.FactorisedTransformer#inPlainJava} asks for the
 * latter, for a browser.
 *
 * <p>A {@link org.grokscope.model.Loss} is one of {@link org.grokscope.model.StandardLoss}, or one
 * of your own: it is written for one row of logits, and every implementation minimises it.
 *
 * <h2>What a fast step costs, and what was tried</h2>
 *
 * <p>Milliseconds of CPU time, one thread, p = 113 as published (3,830 pairs, 512 neurons, 114
 * outputs), AVX2 (Zen 3), OpenBLAS 0.3.19, JDK 17; the machine was shared, so a difference below
 * 0.5 of a whole step is noise.
 *
 * <table>
 * <caption>Where the time goes</caption>
 * <tr><th>part</th><th>ms</th></tr>
 * <tr><td>relu(H)·M, relu(H)ᵀ·dL and dL·Mᵀ: the GEMM floor</td><td>17.3</td></tr>
 * <tr><td>tables from weights / weight gradients from tables</td><td>2.3 + 2.9</td></tr>
 * <tr><td>attention and rows of the pairs</td><td>1.9</td></tr>
 * <tr><td>loss and logit gradients</td><td>2.1</td></tr>
 * <tr><td>mask; products of gradients with table rows, for the scores</td><td>1.0 + 2.6</td></tr>
 * <tr><td>sums by node</td><td>2.1</td></tr>
 * </table>
 *
 * <p>Kept, from 37 to 32.5 a step: sums node by node over a batch's stored gradients, in place of
 * adding to the nodes pair by pair into a copy a stripe, which had to be cleared and summed; tables
 * of tokens and of positions, of which a node's is the sum, so that the products are half as large;
 * rows relative to the last position's by subtracting embeddings rather than rows; W_in and W_U
 * side by side in one product; tiles of second tokens (0.5); Estrin's order for the exponential
 * (0.2); a row's length such that rows fill whole cache lines (up to a fifth of a kernel); blocks
 * of 480 rows rather than 190 (0.5); no new tables for weights that have not changed (5 of the 30
 * of an evaluation on all pairs).
 *
 * <p>Tried and left out:
 *
 * <ul>
 *   <li>Eight rows in one pass, or six: HotSpot vectorises loops only up to a size, and this took
 *       4.8 in place of 0.8. {@code Math.fma} changed nothing for four rows and did not rescue
 *       eight.
 *   <li>A score product as a sum in order, for HotSpot to reduce: 8.6 in place of 1.0. 128 lanes in
 *       place of 256, one or two heads at a time: 1.0 to 1.1.
 *   <li>Products in other orientations (dMᵀ: 6.1 in place of 5.6), outputs padded to 116, 120 or
 *       128: no gain. Of 112 outputs a product would take 5 % less, but p + 1 is what is published.
 *   <li>Whole stripes as blocks, tiles of 4 to 32 tokens, huge pages for heap and native memory: no
 *       difference beyond noise.
 *   <li>The exponential's polynomial and the clamp before it in one loop: not vectorised any more,
 *       2.6 in place of 0.8. Four running maxima in place of one: slower.
 *   <li>Wider vectors, on a Zen 4 with AVX-512: a step took 28.5 to 30.8 with OpenBLAS's kernels
 *       for Zen and for SkylakeX (floor 14.4 and 14.1), 29.2 and 29.6 with HotSpot's {@code UseAVX}
 *       3 and 2, 29.8 with its loops unrolled further.
 *   <li>Score products together with the sums by node, four pairs at a time, so that a node's rows
 *       stay in the first-level cache: no difference (30.9 and 31.3). Folding their lanes to 16 in
 *       place of 64: 0.3 of a step, for other bits in every run. Other ways to fold (one to four
 *       rows, two to six terms at a time): 217 to 330 ns a call of four in place of 223 to 293
 *       where all distances are multiples of 16, and 600 to 900 where they are not.
 * </ul>
 *
 * <p>Not tried, because a count speaks against it: scaling rows by w_h(a) once, as only the
 * attention's denominator depends on the pair (the loops wait for loads, and as many rows are
 * loaded); score products with Σ A·T in place of each T (half as many, as many loads, and where
 * attention is almost all on one token the difference of two sums taken apart); score products or
 * sums by node as matrix products of blocks, in which only some nodes occur (some 140 million
 * multiplications, 3.5 ms, for what takes 1.3).
 *
 * <h2>The models that break lines</h2>
 *
 * <p>{@link org.grokscope.model.ModelShape#lines} says what they are built of. Milliseconds of CPU
 * time a step, 32 documents of 64 tokens, one thread, same machine, shared with others (PyTorch
 * eager: 50 to 56 for plain text of given width, 43 to 46 in a box with header):
 *
 * <table>
 * <caption>What the fast path of the models for lines costs</caption>
 * <tr><th>state</th><th>given</th><th>box with header</th></tr>
 * <tr><td>dense rows, attention over the keys seen, entry by entry</td><td>42</td><td>37</td></tr>
 * <tr><td>scales and shifts of norms drawn into the maps behind them (no pass of their own, no
 * gradient sums of their own); q, k, v of the first layer once a token; sums of four partial sums;
 * attention's sums over whole rows of all heads; exponentials of a piece in one go; column sums as
 * native products; logits only where something weighs</td><td>37</td><td>31</td></tr>
 * <tr><td>OpenBLAS held to one thread once a step rather than once a piece (the call looks its
 * symbol up each time)</td><td>34</td><td>28</td></tr>
 * <tr><td>pieces of 4 documents rather than 8 (2 documents: no further gain)</td><td>30 to
 * 34</td><td>28</td></tr>
 * </table>
 *
 * <p>Six tenths of it are matrix products (17 to 20 of the 32 of plain text, alone on warm memory),
 * a fifth is attention. Not tried: products of small dense blocks for the header, whose keys are
 * the same for all.
 *
 * <p>Parameters carry the names and shapes of TransformerLens (W_E, W_Q, …); {@link
 * org.grokscope.model.ParameterLayout} lists them. May import {@code task}.
 */
package org.grokscope.model;
