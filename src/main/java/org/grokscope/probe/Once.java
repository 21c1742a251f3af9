package org.grokscope.probe;

import java.util.function.Supplier;

/** A value computed when it is first asked for, and then kept. */
final class Once<T> {
  private Supplier<T> work; // null once done
  private T value;

  Once(Supplier<T> work) {
    this.work = work;
  }

  synchronized T get() {
    if (work != null) {
      value = work.get();
      work = null;
    }
    return value;
  }
}
