package org.grokscope.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grokscope.checkpoint.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertCommandTest {
  private static final Path GROKKED =
      Path.of("src/test/resources/org/grokscope/probe/two-layers-7.npz");
  private static final Path OF_PYTHON =
      Path.of("src/test/resources/org/grokscope/checkpoint/transformer-lens-3.safetensors");

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();

  private int convert(Object... arguments) {
    return run("convert", arguments);
  }

  private int run(String command, Object... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    List.of(arguments).forEach(argument -> all.add(argument.toString()));
    return Grokscope.commandLine()
        .setOut(new PrintWriter(new StringWriter(), true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "own, blocks.0.W_Q",
    "transformer-lens, blocks.0.attn.W_Q",
    "transformer-lens-4, blocks.0.attn.q.weight"
  })
  void goes_to_safetensors_and_back_to_the_very_file(String names, String weight)
      throws IOException {
    Path first = folder.resolve("first.npz");
    Path there = folder.resolve("there.safetensors");
    Path back = folder.resolve("back.npz");
    assertEquals(Grokscope.OK, convert(GROKKED, first), err::toString);
    assertEquals(Grokscope.OK, convert(first, there, "--names", names), err::toString);
    assertTrue(SafeTensors.read(there).containsKey(weight));
    assertEquals(Grokscope.OK, convert(there, back), err::toString);
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(back));
    assertEquals("", err.toString());
    assertEquals(Grokscope.OK, run("probe", there, "--metrics", "loss"), err::toString);
  }

  @Test
  void says_what_it_leaves_out() {
    assertEquals(Grokscope.OK, convert(OF_PYTHON, folder.resolve("a.npz")));
    String said = err.toString();
    assertTrue(
        said.startsWith("grokscope convert: left out, for they are no part of a checkpoint: "),
        said);
    assertTrue(said.contains("blocks.1.attn.IGNORE") && said.contains("logits"), said);
    assertFalse(said.contains("W_Q") || said.contains("b_V"), said);
  }

  @Test
  void replaces_a_file_only_when_told() throws IOException {
    Path there = Files.writeString(folder.resolve("a.safetensors"), "mine");
    assertEquals(Grokscope.MISUSED, convert(GROKKED, there));
    assertTrue(err.toString().contains(there + ": there is a file already"), err::toString);
    assertEquals("mine", Files.readString(there));
    assertEquals(Grokscope.OK, convert(GROKKED, there, "--force"));
    assertTrue(SafeTensors.read(there).containsKey("W_E"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.pt", "a", "a.npy"})
  void knows_two_endings(String name) {
    for (Object[] files :
        new Object[][] {
          {GROKKED, folder.resolve(name)}, {folder.resolve(name), folder.resolve("b.npz")}
        }) {
      assertEquals(Grokscope.MISUSED, convert(files));
    }
    assertTrue(
        err.toString().contains(name + ": got a name that ends in neither .npz nor .safetensors"),
        err::toString);
  }

  @Test
  void leaves_nothing_behind_where_it_fails() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.safetensors"), "no tensors at all");
    Path there = folder.resolve("there.npz");
    assertEquals(Grokscope.FAILED, convert(broken, there));
    assertEquals(Grokscope.MISUSED, convert(GROKKED, there, "--names", "jax"));
    assertTrue(err.toString().contains("names: got jax, expected own, "), err::toString);
    assertTrue(Files.notExists(there));
  }
}
