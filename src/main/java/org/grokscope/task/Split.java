package org.grokscope.task;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A table's questions divided into known (training) and unknown (test) ones.
 *
 * <p>The rows of all answerable questions are shuffled and the first ⌊fraction·n⌋ are trained on,
 * as in the code published with Nanda et al. (2023); with p = 113 and 30 % that is 3,830 of 12,769.
 * Both sides are kept in ascending order.
 */
public final class Split implements Task {
  private static final int LARGE = 1 << 18; // questions of a table that is tested on a sample
  private static final int SAMPLE = 20_000;
  private static final int WHOLE = 0;

  private final OperationTable table;
  private final double fraction;
  private final long seed;
  private final boolean mirrorsTogether;
  private final int[] trainRows; // ascending
  private final int[] testRows; // ascending
  private final Batch train;
  private final Batch test;

  private Split(
      OperationTable table,
      double fraction,
      long seed,
      boolean mirrorsTogether,
      int[] trainRows,
      int[] testRows) {
    this.table = table;
    this.fraction = fraction;
    this.seed = seed;
    this.mirrorsTogether = mirrorsTogether;
    this.trainRows = trainRows;
    this.testRows = testRows;
    train = table.questions(trainRows);
    boolean large = trainRows.length + testRows.length > LARGE && testRows.length > SAMPLE;
    test = table.questions(large ? sample() : testRows);
  }

