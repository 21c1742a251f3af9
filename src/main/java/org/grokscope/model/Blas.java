package org.grokscope.model;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.io.File;
import java.nio.FloatBuffer;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * The native matrix product (OpenBLAS, the library that ND4J uses), called directly on native
 * memory.
 *
 * <p>OpenBLAS is held to one thread by {@link #holdToOneThread}: parallel work is divided by {@link
 * Workers}, so that the order of every sum, and with it every bit of the result, is the same
 * whatever the number of threads.
 */
public final class Blas extends MatrixProducts {
  /**
   * Opens a library for its caller alone. ND4J loads a copy of OpenBLAS of its own; symbols that
   * one copy offered to all would be mixed up with the other's, and crash.
   */
  private static final int RTLD_LAZY = 1;

  static final Blas PRODUCTS = new Blas();

  private Blas() {}

  /** Whether the native library is there and loads. */
  static boolean loads() {
    try {
      PRODUCTS.holdToOneThread();
      return true;
    } catch (LinkageError e) { // also of an OpenBLAS that is there, but for another machine
      return false;
    }
  }

  /** In native memory. */
  static final class NativeMatrix implements Matrix {
    private final FloatPointer memory;
    private final FloatBuffer entries; // the same memory, for copies without a native call
    private final int origin;
    private final int stride;
    private final FloatPointer pointer; // to the first entry

    private NativeMatrix(FloatPointer memory, FloatBuffer entries, int origin, int stride) {
      this.memory = memory;
      this.entries = entries;
      this.origin = origin;
      this.stride = stride;
      this.pointer = origin == 0 ? memory : memory.getPointer(origin);
    }

    @Override
    public Matrix from(int row, int column) {
      return new NativeMatrix(memory, entries, origin + row * stride + column, stride);
    }

    @Override
    public Matrix reshaped(int entry, int columns) {
      return new NativeMatrix(memory, entries, origin + entry, columns);
    }

    @Override
    public void put(int row, float[] source, int from, int length) {
      entries.put(origin + row * stride, source, from, length);
    }

    @Override
    public void get(int row, float[] target, int from, int length) {
      entries.get(origin + row * stride, target, from, length);
    }

    @Override
    public void free() {
      memory.deallocate();
    }
  }

  @Override
  Matrix zeros(int rows, int columns) {
    int entries = Math.multiplyExact(rows, columns);
    FloatPointer memory = new FloatPointer((long) entries);
    FloatPointer.memset(memory, 0, (long) entries * Float.BYTES);
    return new NativeMatrix(memory, memory.asBuffer(), 0, columns);
  }

  /**
   * {@inheritDoc} ND4J shares this setting and raises it, when it starts and whenever it is asked
   * to.
   */
  @Override
  void holdToOneThread() {
    blas_set_num_threads(1);
  }

  @Override
  void multiply(int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c) {
    gemm(CblasNoTrans, CblasNoTrans, m, n, k, a, b, beta, c);
  }

  @Override
  void multiplyLeftTransposed(int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c) {
    gemm(CblasTrans, CblasNoTrans, m, n, k, a, b, beta, c);
  }

  @Override
  void multiplyRightTransposed(int m, int n, int k, Matrix a, Matrix b, float beta, Matrix c) {
    gemm(CblasNoTrans, CblasTrans, m, n, k, a, b, beta, c);
  }

  @Override
  void columnSums(int m, int n, Matrix rows, Matrix one, Matrix sum) {
    NativeMatrix a = (NativeMatrix) rows;
    NativeMatrix ones = (NativeMatrix) one;
    NativeMatrix sums = (NativeMatrix) sum;
    cblas_sgemv(
        CblasRowMajor,
        CblasTrans,
        m,
        n,
        1f,
        a.pointer,
        a.stride,
        ones.pointer,
        1,
        0f,
        sums.pointer,
        1);
  }

  private static void gemm(
      int transposeA,
      int transposeB,
      int m,
      int n,
      int k,
      Matrix left,
      Matrix right,
      float beta,
      Matrix result) {
    NativeMatrix a = (NativeMatrix) left;
    NativeMatrix b = (NativeMatrix) right;
    NativeMatrix c = (NativeMatrix) result;
    cblas_sgemm(
        CblasRowMajor,
        transposeA,
        transposeB,
        m,
        n,
        k,
        1f,
        a.pointer,
        a.stride,
        b.pointer,
        b.stride,
        beta,
        c.pointer,
        c.stride);
  }

