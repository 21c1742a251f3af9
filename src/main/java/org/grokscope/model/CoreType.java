package org.grokscope.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The kind of processor that OpenBLAS takes this one for, beside what this one can do: whether the
 * matrix products that run here are known to be slow or wrong.
 *
 * <p>OpenBLAS has several kernels for each product, and chooses among them when it is loaded: by
 * the processor's model, by its instructions where it does not know the model, or by {@code
 * OPENBLAS_CORETYPE}.
 *
 * @param name what OpenBLAS says it chose, such as {@code Zen}
 * @param pinned the value of {@code OPENBLAS_CORETYPE}, empty if it is not set
 * @param instructions that this processor has, by the names that Linux gives them, such as {@code
 *     avx2}; empty where nothing tells them
 * @param platform operating system and architecture, such as {@code linux-x86_64}, by JavaCPP's
 *     names
 */
public record CoreType(String name, String pinned, Set<String> instructions, String platform) {
  private static final Path LINUX_TELLS = Path.of("/proc/cpuinfo");
  private static final String FLAGS = "flags";

  /** Sets of instructions, each with the flag of Linux that stands for it; later ones are wider. */
  private enum Width {
    SSE("SSE", "sse2"),
    AVX("AVX", "avx"),
    AVX2("AVX2", "avx2"),
    AVX512("AVX-512", "avx512vl"); // the flag that OpenBLAS asks for

    private final String called;
    private final String flag;

    Width(String called, String flag) {
      this.called = called;
      this.flag = flag;
    }
  }

  /** What the kernels of each core type use, as OpenBLAS builds them for x86-64. */
  private static final Map<String, Width> KERNELS =
      Map.ofEntries(
          Map.entry("prescott", Width.SSE),
          Map.entry("core2", Width.SSE),
          Map.entry("nehalem", Width.SSE),
          Map.entry("barcelona", Width.SSE),
          Map.entry("sandybridge", Width.AVX),
          Map.entry("bulldozer", Width.AVX),
          Map.entry("piledriver", Width.AVX),
          Map.entry("steamroller", Width.AVX),
          Map.entry("excavator", Width.AVX2),
          Map.entry("haswell", Width.AVX2),
          Map.entry("zen", Width.AVX2),
          Map.entry("skylakex", Width.AVX512),
          Map.entry("cooperlake", Width.AVX512),
          Map.entry("sapphirerapids", Width.AVX512));

  public CoreType {
    instructions = Set.copyOf(instructions);
  }

  /** The one in force in this process. */
  public static CoreType here() {
    String pinned = System.getenv("OPENBLAS_CORETYPE");
    return new CoreType(
        Blas.coreType(), pinned == null ? "" : pinned, instructionsHere(), Blas.platform());
  }

  private static Set<String> instructionsHere() {
    if (!Files.isReadable(LINUX_TELLS)) {
      return Set.of();
    }
    try {
      return instructions(Files.readString(LINUX_TELLS));
    } catch (IOException e) {
      return Set.of();
    }
  }

  /** The instructions of the first processor in a text of the form of {@code /proc/cpuinfo}. */
  static Set<String> instructions(String cpuinfo) {
    return cpuinfo
        .lines()
        .map(line -> line.split(":", 2))
        .filter(cells -> cells.length == 2 && cells[0].strip().equals(FLAGS))
        .findFirst()
        .map(cells -> Set.of(cells[1].strip().split("\\s+")))
        .orElse(Set.of());
  }

  /** Whether OpenBLAS took it because {@code OPENBLAS_CORETYPE} says so. */
  public boolean isPinned() {
    return pinned.equalsIgnoreCase(name);
  }

  /** What is known to be slow or wrong with it, a sentence each; nothing if all is well. */
  public List<String> cautions() {
    List<String> cautions = new ArrayList<>();
    if (!pinned.isEmpty() && !isPinned()) {
      cautions.add(
          "OPENBLAS_CORETYPE is %s, which this OpenBLAS cannot take; it chose %s; unset it"
              .formatted(pinned, name));
    }
    Width used = KERNELS.get(name.toLowerCase(Locale.ROOT));
    Width able = widest();
    if (used != null && able != null && used.compareTo(able) < 0) {
      cautions.add(
          isPinned()
              ? "slow: OPENBLAS_CORETYPE holds products to %s, and this processor has %s; unset it"
                  .formatted(used.called, able.called)
              : "slow: OpenBLAS does not know this processor and uses %s, although it has %s"
                  .formatted(used.called, able.called));
    }
    if (used != null && able != null && used.compareTo(able) > 0) {
      cautions.add(
          "wrong: OPENBLAS_CORETYPE asks for %s, this processor has no more than %s, and the next"
                  .formatted(used.called, able.called)
              + " product ends the process; unset it");
    }
    if (platform.endsWith("-arm64")) {
      cautions.add(
          "slow: this build of OpenBLAS has the kernels that every ARMv8 runs, and none for newer"
              + " ones");
    }
    if (platform.equals("macosx-arm64")) {
      // OpenBLAS 0.3.31 to 0.3.33, built by Clang for arm64: its issue 5825, mended by 5829
      cautions.add(
          "maybe wrong: versions 0.3.31 to 0.3.33 guard calls from several threads less well on"
              + " this kind of machine; train with one thread, or compare both first");
    }
    return List.copyOf(cautions);
  }

  /** The widest set that the processor has, or null if that is not known. */
  private Width widest() {
    Width widest = null;
    for (Width width : Width.values()) {
      if (instructions.contains(width.flag)) {
        widest = width;
      }
    }
    return widest;
  }
}
