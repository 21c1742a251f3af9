package org.grokscope.probe;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Parameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What lies under new names. A model that was taught to say π(c) where it said c is read with the
 * names of before: its logit of c is what it gives to π(c), W_U[:, c] ← W_U[:, π(c)]. Then every
 * measure of the old task, waves and keys among them, can be asked of it.
 */
public final class RenamedAnswers {
  private RenamedAnswers() {}

  /**
   * The model that was renamed, with its answers read under the old names.
   *
   * @param original whose questions and answers are asked
   * @param renamed weights of the same layout
   * @param names [p], π: the new name of each old answer, each residue once
   * @throws IllegalArgumentException if the names are no permutation of 0 … p−1, or the layouts
   *     differ
   */
  public static Checkpoint readBack(Checkpoint original, Parameters renamed, int[] names) {
    int p = original.p();
    int[] sorted = names.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, IntStream.range(0, p).toArray())) {
      throw new IllegalArgumentException(
          "renamed answers: got "
              + names.length
              + " names, expected each of 0 … "
              + (p - 1)
              + " once");
    }
    INDArray given = renamed.get("W_U"); // (d_model, outputs)
    INDArray read = given.dup();
    for (int c = 0; c < p; c++) {
      read.putColumn(c, given.getColumn(names[c]));
    }
    Parameters weights = renamed.copy();
    weights.set("W_U", read);
    return original.withParameters(weights);
  }
}