  /**
   * Which processor OpenBLAS took this machine for, and so which of its kernels run, such as {@code
   * Zen}; "unknown" where the library does not tell.
   */
  public static String coreType() {
    return ask("openblas_get_corename");
  }

  /** OpenBLAS's own description of its version and build, or "unknown". */
  public static String description() {
    return ask("openblas_get_config");
  }

  /** Operating system and architecture, by the names of the native libraries' files. */
  static String platform() {
    return Loader.getPlatform();
  }

  /** Calls a function of the loaded library that returns a text and that JavaCPP does not offer. */
  private static String ask(String function) {
    try {
      String loaded = Loader.load(openblas_nolapack.class);
      File[] libraries =
          new File(loaded)
              .getParentFile()
              .listFiles(
                  (folder, name) -> name.matches("libopenblas_nolapack\\.(so\\.0|0\\.dylib)"));
      return libraries == null || libraries.length == 0
          ? "unknown"
          : NativeLibrary.getInstance(
                  libraries[0].getPath(), Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY))
              .getFunction(function)
              .invokeString(new Object[0], false)
              .strip();
    } catch (LinkageError e) {
      return "unknown";
    }
  }

  /**
   * Speed of a square product (512×512×512) on one thread, the best of some: 10⁹ operations a
   * second.
   */
  public static double gigaflops() {
    PRODUCTS.holdToOneThread();
    int n = 512;
    Matrix a = PRODUCTS.zeros(n, n);
    Matrix b = PRODUCTS.zeros(n, n);
    Matrix c = PRODUCTS.zeros(n, n);
    try {
      double best = 0;
      for (int round = 0; round < 12; round++) {
        long start = System.nanoTime();
        PRODUCTS.multiply(n, n, n, a, b, 0, c);
        best = Math.max(best, 2.0 * n * n * n / (System.nanoTime() - start));
      }
      return best;
    } finally {
      a.free();
      b.free();
      c.free();
    }
  }

  /**
   * Measured speed of the three products of one training step's GEMM floor, in the blocks of rows
   * that suit this machine best: relu(H)·M, relu(H)ᵀ·dL and dL·Mᵀ with H (rows×neurons) and M
   * (neurons×outputs).
   *
   * @return milliseconds of the three together, for the best of the block sizes tried
   */
  public static double gemmFloorMilliseconds(int rows, int neurons, int outputs, int threads) {
    double best = Double.POSITIVE_INFINITY;
    for (int block : new int[] {64, 128, 256, 512, 1024}) {
      best = Math.min(best, floor(rows, neurons, outputs, block, threads));
    }
    return best;
  }

  private static double floor(int rows, int neurons, int outputs, int block, int threads) {
    PRODUCTS.holdToOneThread();
    Matrix[] hidden = new Matrix[threads];
    Matrix[] logits = new Matrix[threads];
    Matrix[] gradient = new Matrix[threads];
    Matrix weights = PRODUCTS.zeros(neurons, outputs);
    for (int i = 0; i < threads; i++) {
      hidden[i] = PRODUCTS.zeros(block, neurons);
      logits[i] = PRODUCTS.zeros(block, outputs);
      gradient[i] = PRODUCTS.zeros(neurons, outputs);
    }
    try (Workers workers = Workers.of(threads)) {
      int blocks = (rows + block - 1) / block;
      Workers.Task task =
          (index, worker) -> {
            int n = Math.min(block, rows - index * block);
            Matrix h = hidden[worker];
            Matrix l = logits[worker];
            PRODUCTS.multiply(n, outputs, neurons, h, weights, 0, l);
            PRODUCTS.multiplyLeftTransposed(neurons, outputs, n, h, l, 1, gradient[worker]);
            PRODUCTS.multiplyRightTransposed(n, neurons, outputs, l, weights, 0, h);
          };
      workers.forEach(blocks, task);
      long start = System.nanoTime();
      workers.forEach(blocks, task);
      return (System.nanoTime() - start) / 1e6;
    } finally {
      weights.free();
      for (int i = 0; i < threads; i++) {
        hidden[i].free();
        logits[i].free();
        gradient[i].free();
      }
    }
  }
}
