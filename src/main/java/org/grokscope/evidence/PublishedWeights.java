package org.grokscope.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.grokscope.checkpoint.Checkpoint;

/**
 * Every metric of the models that Nanda et al. (2023) published, as circuit.csv has those of ours.
 * The weights are theirs and not part of this project: their folder has to be given.
 */
record PublishedWeights() implements EvidenceFile {
  private static final String SOURCE =
      "github.com/mechanistic-interpretability-grokking/progress-measures-paper, folder saved_runs";
  private static final long SEED = 0; // of the random sets
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<Model> MODELS =
      List.of(
          new Model(
              "published-decay-0.1",
              "wd_10-1_mod_addition_loss_curve.pth",
              107_790,
              "30 % of the pairs; decay 0.1 by the file's name, 1 by its own settings"),
          new Model(
              "published-low-precision",
              "low_precision_mod_addition.pth",
              50_000,
              "30 % of the pairs, recovered from its losses; low precision"),
          new Model(
              "published-no-decay",
              "mod_addition_no_wd.pth",
              4_999,
              "90 % of the pairs, recovered from its losses; no decay"));

  /**
   * One of them.
   *
   * @param name of its checkpoint here, and of its experiment
   * @param source its file there
   * @param epoch that its weights are of
   * @param training as far as its file or its losses tell
   */
  private record Model(String name, String source, long epoch, String training) {
    String file() {
      return name + ".npz";
    }
  }

  @Override
  public String file() {
    return "published-weights.csv";
  }

  @Override
  public String holds() {
    return "Every metric of three models mod 113 that Nanda et al. (2023) published, with random"
        + " sets of frequencies as controls";
  }

  @Override
  public List<String> from() {
    return MODELS.stream()
        .map(
            model ->
                String.format(
                    Locale.ROOT,
                    "%s in the folder that --weights gives: %s, epoch %,d, %s",
                    model.file(),
                    model.source(),
                    model.epoch(),
                    model.training()))
        .toList();
  }

  @Override
  public String takes() {
    return "about a minute";
  }

  @Override
  public void make(KeptRuns runs, Path out, Consumer<String> say) {
    runs.requireWhole(this, "nothing is trained for it");
    Path folder = folder(runs);
    List<MeasuredRun> measured = new ArrayList<>();
    for (Model model : MODELS) {
      MeasuredRun run = measure(model, folder.resolve(model.file()));
      measured.add(run);
      say.accept(name() + ": " + run.summary());
    }
    EvidenceTable.write(out, measured, CircuitEvidence.DETAILS);
  }

  /**
   * The folder of the weights.
   *
   * @throws IllegalArgumentException if none was given, or a file is not in it
   */
  private static Path folder(KeptRuns runs) {
    List<String> files = MODELS.stream().map(Model::file).toList();
    String expected =
        ", expected a folder with "
            + String.join(", ", files)
            + ", checkpoints made from "
            + SOURCE
            + "; say --weights DIR";
    Path folder =
        runs.weights()
            .orElseThrow(() -> new IllegalArgumentException("weights: got no folder" + expected));
    List<String> missing =
        files.stream().filter(file -> !Files.isRegularFile(folder.resolve(file))).toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "weights: got " + folder + " without " + String.join(", ", missing) + expected);
    }
    return folder;
  }

  private static MeasuredRun measure(Model model, Path file) {
    EvidenceRows rows = new EvidenceRows(model.name(), SEED);
    List<Integer> keys =
        CircuitEvidence.measure(rows, SEED, model.epoch(), Checkpoint.load(file)).frequencies();
    ObjectNode provenance =
        JSON.createObjectNode()
            .put("weights", model.file())
            .put("sha256", sha256(file))
            .put("source", SOURCE + ", " + model.source())
            .put("epoch", model.epoch())
            .put("training", model.training());
    return new MeasuredRun(model.name() + ": keys " + keys, rows.toString(), provenance);
  }

  private static String sha256(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("weights: " + file + " cannot be read", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every Java", e);
    }
  }
}
