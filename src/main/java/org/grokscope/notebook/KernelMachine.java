package org.grokscope.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The JVM in which a kernel runs, as far as the library depends on it. The checkout's own command
 * starts kernels as the library likes them; a kernel of the user's own may differ.
 *
 * @param heap the bytes that the JVM may use
 * @param coreType the value of OPENBLAS_CORETYPE, or null
 */
record KernelMachine(long heap, String coreType) {
  private static final long MEGABYTE = 1L << 20;

  /** Enough for the models of the notebooks; the kernels of the checkout have 2 GB. */
  private static final long ENOUGH = 768 * MEGABYTE;

  /** The JVM of this process. */
  static KernelMachine here(Map<String, String> environment) {
    return new KernelMachine(
        Runtime.getRuntime().maxMemory(), environment.get("OPENBLAS_CORETYPE"));
  }

  /** What a user should know before the first training, a line each; none if all is well. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (heap < ENOUGH) {
      remarks.add(
          "This kernel may use "
              + heap / MEGABYTE
              + " MB, which is little: start Jupyter with JAVA_TOOL_OPTIONS=-Xmx2g in its"
              + " environment.");
    }
    if (coreType != null) {
      remarks.add(
          "OPENBLAS_CORETYPE is "
              + coreType
              + ", so that products of matrices use the code of that CPU and not of yours: start"
              + " Jupyter without it.");
    }
    return remarks;
  }
}
