package org.grokscope.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.grokscope.model.Activation;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.task.ModularAddition;
import org.grokscope.task.Split;
import org.junit.jupiter.api.function.Executable;

/** The tiny model of make_numpy_fixtures.py, and the files that script made. */
public final class Fixtures {
  public static final int P = 3;
  public static final ModelShape SHAPE =
      ModelShape.uniform(1, 4, 2, 3, 5, Activation.RELU, false, true);
  public static final ModelConfig CONFIG = new ModelConfig(SHAPE, P + 1, P + 1, 3);

  private Fixtures() {}

  /** A file that NumPy wrote. */
  public static Path numpy(String name) {
    try {
      return Path.of(Fixtures.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  public static byte[] numpyBytes(String name) throws IOException {
    try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  /** The weights of make_numpy_fixtures.py: ((7·s + 3·i) mod 41 − 20) / 64. */
  public static Parameters weights(ModelConfig config) {
    Parameters parameters = Parameters.zeros(config.layout());
    List<ParameterLayout.Slot> slots = parameters.layout().slots();
    for (int s = 0; s < slots.size(); s++) {
      for (int i = 0; i < slots.get(s).length(); i++) {
        parameters.values()[slots.get(s).offset() + i] = ((7 * s + 3 * i) % 41 - 20) / 64f;
      }
    }
    return parameters;
  }

  public static Split split() {
    return ModularAddition.mod(P).split(0.5, 0);
  }

  public static Checkpoint checkpoint(long epoch) {
    return Checkpoint.of(split(), CONFIG, weights(CONFIG), epoch, "{}");
  }

  /** That the message of what is thrown holds every one of the parts. */
  public static <T extends Throwable> T assertMessage(
      Class<T> type, Executable action, Object... parts) {
    T thrown = assertThrows(type, action);
    for (Object part : parts) {
      assertTrue(
          thrown.getMessage().contains(part.toString()),
          () -> "expected '" + part + "' in: " + thrown.getMessage());
    }
    return thrown;
  }

  /**
   * That a checkpoint changed in one array is not read, for that array, with the parts as above.
   */
  static void assertRefused(
      Path folder,
      Checkpoint checkpoint,
      Consumer<LinkedHashMap<String, NpyArray>> change,
      String array,
      Object... parts) {
    LinkedHashMap<String, NpyArray> arrays = checkpoint.arrays();
    change.accept(arrays);
    Path file = folder.resolve("a.npz");
    Npz.write(file, arrays);
    CheckpointException thrown =
        assertMessage(CheckpointException.class, () -> Checkpoint.load(file), parts);
    String start = "checkpoint " + file + ": array " + array + ": ";
    assertEquals(start, thrown.getMessage().substring(0, start.length()), thrown.getMessage());
  }

  /** That a folder holds just these files, hidden ones counted. */
  public static void assertFiles(Path folder, String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of(names), files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
