package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the notebooks in the repository show what their code gives, to readers of GitHub too. */
class CommittedNotebooksTest {

  private static List<StoredNotebook> committed() throws IOException {
    List<StoredNotebook> notebooks = StoredNotebook.readAll(Python.PROJECT.resolve("notebooks"));
    assertFalse(notebooks.isEmpty());
    return notebooks;
  }

  @Test
  void every_output_is_that_of_the_code_above_it() throws Exception {
    List<String> stale = new ArrayList<>();
    committed().forEach(notebook -> stale.addAll(notebook.staleCells()));
    assertEquals(List.of(), stale, () -> String.join("\n", stale));
  }

  @Test
  void every_figure_has_a_static_picture() throws Exception {
    List<String> bare = new ArrayList<>();
    committed().forEach(notebook -> bare.addAll(notebook.figuresWithoutPicture()));
    assertEquals(List.of(), bare, () -> String.join("\n", bare));
  }

  @Test
  void every_file_is_small_enough_to_be_shown() throws Exception {
    List<String> large = new ArrayList<>();
    for (StoredNotebook notebook : committed()) {
      large.addAll(notebook.tooLarge());
    }
    assertEquals(List.of(), large);
  }

  /** A notebook as {@code run --save} left it, and then one thing changed. */
  @Nested
  class Found {
    private static final String NAME = "09-executed.ipynb";

    @TempDir Path folder;
    private Path file;
    private String text;

    @BeforeEach
    void copy_the_fixture() throws Exception {
      Path notebooks = Files.createDirectory(folder.resolve("notebooks"));
      file = notebooks.resolve(NAME);
      text = Files.readString(Path.of(getClass().getResource(NAME).toURI()));
      Files.writeString(file, text);
    }

    private StoredNotebook with(String old, String replacement) throws IOException {
      String changed = text.replace(old, replacement);
      assertFalse(changed.equals(text), () -> old + " is not in the fixture");
      Files.writeString(file, changed);
      return StoredNotebook.read(file);
    }

    @Test
    void nothing_where_nothing_was_changed() throws Exception {
      StoredNotebook whole = StoredNotebook.read(file);
      assertEquals(List.of(), whole.staleCells());
      assertEquals(List.of(), whole.figuresWithoutPicture());
      assertEquals(List.of(), whole.tooLarge());
    }

    @Test
    void nothing_where_only_prose_was_changed() throws Exception {
      assertEquals(List.of(), with("# Three cells", "# Some cells").staleCells());
    }

    @Test
    void a_changed_cell_and_not_those_after_it() throws Exception {
      assertEquals(
          List.of(
              "notebooks/09-executed.ipynb, cell 2 (`var most = 8;`): changed since it was"
                  + " executed; run environment/grokscope run --save 09"),
          with("var most = 7;", "var most = 8;").staleCells());
    }

    @Test
    void every_changed_cell() throws Exception {
      text = text.replace("var most = 7;", "var most = 8;");
      assertEquals(2, with("most * 2", "most * 3").staleCells().size());
    }

    @Test
    void a_cell_that_was_never_executed() throws Exception {
      assertEquals(
          List.of(
              "notebooks/09-executed.ipynb, cell 4 (`most * 2`): never executed; run"
                  + " environment/grokscope run --save 09"),
          with("\"execution_count\": 2", "\"execution_count\": null").staleCells());
    }

    @Test
    void a_cell_that_was_added() throws Exception {
      assertEquals(
          List.of(
              "notebooks/09-executed.ipynb, cell 5 (`new Object()`): never executed; run"
                  + " environment/grokscope run --save 09"),
          with("c2cabc94827b89d6", "").staleCells());
    }

    @Test
    void a_notebook_that_something_else_executed() throws Exception {
      assertEquals(
          List.of(
              "notebooks/09-executed.ipynb: not written by run --save; run environment/grokscope"
                  + " run --save 09"),
          with("\"executed\": ", "\"other\": ").staleCells());
    }

    @Test
    void a_cell_that_is_gone() throws Exception {
      int start = text.indexOf("  {\n   \"cell_type\": \"code\"");
      int end = text.indexOf("  {\n", start + 1);
      assertEquals(
          List.of(
              "notebooks/09-executed.ipynb, cell 3 (`most * 2`): cells before it were moved or"
                  + " removed since it was executed; run environment/grokscope run --save 09"),
          with(text.substring(start, end), "").staleCells());
    }

    @Test
    void a_figure_that_lost_its_picture() throws Exception {
      assertEquals(
          List.of(
              "notebooks/09-executed.ipynb, cell 5 (`new Object()`): a figure without its static"
                  + " picture; run environment/grokscope run --save 09"),
          with("image/png", "image/gif").figuresWithoutPicture());
    }

    @Test
    void a_file_that_has_grown_too_large() throws Exception {
      assertEquals(1, with("# Three cells", "#" + "x".repeat(2_000_000)).tooLarge().size());
    }
  }
}
