package org.grokscope.checkpoint;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;

/** From the names and layouts of {@link ParameterNames} to each other, every bit kept. */
final class NameTable {
  /** The array that tells how many heads there are. */
  static final String HEADS = "n_heads";

  /**
   * A parameter under each of the names; one of a layer stands after {@code blocks.N.}.
   *
   * @param turn how its array in version 4 differs from ours
   */
  private record Parameter(String own, String lens, String bridge, Turn turn) {}

  private static final List<Parameter> OF_THE_MODEL =
      List.of(
          new Parameter("W_E", "embed.W_E", "embed.weight", Turn.NONE),
          new Parameter("W_pos", "pos_embed.W_pos", "pos_embed.weight", Turn.NONE),
          new Parameter("ln_final.w", "ln_final.w", "ln_final.weight", Turn.NONE),
          new Parameter("ln_final.b", "ln_final.b", "ln_final.bias", Turn.NONE),
          new Parameter("W_U", "unembed.W_U", "unembed.weight", Turn.TRANSPOSED),
          new Parameter("b_U", "unembed.b_U", "unembed.bias", Turn.NONE));

  private static final List<Parameter> OF_A_LAYER =
      List.of(
          new Parameter("ln1.w", "ln1.w", "ln1.weight", Turn.NONE),
          new Parameter("ln1.b", "ln1.b", "ln1.bias", Turn.NONE),
          new Parameter("W_Q", "attn.W_Q", "attn.q.weight", Turn.READING_HEADS),
          new Parameter("W_K", "attn.W_K", "attn.k.weight", Turn.READING_HEADS),
          new Parameter("W_V", "attn.W_V", "attn.v.weight", Turn.READING_HEADS),
          new Parameter("W_O", "attn.W_O", "attn.o.weight", Turn.WRITING_HEADS),
          new Parameter("b_Q", "attn.b_Q", "attn.q.bias", Turn.BIASES_OF_HEADS),
          new Parameter("b_K", "attn.b_K", "attn.k.bias", Turn.BIASES_OF_HEADS),
          new Parameter("b_V", "attn.b_V", "attn.v.bias", Turn.BIASES_OF_HEADS),
          new Parameter("b_O", "attn.b_O", "attn.o.bias", Turn.NONE),
          new Parameter("ln2.w", "ln2.w", "ln2.weight", Turn.NONE),
          new Parameter("ln2.b", "ln2.b", "ln2.bias", Turn.NONE),
          new Parameter("W_in", "mlp.W_in", "mlp.in.weight", Turn.TRANSPOSED),
          new Parameter("b_in", "mlp.b_in", "mlp.in.bias", Turn.NONE),
          new Parameter("W_out", "mlp.W_out", "mlp.out.weight", Turn.TRANSPOSED),
          new Parameter("b_out", "mlp.b_out", "mlp.out.bias", Turn.NONE));

  private static final Pattern LAYER = Pattern.compile("(blocks\\.\\d{1,6}\\.)(.+)");

  private NameTable() {}

  /** What stands before a name's own part, and the parameter that it names. */
  private record Named(String prefix, Parameter parameter) {}

  private static Optional<Named> find(String name) {
    Matcher layer = LAYER.matcher(name);
    boolean ofALayer = layer.matches();
    String prefix = ofALayer ? layer.group(1) : "";
    String rest = ofALayer ? layer.group(2) : name;
    return (ofALayer ? OF_A_LAYER : OF_THE_MODEL)
        .stream()
            .filter(each -> rest.equals(each.lens) || rest.equals(each.bridge))
            .findFirst()
            .map(parameter -> new Named(prefix, parameter));
  }

  /**
   * A file's arrays under our names and in our layout, whatever they have in it.
   *
   * @throws CheckpointException if a parameter is there under two names, or has a shape that it
   *     cannot have; if a layout needs the number of heads, and it is missing
   */
  static NamedArrays own(Path file, Map<String, NpyArray> arrays) {
    NamedArrays asTheyAre = new NamedArrays(file, arrays, Map.of());
    Map<String, NpyArray> renamed = new LinkedHashMap<>();
    Map<String, String> inFile = new HashMap<>();
    arrays.forEach(
        (name, array) -> {
          Optional<Named> found = find(name);
          String own = found.map(each -> each.prefix + each.parameter.own).orElse(name);
          NpyArray ours =
              found
                  .filter(each -> !name.equals(each.prefix + each.parameter.lens))
                  .map(each -> turned(asTheyAre, name, each.parameter.turn))
                  .orElse(array);
          if (renamed.put(own, ours) != null) {
            throw asTheyAre.failure(
                name,
                "is there beside " + inFile.getOrDefault(own, own) + ", expected one of them");
          }
          inFile.put(own, name);
        });
    if (!asTheyAre.unasked().contains(HEADS)) {
      renamed.remove(HEADS); // has told what it is for
    }
    return new NamedArrays(file, renamed, inFile);
  }

