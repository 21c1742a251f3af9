package org.grokscope.plot;

import java.util.concurrent.atomic.AtomicReference;

/** The one display of this process. */
final class InstalledDisplay {
  private static final Display NOWHERE =
      figure -> {
        throw new IllegalStateException(
            "show: no notebook is listening for figures; expected Notebook.start() in a notebook's"
                + " first cell; outside a notebook, write figure().toJson() to a file instead");
      };
  private static final AtomicReference<Display> CURRENT = new AtomicReference<>(NOWHERE);

  private InstalledDisplay() {}

  static void set(Display display) {
    CURRENT.set(display);
  }

  static Display get() {
    return CURRENT.get();
  }

  static void reset() {
    CURRENT.set(NOWHERE);
  }
}
