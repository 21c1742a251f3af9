package org.grokscope.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasurementTest {
  private static Measurement linear(Double... values) {
    return new Measurement(List.of(values), Scale.LINEAR);
  }

  private static Measurement share(Double... values) {
    return new Measurement(List.of(values), Scale.SHARE);
  }

  private static Measurement log(Double... values) {
    return new Measurement(List.of(values), Scale.LOG);
  }

  @Test
  void the_interval_is_students() {
    Measurement five = linear(1.0, 2.0, 3.0, 4.0, 5.0);
    double half = 2.7764451 * Math.sqrt(2.5 / 5); // the table's t for 4 degrees of freedom
    Measurement.Interval interval = five.interval().orElseThrow();
    assertEquals(3, five.mean(), 0);
    assertEquals(3 - half, interval.low(), 1e-6); // seven digits of t
    assertEquals(3 + half, interval.high(), 1e-6);
    assertEquals("3 (1.037 to 4.963), 5 seeds", five.toString());
  }

  @Test
  void ratios_are_averaged_by_their_logarithms() {
    Measurement two = log(10.0, 1000.0);
    double half = 12.7062047 * Math.log(10); // s/√2 of ln 10 and ln 1000 is ln 10
    Measurement.Interval interval = two.interval().orElseThrow();
    assertEquals(100, two.mean(), 1e-10);
    assertEquals(Math.log(100) - half, Math.log(interval.low()), 1e-6);
    assertEquals(Math.log(100) + half, Math.log(interval.high()), 1e-6);
  }

  @Test
  void the_interval_of_shares_is_of_the_logit_of_their_mean() {
    Measurement two = share(0.2, 0.4);
    double half = 12.7062047 * 0.1 / (0.3 * 0.7); // s/√2 of 0.2 and 0.4 is 0.1
    Measurement.Interval interval = two.interval().orElseThrow();
    assertEquals(0.3, two.mean(), 1e-15);
    assertEquals(Math.log(0.3 / 0.7) - half, logit(interval.low()), 1e-6);
    assertEquals(Math.log(0.3 / 0.7) + half, logit(interval.high()), 1e-6);
  }

  private static double logit(double share) {
    return Math.log(share / (1 - share));
  }

  @Test
  void the_interval_of_shares_holds_their_mean_and_stays_between_0_and_1() {
    for (Measurement shares :
        List.of(
            share(0.0, 0.0, 0.0, 0.0, 1.0),
            share(1.0, 0.999, 1.0),
            share(0.0, 1.0),
            share(0.0, 1e-12, 0.0),
            share(1.0, 1.0, Math.nextDown(1.0)),
            share(1.0, 1.0, 1.0),
            share(0.0, 0.0))) {
      Measurement.Interval interval = shares.interval().orElseThrow();
      assertTrue(
          0 <= interval.low()
              && interval.low() <= shares.mean()
              && shares.mean() <= interval.high()
              && interval.high() <= 1,
          shares::toString);
    }
    assertEquals("1 (1 to 1), 3 seeds", share(1.0, 1.0, 1.0).toString());
    for (double bad : new double[] {-0.1, 1.1, 97}) {
      String text = message(() -> share(0.5, bad));
      assertTrue(text.contains("for a share, expected numbers from 0 to 1"), text);
    }
  }

  @Test
  void one_value_has_no_interval() {
    assertEquals(Optional.empty(), linear(0.84).interval());
    assertEquals("0.84, one seed", linear(0.84).toString());
  }

  @Test
  void equal_values_have_exactly_their_mean_and_an_interval_without_width() {
    for (Measurement three : List.of(linear(0.1, 0.1, 0.1), linear(0.7, 0.7, 0.7))) {
      double value = three.values().get(0);
      assertEquals(value, three.mean(), 0);
      assertEquals(new Measurement.Interval(value, value), three.interval().orElseThrow());
    }
  }

  @Test
  void no_values_and_values_that_say_nothing_are_refused() {
    String none = message(() -> new Measurement(List.of(), Scale.LINEAR));
    assertTrue(none.contains("got no values, expected one a seed"), none);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      String text = message(() -> linear(1.0, bad));
      assertTrue(text.contains("got [1.0, " + bad + "], expected finite numbers"), text);
    }
    String zero = message(() -> log(2.0, 0.0));
    assertTrue(zero.contains("for a ratio, expected positive numbers"), zero);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "0.84|0.84",
        "0.123456|0.1235",
        "-18.3|-18.3",
        "999.96|1000",
        "12345|12,345",
        "2.4e-7|2.40e-07",
        "0.00025834|0.0002583",
        "3e9|3.00e+09"
      })
  void numbers_are_written_to_four_digits_or_whole(double value, String text) {
    assertEquals(text, Measurement.number(value));
  }

  private static String message(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
