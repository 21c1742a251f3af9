package org.grokscope.notebook;

class IJavaKernelTest extends KernelContract {
  @Override
  CellFixture fixture() {
    return new IJavaFixture();
  }
}
