package org.grokscope.fourier;

import static org.grokscope.TensorAssert.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class SpectrumTest {
  @Test
  void a_circle_of_one_frequency_has_one_cosine_and_one_sine() {
    int n = 59;
    double[] circle = new double[n * 2];
    for (int t = 0; t < n; t++) {
      circle[2 * t] = 2 * Math.cos(2 * Math.PI * 7 * t / n);
      circle[2 * t + 1] = 2 * Math.sin(2 * Math.PI * 7 * t / n);
    }
    Spectrum spectrum = Spectrum.of(Nd4j.create(circle, new long[] {n, 2}, 'c'));
    double length = 2 * Math.sqrt(n / 2.0);
    assertEquals(n, spectrum.size());
    assertEquals("cos7", spectrum.names().get(13));
    for (int k = 1; k <= spectrum.frequencies(); k++) {
      assertClose("cos" + k, k == 7 ? length : 0, spectrum.cosine(k), 1e-12, 1e-12);
      assertClose("sin" + k, k == 7 ? length : 0, spectrum.sine(k), 1e-12, 1e-12);
    }
    assertClose("norm", length * Math.sqrt(2), spectrum.norm(7), 1e-12, 0);
    assertClose("largest", length, spectrum.largest(), 1e-12, 0);
  }

  @Test
  void gini_by_hand() {
    assertClose("equal", 0, new Spectrum(List.of(2.0, 2.0, 2.0)).gini(), 0, 0);
    // sorted 1, 2, 3: (−2·1 + 0·2 + 2·3) / (3·6)
    assertClose("1 2 3", 4 / 18.0, new Spectrum(List.of(3.0, 1.0, 2.0)).gini(), 1e-15, 0);
    var one = new java.util.ArrayList<>(Collections.nCopies(113, 0.0));
    one.set(5, 0.25);
    assertClose("one holds everything", 112 / 113.0, new Spectrum(one).gini(), 1e-15, 0);
  }

  @Test
  void the_highest_frequency_of_an_even_length_has_no_sine() {
    Spectrum spectrum = Spectrum.of(4, new double[] {1, -1, 1, -1});
    assertClose("norms", 2, spectrum.norm(2), 1e-15, 0);
    assertEquals(0, spectrum.sine(2));
  }

  @Test
  void what_is_no_spectrum_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> new Spectrum(List.of(1.0, -1.0)));
    assertThrows(IllegalArgumentException.class, () -> new Spectrum(List.of(1.0, Double.NaN)));
    assertThrows(IllegalArgumentException.class, () -> Spectrum.of(Nd4j.zeros(2, 2, 2)));
    var zeros = new Spectrum(List.of(0.0, 0.0));
    assertTrue(
        assertThrows(IllegalStateException.class, zeros::gini).getMessage().contains("zeros"));
  }
}
