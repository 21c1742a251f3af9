package org.grokscope.checkpoint;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a model's parameters are called in a file, and how they are laid out there.
 *
 * <table>
 *   <caption>Some parameters under each of the names</caption>
 *   <tr><th>{@link #OWN}</th><th>{@link #TRANSFORMER_LENS}</th><th>{@link
 *       #TRANSFORMER_LENS_4}</th></tr>
 *   <tr><td>W_E [vocabulary, d]</td><td>embed.W_E</td><td>embed.weight</td></tr>
 *   <tr><td>W_Q [heads, d, d_head]</td><td>blocks.N.attn.W_Q</td><td>blocks.N.attn.q.weight
 *       [heads·d_head, d]</td></tr>
 *   <tr><td>W_O [heads, d_head, d]</td><td>blocks.N.attn.W_O</td><td>blocks.N.attn.o.weight
 *       [d, heads·d_head]</td></tr>
 *   <tr><td>W_in [d, d_mlp]</td><td>blocks.N.mlp.W_in</td><td>blocks.N.mlp.in.weight
 *       [d_mlp, d]</td></tr>
 *   <tr><td>ln1.w [d]</td><td>blocks.N.ln1.w</td><td>blocks.N.ln1.weight</td></tr>
 *   <tr><td>W_U [d, outputs]</td><td>unembed.W_U</td><td>unembed.weight [outputs, d]</td></tr>
 * </table>
 *
 * <p>Shapes under the second are as under the first. Version 4 has those of PyTorch's {@code
 * nn.Linear}, which do not tell how many heads there are: an int64 {@code n_heads} beside them
 * does.
 */
public enum ParameterNames {
  /** Those of this library: TransformerLens' without the modules that they belong to. */
  OWN("own"),
  /** Those of {@code HookedTransformer.state_dict()}, TransformerLens 1 to 3. */
  TRANSFORMER_LENS("transformer-lens"),
  /** Those of {@code TransformerBridge.boot_native(…).state_dict()}, TransformerLens 4. */
  TRANSFORMER_LENS_4("transformer-lens-4");

  private final String label;

  ParameterNames(String label) {
    this.label = label;
  }

  /**
   * The names called so at the command line.
   *
   * @throws IllegalArgumentException if there are none; the message lists those there are
   */
  public static ParameterNames named(String label) {
    return Arrays.stream(values())
        .filter(names -> names.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "names: got "
                        + label
                        + ", expected "
                        + Arrays.stream(values())
                            .map(names -> names.label)
                            .collect(Collectors.joining(", "))));
  }

  /** What they are called at the command line. */
  @Override
  public String toString() {
    return label;
  }
}
