package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the text of all cells is such that JJava and IJava run it alike. */
class PortableCellsTest {
  /** Those that both kernels have, with the same meaning. */
  private static final Set<String> MAGICS = Set.of("load", "classpath");

  private static final Pattern COMMENT_OR_TEXT =
      Pattern.compile(
          "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+'|//[^\n]*|/\\*.*?\\*/",
          Pattern.DOTALL);

  /** Where a kernel sees a magic, even in {@code x =\n % 3}. */
  private static final Pattern MAGIC = Pattern.compile("(?m)(?:^|=)\\s*%(%?\\w*)");

  /** Kernels' own packages, and what they put before a cell without being asked. */
  private static final Pattern KERNEL =
      Pattern.compile(
          "org\\.dflib|io\\.github\\.spencerpark|\\bjjava\\b|\\bijava\\b"
              + "|\\b(?:display|updateDisplay|render|lineMagic|cellMagic)\\s*\\(",
          Pattern.CASE_INSENSITIVE);

  /**
   * A sealed type with its records in one cell, or two types that need each other: not on IJava.
   */
  private static final Pattern TYPE =
      Pattern.compile("(?<!\\.)\\b(?:class|interface|enum|record)\\s+([A-Z]\\w*)|\\bsealed\\b");

  private static List<String> problems(String source) {
    String code = COMMENT_OR_TEXT.matcher(source).replaceAll("\"\"");
    List<String> problems = new ArrayList<>();
    for (Matcher magic = MAGIC.matcher(code); magic.find(); ) {
      if (!MAGICS.contains(magic.group(1))) {
        problems.add("a magic %" + magic.group(1) + "; both kernels have " + MAGICS);
      }
    }
    for (Matcher kernel = KERNEL.matcher(code); kernel.find(); ) {
      problems.add(kernel.group() + " belongs to one kernel");
    }
    for (Matcher type = TYPE.matcher(code); type.find(); ) {
      problems.add("declares a type: " + type.group());
    }
    return problems;
  }

  @Test
  void every_cell_of_every_notebook_runs_on_both_kernels() throws Exception {
    List<String> found = new ArrayList<>();
    List<StoredNotebook> notebooks = StoredNotebook.readAll(Python.PROJECT.resolve("notebooks"));
    assertFalse(notebooks.isEmpty());
    for (StoredNotebook notebook : notebooks) {
      for (StoredNotebook.Cell cell : notebook.code().toList()) {
        for (String problem : problems(cell.source())) {
          found.add(notebook.name() + ", " + cell.words() + ": " + problem);
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void so_does_the_set_up() throws Exception {
    String setUp = Files.readString(Python.PROJECT.resolve("environment/grokscope.jshell"));
    assertEquals(List.of(), problems(setUp));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "%maven a:b:1                                  | a magic %maven",
        "var jars = %jars *.jar                        | a magic %jars",
        "%%loadFromPOM                                 | a magic %%loadFromPOM",
        "`var odd = a\n    % 2;`                       | a magic %",
        "import org.dflib.jjava.Env;                   | org.dflib belongs to one kernel",
        "io.github.spencerpark.ijava.IJava.getKernelInstance() | io.github.spencerpark belongs",
        "display(table)                                | display( belongs to one kernel",
        "record Pair(int a, int b) {}                  | declares a type: record Pair",
        "sealed interface Shape {}                     | declares a type: sealed",
        "class Own { }                                 | declares a type: class Own",
      })
  void what_one_kernel_would_not_run_is_found(String source, String problem) {
    List<String> problems = problems(source);
    assertFalse(problems.isEmpty(), source);
    assertEquals(problem, problems.get(0).substring(0, problem.length()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%load ../environment/grokscope.jshell",
        "ledger.record(\"A1\", \"class Own, record Pair, %maven\", 7 % 3);   // display(it)",
        "int.class.getName() + TinyProgram.class",
        "String.format(\"p=%d\", 3)",
      })
  void what_only_looks_like_it_is_not(String source) {
    assertEquals(List.of(), problems(source));
  }
}
