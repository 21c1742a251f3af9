package org.grokscope.model;

/**
 * {@link MatrixProducts} in plain Java, on Java arrays: for a JVM without the native libraries, and
 * for a browser.
 *
 * <p>One kernel for all three orientations: a factor that is transposed is the same array walked
 * with its two strides exchanged. Terms are added in float32 in the order of k, in pieces of
 * {@value #DEPTH} whose sums are then added to the result. Within a piece {@value #TILE}×{@value
 * #TILE} entries of the result are summed side by side, so that {@code 2·TILE} numbers read make
 * {@code TILE²} products; a piece of both factors stays near the processor.
 */
final class PlainProducts extends MatrixProducts {
  private static final int TILE = 4; // as the kernel is written out
  private static final int DEPTH = 128;

  /** In a Java array. */
  private static final class PlainMatrix implements Matrix {
    private final float[] entries;
    private final int origin;
    private final int stride;

    PlainMatrix(float[] entries, int origin, int stride) {
      this.entries = entries;
      this.origin = origin;
      this.stride = stride;
    }

    @Override
    public Matrix from(int row, int column) {
      return new PlainMatrix(entries, origin + row * stride + column, stride);
    }

    @Override
    public Matrix reshaped(int entry, int columns) {
      return new PlainMatrix(entries, origin + entry, columns);
    }

    @Override
    public void put(int row, float[] source, int from, int length) {
      System.arraycopy(source, from, entries, origin + row * stride, length);
    }

    @Override
    public void get(int row, float[] target, int from, int length) {
      System.arraycopy(entries, origin + row * stride, target, from, length);
    }

    @Override
    public void free() {
      // the garbage collector does
    }
  }

  /** A factor (rows × columns): entry (i, j) stands at {@code origin + i·down + j·across}. */
  private record Walk(float[] entries, int origin, int down, int across) {
    static Walk of(Matrix matrix) {
      PlainMatrix plain = (PlainMatrix) matrix;
      return new Walk(plain.entries, plain.origin, plain.stride, 1);
    }

    Walk transposed() {
      return new Walk(entries, origin, across, down);
    }

    int at(int i, int j) {
      return origin + i * down + j * across;
    }
  }

  @Override
  Matrix zeros(int rows, int columns) {
    return new PlainMatrix(new float[Math.multiplyExact(rows, columns)], 0, columns);
  }

  @Override
  void holdToOneThread() {
    // there is no other
  }

  @Override
  void multiply(int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c) {
    multiply(m, n, k, Walk.of(a), Walk.of(b), beta, Walk.of(c));
  }

  @Override
  void multiplyLeftTransposed(int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c) {
    multiply(m, n, k, Walk.of(a).transposed(), Walk.of(b), beta, Walk.of(c));
  }

  @Override
  void multiplyRightTransposed(int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c) {
    multiply(m, n, k, Walk.of(a), Walk.of(b).transposed(), beta, Walk.of(c));
  }

  @Override
  void columnSums(int m, int n, Matrix a, Matrix ones, Matrix sums) {
    multiply(1, n, m, ones, a, 0, sums);
  }

  private static void multiply(int m, int n, int k, Walk a, Walk b, float beta, Walk c) {
    for (int from = 0; from < k; from += DEPTH) {
      int to = Math.min(k, from + DEPTH);
      float kept = from == 0 ? beta : 1;
      int wholeRows = m - m % TILE;
      int wholeColumns = n - n % TILE;
      for (int i = 0; i < wholeRows; i += TILE) {
        for (int j = 0; j < wholeColumns; j += TILE) {
          tile(i, j, from, to, a, b, kept, c);
        }
      }
      entries(0, wholeRows, wholeColumns, n, from, to, a, b, kept, c);
      entries(wholeRows, m, 0, n, from, to, a, b, kept, c);
    }
  }

  /** The entries of some rows and columns, one by one. */
  private static void entries(
      int firstRow,
      int endRow,
      int firstColumn,
      int endColumn,
      int from,
      int to,
      Walk a,
      Walk b,
      float kept,
      Walk c) {
    for (int i = firstRow; i < endRow; i++) {
      for (int j = firstColumn; j < endColumn; j++) {
        float sum = 0;
        for (int l = from; l < to; l++) {
          sum += a.entries[a.at(i, l)] * b.entries[b.at(l, j)];
        }
        put(c, i, j, kept, sum);
      }
    }
  }

  /** 4×4 entries: c_ij ← kept·c_ij + Σ a_il b_lj, l from … to − 1. */
  private static void tile(int i, int j, int from, int to, Walk a, Walk b, float kept, Walk c) {
    float[] as = a.entries;
    float[] bs = b.entries;
    int a0 = a.at(i, from);
    int a1 = a0 + a.down;
    int a2 = a1 + a.down;
    int a3 = a2 + a.down;
    int alongA = a.across;
    int b0 = b.at(from, j);
    int b1 = b0 + b.across;
    int b2 = b1 + b.across;
    int b3 = b2 + b.across;
    int alongB = b.down;
    float s00 = 0;
    float s01 = 0;
    float s02 = 0;
    float s03 = 0;
    float s10 = 0;
    float s11 = 0;
    float s12 = 0;
    float s13 = 0;
    float s20 = 0;
    float s21 = 0;
    float s22 = 0;
    float s23 = 0;
    float s30 = 0;
    float s31 = 0;
    float s32 = 0;
    float s33 = 0;
    for (int l = from, atA = 0, atB = 0; l < to; l++, atA += alongA, atB += alongB) {
      float x0 = as[a0 + atA];
      float x1 = as[a1 + atA];
      float x2 = as[a2 + atA];
      float x3 = as[a3 + atA];
      float y0 = bs[b0 + atB];
      float y1 = bs[b1 + atB];
      float y2 = bs[b2 + atB];
      float y3 = bs[b3 + atB];
      s00 += x0 * y0;
      s01 += x0 * y1;
      s02 += x0 * y2;
      s03 += x0 * y3;
      s10 += x1 * y0;
      s11 += x1 * y1;
      s12 += x1 * y2;
      s13 += x1 * y3;
      s20 += x2 * y0;
      s21 += x2 * y1;
      s22 += x2 * y2;
      s23 += x2 * y3;
      s30 += x3 * y0;
      s31 += x3 * y1;
      s32 += x3 * y2;
      s33 += x3 * y3;
    }
    put(c, i, j, kept, s00, s01, s02, s03);
    put(c, i + 1, j, kept, s10, s11, s12, s13);
    put(c, i + 2, j, kept, s20, s21, s22, s23);
    put(c, i + 3, j, kept, s30, s31, s32, s33);
  }

  private static void put(
      Walk c, int i, int j, float kept, float s0, float s1, float s2, float s3) {
    put(c, i, j, kept, s0);
    put(c, i, j + 1, kept, s1);
    put(c, i, j + 2, kept, s2);
    put(c, i, j + 3, kept, s3);
  }

  /** kept·c + sum; with kept = 0 whatever c was, NaN too. */
  private static void put(Walk c, int i, int j, float kept, float sum) {
    int at = c.at(i, j);
    c.entries[at] = kept == 0 ? sum : kept * c.entries[at] + sum;
  }
}
