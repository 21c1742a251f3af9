package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelMachineTest {
  private static final long GIGABYTE = 1L << 30;

  @Test
  void nothing_is_said_where_all_is_well() {
    assertEquals(List.of(), new KernelMachine(2 * GIGABYTE, null).remarks());
  }

  @Test
  void each_thing_that_is_amiss_is_one_line_with_what_to_do() {
    List<String> remarks = new KernelMachine(GIGABYTE / 4, "ZEN").remarks();
    assertEquals(2, remarks.size());
    assertTrue(remarks.get(0).startsWith("This kernel may use 256 MB"), remarks::toString);
    assertTrue(remarks.get(0).contains("JAVA_TOOL_OPTIONS=-Xmx2g"), remarks::toString);
    assertTrue(remarks.get(1).startsWith("OPENBLAS_CORETYPE is ZEN"), remarks::toString);
  }

  @Test
  void this_jvm_is_read() {
    KernelMachine here = KernelMachine.here(Map.of("OPENBLAS_CORETYPE", "HASWELL"));
    assertEquals(Runtime.getRuntime().maxMemory(), here.heap());
    assertEquals("HASWELL", here.coreType());
    assertEquals(null, KernelMachine.here(Map.of()).coreType());
  }
}
