/**
 * Models on disk: NumPy {@code .npz} and {@code .safetensors} files that this library and any
 * Python user read alike, written so that a killed process leaves no half of one.
 *
 * <p>Start at {@link org.grokscope.checkpoint.Checkpoint#load}; {@link
 * org.grokscope.checkpoint.CheckpointStore} is the folder of a run's checkpoints, {@link
 * org.grokscope.checkpoint.Provenance} says how a run came to be, and {@link
 * org.grokscope.checkpoint.Npz} with {@link org.grokscope.checkpoint.AtomicFile} writes whatever
 * else has to survive, such as an optimiser's moments.
 *
 * <p>A {@link org.grokscope.series.Probe} measures one checkpoint, a {@link
 * org.grokscope.series.ProbeSeries} many.
 *
 * <p>May import {@code model} and {@code task}.
 *
 * <h2>The file</h2>
 *
 * <p>A zip of {@code NAME.npy} entries, here written stored, in NPY version 1.0, little-endian,
 * row-major:
 *
 * <table>
 *   <caption>Arrays of a checkpoint</caption>
 *   <tr><th>name</th><th>type</th><th>shape</th><th>what</th></tr>
 *   <tr><td>W_E, W_pos, W_Q …</td><td>float32</td><td>as {@link
 *       org.grokscope.model.ParameterLayout} says</td><td>weights; those of layer N of a deeper
 *       model under {@code blocks.N.}; a model without attention has no W_Q, W_K, W_V,
 *       W_O</td></tr>
 *   <tr><td>model</td><td>&lt;U…</td><td>[]</td><td>the model as JSON, as {@link
 *       org.grokscope.checkpoint.ShapeJson} writes it; of models that the shapes do not tell, and
 *       of those that learnt from no table</td></tr>
 *   <tr><td>context_length</td><td>int64</td><td>[]</td><td>tokens of a sequence; beside {@code
 *       model}</td></tr>
 *   <tr><td>p</td><td>int64</td><td>[]</td><td>the number of elements, of modular arithmetic the
 *       modulus; like the next three, of models that learnt from a table</td></tr>
 *   <tr><td>operands</td><td>int64</td><td>[]</td><td>operands of a question, k; 2 where it is
 *       missing</td></tr>
 *   <tr><td>train_pairs</td><td>int64</td><td>[train]</td><td>a·p + b of the known questions, or
 *       their rows with other operands</td></tr>
 *   <tr><td>labels</td><td>int64</td><td>[p^k]</td><td>the answer to a·p + b, p where it is to be
 *       refused (p+1 answers only), −1 where there is none; of more than 130,000 questions both are
 *       in as few bytes as they need</td></tr>
 *   <tr><td>epoch</td><td>int64</td><td>[]</td><td>optimiser updates done</td></tr>
 *   <tr><td>provenance</td><td>&lt;U…</td><td>[]</td><td>a JSON object; {@code model.activation}
 *       and {@code model.causal} tell what the shapes do not</td></tr>
 * </table>
 *
 * <p>On reading, floats may be f2, f4 or f8 and integers of any width, in either byte order and
 * either memory order, stored or deflated, in NPY versions 1.0 to 3.0; Python objects (pickles) are
 * refused. {@code epoch} and {@code provenance} may be missing. {@code labels} may be missing where
 * the operation is a+b: a file without them is read as a+b. Without provenance a model is taken to
 * be ReLU and causal. W_U has p or p+1 columns. Other arrays are passed over, but for attention and
 * unembedding biases (b_Q, b_K, b_V, b_O, b_U), which must be zero since the models here have none;
 * {@link org.grokscope.checkpoint.Checkpoint#leftOut()} names them.
 *
 * <p>A {@code .safetensors} holds the same arrays, those of one text in its {@code __metadata__};
 * see {@link org.grokscope.checkpoint.SafeTensors}. In either file weights may have the names of
 * TransformerLens instead; see {@link org.grokscope.checkpoint.ParameterNames}.
 */
package org.grokscope.checkpoint;