  private static NpyArray turned(NamedArrays arrays, String name, Turn turn) {
    if (turn == Turn.NONE) {
      return arrays.require(name, "");
    }
    long heads = 0;
    if (turn.ofHeads()) {
      heads =
          arrays.single(
              HEADS, "how many heads the model has, which the shape of " + name + " does not tell");
      if (heads < 1 || heads > Integer.MAX_VALUE) {
        throw arrays.failure(HEADS, "got " + heads + ", expected 1 or more");
      }
    }
    NpyArray array = arrays.require(name, "floats");
    return turn.back(array, (int) heads)
        .orElseThrow(
            () ->
                arrays.failure(
                    name,
                    "got "
                        + array
                        + ", expected float32 of shape "
                        + turn.shapeThere
                        + (turn.ofHeads() ? " with " + HEADS + " as the file tells" : "")));
  }

  /**
   * A checkpoint's arrays under other names.
   *
   * <p>TransformerLens' attention and unembedding have biases, which ours have not: they are zeros.
   *
   * @param own under our names
   * @throws IllegalArgumentException if the model is none that TransformerLens computes alike
   */
  static LinkedHashMap<String, NpyArray> renamed(
      LinkedHashMap<String, NpyArray> own, ModelConfig config, ParameterNames names) {
    if (names == ParameterNames.OWN) {
      return own;
    }
    requireComputable(config.shape(), names);
    LinkedHashMap<String, NpyArray> renamed = new LinkedHashMap<>();
    LinkedHashMap<String, NpyArray> rest = new LinkedHashMap<>(own);
    for (int n = 0; n < config.shape().depth(); n++) {
      String prefix = ParameterLayout.prefix(config.shape(), n);
      for (Parameter parameter : OF_A_LAYER) {
        NpyArray array = rest.remove(prefix + parameter.own);
        put(renamed, "blocks." + n + ".", parameter, array, config, names);
      }
    }
    for (Parameter parameter : OF_THE_MODEL) {
      put(renamed, "", parameter, rest.remove(parameter.own), config, names);
    }
    if (names == ParameterNames.TRANSFORMER_LENS_4) {
      renamed.put(HEADS, NpyArray.ofLong(config.shape().heads()));
    }
    renamed.putAll(rest);
    return renamed;
  }

  /** Adds an array that is there, or zeros where it is one of the biases. */
  private static void put(
      Map<String, NpyArray> renamed,
      String prefix,
      Parameter parameter,
      NpyArray ours,
      ModelConfig config,
      ParameterNames names) {
    NpyArray array = ours == null ? zeros(parameter.own, config) : ours;
    if (array != null) {
      boolean four = names == ParameterNames.TRANSFORMER_LENS_4;
      renamed.put(
          prefix + (four ? parameter.bridge : parameter.lens),
          four ? parameter.turn.there(array) : array);
    }
  }

  /** The bias of this name, all zeros, or null if it is none. */
  private static NpyArray zeros(String own, ModelConfig config) {
    ModelShape shape = config.shape();
    return switch (own) {
      case "b_Q", "b_K", "b_V" ->
          NpyArray.ofFloats(new float[shape.heads() * shape.dHead()], shape.heads(), shape.dHead());
      case "b_O" -> NpyArray.ofFloats(new float[shape.dModel()], shape.dModel());
      case "b_U" -> NpyArray.ofFloats(new float[config.outputs()], config.outputs());
      default -> null;
    };
  }

  /** TransformerLens has no sinks, no slopes, no views of one's own, and no layer of one half. */
  private static void requireComputable(ModelShape shape, ParameterNames names) {
    LayerShape first = shape.layers().get(0);
    ModelShape uniform =
        first.attends() && first.dMlp() > 0
            ? ModelShape.uniform(
                shape.depth(),
                shape.dModel(),
                first.heads(),
                first.dHead(),
                first.dMlp(),
                shape.activation(),
                shape.layerNorm(),
                shape.causal())
            : null;
    if (uniform == null
        || !shape.positions()
        || shape.biases()
        || !uniform.layers().equals(shape.layers())) {
      throw new IllegalArgumentException(
          "names: got "
              + names
              + " for a model that cannot go there as it is, expected one with positions, in all"
              + " layers the same attention without slopes, sinks and biases, and as many neurons;"
              + " keep the names "
              + ParameterNames.OWN);
    }
  }
}
