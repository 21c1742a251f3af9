package org.grokscope.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A {@link Site} on the reference path: a norm of the stream's rows, and noise behind it. */
final class SitePass {
  private final Site site;
  private final int layer;
  private final Noise noise;
  private final int first; // the first sequence's place in its batch
  private final RmsNorm norm = new RmsNorm();

  /**
   * @param layer behind which it is
   * @param first the first sequence's place in its batch
   */
  SitePass(Site site, int layer, Noise noise, int first) {
    this.site = site;
    this.layer = layer;
    this.noise = noise;
    this.first = first;
  }

  /** (n·T, d) → (n·T, d), n sequences. */
  INDArray forward(INDArray x, int n) {
    INDArray normed = site.rmsNorm() ? norm.forward(x) : x;
    if (!noise.at(site)) {
      return normed;
    }
    int perSequence = Math.toIntExact(x.length() / n);
    float[] added = new float[n * perSequence];
    for (int i = 0; i < n; i++) {
      noise.addTo(added, i * perSequence, perSequence, site, layer, first + i);
    }
    return normed.add(NativeValues.array(added, x.shape()).castTo(x.dataType()));
  }

  /** The gradient at the stream before, given that behind. */
  INDArray backward(INDArray dx) {
    return site.rmsNorm() ? norm.backward(dx) : dx;
  }
}
