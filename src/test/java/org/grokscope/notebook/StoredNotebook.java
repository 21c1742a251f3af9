package org.grokscope.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A notebook's file, and what is wrong with it as one to commit.
 *
 * @param path of the file
 * @param cells in their order
 */
record StoredNotebook(Path path, List<Cell> cells) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_BYTES = 2_000_000;
  private static final int DIGEST_LETTERS = 16;
  private static final int LINE_LETTERS = 60;

  /**
   * A cell.
   *
   * @param number counted from one, as a reader counts
   * @param isCode whether the kernel executes it
   * @param source as it was typed
   * @param json all the file has of it
   */
  record Cell(int number, boolean isCode, String source, JsonNode json) {

    boolean wasExecuted() {
      return json.path("execution_count").isInt();
    }

    /** A digest that {@code run --save} left, or an empty text. */
    String digest(String name) {
      return json.at("/metadata/grokscope/" + name).asText();
    }

    /** Its number and how it begins. */
    String words() {
      String line = source.lines().findFirst().orElse("");
      String shown = line.length() <= LINE_LETTERS ? line : line.substring(0, LINE_LETTERS) + "…";
      return "cell " + number + " (`" + shown + "`)";
    }
  }

  static StoredNotebook read(Path path) throws IOException {
    JsonNode notebook = JSON.readTree(path.toFile());
    List<Cell> cells = new ArrayList<>();
    for (JsonNode cell : notebook.get("cells")) {
      StringBuilder source = new StringBuilder(cell.get("source").asText());
      cell.get("source").forEach(line -> source.append(line.asText()));
      boolean isCode = cell.get("cell_type").asText().equals("code");
      cells.add(new Cell(cells.size() + 1, isCode, source.toString(), cell));
    }
    return new StoredNotebook(path, List.copyOf(cells));
  }

  /** Every notebook of a folder, in reading order. */
  static List<StoredNotebook> readAll(Path folder) throws IOException {
    List<StoredNotebook> notebooks = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".ipynb")).sorted().toList()) {
        notebooks.add(read(file));
      }
    }
    return notebooks;
  }

  Stream<Cell> code() {
    return cells.stream().filter(Cell::isCode);
  }

  /**
   * The code cells whose outputs are not those of the code that stands there. Where several cells
   * were changed all of them are named; what follows from them is not.
   */
  List<String> staleCells() {
    if (code().allMatch(cell -> cell.digest("executed").isEmpty())) {
      return List.of(name() + ": not written by run --save; " + remedy());
    }
    List<String> stale = new ArrayList<>();
    MessageDigest before = sha256();
    boolean changed = false;
    for (Cell cell : code().toList()) {
      byte[] text = cell.source().getBytes(StandardCharsets.UTF_8);
      String own = hex(sha256().digest(text));
      if (!cell.wasExecuted() || cell.digest("executed").isEmpty()) {
        stale.add(problem(cell, "never executed"));
        changed = true;
      } else if (!cell.digest("executed").equals(own)) {
        stale.add(problem(cell, "changed since it was executed"));
        changed = true;
      } else if (!changed && !cell.digest("after").equals(hex(soFar(before)))) {
        stale.add(problem(cell, "cells before it were moved or removed since it was executed"));
        changed = true;
      }
      before.update(text);
      before.update((byte) 0);
    }
    return stale;
  }

  private static byte[] soFar(MessageDigest digest) {
    try {
      return ((MessageDigest) digest.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest).substring(0, DIGEST_LETTERS);
  }

  /** Figures that GitHub would show as nothing: those without a picture beside their JSON. */
  List<String> figuresWithoutPicture() {
    return code()
        .filter(
            cell ->
                cell.json().findValues("data").stream()
                    .anyMatch(
                        data -> data.has(MimeBundle.PLOTLY) && !data.path("image/png").isTextual()))
        .map(cell -> problem(cell, "a figure without its static picture"))
        .toList();
  }

  /** Empty, or that the file is too large to be shown and cloned with ease. */
  List<String> tooLarge() throws IOException {
    long bytes = Files.size(path);
    return bytes <= MOST_BYTES
        ? List.of()
        : List.of(
            name() + ": %,d bytes, at most %,d; thin its figures".formatted(bytes, MOST_BYTES));
  }

  String problem(Cell cell, String what) {
    return name() + ", " + cell.words() + ": " + what + "; " + remedy();
  }

  private String remedy() {
    String number = path.getFileName().toString().split("-")[0];
    return "run environment/grokscope run --save " + number;
  }

  /** Such as {@code notebooks/02-grokking.ipynb}. */
  String name() {
    return path.getParent().getFileName() + "/" + path.getFileName();
  }
}
