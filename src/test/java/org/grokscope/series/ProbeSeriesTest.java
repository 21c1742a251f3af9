package org.grokscope.series;

import static org.grokscope.checkpoint.Fixtures.CONFIG;
import static org.grokscope.checkpoint.Fixtures.assertMessage;
import static org.grokscope.checkpoint.Fixtures.numpy;
import static org.grokscope.checkpoint.Fixtures.split;
import static org.grokscope.checkpoint.Fixtures.weights;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.checkpoint.CheckpointException;
import org.grokscope.checkpoint.CheckpointStore;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

@Timeout(60)
class ProbeSeriesTest {
  private static final List<Long> EPOCHS = List.of(0L, 5L, 10L, 20L, 30L);
  private static final Probe NORM = c -> Map.of("norm", c.parameters().squaredNorm());
  private static final Probe LOSS =
      c -> {
        var model = ReferenceTransformer.of(c.config(), c.parameters());
        Map<String, Double> losses = new LinkedHashMap<>();
        losses.put("loss[train]", model.loss(c.train()).loss());
        losses.put("loss[test]", model.loss(c.test()).loss());
        return losses;
      };

  @TempDir Path folder;
  private CheckpointStore store;
  private final AtomicInteger calls = new AtomicInteger();

  @BeforeEach
  void five_checkpoints() {
    store = CheckpointStore.in(folder.resolve("run"));
    EPOCHS.forEach(epoch -> store.save(checkpoint(epoch)));
  }

  /** The tiny model, its weights grown with the epoch. */
  private static Checkpoint checkpoint(long epoch) {
    Parameters parameters = weights(CONFIG);
    for (int i = 0; i < parameters.values().length; i++) {
      parameters.values()[i] *= 1 + epoch / 7f;
    }
    return Checkpoint.of(split(), CONFIG, parameters, epoch, "{}");
  }

  private Probe counting(Probe probe) {
    return c -> {
      calls.incrementAndGet();
      return probe.measure(c);
    };
  }

  private Probe kept(String identity, Probe probe) {
    return Probe.named(identity, counting(probe));
  }

  private static double[] column(Table table, String name) {
    return table.doubleColumn(name).asDoubleArray();
  }

  private static void assertSame(Table expected, Table actual) {
    assertEquals(expected.columnNames(), actual.columnNames());
    assertEquals(expected.longColumn("epoch").asList(), actual.longColumn("epoch").asList());
    for (String name : expected.columnNames().subList(1, expected.columnCount())) {
      assertEquals(
          Arrays.stream(column(expected, name)).mapToObj(Double::doubleToRawLongBits).toList(),
          Arrays.stream(column(actual, name)).mapToObj(Double::doubleToRawLongBits).toList(),
          name);
    }
  }

