package org.grokscope.model;

import java.util.List;
import org.bytedeco.javacpp.Loader;

/** Whether the class path has the native libraries of ND4J and OpenBLAS for this machine. */
public final class NativeCode {
  /** Where each library's jar keeps what is for one kind of machine. */
  private static final List<String> PLACES =
      List.of("org/nd4j/linalg/cpu/nativecpu/bindings/%s/", "org/bytedeco/openblas/%s/");

  private NativeCode() {}

  /**
   * Looks before a training does, whose own error would be harder to read.
   *
   * @throws IllegalStateException if some are missing; the message says what to add
   */
  public static void check() {
    check(Loader.getPlatform());
  }

  static void check(String platform) {
    ClassLoader classPath = NativeCode.class.getClassLoader();
    List<String> missing =
        PLACES.stream()
            .map(place -> place.formatted(platform))
            .filter(place -> classPath.getResource(place) == null)
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "native code: the class path has no "
              + String.join(" and no ", missing)
              + ", which ND4J needs on this machine; Maven and %maven pick it by themselves on Linux"
              + " and macOS (x86-64, arm64), elsewhere add the jars of org.nd4j:nd4j-native,"
              + " org.bytedeco:openblas and org.bytedeco:javacpp whose classifier is "
              + platform);
    }
  }
}
