package org.grokscope.model;

/**
 * Who shares out numbered pieces of work: a few threads, or the caller alone. Which thread does a
 * piece is left to chance, so pieces must write to places of their own; sums over pieces are then
 * taken in the order of their numbers.
 */
interface Workers extends AutoCloseable {

  /** One piece of work. */
  @FunctionalInterface
  interface Task {
    /**
     * @param index the piece's number
     * @param worker the number of the thread that does it, for its scratch memory
     */
    void run(int index, int worker);
  }

  /**
   * That many threads.
   *
   * @param count threads at work, the caller's own among them
   */
  static Workers of(int count) {
    return new WorkerThreads(count);
  }

  /** The caller's own thread and no other, where there are none, as in a browser. */
  static Workers alone() {
    return new Workers() {
      @Override
      public int count() {
        return 1;
      }

      @Override
      public void forEach(int pieces, Task task) {
        for (int i = 0; i < pieces; i++) {
          task.run(i, 0);
        }
      }

      @Override
      public void close() {
        // there is nothing to let go
      }
    };
  }

  /** Threads at work, the caller's own among them. */
  int count();

  /** Runs the pieces 0 … pieces−1 and returns when all are done. */
  void forEach(int pieces, Task task);

  /** Lets the threads go. */
  @Override
  void close();
}