  static Split of(OperationTable table, double fraction, long seed, boolean mirrorsTogether) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "split: got fraction = "
              + fraction
              + ", expected a share strictly between 0 and 1, such as 0.30");
    }
    int[] rows = table.answerable();
    int known = (int) (fraction * rows.length);
    RandomStream random = RandomStream.of(seed, "split");
    if (mirrorsTogether) {
      known = shuffleImages(table, rows, known, random);
    } else {
      random.shuffle(rows);
    }
    if (known == 0 || known == rows.length) {
      throw new IllegalArgumentException(
          "split: a fraction of "
              + fraction
              + " of "
              + rows.length
              + " questions leaves "
              + (known == 0 ? "none to train on" : "none to test on")
              + "; choose another fraction or a larger table");
    }
    int[] train = Arrays.copyOfRange(rows, 0, known);
    int[] test = Arrays.copyOfRange(rows, known, rows.length);
    return new Split(table, fraction, seed, mirrorsTogether, sorted(train), sorted(test));
  }

  /**
   * Shuffles the rows so that mirror images of each other stand together; returns how many of the
   * first ones are known, the images of the last one included.
   */
  private static int shuffleImages(
      OperationTable table, int[] rows, int wanted, RandomStream random) {
    Map<Integer, List<Integer>> images = new TreeMap<>();
    for (int row : rows) {
      images.computeIfAbsent(table.sortedImage(row), unseen -> new ArrayList<>()).add(row);
    }
    List<List<Integer>> groups = new ArrayList<>(images.values());
    int[] order = IntStream.range(0, groups.size()).toArray();
    random.shuffle(order);
    int at = 0;
    int known = 0;
    for (int group : order) {
      known = at < wanted ? at + groups.get(group).size() : known;
      for (int row : groups.get(group)) {
        rows[at++] = row;
      }
    }
    return known;
  }

  private static int[] sorted(int[] rows) {
    Arrays.sort(rows);
    return rows;
  }

  /**
   * The same division of a table, known from elsewhere, such as from a checkpoint.
   *
   * @param trainRows of the known questions, each once and answerable
   * @throws IllegalArgumentException if one is there twice or has no answer
   */
  public static Split ofRows(OperationTable table, double fraction, long seed, int[] trainRows) {
    int[] train = sorted(trainRows.clone());
    for (int i = 1; i < train.length; i++) {
      if (train[i] == train[i - 1]) {
        throw new IllegalArgumentException(
            "split: got the known question "
                + table.question(train[i])
                + " twice, expected each once");
      }
    }
    int[] test =
        Arrays.stream(table.answerable())
            .filter(row -> Arrays.binarySearch(train, row) < 0)
            .toArray();
    return new Split(table, fraction, seed, false, train, test);
  }

  /** Some of the unknown questions, always the same. */
  private int[] sample() {
    int[] rows = testRows.clone();
    RandomStream.of(seed, "tested").shuffle(rows);
    return sorted(Arrays.copyOf(rows, SAMPLE));
  }

  /** The table that was divided. */
  public OperationTable table() {
    return table;
  }

  /** The share that was asked for. */
  public double fraction() {
    return fraction;
  }

  /** The seed of the shuffle. */
  public long seed() {
    return seed;
  }

  /** The known questions, [train] ascending. */
  public Batch train() {
    return train;
  }

  /**
   * The unknown questions, [test] ascending; of a table of more than 2<sup>18</sup> questions a
   * random 20,000 of them.
   */
  public Batch test() {
    return test;
  }

  /**
   * The unknown questions (a, b) whose mirror image (b, a) is known: those that a model answers by
   * commutativity alone, if the operation has it.
   */
  public Batch testWithKnownMirror() {
    return table.questions(IntStream.of(testRows).filter(this::hasKnownMirror).toArray());
  }

  /** The unknown questions whose mirror image is unknown too, a = b among them. */
  public Batch testWithoutKnownMirror() {
    return table.questions(IntStream.of(testRows).filter(row -> !hasKnownMirror(row)).toArray());
  }

  private boolean hasKnownMirror(int row) {
    if (table.arity() != 2) {
      throw new IllegalArgumentException(
          "mirror: got "
              + table.title()
              + " of "
              + table.arity()
              + " operands, expected two, which can change places");
    }
    int mirror = row % table.size() * table.size() + row / table.size();
    return Arrays.binarySearch(trainRows, mirror) >= 0;
  }

  /** The rows of the known questions, ascending; a copy. */
  public int[] trainRows() {
    return trainRows.clone();
  }

  /** The rows of the unknown questions, ascending; a copy. */
  public int[] testRows() {
    return testRows.clone();
  }

  @Override
  public String title() {
    return table.title();
  }

  @Override
  public int vocabulary() {
    return table.vocabulary();
  }

  @Override
  public int length() {
    return table.length();
  }

  @Override
  public int outputs() {
    return table.size();
  }

  @Override
  public boolean asksEverywhere() {
    return false;
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("operation", table.operation());
    settings.put("p", table.size());
    if (table.arity() != 2) {
      settings.put("operands", table.arity());
    }
    if (table.labelSeed().isPresent()) {
      settings.put("random_label_seed", table.labelSeed().getAsLong());
    }
    settings.put("labels_sha256", digest(table.labels())); // tells two lambdas of one name apart
    settings.put("fraction", fraction);
    settings.put("split_seed", seed);
    if (mirrorsTogether) {
      settings.put("mirrors", "together");
    }
    settings.put("train_rows_sha256", digest(trainRows));
    return settings;
  }

  private static String digest(int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Integer.BYTES));
    bytes.asIntBuffer().put(values);
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public Course course() {
    return new Course() {
      @Override
      public Batch training(long trainingSeed, long update, int size) {
        return piece(trainingSeed, update, size);
      }

      @Override
      public List<String> columns() {
        return List.of("train_loss", "test_loss", "train_accuracy", "test_accuracy");
      }

      @Override
      public Map<String, Double> examine(Student student, Batch next) {
        BatchLoss known = student.loss(train);
        BatchLoss unknown = student.loss(test);
        return Map.of(
            "train_loss", known.loss(),
            "test_loss", unknown.loss(),
            "train_accuracy", known.accuracy(),
            "test_accuracy", unknown.accuracy());
      }
    };
  }

  /** The known questions of an update: all, or the next piece of this pass's own random order. */
  private Batch piece(long trainingSeed, long update, int size) {
    if (size == WHOLE || size >= train.size()) {
      return train;
    }
    int pieces = (train.size() + size - 1) / size;
    int[] order = IntStream.range(0, train.size()).toArray();
    RandomStream.of(trainingSeed, "batches of pass " + update / pieces).shuffle(order);
    int from = (int) (update % pieces) * size;
    return train.select(Arrays.copyOfRange(order, from, Math.min(from + size, train.size())));
  }

  @Override
  public String toString() {
    return title()
        + ": "
        + trainRows.length
        + " questions to train on, "
        + testRows.length
        + " to test on (fraction "
        + fraction
        + ", seed "
        + seed
        + (mirrorsTogether ? ", mirror images together" : "")
        + ")";
  }
}
