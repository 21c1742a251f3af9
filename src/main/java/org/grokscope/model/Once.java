package org.grokscope.model;

import java.util.function.Supplier;

/** A value computed when it is first asked for, and then kept. */
public final class Once<T> {
  private Supplier<T> work; // null once done
  private T value;

  /** Of work that is done once at most. */
  public Once(Supplier<T> work) {
    this.work = work;
  }

  /** The value, computed now if it was not yet. */
  public synchronized T get() {
    if (work != null) {
      value = work.get();
      work = null;
    }
    return value;
  }
}
