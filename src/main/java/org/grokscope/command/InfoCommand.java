package org.grokscope.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.grokscope.model.Blas;
import org.grokscope.model.CoreType;
import org.grokscope.model.MatrixProducts;
import org.grokscope.train.RunHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code grokscope info}: what is in force on this machine. */
@Command(
    name = "info",
    description = "Tells versions, cores, the BLAS in force and its measured speed.",
    mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Versions versions = new Versions();
    line("grokscope", versions.of("grokscope"));
    line("java", System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
    line("system", System.getProperty("os.name") + ", " + System.getProperty("os.arch"));
    line("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    line("nd4j", versions.of("nd4j"));
    line("tablesaw", versions.of("tablesaw"));
    line("products", MatrixProducts.description());
    if (MatrixProducts.areNative()) {
      blas();
    }
    line("runs", RunHome.summary());
    return Grokscope.OK;
  }

  /** The native products. */
  private void blas() {
    CoreType core = CoreType.here();
    line("blas", Blas.description());
    line("blas core type", core.name() + (core.isPinned() ? ", pinned by OPENBLAS_CORETYPE" : ""));
    core.cautions().forEach(caution -> line("blas caution", caution));
    spec.commandLine().getOut().flush(); // a product may end the process, as a caution says
    line("blas threads", "1 (Grokscope divides the work itself)");
    line("sgemm", String.format(Locale.ROOT, "%.1f GFLOP/s on one thread", Blas.gigaflops()));
  }

  private void line(String name, String value) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(String.format(Locale.ROOT, "%-15s %s", name, value));
  }
}
