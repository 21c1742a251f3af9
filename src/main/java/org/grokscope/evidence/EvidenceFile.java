package org.grokscope.evidence;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of notebooks/evidence: what it holds, from which runs, how long it takes, and how it is
 * made.
 *
 * <pre>{@code
 * EvidenceFile.named("rote").make(KeptRuns.inHome(), Path.of("rote.csv"), System.out::println)
 * }</pre>
 */
public interface EvidenceFile {
  /** Where the committed ones are, from the folder of a checkout. */
  Path FOLDER = Path.of("notebooks", "evidence");

  /** Its name in notebooks/evidence, such as {@code circuit.csv}. */
  String file();

  /** What it holds, in a sentence. */
  String holds();

  /** From which runs it is made, a line a kind. */
  List<String> from();

  /** About how long it takes on two cores. */
  String takes();

  /** Whether it can be made at the quick scale, {@link KeptRuns#quick}. */
  default boolean hasQuickScale() {
    return false;
  }

  /**
   * Makes the file, and FILE.json beside it that says how it came to be. Runs that are kept are
   * read, others are trained. Started again after an interrupt or a kill it goes on.
   *
   * @param runs where they are
   * @param out where the file goes, instead of notebooks/evidence
   * @param say a line for the console
   * @throws IllegalArgumentException if it is not made here, or not at this scale
   * @throws java.io.UncheckedIOException if a file cannot be written
   */
  void make(KeptRuns runs, Path out, Consumer<String> say);

  /** What it is called on the command line: the file without its ending. */
  default String name() {
    return file().substring(0, file().lastIndexOf('.'));
  }

  /** Every file of notebooks/evidence, family by family. */
  static List<EvidenceFile> all() {
    return Stream.of(
            Stream.of(
                CircuitEvidence.file(),
                CircuitEvidence.keptCheckpoint(),
                CircuitEvidence.fresh(),
                CircuitNulls.file(),
                CircuitNulls.untrained()),
            RoteEvidence.files(),
            SweepTable.files(),
            CheaperEvidence.files(),
            CompressionEvidence.files(),
            Stream.of(
                ArithmeticEvidence.file(),
                ParityEvidence.file(),
                RoomEvidence.file(),
                PlateauEvidence.file(),
                RaceEvidence.file()),
            Stream.of(
                MaskEvidence.file(),
                MaskRanks.file(),
                LinesEvidence.file(),
                NoisyLinesEvidence.file(),
                ProseEvidence.file(),
                MarksEvidence.underline(),
                MarksEvidence.causes(),
                MarkGridEvidence.file(),
                MarkPictureEvidence.file(),
                MarksEvidence.bars(),
                GroupEvidence.file(),
                GroupEvidence.large(),
                ClockEvidence.file(),
                LandscapeEvidence.file(),
                new PublishedWeights(),
                PublishedFigures.file(),
                new BenchFile()),
            Verdicts.files())
        .flatMap(files -> files)
        .toList();
  }

  /** Whether there is a file of this name. */
  static boolean isOne(String name) {
    return all().stream().anyMatch(file -> file.name().equals(name));
  }

  /**
   * The file of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  static EvidenceFile named(String name) {
    return all().stream()
        .filter(file -> file.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "evidence: got '"
                        + name
                        + "', expected a folder of `grokscope train` or one of "
                        + all().stream()
                            .map(EvidenceFile::name)
                            .collect(Collectors.joining(", "))));
  }
}
