package org.grokscope.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.grokscope.checkpoint.AtomicFile;
import org.grokscope.task.Task;
import org.grokscope.train.Run;
import org.grokscope.train.TrainingConfig;

/**
 * A CSV that is measured run by run. What is measured is kept beside it, in NAME.unfinished.json,
 * until all is; a file that is there is replaced by a whole one, or by the first runs that were
 * asked for.
 *
 * @param file its name
 * @param holds in a sentence
 * @param takes about how long, on two cores
 * @param header of the CSV
 * @param details what its provenance says beside the runs
 * @param pieces in the order of the file
 * @param hasQuickScale whether the first piece can be measured on a run of a few epochs
 */
record Measurements(
    String file,
    String holds,
    String takes,
    String header,
    Map<String, Object> details,
    List<Piece> pieces,
    boolean hasQuickScale)
    implements EvidenceFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  Measurements {
    details = Map.copyOf(details);
    pieces = List.copyOf(pieces);
  }

  /**
   * What is measured at one go.
   *
   * @param what the run is, but for its seed
   * @param seed of it
   * @param measure trains what is missing, and measures
   */
  record Piece(String what, long seed, Function<KeptRuns, MeasuredRun> measure) {
    /** The measures of one run. */
    static Piece of(WantedRun wanted, Function<KeptRuns, MeasuredRun> measure) {
      return new Piece(wanted.what(), wanted.config().seed(), measure);
    }

    /**
     * One training of each seed, and what is measured of it.
     *
     * @param usual how it is trained, but for the seed
     * @param task is asked for when it is needed: some need a corpus
     * @param first seed
     * @param seeds how many
     */
    static List<Piece> ofSeeds(
        String what,
        TrainingConfig usual,
        Supplier<? extends Task> task,
        long first,
        int seeds,
        BiFunction<Run, KeptRuns, MeasuredRun> measured) {
      return LongStream.range(first, first + seeds)
          .mapToObj(
              seed ->
                  new Piece(
                      what,
                      seed,
                      runs ->
                          measured.apply(
                              runs.trainer(what + ", seed " + seed, usual.withSeed(seed))
                                  .train(task.get()),
                              runs)))
          .toList();
    }

    @Override
    public String toString() {
      return what + ", seed " + seed;
    }
  }

  /**
   * What was measured before all was.
   *
   * @param of the file and its scale, so that no other file's is taken for it
   * @param measured by the names of the pieces
   */
  private record Unfinished(String of, Map<String, MeasuredRun> measured) {}

  @Override
  public List<String> from() {
    Map<String, List<String>> seeds = new LinkedHashMap<>();
    pieces.forEach(
        piece ->
            seeds
                .computeIfAbsent(piece.what(), unseen -> new ArrayList<>())
                .add("" + piece.seed()));
    return seeds.entrySet().stream()
        .map(
            of ->
                of.getKey()
                    + (of.getValue().size() == 1 ? ", seed " : ", seeds ")
                    + String.join(", ", of.getValue()))
        .toList();
  }

  @Override
  public void make(KeptRuns runs, Path out, Consumer<String> say) {
    if (!hasQuickScale) {
      runs.requireWhole(this, "it is measured at late epochs");
    }
    List<Piece> wanted = runs.wanted(pieces);
    Path unfinished = EvidenceTable.beside(out, ".unfinished.json");
    String of = file + runs.scale();
    Map<String, MeasuredRun> measured = read(unfinished, of);
    if (!measured.isEmpty()) {
      say.accept(
          String.format(
              "%s: going on after %d of %d; without %s all is measured again",
              name(), measured.size(), wanted.size(), unfinished));
    }
    for (Piece piece : wanted) {
      if (!measured.containsKey(piece.toString())) {
        MeasuredRun run = piece.measure().apply(runs);
        measured.put(piece.toString(), run);
        write(unfinished, new Unfinished(of, measured));
        say.accept(name() + ": " + run.summary());
      }
    }
    Map<String, Object> provenance = new LinkedHashMap<>(details);
    provenance.putAll(runs.scale(pieces.size()));
    EvidenceTable.write(
        out,
        header,
        wanted.stream().map(piece -> measured.get(piece.toString())).toList(),
        provenance);
    if (!runs.leavesOut(pieces.size())) {
      delete(unfinished);
    }
  }

  private static Map<String, MeasuredRun> read(Path file, String of) {
    try {
      Unfinished before =
          Files.exists(file)
              ? JSON.readValue(file.toFile(), Unfinished.class)
              : new Unfinished(of, Map.of());
      return new LinkedHashMap<>(before.of().equals(of) ? before.measured() : Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException("evidence: " + file + " cannot be read; remove it", e);
    }
  }

  private static void write(Path file, Unfinished unfinished) {
    try {
      AtomicFile.writeText(file, JSON.writeValueAsString(unfinished));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("evidence: cannot be written as JSON", e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("evidence: " + file + " cannot be removed; remove it", e);
    }
  }
}
