package org.grokscope.plot;

import java.util.List;
import org.grokscope.fourier.FourierBasis;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The plane of an embedding in which the numbers stand on the circle of one frequency. */
final class KeyPlane {
  private KeyPlane() {}

  /**
   * Its two directions: the cosine and the sine row of F·W_E, made orthonormal.
   *
   * @param embedding (p, d), p odd
   * @param frequency 1 … (p−1)/2
   * @return (d, 2)
   */
  static INDArray of(INDArray embedding, int frequency) {
    FourierBasis basis = FourierBasis.of(Math.toIntExact(embedding.size(0)));
    INDArray waves = basis.matrix().mmul(embedding); // (p, d)
    List<Integer> rows = basis.rowsOf(frequency);
    INDArray cosine = waves.getRow(rows.get(0)).dup();
    INDArray sine = waves.getRow(rows.get(1)).dup();
    cosine.divi(cosine.norm2Number());
    sine.subi(cosine.mul(Nd4j.getBlasWrapper().dot(cosine, sine)));
    sine.divi(sine.norm2Number());
    return Nd4j.vstack(cosine.reshape(1, cosine.length()), sine.reshape(1, sine.length()))
        .transpose();
  }
}
