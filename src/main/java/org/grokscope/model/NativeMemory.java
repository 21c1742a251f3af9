package org.grokscope.model;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.MemoryWorkspaceManager;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where ND4J puts its arrays: in a block of memory used again and again (an ND4J workspace, one a
 * thread), or in arrays that last until collected. Without the former, a training step leaves
 * hundreds of megabytes outside the heap, where the garbage collector does not see them.
 */
final class NativeMemory {
  private static final AtomicLong INSTANCES = new AtomicLong();
  private static final WorkspaceConfiguration CONFIGURATION =
      WorkspaceConfiguration.builder()
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policyAllocation(AllocationPolicy.STRICT)
          .policySpill(SpillPolicy.REALLOCATE)
          .build();

  private final String id;

  NativeMemory(String owner) {
    this.id = "grokscope-" + owner + "-" + INSTANCES.incrementAndGet();
  }

  /** Runs {@code work}; no array that it makes may be used afterwards. */
  @SuppressWarnings("try") // the workspace is used by being open
  <T> T reused(Supplier<T> work) {
    try (MemoryWorkspace open = manager().getAndActivateWorkspace(CONFIGURATION, id)) {
      return work.get();
    }
  }

  /** Runs {@code work}, whose arrays last, whatever workspace is open. */
  @SuppressWarnings("try")
  static <T> T lasting(Supplier<T> work) {
    try (MemoryWorkspace outside = manager().scopeOutOfWorkspaces()) {
      return work.get();
    }
  }

  /** Runs {@code work} and frees every array that it made but the one returned. */
  static INDArray passing(Supplier<INDArray> work) {
    NativeMemory once = new NativeMemory("once");
    try {
      return once.reused(
          () -> {
            INDArray result = work.get();
            return lasting(() -> result.dup('c'));
          });
    } finally {
      once.release();
    }
  }

  /** Gives this thread's block back. */
  void release() {
    if (manager().checkIfWorkspaceExists(id)) {
      manager().destroyWorkspace(manager().getWorkspaceForCurrentThread(id));
    }
  }

  private static MemoryWorkspaceManager manager() {
    return Nd4j.getWorkspaceManager();
  }
}
