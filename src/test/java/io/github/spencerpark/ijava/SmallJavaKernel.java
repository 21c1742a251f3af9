package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.magic.LineMagicParseContext;
import io.github.spencerpark.jupyter.kernel.magic.MagicParser;
import io.github.spencerpark.jupyter.kernel.magic.common.Load;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import io.github.spencerpark.jupyter.kernel.util.GlobFinder;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * Evaluates cells by JShell in this JVM, with the magics {@code %load} and {@code %classpath};
 * public as the real one is.
 */
public final class SmallJavaKernel extends BaseKernel {
  /** Where IJava sees a magic: at the beginning of a line or of an assigned value. */
  private static final MagicParser PARSER = new MagicParser("(?<=(?:^|=))\\s*%", "%%");

  /** Snippets whose value a cell shows, if it ends with one. */
  private static final List<Snippet.SubKind> SHOWN =
      List.of(
          Snippet.SubKind.VAR_VALUE_SUBKIND,
          Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND,
          Snippet.SubKind.OTHER_EXPRESSION_SUBKIND);

  /** A cell that does not compile. */
  static final class CompilationException extends Exception {
    private static final long serialVersionUID = 1;

    CompilationException(String message) {
      super(message);
    }
  }

  /** Runs snippets on the kernel's own thread and keeps their value itself, not its text. */
  private static final class Snippets extends DirectExecutionControl
      implements ExecutionControlProvider {
    private Object value;

    @Override
    protected String invoke(Method snippet) throws Exception {
      value = snippet.invoke(null);
      return "";
    }

    @Override
    public String name() {
      return "snippets of a kernel";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
      return this;
    }
  }

  private final Snippets snippets = new Snippets();
  private final JShell shell = JShell.builder().executionEngine(snippets, Map.of()).build();
  private final Magics magics = new Magics();
  private volatile Thread evaluating;

  SmallJavaKernel() {
    magics.registerMagics(new Load(List.of(".jshell", ".java"), this::run));
    magics.registerLineMagic(
        "classpath",
        patterns -> {
          for (String pattern : patterns) {
            for (Path found : new GlobFinder(pattern).computeMatchingPaths()) {
              shell.addToClasspath(found.toAbsolutePath().toString());
            }
          }
          return null;
        });
  }

  void magic(String name, String... arguments) throws Exception {
    magics.applyLineMagic(name, List.of(arguments));
  }

  @Override
  public DisplayData eval(String cell) throws Exception {
    Thread outer = evaluating; // of the cell whose code asks for this
    evaluating = Thread.currentThread();
    try {
      Object value = run(cell);
      return value == null ? null : getRenderer().render(value);
    } finally {
      evaluating = outer;
    }
  }

  @Override
  public void interrupt() {
    Thread thread = evaluating;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Runs a text snippet by snippet and gives the value of the last one, or null. */
  private Object run(String text) throws Exception {
    Object last = null;
    String rest = PARSER.transformLineMagics(text, SmallJavaKernel::asJava);
    while (true) {
      CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      if (next.completeness() == Completeness.EMPTY) {
        return last;
      }
      if (!next.completeness().isComplete()) {
        throw new CompilationException("not a whole statement: " + rest);
      }
      last = runOne(next.source());
      rest = next.remaining();
    }
  }

  private Object runOne(String source) throws Exception {
    Object shown = null;
    for (SnippetEvent event : shell.eval(source)) {
      if (event.causeSnippet() != null) {
        continue; // an earlier snippet that this one changed
      }
      if (event.exception() != null) {
        throw event.exception();
      }
      if (!event.status().isDefined()) {
        throw new CompilationException(
            shell
                .diagnostics(event.snippet())
                .map(diagnostic -> diagnostic.getMessage(null))
                .collect(Collectors.joining("\n", source + "\n", "")));
      }
      shown = SHOWN.contains(event.snippet().subKind()) ? snippets.value : null;
    }
    return shown;
  }

  /** A magic as a statement; a percent sign within a text is none. */
  private static String asJava(LineMagicParseContext found) {
    String before = found.getLinePrefix().replace("\\\"", "");
    if (before.chars().filter(c -> c == '"').count() % 2 == 1) {
      return found.getRaw();
    }
    return Stream.concat(
            Stream.of(found.getMagicCall().getName()), found.getMagicCall().getArgs().stream())
        .map(word -> '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(", ", IJava.class.getName() + ".magic(", ");"));
  }

  @Override
  public LanguageInfo getLanguageInfo() {
    return new LanguageInfo.Builder("Java")
        .version(Runtime.version().toString())
        .mimetype("text/x-java-source")
        .fileExtension(".jshell")
        .pygments("java")
        .codemirror("java")
        .build();
  }

  @Override
  public void onShutdown(boolean isRestarting) {
    shell.close();
  }
}
