package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ServiceLoader;
import org.dflib.jjava.jupyter.Extension;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class JJavaKernelTest extends KernelContract {
  @Override
  CellFixture fixture() {
    return new JJavaFixture();
  }

  @Test
  void jjava_finds_the_renderers_by_itself() {
    JJavaFixture fixture = new JJavaFixture();
    ServiceLoader.load(Extension.class).stream()
        .filter(provider -> provider.type() == JJavaExtension.class)
        .map(ServiceLoader.Provider::get)
        .forEach(extension -> extension.install(fixture.kernel()));
    assertTrue(CellFixture.data(fixture.render(Table.create("t"))).containsKey("text/html"));
  }
}
