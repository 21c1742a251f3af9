package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.grokscope.plot.HouseStyle;
import org.grokscope.series.ProbeListener.Progress;
import org.junit.jupiter.api.Test;

class SeriesProgressTest {
  private final List<MimeBundle> drawn = new ArrayList<>();
  private int opened;
  private long clock = 5_000_000_000L;
  private final SeriesProgress bar =
      new SeriesProgress(
          first -> {
            opened++;
            drawn.add(first);
            return drawn::add;
          },
          () -> clock);

  private static Progress at(int done, int read, double seconds) {
    return new Progress(done, 1200, read, seconds, true);
  }

  private String text() {
    return drawn.get(drawn.size() - 1).data().get("text/plain").toString();
  }

  private String html() {
    return drawn.get(drawn.size() - 1).data().get("text/html").toString();
  }

  @Test
  void redraws_one_place_at_most_five_times_a_second() {
    bar.started(at(0, 0, 0));
    for (int done = 1; done <= 1000; done++) {
      clock += TimeUnit.MILLISECONDS.toNanos(1);
      bar.measured(at(done, 0, done / 1000.0));
    }
    assertEquals(1, opened);
    assertEquals(1 + 5, drawn.size());
  }

  @Test
  void shows_how_many_are_measured_read_and_left() {
    bar.started(at(200, 200, 0));
    assertEquals("measuring: 200 of 1,200 checkpoints (200 of them read from disk)", text());
    clock += TimeUnit.MILLISECONDS.toNanos(200);
    bar.measured(at(300, 200, 20));
    assertEquals(
        "measuring: 300 of 1,200 checkpoints (200 of them read from disk)\n"
            + "5.0 checkpoints/s · 3 min 0 s left",
        text());
    assertTrue(html().contains("width:25.0%"), html());
    assertTrue(html().contains("aria-label=\"measuring\""), html());
  }

  @Test
  void the_end_is_drawn_at_once_and_stays() {
    bar.started(at(0, 0, 0));
    bar.finished(at(1200, 0, 62));
    assertEquals("measured: 1,200 checkpoints\ntook 1 min 2 s", text());
    assertTrue(html().contains("width:100.0%;background:" + HouseStyle.TRAIN), html());
  }

  @Test
  void a_series_that_is_there_already_draws_once() {
    bar.started(at(1200, 1200, 0));
    bar.finished(at(1200, 1200, 0.1));
    assertEquals(1, drawn.size());
    assertEquals("already measured: 1,200 checkpoints, read from disk", text());
  }

  @Test
  void an_interrupt_and_an_error_are_told_apart() {
    bar.started(at(0, 0, 0));
    bar.interrupted(at(300, 0, 4));
    assertEquals(
        "interrupted after 300 of 1,200 checkpoints: what was measured is kept; run the cell again"
            + " to go on\ntook 4 s",
        text());
    assertTrue(html().contains("width:25.0%;background:" + HouseStyle.TEST), html());
    bar.interrupted(new Progress(300, 1200, 0, 4, false));
    assertTrue(text().contains("a lambda's numbers are measured anew"), text());
    bar.failed(new Progress(0, 1, 0, 0.2, true));
    assertEquals("stopped by an error after 0 of 1 checkpoint\ntook under 1 s", text());
  }

  @Test
  void says_that_nothing_could_be_kept_and_not_where() {
    bar.started(at(0, 0, 0));
    bar.notKept(at(1, 0, 1), new UncheckedIOException("write /secret", new IOException("full")));
    bar.finished(at(1200, 0, 2));
    assertTrue(text().endsWith("cannot be written: the numbers are not kept for next time"));
    assertFalse((text() + html()).contains("secret"), html());
  }
}
