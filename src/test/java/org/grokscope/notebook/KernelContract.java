package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.grokscope.claim.Ledger;
import org.grokscope.plot.Figure;
import org.grokscope.plot.LossCurve;
import org.grokscope.train.History;
import org.grokscope.train.TrainingListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/** What a notebook gets, whichever kernel runs it. */
abstract class KernelContract {
  private static final History HISTORY =
      new History(List.of(History.Row.of(0, 4.7, 4.8, 0.01, 0.01, 1, 0)));
  private static final Figure FIGURE =
      Figure.of("two bars", List.of(Map.of("type", "bar", "y", List.of(1, 2))), Map.of());

  private CellFixture cell;

  abstract CellFixture fixture();

  @BeforeEach
  void connect() {
    cell = fixture();
    Notebook.connect(new Kernel(cell.kernel()));
  }

  @Test
  void a_table_becomes_html_and_text() {
    Map<?, ?> data =
        CellFixture.data(cell.render(Table.create("t", DoubleColumn.create("loss", 0.5))));
    assertEquals(Set.of("text/html", "text/plain"), data.keySet());
    assertTrue(data.get("text/html").toString().contains("<td style=\"text-align:right"));
    assertEquals("t\nloss\n 0.5", data.get("text/plain"));
  }

  @Test
  void a_figure_becomes_a_json_object_and_text_and_no_html() {
    Map<?, ?> data = CellFixture.data(cell.render(FIGURE));
    assertEquals(Set.of("application/vnd.plotly.v1+json", "text/plain"), data.keySet());
    assertEquals(FIGURE.toMap(), data.get("application/vnd.plotly.v1+json"));
    assertEquals("two bars", data.get("text/plain"));
  }

  @Test
  void a_ledger_becomes_html_text_and_its_records() {
    Ledger ledger = Ledger.open(false);
    ledger.record("C9", "share of the norm's fall in cleanup", 0.5);
    Map<?, ?> data = CellFixture.data(cell.render(ledger.table()));
    assertEquals(
        Set.of("application/vnd.grokscope.ledger.v1+json", "text/html", "text/plain"),
        data.keySet());
    Map<?, ?> json = (Map<?, ?>) data.get("application/vnd.grokscope.ledger.v1+json");
    assertEquals(1, ((List<?>) json.get("records")).size());
  }

  @Test
  void a_chart_becomes_its_figure() {
    LossCurve chart = LossCurve.of(HISTORY);
    Map<?, ?> data = CellFixture.data(cell.render(chart));
    assertEquals(chart.figure().toMap(), data.get("application/vnd.plotly.v1+json"));
  }

  @Test
  void only_what_is_asked_for_is_rendered() {
    Map<?, ?> data = CellFixture.data(cell.renderAs(FIGURE, "text/plain"));
    assertEquals(Set.of("text/plain"), data.keySet());
  }

  @Test
  void connecting_again_registers_nothing_twice() throws Exception {
    Notebook.connect(new Kernel(cell.kernel()));
    cell.enterCell();
    FIGURE.show();
    assertEquals(1, cell.published().size());
  }

  @Test
  void show_displays_in_the_running_cell() throws Exception {
    cell.enterCell();
    Notebook.show(HISTORY.table());
    LossCurve.of(HISTORY).show();
    assertEquals(
        List.of("PublishDisplayData", "PublishDisplayData"),
        cell.published().stream().map(CellFixture.Published::type).toList());
    assertTrue(cell.published().get(0).data().containsKey("text/html"));
    assertTrue(cell.published().get(1).data().containsKey("application/vnd.plotly.v1+json"));
  }

  @Test
  void progress_is_one_display_that_is_updated() throws Exception {
    cell.enterCell();
    TrainingListener bar = Notebook.progress();
    bar.started(new TrainingListener.Progress(0, 10, 0, 0, null));
    bar.finished(new TrainingListener.Progress(10, 10, 0, 1, null));
    List<CellFixture.Published> published = cell.published();
    assertEquals("PublishDisplayData", published.get(0).type());
    assertEquals("PublishUpdateDisplayData", published.get(1).type());
    assertNotNull(published.get(0).id());
    assertEquals(published.get(0).id(), published.get(1).id());
    assertTrue(published.get(1).data().get("text/plain").toString().contains("trained: 10 epochs"));
  }

  @Test
  void an_interrupted_cell_still_hears_how_to_go_on() throws Exception {
    Object environment = cell.enterCell();
    TrainingListener bar = Notebook.progress();
    bar.started(new TrainingListener.Progress(0, 10, 0, 0, null));
    cell.leaveCell(environment);
    Thread.currentThread().interrupt();
    bar.interrupted(new TrainingListener.Progress(4, 10, 0, 1, null));
    assertTrue(Thread.interrupted(), "the interrupt flag is for the training, not for the display");
    CellFixture.Published last = cell.published().get(cell.published().size() - 1);
    assertEquals("PublishUpdateDisplayData", last.type());
    assertTrue(last.data().get("text/plain").toString().contains("run the cell again to go on"));
    assertFalse(last.data().get("text/html").toString().contains("<script"));
  }
}
