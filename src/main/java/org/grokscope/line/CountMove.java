package org.grokscope.line;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.grokscope.geometry.Manifold;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Changes the count inside a subspace, as a {@link Move} says.
 *
 * @param manifold the means by count
 * @param move how
 * @param subspace where
 */
record CountMove(Manifold manifold, Move move, Subspace subspace) {

  /**
   * Rows that are told another count.
   *
   * @param rows [n, d]
   * @param from [n], the count of each; on the manifold
   * @param to [n], what it is told; on the manifold
   */
  INDArray moved(INDArray rows, int[] from, int[] to) {
    INDArray means = manifold.means();
    INDArray after = means.getRows(indices(to));
    INDArray before = means.getRows(indices(from));
    return switch (move) {
      case SWAP -> rows.add(subspace.part(after.sub(rows)));
      case CHORD -> rows.add(subspace.part(after.sub(before)));
      case STRAIGHT -> rows.add(straight(subspace.part(after.sub(before)), from, to));
      case ROTATE -> rows.add(turned(rows, from, to));
    };
  }

  private INDArray straight(INDArray chords, int[] from, int[] to) {
    INDArray means = manifold.means();
    INDArray centred = subspace.part(means.subRowVector(means.mean(0)));
    int[] labels = manifold.labels();
    double mean = Arrays.stream(labels).average().orElseThrow();
    INDArray offsets =
        Nd4j.createFromArray(Arrays.stream(labels).mapToDouble(label -> label - mean).toArray());
    INDArray direction = offsets.reshape(1, -1).mmul(centred); // (1, d)
    direction.divi(direction.norm2Number());
    INDArray lengths = chords.norm2(1);
    for (int i = 0; i < from.length; i++) {
      lengths.putScalar(i, lengths.getDouble(i) * Math.signum(to[i] - from[i]));
    }
    return lengths.reshape(-1, 1).mmul(direction);
  }

  private INDArray turned(INDArray rows, int[] from, int[] to) {
    INDArray centre = manifold.means().mean(0);
    INDArray basis = subspace.basis();
    INDArray inside = rows.subRowVector(centre).mmul(basis.transpose()); // (n, k)
    Map<Integer, INDArray> rotations = new HashMap<>();
    INDArray turned = inside.dup();
    for (int i = 0; i < from.length; i++) {
      INDArray rotation =
          rotations.computeIfAbsent(
              to[i] - from[i], shift -> ShiftRotation.of(manifold, shift, basis).rotation());
      turned.putRow(i, inside.getRow(i, true).mmul(rotation).reshape(-1));
    }
    return turned.subi(inside).mmul(basis);
  }

  private int[] indices(int[] wanted) {
    int[] labels = manifold.labels();
    return Arrays.stream(wanted).map(label -> Arrays.binarySearch(labels, label)).toArray();
  }
}
