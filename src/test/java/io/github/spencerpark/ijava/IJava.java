package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Starts a small kernel on IJava's base under the name by which the library looks for IJava, which
 * no package registry carries. It runs as Jupyter runs IJava: as a process of its own, spoken to
 * over sockets.
 */
public final class IJava {
  private static SmallJavaKernel kernel;

  private IJava() {}

  /** The running kernel, as the library asks for it; null where none runs. */
  public static BaseKernel getKernelInstance() {
    return kernel;
  }

  /** What a magic in a cell becomes. */
  public static void magic(String name, String... arguments) throws Exception {
    kernel.magic(name, arguments);
  }

  /** Serves one client until it says goodbye; the argument is the connection file. */
  public static void main(String[] arguments) throws Exception {
    String ports = Files.readString(Path.of(arguments[0]));
    JupyterConnection connection = new JupyterConnection(KernelConnectionProperties.parse(ports));
    kernel = new SmallJavaKernel();
    kernel.becomeHandlerForConnection(connection);
    connection.connect();
    connection.waitUntilClose();
  }
}
