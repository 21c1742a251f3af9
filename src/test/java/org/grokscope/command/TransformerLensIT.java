package org.grokscope.command;

import static org.grokscope.TensorAssert.assertClose;
import static org.grokscope.TensorAssert.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.SafeTensors;
import org.grokscope.environment.CommandResult;
import org.grokscope.environment.VirtualEnvironment;
import org.grokscope.model.ReferenceTransformer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Models exchanged with the Python packages {@code transformer-lens} and {@code safetensors}, both
 * ways and by the words of src/README.md. Installs them where they are missing.
 */
@Tag("interop")
@EnabledIfSystemProperty(
    named = "grokscope.interop",
    matches = "true",
    disabledReason = "installs 6 GB of Python packages; mvn verify -Pinterop does")
class TransformerLensIT {
  private static final Path GROKKED =
      VirtualEnvironment.PROJECT.resolve("notebooks/evidence/seed-1-step-040000.npz");
  private static final Duration INSTALLING = Duration.ofMinutes(90);
  private static final Duration RUNNING = Duration.ofMinutes(10);

  /** A bridge that nobody has trained, with biases of the neurons. */
  private static final String A_BRIDGE =
      """
      import torch
      from transformer_lens import TransformerBridge, TransformerBridgeConfig
      torch.manual_seed(3)
      bridge = TransformerBridge.boot_native(TransformerBridgeConfig(
          n_layers=1, n_ctx=3, d_vocab=114, d_model=128, n_heads=4, d_head=32, d_mlp=512,
          act_fn="relu", normalization_type=None))
      with torch.no_grad():
          for name, weight in bridge.named_parameters():
              if ".mlp." in name and name.endswith("bias"):
                  weight.normal_()
      train = [(0, 0), (1, 7), (112, 112), (5, 0)]
      """;

  /**
   * Its logits at the last position, of all questions; in float64, so that none is rounded away.
   */
  private static final String LOGITS =
      """

      import torch
      from safetensors.torch import save_file
      pairs = torch.cartesian_prod(torch.arange(113), torch.arange(113))
      asked = torch.cat([pairs, torch.full((113 * 113, 1), 113)], dim=1)
      with torch.no_grad():
          logits = bridge.to(torch.float64)(asked)[:, -1].contiguous()
      save_file({"logits": logits}, "logits.safetensors")
      """;

  private static Path python;

  @TempDir Path folder;

  /** GROKSCOPE_INTEROP_PYTHON names a Python that has the packages already. */
  @BeforeAll
  static void installed() throws IOException, InterruptedException {
    String given = System.getenv("GROKSCOPE_INTEROP_PYTHON");
    if (given != null) {
      python = Path.of(given);
      return;
    }
    CommandResult result =
        CommandResult.of(VirtualEnvironment.entryScript("setup", "--interop"), INSTALLING);
    assertEquals(0, result.exit(), result::everything);
    python = VirtualEnvironment.PROJECT.resolve("environment/.venv-interop/bin/python");
  }

  /** What src/README.md shows between a mark and the next paragraph, in one language. */
  private static String readme(String mark, String language) throws IOException {
    String readme = Files.readString(VirtualEnvironment.PROJECT.resolve("src/README.md"));
    Matcher shown =
        Pattern.compile(
                "<!-- " + mark + ": [^\n]* -->\n\n((?:```\\w+\n.*?\n```\n\n)+)", Pattern.DOTALL)
            .matcher(readme);
    assertTrue(shown.find(), "src/README.md has no mark " + mark);
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(shown.group(1));
    assertTrue(block.find(), "src/README.md shows no " + language + " " + mark);
    return block.group(1);
  }

  private void runPython(String... parts) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("script.py"), String.join("\n", parts));
    ProcessBuilder builder = new ProcessBuilder(python.toString(), script.toString());
    builder.environment().put("HF_HUB_OFFLINE", "1");
    CommandResult result = CommandResult.of(builder.directory(folder.toFile()), RUNNING);
    assertEquals(0, result.exit(), result::everything);
  }

  private static void runCommand(List<String> words) {
    StringWriter err = new StringWriter();
    int code =
        Grokscope.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute(words.toArray(String[]::new));
    assertEquals(Grokscope.OK, code, err::toString);
    assertEquals("", err.toString());
  }

  /** That a checkpoint answers all questions as Python did. */
  private void assertSameLogits(Checkpoint checkpoint) {
    double[] expected =
        SafeTensors.read(folder.resolve("logits.safetensors")).get("logits").doubles();
    int[] rows = IntStream.range(0, 113 * 113).toArray();
    try (ReferenceTransformer model =
        ReferenceTransformer.of(checkpoint.config(), checkpoint.parameters(), DataType.DOUBLE)) {
      double[] actual = doubles(model.logits(checkpoint.table().questions(rows)));
      assertClose("logits", expected, actual, 0, 1e-5);
    }
  }

  @Test
  void from_transformer_lens_by_the_words_of_the_readme() throws Exception {
    runPython(A_BRIDGE, readme("from TransformerLens", "python"), LOGITS);
    Checkpoint checkpoint = Checkpoint.load(folder.resolve("mine.safetensors"));
    assertArrayEquals(new int[] {0, 120, 112 * 113 + 112, 565}, checkpoint.trainRows());
    assertEquals(List.of(), checkpoint.leftOut());
    assertSameLogits(checkpoint);
  }

  @Test
  void to_transformer_lens_by_the_words_of_the_readme() throws Exception {
    Path ours = folder.resolve("ours.safetensors");
    String command = readme("to TransformerLens", "sh").strip();
    assertTrue(command.startsWith("environment/grokscope convert "), command);
    runCommand(
        Stream.of(command.split(" +"))
            .skip(1)
            .map(word -> word.equals("ours.safetensors") ? ours.toString() : word)
            .toList());
    runPython(readme("to TransformerLens", "python"), LOGITS, SAVED_AGAIN);
    assertSameLogits(Checkpoint.load(GROKKED));
    Path before = folder.resolve("before.npz");
    Path after = folder.resolve("after.npz");
    Checkpoint.load(GROKKED).save(before);
    Checkpoint.load(folder.resolve("again.safetensors")).save(after);
    assertArrayEquals(Files.readAllBytes(before), Files.readAllBytes(after));
  }

  /** Python's own reading and writing of a whole file. */
  private static final String SAVED_AGAIN =
      """

      from safetensors import safe_open
      with safe_open("ours.safetensors", "pt") as file:
          texts = file.metadata()
      save_file(load_file("ours.safetensors"), "again.safetensors", metadata=texts)
      """;

  /** The names of the versions before, by the converter that version 4 has for them. */
  @Test
  void to_transformer_lens_by_the_older_names() throws Exception {
    runCommand(
        List.of(
            "convert",
            GROKKED.toString(),
            folder.resolve("older.safetensors").toString(),
            "--names",
            "transformer-lens"));
    runPython(
        A_BRIDGE,
        """
        from safetensors.torch import load_file
        from transformer_lens.utilities.tl_checkpoint_conversion import convert_tl_checkpoint
        older = {name: array for name, array in load_file("older.safetensors").items() if "." in name}
        bridge.load_state_dict(convert_tl_checkpoint(older, bridge.cfg), strict=True)
        """,
        LOGITS);
    assertSameLogits(Checkpoint.load(GROKKED));
  }
}
