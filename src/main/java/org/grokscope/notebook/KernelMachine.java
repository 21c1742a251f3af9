package org.grokscope.notebook;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The JVM in which a kernel runs, as far as the library depends on it. The checkout's own command
 * sets all of it; a kernel of the user's own may differ.
 *
 * @param heap the bytes that the JVM may use
 * @param coreType the value of OPENBLAS_CORETYPE, or null
 * @param nativeAccess whether the JVM loads native code without a warning
 */
record KernelMachine(long heap, String coreType, boolean nativeAccess) {
  private static final long MEGABYTE = 1L << 20;

  /** Enough for the models of the notebooks; their own kernel has 2 GB. */
  private static final long ENOUGH = 768 * MEGABYTE;

  /** The JVM of this process. */
  static KernelMachine here(Map<String, String> environment) {
    return new KernelMachine(
        Runtime.getRuntime().maxMemory(), environment.get("OPENBLAS_CORETYPE"), loadsSilently());
  }

  /** From Java 24 on a JVM warns when native code is loaded, unless it was told to expect it. */
  private static boolean loadsSilently() {
    if (Runtime.version().feature() < 24) {
      return true;
    }
    try {
      return (Boolean)
          Module.class
              .getMethod("isNativeAccessEnabled")
              .invoke(KernelMachine.class.getClassLoader().getUnnamedModule());
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("notebook: this Java does not tell its native access", e);
    }
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
    if (!nativeAccess) {
      remarks.add(
          "Java will warn that native code is loaded; that is harmless. To be rid of the warning,"
              + " start Jupyter with JAVA_TOOL_OPTIONS=--enable-native-access=ALL-UNNAMED in its"
              + " environment.");
    }
    return remarks;
  }
}
