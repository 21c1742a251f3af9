package org.grokscope.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CoreTypeTest {
  private static final String LINUX = "linux-x86_64";
  private static final Set<String> OLD = Set.of("sse2");
  private static final Set<String> USUAL = Set.of("sse2", "avx", "avx2", "fma");
  private static final Set<String> WIDE = Set.of("sse2", "avx", "avx2", "avx512f", "avx512vl");

  private static String caution(String name, String pinned, Set<String> instructions) {
    List<String> cautions = new CoreType(name, pinned, instructions, LINUX).cautions();
    assertEquals(1, cautions.size(), cautions::toString);
    return cautions.get(0);
  }

  private static void quiet(String name, String pinned, Set<String> instructions, String platform) {
    assertEquals(List.of(), new CoreType(name, pinned, instructions, platform).cautions(), name);
  }

  @Test
  void says_nothing_of_kernels_as_wide_as_the_processor() {
    quiet("Prescott", "", OLD, LINUX);
    quiet("Zen", "", USUAL, LINUX);
    quiet("Haswell", "haswell", USUAL, LINUX);
    quiet("SkylakeX", "", WIDE, LINUX);
    quiet("Cooperlake", "", WIDE, LINUX);
    quiet("Haswell", "", Set.of(), "macosx-x86_64"); // where nothing tells the instructions
  }

  @Test
  void says_nothing_of_a_core_type_that_it_has_not_heard_of() {
    quiet("Zen9", "", WIDE, LINUX);
    quiet("unknown", "", WIDE, LINUX);
  }

  @Test
  void a_processor_that_openblas_does_not_know_is_slow() {
    assertEquals(
        "slow: OpenBLAS does not know this processor and uses SSE, although it has AVX-512",
        caution("Prescott", "", WIDE));
    assertEquals(
        "slow: OpenBLAS does not know this processor and uses AVX2, although it has AVX-512",
        caution("Haswell", "", WIDE));
  }

  @Test
  void one_that_is_held_to_less_by_hand_is_slow() {
    assertEquals(
        "slow: OPENBLAS_CORETYPE holds products to AVX, and this processor has AVX2; unset it",
        caution("Sandybridge", "SANDYBRIDGE", USUAL));
  }

  @Test
  void one_that_is_asked_for_more_than_it_can_is_wrong() {
    String caution = caution("SkylakeX", "SkylakeX", USUAL);
    assertTrue(caution.startsWith("wrong: OPENBLAS_CORETYPE asks for AVX-512"), caution);
    assertTrue(caution.contains("no more than AVX2"), caution);
  }

  @Test
  void a_name_that_openblas_does_not_take_is_told() {
    assertEquals(
        "OPENBLAS_CORETYPE is Zebra, which this OpenBLAS cannot take; it chose Haswell; unset it",
        caution("Haswell", "Zebra", USUAL));
    assertFalse(new CoreType("Haswell", "Zebra", USUAL, LINUX).isPinned());
    assertFalse(new CoreType("Haswell", "", USUAL, LINUX).isPinned());
    assertTrue(new CoreType("Haswell", "HASWELL", USUAL, LINUX).isPinned());
  }

  @Test
  void arm_is_slow_and_that_of_apple_perhaps_wrong() {
    List<String> linux = new CoreType("ARMV8", "", Set.of(), "linux-arm64").cautions();
    assertEquals(1, linux.size(), linux::toString);
    assertTrue(linux.get(0).startsWith("slow: "), linux::toString);
    List<String> apple = new CoreType("ARMV8", "", Set.of(), "macosx-arm64").cautions();
    assertEquals(linux.get(0), apple.get(0));
    assertTrue(apple.get(1).startsWith("maybe wrong: "), apple::toString);
  }

  @Test
  void reads_the_first_processors_instructions() {
    String two = "processor\t: 0\nflags\t\t: fpu sse2 avx \nbogomips: 5\n\nflags : other\n";
    assertEquals(Set.of("fpu", "sse2", "avx"), CoreType.instructions(two));
    assertEquals(Set.of(), CoreType.instructions("Features : fp asimd\n"));
    assertEquals(Set.of(), CoreType.instructions(""));
  }

  @Test
  void this_machine_has_one() {
    CoreType here = CoreType.here();
    assertEquals(Blas.coreType(), here.name());
    assertFalse(here.name().isBlank());
    assertFalse(here.platform().isBlank());
  }
}
