package org.grokscope.geometry;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mean response of features to every label, as of place cells to every place: where each peaks,
 * and how wide its peak is.
 *
 * <p>The width is that of the bump around the peak at half its height above the curve's minimum, in
 * units of the labels, interpolated linearly. A bump that the end of the labels cuts off has none.
 */
public final class TuningCurves {
  private final int[] labels; // (m), ascending
  private final double[][] curves; // (m, f)

  private TuningCurves(int[] labels, double[][] curves) {
    this.labels = labels;
    this.curves = curves;
  }

  /**
   * The tuning of some features.
   *
   * @param responses [n, f], a feature a column
   * @param labels [n], at least 3 different ones
   */
  public static TuningCurves of(INDArray responses, int[] labels) {
    return of(Manifold.of(responses, labels));
  }

  /**
   * The tuning of features whose mean responses are a manifold, such as one from which the effect
   * of something else has been taken out.
   *
   * @param means of at least 3 labels, a feature a column
   */
  public static TuningCurves of(Manifold means) {
    if (means.labels().length < 3) {
      throw new IllegalArgumentException(
          "tuning curves: got "
              + means.labels().length
              + " different labels, expected at least 3, a peak and both sides of it");
    }
    return new TuningCurves(means.labels(), means.means().toDoubleMatrix());
  }

  /** The labels, [m] ascending; a copy. */
  public int[] labels() {
    return labels.clone();
  }

  /** The mean responses, [m, f]. */
  public INDArray values() {
    return Nd4j.createFromArray(curves);
  }

  /** Every feature's peak, in the order of the features. */
  public List<Peak> peaks() {
    List<Peak> peaks = new ArrayList<>();
    for (int feature = 0; feature < curves[0].length; feature++) {
      peaks.add(peak(feature));
    }
    return List.copyOf(peaks);
  }

  private Peak peak(int feature) {
    int highest = 0;
    int lowest = 0;
    for (int i = 1; i < curves.length; i++) {
      highest = curves[i][feature] > curves[highest][feature] ? i : highest;
      lowest = curves[i][feature] < curves[lowest][feature] ? i : lowest;
    }
    double height = curves[highest][feature] - curves[lowest][feature];
    double half = curves[lowest][feature] + height / 2;
    double width =
        height > 0
            ? crossing(feature, highest, 1, half) - crossing(feature, highest, -1, half)
            : Double.NaN;
    return new Peak(feature, labels[highest], height, width);
  }

  /**
   * The label at which a curve falls to a level, going from its peak one way; NaN if it does not.
   */
  private double crossing(int feature, int peak, int step, double level) {
    int i = peak;
    while (i >= 0 && i < curves.length && curves[i][feature] > level) {
      i += step;
    }
    if (i < 0 || i >= curves.length) {
      return Double.NaN;
    }
    double above = curves[i - step][feature];
    double fraction = (above - level) / (above - curves[i][feature]);
    return labels[i - step] + fraction * (labels[i] - labels[i - step]);
  }

  /**
   * How the widths grow with the place of the peak.
   *
   * @throws IllegalArgumentException if fewer than 3 features have a width
   */
  public Dilation dilation() {
    return dilation(0);
  }

  /**
   * The same of the features whose peak is wide enough. A peak of a single label, hardly wider than
   * the step between labels, is the smallest there can be and may be an accident of one mean.
   *
   * @param least width that is counted, in labels
   * @throws IllegalArgumentException if fewer than 3 features have such a width
   */
  public Dilation dilation(double least) {
    List<Peak> whole =
        peaks().stream().filter(peak -> peak.whole() && peak.width() >= least).toList();
    if (whole.size() < 3) {
      throw new IllegalArgumentException(
          "tuning curves: "
              + whole.size()
              + " of "
              + curves[0].length
              + " features have a peak that falls on both sides"
              + (least > 0 ? " and is at least " + least + " wide" : "")
              + ", expected at least 3");
    }
    double[] peaks = whole.stream().mapToDouble(Peak::label).toArray();
    double[] widths = whole.stream().mapToDouble(Peak::width).toArray();
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < peaks.length; i++) {
      line.addData(peaks[i], widths[i]);
    }
    return new Dilation(
        whole.size(), new SpearmansCorrelation().correlation(peaks, widths), line.getSlope());
  }

  /**
   * The place fields: peaks that fall to half their height on both sides and are wide enough, of
   * features that are nowhere else above that half, as a place cell fires at one place alone.
   *
   * @param least width, in labels
   */
  public List<Peak> placeFields(double least) {
    return peaks().stream()
        .filter(peak -> peak.whole() && peak.width() >= least && risesOnce(peak.feature()))
        .toList();
  }

  private boolean risesOnce(int feature) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] response : curves) {
      low = Math.min(low, response[feature]);
      high = Math.max(high, response[feature]);
    }
    int rises = 0;
    boolean above = false;
    for (double[] response : curves) {
      boolean now = response[feature] > (low + high) / 2;
      rises += now && !above ? 1 : 0;
      above = now;
    }
    return rises == 1;
  }

  /**
   * How place fields widen: the slope of the logarithm of their width on that of their place, 1
   * where a field is as wide as a part of its place (Weber's law), 0 where all are alike.
   *
   * @param fields at labels above 0, at least 3, not all at one label
   * @throws IllegalArgumentException otherwise
   */
  public static double widening(List<Peak> fields) {
    if (fields.stream().mapToInt(Peak::label).distinct().count() < 2
        || fields.size() < 3
        || fields.stream().anyMatch(field -> field.label() <= 0 || !(field.width() > 0))) {
      throw new IllegalArgumentException(
          "tuning curves: got the fields "
              + fields
              + ", expected at least 3 at two different labels above 0, each with a width");
    }
    SimpleRegression line = new SimpleRegression();
    fields.forEach(field -> line.addData(Math.log(field.label()), Math.log(field.width())));
    return line.getSlope();
  }

  /**
   * Where a feature peaks.
   *
   * @param feature its column
   * @param label at which it responds most
   * @param height from the curve's minimum to its maximum
   * @param width at half the height, or NaN where the curve does not fall to it on both sides
   */
  public record Peak(int feature, int label, double height, double width) {
    /** Whether the peak falls to half its height on both sides. */
    public boolean whole() {
      return !Double.isNaN(width);
    }
  }

  /**
   * How widths go with peaks.
   *
   * @param features that have a width
   * @param rankCorrelation Spearman's, of width and place: 1 if they always widen, NaN if all
   *     places or all widths are alike
   * @param slope of the straight line of width against place
   */
  public record Dilation(int features, double rankCorrelation, double slope) {}
}
