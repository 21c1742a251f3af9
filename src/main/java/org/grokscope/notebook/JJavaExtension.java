package org.grokscope.notebook;

import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/**
 * What JJava finds by itself as soon as the library is on a notebook's class path (through {@code
 * META-INF/services}), so that not even {@link Notebook#start()} is needed there.
 */
public final class JJavaExtension implements Extension {

  @Override
  public void install(BaseKernel kernel) {
    Notebook.connect(new Kernel(kernel));
  }
}
