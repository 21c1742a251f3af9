package org.grokscope.compression;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Ways to tell where bodies were seen, without losing a centimetre, and the bits of each. What
 * stands beside the tracks, force and mass, is known to all of them.
 *
 * <p>Where a formula predicts, the bits are those of its text (8 a character), of its coefficients,
 * rounded to what the noise lets one know of them, and of the differences between places and
 * predictions; coefficients and differences by an enumerative code.
 */
public enum TrajectoryCode {
  /** Every place by itself, all in as many bits as the longest needs. */
  TABLE {
    @Override
    public double bits(Trajectories trajectories) {
      int smallest = Integer.MAX_VALUE;
      int largest = Integer.MIN_VALUE;
      int[] places = trajectories.places();
      for (int place : places) {
        smallest = Math.min(smallest, place);
        largest = Math.max(largest, place);
      }
      int each = 32 - Integer.numberOfLeadingZeros(largest - smallest);
      return 2.0 * Integer.SIZE + (double) each * places.length;
    }
  },
  /** That table in a file, steps from place to place as 16-bit numbers, through xz. */
  TABLE_THROUGH_XZ {
    @Override
    public double bits(Trajectories trajectories) {
      int[] places = trajectories.places();
      ByteBuffer file = ByteBuffer.allocate(Integer.BYTES * places.length);
      for (int i = 0; i < places.length; i++) {
        int step = i % Trajectories.POINTS == 0 ? places[i] : places[i] - places[i - 1];
        file.put(i, (byte) (step >> 8)); // high bytes first, then the low ones: easier for xz
        file.put(places.length + i, (byte) step);
      }
      return Compressor.XZ.bits(Arrays.copyOf(file.array(), 2 * places.length));
    }
  },
  /** A parabola for each body by itself. */
  CURVES {
    private static final String TEXT = "x = x0 + v t + a t^2 / 2";

    @Override
    public double bits(Trajectories trajectories) {
      List<Parabola> fits = trajectories.tracks().stream().map(Parabola::fit).toList();
      return textBits(TEXT) + told(trajectories, fits, true);
    }
  },
  /** One law for all: only start and speed are told of each body. At least four bodies. */
  LAW {
    private static final String TEXT = "x = x0 + v t + c F^alpha m^beta t^2 / 2";
    private static final int BITS_OF_STEP = 2;

    @Override
    public double bits(Trajectories trajectories) {
      Law fitted = Law.fit(trajectories);
      double least = Double.POSITIVE_INFINITY;
      for (double step : new double[] {0.1, 0.01, 0.001, 0.0001}) {
        Law law = fitted.rounded(step);
        double numbers =
            signedBits(law.c() / step)
                + signedBits(law.alpha() / step)
                + signedBits(law.beta() / step);
        least = Math.min(least, numbers + told(trajectories, underLaw(trajectories, law), false));
      }
      return textBits(TEXT) + BITS_OF_STEP + least;
    }

    private List<Parabola> underLaw(Trajectories trajectories, Law law) {
      return trajectories.tracks().stream()
          .map(
              track -> {
                Parabola own = Parabola.fit(track);
                double acceleration = law.acceleration(track.force(), track.mass());
                return new Parabola(own.constant(), own.linear(), acceleration / 2);
              })
          .toList();
    }
  };

  /**
   * Bits that tell all places.
   *
   * @throws IllegalArgumentException if there are too few bodies for a law
   */
  public abstract double bits(Trajectories trajectories);

  private static double textBits(String text) {
    return 8.0 * text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A sign and Elias' gamma code. */
  private static double signedBits(double multiple) {
    return 1 + TinyProgram.gammaBits((int) Math.abs(Math.rint(multiple)) + 1);
  }

  /**
   * Bits of coefficients and differences.
   *
   * @param fits a parabola a body
   * @param withQuadratic whether its last coefficient has to be told as well
   */
  private static double told(
      Trajectories trajectories, List<Parabola> fits, boolean withQuadratic) {
    double spread = spread(trajectories, fits);
    double[] steps = new double[3];
    double bits = 0;
    for (int j = 0; j < steps.length; j++) {
      steps[j] = spread / Math.sqrt(Parabola.squares(j)); // standard error of a coefficient
      bits += j < 2 || withQuadratic ? Float.SIZE : 0;
    }
    int n = fits.size();
    int[][] told = new int[3][n];
    int[] differences = new int[n * Trajectories.POINTS];
    for (int body = 0; body < n; body++) {
      Parabola fit = fits.get(body);
      told[0][body] = (int) Math.rint(fit.constant() / steps[0]);
      told[1][body] = (int) Math.rint(fit.linear() / steps[1]);
      told[2][body] = (int) Math.rint(fit.quadratic() / steps[2]);
      Parabola decoded =
          new Parabola(
              told[0][body] * steps[0],
              told[1][body] * steps[1],
              withQuadratic ? told[2][body] * steps[2] : fit.quadratic());
      for (int i = 0; i < Trajectories.POINTS; i++) {
        int predicted = (int) Math.rint(decoded.at(i) / Trajectories.RESOLUTION);
        differences[body * Trajectories.POINTS + i] =
            trajectories.tracks().get(body).places().get(i) - predicted;
      }
    }
    for (int j = 0; j < (withQuadratic ? 3 : 2); j++) {
      bits += IntegerCode.bits(told[j], 0, 1, n);
    }
    return bits + IntegerCode.bits(differences, 0, 1, differences.length);
  }

  /** Root mean square of places minus predictions, at least the resolution. */
  private static double spread(Trajectories trajectories, List<Parabola> fits) {
    double squares = 0;
    for (int body = 0; body < fits.size(); body++) {
      for (int i = 0; i < Trajectories.POINTS; i++) {
        double place = trajectories.tracks().get(body).places().get(i) * Trajectories.RESOLUTION;
        squares += Math.pow(place - fits.get(body).at(i), 2);
      }
    }
    double mean = squares / (fits.size() * Trajectories.POINTS);
    return Math.max(Math.sqrt(mean), Trajectories.RESOLUTION);
  }
}
