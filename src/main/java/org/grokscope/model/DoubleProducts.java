package org.grokscope.model;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;

import java.nio.DoubleBuffer;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;

/**
 * Matrix products of Java arrays in float64, by the native product that ND4J uses but without ND4J,
 * whose start alone takes longer than most measurements.
 *
 * <p>The left factor passes through native memory some rows at a time, so that memory stays small;
 * it is kept from one product to the next. Pieces of rows are shared out to the common pool's
 * threads; each row's sums are the same on any thread. Make an instance for each piece of work, and
 * use it on one thread.
 */
public final class DoubleProducts implements AutoCloseable {
  private static final int ROWS_AT_A_TIME = 256;

  private final Scratch right = new Scratch();
  private final Queue<Piece> idle = new ConcurrentLinkedQueue<>();

  /** Native memory for some rows of the left factor and of the result. */
  private record Piece(Scratch left, Scratch result) {
    Piece() {
      this(new Scratch(), new Scratch());
    }
  }

  /** Without memory as yet. */
  public DoubleProducts() {
    Blas.PRODUCTS.holdToOneThread();
  }

  /** A matrix inside an array, row-major without gaps, from an entry on. */
  public record Place(int from, int rows, int columns) {
    public Place {
      if (from < 0 || rows < 1 || columns < 1) {
        throw new IllegalArgumentException(
            "matrix: got "
                + rows
                + "×"
                + columns
                + " from entry "
                + from
                + ", expected at least 1×1 from entry 0 or later");
      }
    }

    /** A matrix that begins with its array. */
    public static Place of(int rows, int columns) {
      return new Place(0, rows, columns);
    }

    private int end() {
      return Math.addExact(from, Math.multiplyExact(rows, columns));
    }

    private String text() {
      return rows + "×" + columns;
    }
  }

  /**
   * The product of two whole arrays.
   *
   * @param a [m · k]
   * @param b [k · n]
   * @return A·B, [m · n]
   * @throws IllegalArgumentException if the shapes do not fit each other or their arrays
   */
  public double[] product(double[] a, Place placeA, double[] b, Place placeB) {
    double[] c = new double[Math.multiplyExact(placeA.rows(), placeB.columns())];
    compute(a, placeA, b, placeB, 0, c, Place.of(placeA.rows(), placeB.columns()));
    return c;
  }

  /**
   * C += A·B.
   *
   * @throws IllegalArgumentException if the shapes do not fit each other or their arrays
   */
  public void add(double[] a, Place placeA, double[] b, Place placeB, double[] c, Place placeC) {
    compute(a, placeA, b, placeB, 1, c, placeC);
  }

  /**
   * C = A·B, whatever C held.
   *
   * @throws IllegalArgumentException if the shapes do not fit each other or their arrays
   */
  public void set(double[] a, Place placeA, double[] b, Place placeB, double[] c, Place placeC) {
    compute(a, placeA, b, placeB, 0, c, placeC);
  }

  /** C = A·B + β·C. */
  private void compute(
      double[] a, Place placeA, double[] b, Place placeB, double beta, double[] c, Place placeC) {
    requireFits("left", a, placeA);
    requireFits("right", b, placeB);
    requireFits("result", c, placeC);
    int m = placeA.rows();
    int k = placeA.columns();
    int n = placeB.columns();
    if (placeB.rows() != k || placeC.rows() != m || placeC.columns() != n) {
      throw new IllegalArgumentException(
          "multiply: left ("
              + placeA.text()
              + ") needs "
              + k
              + " rows on the right and a result of "
              + m
              + "×"
              + n
              + ", got ("
              + placeB.text()
              + ") and ("
              + placeC.text()
              + ")");
    }
    right.put(b, placeB.from(), k * n);
    int pieces = (m + ROWS_AT_A_TIME - 1) / ROWS_AT_A_TIME;
    IntStream.range(0, pieces)
        .parallel()
        .forEach(
            piece -> {
              int row = piece * ROWS_AT_A_TIME;
              int rows = Math.min(ROWS_AT_A_TIME, m - row);
              multiplyRows(
                  rows, k, n, a, placeA.from() + row * k, beta, c, placeC.from() + row * n);
            });
  }

  /** Some rows of the product with what stands on the right. */
  private void multiplyRows(
      int rows, int k, int n, double[] a, int fromA, double beta, double[] c, int fromC) {
    Piece last = idle.poll();
    Piece piece = last == null ? new Piece() : last;
    piece.left.put(a, fromA, rows * k);
    piece.result.require(rows * n);
    if (beta != 0) {
      piece.result.put(c, fromC, rows * n);
    }
    cblas_dgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasNoTrans,
        rows,
        n,
        k,
        1,
        piece.left.memory,
        k,
        right.memory,
        n,
        beta,
        piece.result.memory,
        n);
    piece.result.get(c, fromC, rows * n);
    idle.add(piece);
  }

  /** Lets the native memory go. */
  @Override
  public void close() {
    right.free();
    for (Piece piece = idle.poll(); piece != null; piece = idle.poll()) {
      piece.left.free();
      piece.result.free();
    }
  }

  private static void requireFits(String side, double[] array, Place place) {
    Objects.requireNonNull(array, side);
    if (place.end() > array.length) {
      throw new IllegalArgumentException(
          "multiply: got an array of "
              + array.length
              + " entries on the "
              + side
              + ", expected "
              + place.end()
              + " for "
              + place.text()
              + " from entry "
              + place.from());
    }
  }

  /** Native memory that grows to what is needed. */
  private static final class Scratch {
    private DoublePointer memory;
    private DoubleBuffer entries; // the same memory, for copies without a native call

    void require(int length) {
      if (memory == null || memory.capacity() < length) {
        free();
        memory = new DoublePointer((long) length);
        entries = memory.asBuffer();
      }
    }

    void put(double[] source, int from, int length) {
      require(length);
      entries.put(0, source, from, length);
    }

    void get(double[] target, int from, int length) {
      entries.get(0, target, from, length);
    }

    void free() {
      if (memory != null) {
        memory.deallocate();
        memory = null;
      }
    }
  }
}
