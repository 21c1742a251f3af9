package org.grokscope.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.ParameterNames;
import org.grokscope.checkpoint.SafeTensors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grokscope convert}: a checkpoint in another file format, or under other names. */
@Command(
    name = "convert",
    description = {
      "Writes a checkpoint anew: as NumPy's .npz or as .safetensors, which the files'",
      "endings tell, and with the parameters' names of this library or of",
      "TransformerLens, which --names tells. Names are recognised on reading. No bit of",
      "a weight changes, and the way back gives the first file again. Arrays that are no",
      "part of a checkpoint are left out, and named on standard error."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  private static final List<String> ENDINGS = List.of(".npz", SafeTensors.ENDING);

  @Parameters(index = "0", paramLabel = "FROM", description = "a checkpoint")
  private Path from;

  @Parameters(index = "1", paramLabel = "TO", description = "the file to write")
  private Path to;

  @Option(
      names = "--names",
      paramLabel = "NAMES",
      defaultValue = "own",
      description = {
        "own (W_Q), transformer-lens (blocks.0.attn.W_Q, of its versions 1 to 3) or",
        "transformer-lens-4 (blocks.0.attn.q.weight) (default: ${DEFAULT-VALUE})"
      })
  private String names;

  @Option(names = "--force", description = "replace a file that is there")
  private boolean force;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ParameterNames wanted = ParameterNames.named(names);
    requireKnown(from);
    requireKnown(to);
    if (Files.exists(to) && !force) {
      throw new IllegalArgumentException(
          to + ": there is a file already, expected none; name another, or give --force");
    }
    Checkpoint checkpoint = Checkpoint.load(from);
    checkpoint.save(to, wanted);
    if (!checkpoint.leftOut().isEmpty()) {
      String left = String.join(", ", checkpoint.leftOut());
      spec.commandLine()
          .getErr()
          .println(
              spec.qualifiedName() + ": left out, for they are no part of a checkpoint: " + left);
    }
    return Grokscope.OK;
  }

  private static void requireKnown(Path file) {
    if (ENDINGS.stream().noneMatch(file.toString()::endsWith)) {
      throw new IllegalArgumentException(
          file
              + ": got a name that ends in neither "
              + String.join(" nor ", ENDINGS)
              + ", expected one that does; save what PyTorch has pickled by safetensors.torch");
    }
  }
}
