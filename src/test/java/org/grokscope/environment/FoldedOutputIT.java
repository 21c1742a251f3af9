package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells whose output a page folds, and what a page does not carry twice. */
class FoldedOutputIT {
  private static final String NOTEBOOK =
      """
      {"cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Folds"},
        {"cell_type": "code", "execution_count": 1, "id": "b",
         "metadata": {"fold": "Ten rows & more"}, "source": "rows()",
         "outputs": [{"output_type": "stream", "name": "stdout", "text": "a row"}]},
        {"cell_type": "code", "execution_count": 2, "id": "c", "metadata": {}, "source": "bars()",
         "outputs": [{"output_type": "display_data", "metadata": {}, "data": {
           "application/vnd.plotly.v1+json": {"data": [{"type": "bar", "y": [1, 2]}],
             "layout": {"meta": {"description": "two bars", "narrow": {"height": 300},
               "still": {"data": [{"type": "bar", "y": [7, 8, 9]}], "layout": {}}}}}}}]}],
       "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
      """;

  @Test
  void stand_behind_their_summary_and_figures_leave_their_filmstrip_behind(@TempDir Path folder)
      throws Exception {
    Path notebooks = Files.createDirectory(folder.resolve("notebooks"));
    Files.writeString(notebooks.resolve("01-folds.ipynb"), NOTEBOOK);
    Path site = folder.resolve("site");
    CommandResult result =
        CommandResult.of(
            VirtualEnvironment.readyScript(
                "publish", "--notebooks", notebooks.toString(), "--site", site.toString()),
            Duration.ofMinutes(2));
    assertEquals(0, result.exit(), result::everything);
    String page = Files.readString(site.resolve("01-folds.html"));
    String folded = "<details class=\"fold\"><summary>Ten rows &amp; more</summary>";
    assertTrue(page.contains(folded), page);
    assertEquals(1, page.split("class=\"input\" data-folded", -1).length - 1, "its code as well");
    int row = page.indexOf("a row");
    assertTrue(page.indexOf(folded) < row && row < page.indexOf("</details>", row), page);
    assertEquals(page.indexOf(folded), page.lastIndexOf("<details class=\"fold\">"), "only there");
    assertTrue(page.contains("\"y\": [1, 2]") && page.contains("\"height\": 300"), page);
    assertFalse(page.contains("[7, 8, 9]"), "the page carries the filmstrip's data as well");
  }
}