  /** The one file of results. */
  private Path cacheFile() throws IOException {
    try (var files = Files.list(folder.resolve("run/probes"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all::toString);
      return all.get(0);
    }
  }

  @Nested
  class Measuring {
    @Test
    void gives_one_row_a_checkpoint_and_the_columns_of_each_probe_in_order() {
      Table table = ProbeSeries.of(store).measure(LOSS, NORM);
      assertEquals(List.of("epoch", "loss[train]", "loss[test]", "norm"), table.columnNames());
      assertTrue(table.column("epoch") instanceof LongColumn);
      assertEquals(EPOCHS, table.longColumn("epoch").asList());
      for (int i = 0; i < EPOCHS.size(); i++) {
        Checkpoint checkpoint = store.load(EPOCHS.get(i));
        assertEquals(checkpoint.parameters().squaredNorm(), column(table, "norm")[i]);
        assertEquals(LOSS.measure(checkpoint).get("loss[test]"), column(table, "loss[test]")[i]);
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void does_not_depend_on_the_number_of_threads(int threads) {
      Table sequential = ProbeSeries.of(store).threads(1).measure(LOSS, NORM);
      assertSame(sequential, ProbeSeries.of(store).threads(threads).measure(LOSS, NORM));
    }

    @Test
    void two_threads_measure_at_once_and_a_third_never_does() throws InterruptedException {
      CountDownLatch together = new CountDownLatch(2);
      AtomicInteger under = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      Probe meeting =
          c -> {
            most.accumulateAndGet(under.incrementAndGet(), Math::max);
            together.countDown();
            try {
              return Map.of("met", together.await(20, TimeUnit.SECONDS) ? 1.0 : 0.0);
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            } finally {
              under.decrementAndGet();
            }
          };
      Table table = ProbeSeries.of(store).threads(2).measure(meeting);
      assertEquals(5, table.doubleColumn("met").sum());
      assertEquals(2, most.get());
    }

    @Test
    void measures_chosen_epochs_in_ascending_order() {
      ProbeSeries series = ProbeSeries.of(store);
      assertEquals(
          List.of(5L, 30L), series.at(List.of(30L, 5L, 30L)).measure(NORM).longColumn(0).asList());
      assertEquals(List.of(0L, 10L, 20L, 30L), series.every(10).epochs());
      assertEquals(EPOCHS, series.epochs());
      assertEquals("series of 5 checkpoints in " + folder.resolve("run"), series.toString());
    }

    @Test
    void measures_files_of_any_name() {
      Path late = folder.resolve("late.npz");
      Path early = folder.resolve("early.npz");
      checkpoint(70).save(late);
      checkpoint(2).save(early);
      Table table = ProbeSeries.ofFiles(List.of(late, early)).measure(NORM);
      assertEquals(List.of(2L, 70L), table.longColumn("epoch").asList());
      assertEquals(checkpoint(70).parameters().squaredNorm(), column(table, "norm")[1]);
      assertFalse(Files.exists(folder.resolve("probes")));
    }
  }

  @Nested
  class Keeping {
    @Test
    void a_probe_with_an_identity_is_measured_once_and_reads_back_bit_for_bit() {
      Table first = ProbeSeries.of(store).measure(kept("loss, 1", LOSS));
      assertEquals(5, calls.get());
      Probe never =
          Probe.named(
              "loss, 1",
              c -> {
                throw new AssertionError("measured again");
              });
      assertSame(first, ProbeSeries.of(store).measure(never));
    }

    @Test
    void odd_numbers_and_names_read_back() {
      double[] odd = {
        -0.0, Double.MIN_VALUE, 0.1 + 0.2, Double.NaN, Double.NEGATIVE_INFINITY, Math.nextUp(1.0)
      };
      Probe probe =
          Probe.named(
              "odd \"names\",\nand numbers",
              c -> {
                Map<String, Double> all = new LinkedHashMap<>();
                for (double value : odd) {
                  all.put("a, \"b\" # digest: " + value, value);
                }
                return all;
              });
      Table first = ProbeSeries.of(store).measure(probe);
      assertEquals(-0.0, column(first, "a, \"b\" # digest: -0.0")[0]);
      assertSame(first, ProbeSeries.of(store).measure(probe));
    }

    @Test
    void a_lambda_is_measured_anew() {
      ProbeSeries.of(store).measure(counting(NORM));
      ProbeSeries.of(store).measure(counting(NORM));
      assertEquals(10, calls.get());
      assertFalse(Files.exists(folder.resolve("run/probes")));
    }

    @Test
    void identities_are_told_apart() {
      ProbeSeries.of(store).measure(kept("norm, 1", NORM));
      Table two = ProbeSeries.of(store).measure(kept("norm, 2", c -> Map.of("norm", 2.0)));
      assertEquals(10, calls.get());
      assertEquals(2.0, column(two, "norm")[0]);
    }

    @Test
    void only_new_checkpoints_are_measured() {
      ProbeSeries.of(store).every(10).measure(kept("norm", NORM));
      assertEquals(4, calls.get());
      store.save(checkpoint(40));
      Table table = ProbeSeries.of(store).measure(kept("norm", NORM));
      assertEquals(6, calls.get());
      assertSame(ProbeSeries.of(store).keepNothing().measure(NORM), table);
    }

    @Test
    void a_checkpoint_that_was_replaced_is_measured_anew() {
      ProbeSeries.of(store).measure(kept("norm", NORM));
      Parameters other = weights(CONFIG);
      other.values()[0] += 1;
      store.save(Checkpoint.of(split(), CONFIG, other, 10, "{}"));
      store.save(checkpoint(20)); // the same again
      Table table = ProbeSeries.of(store).measure(kept("norm", NORM));
      assertEquals(6, calls.get());
      assertEquals(other.squaredNorm(), column(table, "norm")[2]);
    }

    @Test
    void another_probe_beside_it_does_not_measure_it_again() {
      ProbeSeries.of(store).measure(kept("norm", NORM));
      Table both = ProbeSeries.of(store).measure(kept("norm", NORM), LOSS);
      assertEquals(5, calls.get());
      assertSame(ProbeSeries.of(store).keepNothing().measure(NORM, LOSS), both);
    }

    @Test
    void every_damage_of_the_file_is_noticed_and_mended() throws IOException {
      Table expected = ProbeSeries.of(store).measure(kept("norm", NORM));
      Path file = cacheFile();
      String whole = Files.readString(file);
      List<String> damaged =
          List.of(
              "",
              "\0\0\0\0",
              whole.substring(0, whole.length() / 2),
              whole.substring(0, whole.length() - 1),
              whole.replaceFirst("(?m)^5,.*\n", ""),
              whole.replaceFirst("norm", "form"),
              whole.replace('1', '2'),
              whole + "7,0,1.0\n",
              whole.substring(whole.indexOf('\n') + 1));
      for (String text : damaged) {
        calls.set(0);
        Files.writeString(file, text);
        assertSame(expected, ProbeSeries.of(store).measure(kept("norm", NORM)));
        assertEquals(5, calls.get(), () -> "was not noticed: " + text);
        assertEquals(whole, Files.readString(file));
      }
    }

    @Test
    void what_another_process_has_written_meanwhile_is_taken_along() throws IOException {
      Probe norm = kept("norm", NORM);
      CountDownLatch other = new CountDownLatch(1);
      Probe slow =
          Probe.named(
              "norm",
              c -> {
                if (c.epoch().getAsLong() == 5) {
                  ProbeSeries.of(store).at(List.of(0L, 30L)).measure(norm);
                  other.countDown();
                }
                return NORM.measure(c);
              });
      ProbeSeries.of(store).at(List.of(5L, 10L)).measure(slow);
      assertEquals(0, other.getCount());
      assertEquals(2, calls.get());
      ProbeSeries.of(store).measure(norm);
      assertEquals(3, calls.get()); // 20 only
      assertEquals(1 + 1 + 5 + 1, Files.readAllLines(cacheFile()).size());
    }

    @Test
    void a_folder_that_cannot_be_written_loses_nothing_but_time() throws IOException {
      Files.writeString(folder.resolve("run/probes"), "a file where a folder is needed");
      List<String> heard = new ArrayList<>();
      Table table =
          ProbeSeries.of(store)
              .listener(new Heard(heard))
              .measure(kept("norm", NORM), kept("b", LOSS));
      assertEquals(5, table.rowCount());
      assertTrue(heard.contains("not kept"), heard::toString);
      assertEquals("finished 5 of 5, read 0, kept false", heard.get(heard.size() - 1));
    }

    @Test
    void results_of_files_are_kept_where_one_says() throws IOException {
      Path copy = folder.resolve("copy.npz");
      Files.copy(store.path(10), copy);
      ProbeSeries.of(store).keepIn(folder.resolve("elsewhere")).measure(kept("norm", NORM));
      ProbeSeries.ofFiles(List.of(copy))
          .keepIn(folder.resolve("elsewhere"))
          .measure(kept("norm", NORM));
      assertEquals(5, calls.get()); // a copy is the same checkpoint
      assertFalse(Files.exists(folder.resolve("run/probes")));
    }
  }

  @Nested
  class Listening {
    @Test
    void hears_of_every_checkpoint_and_of_those_that_were_kept() {
      List<String> heard = new ArrayList<>();
      ProbeSeries.of(store).every(10).measure(kept("norm", NORM));
      ProbeSeries.of(store).listener(new Heard(heard)).measure(kept("norm", NORM));
      assertEquals(
          List.of(
              "started 4 of 5, read 4, kept true",
              "measured 5 of 5, read 4, kept true",
              "finished 5 of 5, read 4, kept true"),
          heard);
      heard.clear();
      ProbeSeries.of(store).listener(new Heard(heard)).measure(kept("norm", NORM));
      assertEquals(
          List.of("started 5 of 5, read 5, kept true", "finished 5 of 5, read 5, kept true"),
          heard);
      heard.clear();
      ProbeSeries.of(store).listener(new Heard(heard)).measure(kept("norm", NORM), LOSS);
      assertEquals("finished 5 of 5, read 0, kept false", heard.get(heard.size() - 1));
    }

    @Test
    void a_default_listener_hears_of_every_series_on_the_callers_thread() {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      ProbeSeries.listenByDefault(
          () ->
              new ProbeListener() {
                @Override
                public void measured(Progress progress) {
                  threads.add(Thread.currentThread());
                }
              });
      try {
        ProbeSeries.of(store).measure(NORM);
      } finally {
        ProbeSeries.listenByDefault(() -> new ProbeListener() {});
      }
      assertEquals(Set.of(Thread.currentThread()), threads);
    }

    @Test
    void a_listener_that_throws_stops_the_measuring() {
      ProbeListener broken =
          new ProbeListener() {
            @Override
            public void measured(Progress progress) {
              throw new IllegalStateException("no screen");
            }
          };
      assertMessage(
          IllegalStateException.class,
          () -> ProbeSeries.of(store).threads(1).listener(broken).measure(kept("norm", NORM)),
          "no screen");
      int before = calls.get();
      ProbeSeries.of(store).measure(kept("norm", NORM));
      assertEquals(5, calls.get(), "the first call had kept " + before);
    }
  }

  @Nested
  class Interrupting {
    @Test
    void stops_within_one_checkpoint_and_goes_on_from_what_was_kept() {
      LongStream.range(100, 200).forEach(epoch -> store.save(checkpoint(epoch)));
      Thread caller = Thread.currentThread();
      List<String> heard = new ArrayList<>();
      AtomicInteger after = new AtomicInteger();
      Probe interrupting =
          Probe.named(
              "norm",
              c -> {
                if (calls.incrementAndGet() == 3) {
                  caller.interrupt();
                }
                if (calls.get() > 3) {
                  after.incrementAndGet();
                  pause(300); // the caller needs a moment to hear of it
                }
                return NORM.measure(c);
              });
      ProbingInterruptedException stopped =
          assertMessage(
              ProbingInterruptedException.class,
              () ->
                  ProbeSeries.of(store).threads(2).listener(new Heard(heard)).measure(interrupting),
              "of 105 checkpoints",
              "what was measured is kept: run the same again to go on");
      assertFalse(Thread.interrupted());
      assertEquals(calls.get(), stopped.done());
      assertTrue(after.get() <= 6, () -> after + " were begun after the interrupt");
      assertTrue(heard.get(heard.size() - 1).startsWith("interrupted"), heard::toString);
      int before = calls.getAndSet(0);
      ProbeSeries.of(store).measure(kept("norm", NORM));
      assertEquals(105 - before, calls.get());
    }

    @Test
    void an_interrupt_from_before_measures_no_more_than_one_checkpoint_a_thread()
        throws IOException {
      ProbeSeries.of(store).every(10).measure(kept("norm", NORM)); // all but 5
      String whole = Files.readString(cacheFile());
      store.save(checkpoint(40));
      calls.set(0);
      Thread.currentThread().interrupt();
      assertThrows(
          ProbingInterruptedException.class,
          () ->
              ProbeSeries.of(store)
                  .threads(1)
                  .measure(
                      kept(
                          "norm",
                          c -> {
                            pause(500);
                            return NORM.measure(c);
                          })));
      assertFalse(Thread.interrupted());
      assertTrue(calls.get() <= 1, () -> calls + " were begun");
      List<String> rows = Files.readAllLines(cacheFile());
      assertTrue(rows.containsAll(whole.lines().filter(row -> !row.startsWith("#")).toList()));
    }

    @Test
    void a_lambda_says_that_it_begins_anew() {
      Thread caller = Thread.currentThread();
      assertMessage(
          ProbingInterruptedException.class,
          () ->
              ProbeSeries.of(store)
                  .threads(1)
                  .measure(
                      c -> {
                        caller.interrupt();
                        pause(500);
                        return NORM.measure(c);
                      }),
          "a lambda begins anew");
      assertFalse(Thread.interrupted());
    }

    private void pause(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new AssertionError("a measuring thread was interrupted", e);
      }
    }
  }

  @Nested
  class Failing {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void names_probe_and_checkpoint_of_the_first_failure_and_keeps_the_rest(int threads) {
      Probe failing =
          Probe.named(
              "fragile",
              c -> {
                if (c.epoch().getAsLong() >= 10) {
                  throw new IllegalArgumentException("got p = 3, expected a prime above 5");
                }
                return NORM.measure(c);
              });
      List<String> heard = new ArrayList<>();
      ProbeException failure =
          assertMessage(
              ProbeException.class,
              () ->
                  ProbeSeries.of(store)
                      .threads(threads)
                      .listener(new Heard(heard))
                      .measure(LOSS, failing),
              "probe 'fragile' at epoch 10 (" + store.path(10) + ")",
              "got p = 3, expected a prime above 5");
      assertEquals(10, failure.epoch());
      assertEquals(IllegalArgumentException.class, failure.getCause().getClass());
      assertTrue(heard.get(heard.size() - 1).startsWith("failed 2 of 5"), heard::toString);
      ProbeSeries.of(store).measure(kept("fragile", NORM));
      assertEquals(3, calls.get());
    }

    @Test
    void names_the_checkpoint_of_an_error() {
      AssertionError thrown =
          assertThrows(
              AssertionError.class,
              () ->
                  ProbeSeries.of(store)
                      .measure(
                          c -> {
                            throw new AssertionError("broken");
                          }));
      assertTrue(thrown.getSuppressed()[0].getMessage().contains("probe 1 at epoch 0"));
    }

    @Test
    void a_damaged_checkpoint_is_named() throws IOException {
      Files.writeString(store.path(20), "x");
      assertMessage(
          CheckpointException.class,
          () -> ProbeSeries.of(store).measure(kept("norm", NORM)),
          store.path(20));
    }

    @Test
    void refuses_columns_of_one_name() {
      assertMessage(
          IllegalArgumentException.class,
          () -> ProbeSeries.of(store).measure(LOSS, c -> Map.of("loss[test]", 1.0)),
          "got the column 'loss[test]' from probe 1 and from probe 2",
          "rename one");
      assertMessage(
          IllegalArgumentException.class,
          () -> ProbeSeries.of(store).measure(c -> Map.of("epoch", 1.0)),
          "'epoch' from the epochs and from probe 1");
      Probe norm = kept("norm", NORM);
      ProbeSeries.of(store).measure(norm);
      calls.set(0);
      assertMessage(
          IllegalArgumentException.class,
          () -> ProbeSeries.of(store).measure(norm, norm),
          "from probe 'norm' and from probe 'norm'");
      assertEquals(0, calls.get());
    }

    @Test
    void refuses_other_columns_at_another_checkpoint() {
      Probe varying =
          c -> c.epoch().getAsLong() < 20 ? Map.of("a", 1.0) : Map.of("a", 1.0, "b", 2.0);
      assertMessage(
          ProbeException.class,
          () -> ProbeSeries.of(store).threads(1).measure(varying),
          "probe 1 at epoch 20",
          "expected those of epoch 0, [a]",
          "measure the same at every checkpoint");
      ProbeSeries.of(store).at(List.of(0L)).measure(Probe.named("x", c -> Map.of("a", 1.0)));
      assertMessage(
          ProbeException.class,
          () -> ProbeSeries.of(store).measure(Probe.named("x", c -> Map.of("b", 1.0))),
          "probe 'x'",
          "got the columns [b], expected those of epoch 0, [a]",
          "another identity");
    }

    @Test
    void refuses_what_are_no_numbers() {
      assertMessage(
          ProbeException.class,
          () -> ProbeSeries.of(store).measure(c -> Map.of()),
          "got no numbers");
      assertMessage(
          ProbeException.class, () -> ProbeSeries.of(store).measure(c -> null), "got no numbers");
      assertMessage(
          ProbeException.class,
          () -> ProbeSeries.of(store).measure(c -> Collections.singletonMap("a", null)),
          "got a = null");
      for (String name : List.of("", " a", "a\nb")) {
        assertMessage(
            ProbeException.class,
            () -> ProbeSeries.of(store).measure(c -> Map.of(name, 1.0)),
            "expected a name of one line");
      }
    }

    @Test
    void refuses_nothing_to_do() {
      ProbeSeries series = ProbeSeries.of(store);
      assertMessage(IllegalArgumentException.class, series::measure, "got no probe");
      assertMessage(
          CheckpointException.class, () -> series.every(7).at(List.of()).measure(NORM), "none");
      assertMessage(
          CheckpointException.class,
          () -> ProbeSeries.of(CheckpointStore.in(folder.resolve("empty"))).measure(NORM),
          "checkpoints in " + folder.resolve("empty"),
          "train first");
      assertMessage(
          CheckpointException.class,
          () -> series.at(List.of(10L, 11L)),
          "none of epoch 11",
          EPOCHS);
      assertMessage(IllegalArgumentException.class, () -> series.every(0), "got every 0");
      assertMessage(IllegalArgumentException.class, () -> series.threads(0), "got 0");
    }

    @Test
    void refuses_files_without_an_epoch_and_two_of_one() {
      assertMessage(
          CheckpointException.class,
          () -> ProbeSeries.ofFiles(List.of(numpy("half.npz"))),
          "has no array epoch",
          "epoch=…");
      Path copy = folder.resolve("copy.npz");
      checkpoint(10).save(copy);
      assertMessage(
          CheckpointException.class,
          () -> ProbeSeries.ofFiles(List.of(store.path(10), copy)),
          "got epoch 10 in",
          "measure each run by itself");
    }
  }

  /** Notes what it hears. */
  private record Heard(List<String> notes) implements ProbeListener {
    private void note(String what, Progress progress) {
      notes.add(
          what
              + " "
              + progress.done()
              + " of "
              + progress.total()
              + ", read "
              + progress.read()
              + ", kept "
              + progress.kept());
    }

    @Override
    public void started(Progress progress) {
      note("started", progress);
    }

    @Override
    public void measured(Progress progress) {
      note("measured", progress);
    }

    @Override
    public void notKept(Progress progress, java.io.UncheckedIOException why) {
      notes.add("not kept");
    }

    @Override
    public void finished(Progress progress) {
      note("finished", progress);
    }

    @Override
    public void interrupted(Progress progress) {
      note("interrupted", progress);
    }

    @Override
    public void failed(Progress progress) {
      note("failed", progress);
    }
  }
}
