package org.grokscope.notebook;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.dflib.jjava.jupyter.messages.Message;

/** JJava's classes. */
final class JJavaFixture extends CellFixture {

  /** As small as a JJava kernel can be; public as the real ones are. */
  public static final class SmallKernel extends BaseKernel {
    SmallKernel() {
      super(
          "small",
          "1",
          null,
          List.of(),
          null,
          new JupyterIO(StandardCharsets.UTF_8),
          new CommManager(),
          new Renderer(),
          null,
          new MagicsRegistry(),
          false,
          new StringStyler("", "", "", line -> ""));
    }

    @Override
    public Object evalRaw(String source) {
      return source;
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
      return DisplayData.EMPTY;
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
      return new ReplacementOptions(List.of(), at, at);
    }

    @Override
    public String isComplete(String code) {
      return BaseKernel.IS_COMPLETE_YES;
    }
  }

  /** Hears what is published; public as the real one is. */
  public final class Environment extends ShellReplyEnvironment {
    Environment() {
      super(null, null, null, null);
    }

    @Override
    public void publish(Message<?> message) {
      JJavaFixture.this.publish(message.getContent());
    }
  }

  private final SmallKernel kernel = new SmallKernel();

  @Override
  BaseKernel kernel() {
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
