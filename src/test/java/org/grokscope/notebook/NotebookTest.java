package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NotebookTest {
  @Test
  void start_says_what_to_do_outside_a_notebook() {
    String message = assertThrows(IllegalStateException.class, Notebook::start).getMessage();
    assertTrue(message.contains("%load ../environment/grokscope.jshell"), message);
  }

  @Test
  void a_foreign_kernel_is_named() {
    String message =
        assertThrows(IllegalStateException.class, () -> new Kernel("no kernel")).getMessage();
    assertTrue(message.contains("java.lang.String without getRenderer"), message);
    assertTrue(message.contains("JJava"), message);
  }

  @Test
  void quick_mode_is_said_by_the_environment() {
    assertTrue(Notebook.quick(Map.of("GROKSCOPE_QUICK", "1")));
    assertFalse(Notebook.quick(Map.of("GROKSCOPE_QUICK", "0")));
    assertFalse(Notebook.quick(Map.of()));
    assertEquals(Notebook.quick(System.getenv()), Notebook.quick());
  }

  @Test
  void the_figure_drawn_for_warmth_is_a_whole_one() throws InterruptedException {
    assertTrue(Warmth.draw().data().containsKey(MimeBundle.PLOTLY));
    Thread warming = Warmth.spread();
    Warmth.await(warming);
    assertFalse(warming.isAlive());
  }

  @Test
  void an_output_without_text_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> new MimeBundle(Map.of("text/html", "")));
  }
}
