package org.grokscope.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.grokscope.claim.LedgerTable;
import org.grokscope.model.NativeCode;
import org.grokscope.plot.Chart;
import org.grokscope.plot.Display;
import org.grokscope.series.ProbeListener;
import org.grokscope.series.ProbeSeries;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingListener;
import tech.tablesaw.api.Table;

/**
 * The notebook in which the library runs: tables, figures, trainings and measurements show
 * themselves.
 *
 * <p>The set-up cell of the project's own notebooks is one line, {@code %load
 * ../environment/grokscope.jshell}, the same on JJava and IJava; its last act is {@link #start()}.
 * A notebook in any other folder puts the library on its class path, on JJava by {@code %maven
 * org.grokscope:grokscope:VERSION}, and calls {@link #start()} itself.
 */
public final class Notebook {
  private static Kernel connected;
  private static Kernel started;

  private Notebook() {}

  /**
   * Makes this notebook show tables, figures and trainings, and imports the library's packages, so
   * that cells need no import of their own. If the kernel's JVM lacks something that the library
   * would like, a line says what to do. Running it again does nothing.
   *
   * @throws IllegalStateException outside a notebook, or if the class path has no native code of
   *     ND4J for this machine
   */
  public static synchronized void start() {
    Kernel kernel = Kernel.running().orElseThrow(Notebook::outside);
    if (started != null && started.is(kernel)) {
      return;
    }
    NativeCode.check();
    connect(kernel);
    Thread warming = Warmth.spread(); // beside the compiler, and over before a cell loads a class
    kernel.run(imports());
    Warmth.await(warming);
    KernelMachine.here(System.getenv()).remarks().forEach(kernel::display);
    started = kernel;
  }

  /** The lines of Java that every notebook begins with. */
  static String imports() {
    try (InputStream in = Notebook.class.getResourceAsStream("imports.jshell")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a kernel show what the library gives, once. */
  static synchronized void connect(Kernel kernel) {
    if (connected != null && connected.is(kernel)) {
      return;
    }
    kernel.render(Table.class, Set.of(MimeBundle.HTML, MimeBundle.TEXT), TableView::of);
    kernel.render(
        LedgerTable.class,
        Set.of(LedgerView.TYPE, MimeBundle.HTML, MimeBundle.TEXT),
        LedgerView::of);
    kernel.render(
        Chart.class,
        Set.of(MimeBundle.PLOTLY, MimeBundle.TEXT),
        chart -> MimeBundle.figure(chart.figure()));
    kernel.render(
        Documentation.class, Set.of(MimeBundle.HTML, MimeBundle.TEXT), Documentation::bundle);
    Display display = kernel::display;
    display.install();
    Trainer.listenByDefault(Notebook::progress);
    ProbeSeries.listenByDefault(Notebook::seriesProgress);
    connected = kernel;
  }

  /**
   * Shows a value now, in the middle of a cell, and returns nothing, so that a cell may end with
   * it.
   *
   * @param value a table, a figure, or anything the kernel can show
   * @throws IllegalStateException outside a notebook
   */
  public static void show(Object value) {
    kernel().display(value);
  }

  /**
   * A new progress bar for one training, in the output of the running cell.
   *
   * @throws IllegalStateException outside a notebook
   */
  public static TrainingListener progress() {
    return new TrainingProgress(kernel()::open, System::nanoTime);
  }

  /**
   * A new progress bar for one series of measurements, in the output of the running cell.
   *
   * @throws IllegalStateException outside a notebook
   */
  public static ProbeListener seriesProgress() {
    return new SeriesProgress(kernel()::open, System::nanoTime);
  }

  /**
   * What the library's comments say of one of its types, and what it has: {@code
   * Notebook.docs(Trainer.class)}.
   *
   * @throws IllegalArgumentException if the type is not the library's
   */
  public static Documentation docs(Class<?> type) {
    String name = type.getCanonicalName();
    return DocumentationSearch.of(name == null ? type.getName() : name);
  }

  /**
   * What the library's comments say of a type or of what it has: {@code
   * Notebook.docs("Trainer.train")}. All methods of that name are told.
   *
   * @param name as in {@code Trainer}, {@code History.Row} or {@code Trainer.train}, with the
   *     package or without it
   * @throws IllegalArgumentException if there is none of that name; the message has near ones
   */
  public static Documentation docs(String name) {
    return DocumentationSearch.of(name);
  }

  /**
   * Whether trainings are to be shortened for a smoke test: the environment says {@code
   * GROKSCOPE_QUICK=1}. A notebook in quick mode labels its results and gives no verdict.
   */
  public static boolean quick() {
    return quick(System.getenv());
  }

  static boolean quick(Map<String, String> environment) {
    return "1".equals(environment.get("GROKSCOPE_QUICK"));
  }

  private static synchronized Kernel kernel() {
    if (connected == null) {
      throw outside();
    }
    return connected;
  }

  private static IllegalStateException outside() {
    return new IllegalStateException(
        "notebook: no Java kernel is running here, expected a cell of a Jupyter notebook on JJava or"
            + " IJava; begin the notebook with %load ../environment/grokscope.jshell, or outside the"
            + " project with %maven org.grokscope:grokscope:VERSION");
  }
}
