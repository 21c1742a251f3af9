package org.grokscope.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.grokscope.train.History;
import org.grokscope.train.TrainingListener.Progress;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
  private static final History.Row ROW = History.Row.of(100, 1.5e-3, 6.25, 1, 0.013, 2000, 1);

  private final List<MimeBundle> drawn = new ArrayList<>();
  private int opened;
  private long clock = 5_000_000_000L;
  private final TrainingProgress bar =
      new TrainingProgress(
          first -> {
            opened++;
            drawn.add(first);
            return drawn::add;
          },
          () -> clock);

  private static Progress at(long epoch, long startEpoch, double seconds) {
    return new Progress(epoch, 8000, startEpoch, seconds, Path.of("/secret/runs/3f2a"));
  }

  private void pass(long millis) {
    clock += TimeUnit.MILLISECONDS.toNanos(millis);
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
    for (int epoch = 1; epoch <= 1000; epoch++) {
      pass(1);
      bar.stepped(at(epoch, 0, epoch / 1000.0));
    }
    assertEquals(1, opened);
    assertEquals(1 + 5, drawn.size());
  }

  @Test
  void the_end_is_drawn_at_once() {
    bar.started(at(0, 0, 0));
    bar.finished(at(8000, 0, 62));
    assertEquals(2, drawn.size());
    assertTrue(text().startsWith("trained: 8,000 epochs\n"), text());
    assertTrue(text().contains("took 1 min 2 s"), text());
    assertTrue(html().contains("width:100.0%"), html());
  }

  @Test
  void shows_epoch_losses_pace_and_time_left() {
    bar.started(at(0, 0, 0));
    bar.evaluated(at(100, 0, 1), ROW);
    pass(200);
    bar.stepped(at(2000, 0, 10));
    assertEquals(
        "training: epoch 2,000 of 8,000\n"
            + "epoch 100: train loss 0.00150 (100.0 %), test loss 6.25 (1.3 %)\n"
            + "200 steps/s · 30 s left · to pause, interrupt the kernel; running the cell again goes"
            + " on",
        text());
    assertTrue(html().contains("width:25.0%"), html());
    assertTrue(html().contains("aria-valuenow=\"25\""), html());
  }

  @Test
  void an_interrupt_says_how_to_go_on_and_a_resumption_where_it_came_from() {
    bar.started(at(0, 0, 0));
    bar.interrupted(at(1234, 0, 6));
    assertTrue(
        text()
            .startsWith(
                "interrupted at epoch 1,234 of 8,000: everything is saved;"
                    + " run the cell again to go on"),
        text());
    bar.started(at(1234, 1234, 0));
    assertTrue(text().contains("(continued from epoch 1,234)"), text());
  }

  @Test
  void a_stop_rule_and_a_complete_run_are_told_apart() {
    bar.started(at(0, 0, 0));
    bar.finished(at(5000, 0, 7300));
    assertTrue(text().startsWith("trained: stopped by its rule at epoch 5,000 of 8,000"), text());
    assertTrue(text().contains("took 2 h 1 min"), text());
    bar.finished(at(5000, 5000, 0));
    assertTrue(text().startsWith("already trained: 5,000 epochs, read from disk"), text());
    assertFalse(text().contains("steps/s"), text());
  }

  @Test
  void names_the_folder_of_the_run_and_not_where_it_lies() {
    bar.finished(at(8000, 0, 62));
    assertTrue(text().contains("kept as 3f2a"), text());
    assertFalse((text() + html()).contains("secret"), html());
  }

  @Test
  void html_is_escaped_and_has_no_script() {
    bar.finished(new Progress(1, 1, 0, 1, Path.of("<img src=x>&'\"")));
    assertTrue(html().contains("kept as &lt;img src=x&gt;&amp;&#39;&quot;"), html());
    assertFalse(html().contains("<script"), html());
  }

  @Test
  void a_slow_training_shows_fractions_of_steps() {
    bar.started(at(0, 0, 0));
    pass(5000);
    bar.stepped(at(1, 0, 4));
    assertTrue(text().contains("0.3 steps/s"), text());
    bar.finished(at(8000, 7999, 0.2));
    assertTrue(text().contains("took under 1 s"), text());
  }
}
