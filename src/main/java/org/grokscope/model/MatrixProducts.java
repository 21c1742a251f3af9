package org.grokscope.model;

/**
 * Where the fast paths' matrix products, in float32, are computed: by native code ({@link Blas}),
 * or in plain Java ({@link PlainProducts}) where there is none, as in a JVM without the native
 * libraries or in a browser.
 *
 * <p>Both add up the same terms in another order, so they agree to rounding and not to the bit. The
 * results of each are the same on every run, whatever the number of threads.
 */
public abstract class MatrixProducts {

  MatrixProducts() {}

  /** Whether products are by native code here. */
  public static boolean areNative() {
    return here() instanceof Blas;
  }

  /** What products are in force here, in a line. */
  public static String description() {
    return areNative()
        ? "native (OpenBLAS)"
        : "plain Java: the class path has no native libraries that load here; trainings on the fast"
            + " path run, some three times slower, and what asks for arrays of ND4J does not";
  }

  /** Products by native code if it loads here, else in plain Java. */
  static MatrixProducts here() {
    return Here.PRODUCTS;
  }

  /** Looked for once. */
  private static final class Here {
    static final MatrixProducts PRODUCTS = Blas.loads() ? Blas.PRODUCTS : new PlainProducts();
  }

  /** A new matrix of zeros. */
  abstract Matrix zeros(int rows, int columns);

  /**
   * Lets a product use no thread but its caller's, from now on; to be called before every piece of
   * work.
   */
  abstract void holdToOneThread();

  /** C = A·B + β·C with A (m×k), B (k×n), C (m×n). */
  abstract void multiply(int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c);

  /** C = Aᵀ·B + β·C with A (k×m), B (k×n), C (m×n). */
  abstract void multiplyLeftTransposed(
      int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c);

  /** C = A·Bᵀ + β·C with A (m×k), B (n×k), C (m×n). */
  abstract void multiplyRightTransposed(
      int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c);

  /** sums = 1ᵀ·A with A (m×n), {@code ones} and {@code sums} rows of m and n entries. */
  abstract void columnSums(int m, int n, Matrix a, Matrix ones, Matrix sums);

  /** A matrix (rows × columns, row-major) of those that made it, and for their products alone. */
  interface Matrix {
    /** The part that begins at a row and column; no copy. */
    Matrix from(int row, int column);

    /** The same memory from an entry on, read as rows of another length; no copy. */
    Matrix reshaped(int entry, int columns);

    /** Overwrites {@code length} entries from the beginning of a row. */
    void put(int row, float[] source, int from, int length);

    /** Copies {@code length} entries from the beginning of a row. */
    void get(int row, float[] target, int from, int length);

    /** Lets the memory go; the matrix and all its parts are dead. */
    void free();
  }
}
