package org.grokscope.notebook;

import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.Message;

/** The classes that IJava is built on. */
final class IJavaFixture extends CellFixture {

  /** As small as an IJava kernel can be; public as the real ones are. */
  public static final class SmallKernel extends BaseKernel {
    @Override
    public DisplayData eval(String source) {
      return new DisplayData(source);
    }

    @Override
    public LanguageInfo getLanguageInfo() {
      return new LanguageInfo.Builder("small").build();
    }
  }

  /** Hears what is published; public as the real one is. */
  public final class Environment extends ShellReplyEnvironment {
    Environment() {
      super(null, null, null, null);
    }

    @Override
    public void publish(Message<?> message) {
      IJavaFixture.this.publish(message.getContent());
    }
  }

  private final SmallKernel kernel = new SmallKernel();

  @Override
  Object kernel() {
    return kernel;
  }

  @Override
  Object render(Object value) {
    return kernel.getRenderer().render(value);
  }

  @Override
  Object renderAs(Object value, String type) {
    return kernel.getRenderer().renderAs(value, type);
  }

  @Override
  Object environment() {
    return new Environment();
  }
}
