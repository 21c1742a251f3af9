package org.grokscope.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {
  private static Measurement sample(String values, Scale scale) {
    return new Measurement(Arrays.stream(values.split(" ")).map(Double::valueOf).toList(), scale);
  }

  private static Rule.Bounds bounds(String rule) {
    return (Rule.Bounds) Rule.of(rule);
  }

  private static Measurement seeds(int hits, int n) {
    return new Measurement(
        Stream.concat(
                Collections.nCopies(hits, 1.0).stream(),
                Collections.nCopies(n - hits, 0.0).stream())
            .toList(),
        Scale.SEEDS);
  }

  @ParameterizedTest
  @CsvSource({
    // mean 0.9, half width 2.365·0.0131/√8 = 0.0109
    "at least 0.85, 0.88 0.89 0.89 0.90 0.90 0.91 0.91 0.92, HOLDS",
    "at least 0.89, 0.88 0.89 0.89 0.90 0.90 0.91 0.91 0.92, UNDECIDED",
    "at least 0.91, 0.88 0.89 0.89 0.90 0.90 0.91 0.91 0.92, UNDECIDED",
    "at least 0.95, 0.88 0.89 0.89 0.90 0.90 0.91 0.91 0.92, FAILS",
    "at most 0.85, 0.88 0.89 0.89 0.90 0.90 0.91 0.91 0.92, FAILS",
    "between 0.85 and 0.95, 0.88 0.89 0.89 0.90 0.90 0.91 0.91 0.92, HOLDS",
    "between 0.895 and 0.905, 0.88 0.89 0.89 0.90 0.90 0.91 0.91 0.92, UNDECIDED",
    "between 0.1 and 0.2, 0.88 0.89 0.89 0.90 0.90 0.91 0.91 0.92, FAILS",
    "at least 0.85, 0.9 0.9 0.9 0.9 0.9 0.9 0.9, UNDECIDED",
    "at least 0.85, 0.9, ONE_RUN",
    "reported, 0.9, REPORTED"
  })
  void the_whole_interval_decides_and_few_seeds_do_not(String rule, String values, Decision is) {
    assertEquals(is, Rule.of(rule).decide(sample(values, Scale.LINEAR)));
  }

  /** Round one called each of these refuted or supported. */
  @Test
  void what_round_one_judged_by_its_mean_alone_is_undecided() {
    Measurement c2 = sample("0.6211 0.8457 0.7637 0.7715 0.8145", Scale.SHARE);
    assertEquals(Verdict.REFUTED, bounds("at least 0.8").judge(c2));
    assertEquals(Decision.UNDECIDED, bounds("at least 0.8").position(c2.interval().orElseThrow()));
    Measurement three = sample("0.97 0.98 0.99", Scale.SHARE);
    assertEquals(Verdict.SUPPORTED, bounds("at least 0.9").judge(three));
    assertEquals(Decision.UNDECIDED, bounds("at least 0.9").decide(three));
  }

  @ParameterizedTest
  @CsvSource({
    // Clopper and Pearson, as tables of the binomial interval have them
    "8, 8, 0.6306, 1",
    "0, 8, 0, 0.3694",
    "5, 8, 0.2449, 0.9148",
    "1, 10, 0.0025, 0.4450"
  })
  void seeds_have_the_exact_interval(int hits, int n, double low, double high) {
    Measurement.Interval interval = seeds(hits, n).interval().orElseThrow();
    assertEquals(low, interval.low(), 1e-4);
    assertEquals(high, interval.high(), 1e-4);
  }

  @Test
  void correlations_stay_between_minus_one_and_one() {
    Measurement.Interval interval =
        sample("0.99 0.999 0.6 0.95 0.97", Scale.CORRELATION).interval().orElseThrow();
    assertTrue(interval.high() < 1, interval.toString());
    Measurement narrow = sample("0.10 0.11 0.09 0.10 0.10", Scale.CORRELATION);
    Measurement linear = new Measurement(narrow.values(), Scale.LINEAR);
    assertEquals(
        linear.interval().orElseThrow().low(), narrow.interval().orElseThrow().low(), 1e-4);
  }

  @Test
  void p_is_where_the_interval_touches_the_bound() {
    for (Scale scale : List.of(Scale.LINEAR, Scale.LOG, Scale.SHARE, Scale.CORRELATION)) {
      Measurement sample = sample("0.6 0.7 0.72 0.8 0.66", scale);
      Measurement.Interval interval = sample.interval().orElseThrow();
      assertEquals(0.025, sample.pBeyond(interval.low()), 1e-6, scale.toString());
      assertEquals(0.025, sample.pBeyond(interval.high()), 1e-6, scale.toString());
    }
    assertEquals(Math.pow(0.5, 8), seeds(8, 8).pBeyond(0.5), 1e-12);
    assertEquals(Math.pow(0.5, 8), seeds(0, 8).pBeyond(0.5), 1e-12);
    assertEquals(Math.pow(0.5, 5), sample("1 1 1 1 1", Scale.LINEAR).pBeyond(0.5), 1e-12);
  }

  @Test
  void an_open_quantity_says_how_many_seeds_would_decide_it() {
    Measurement sample = sample("0.88 0.89 0.89 0.90 0.90 0.91 0.91 0.92", Scale.LINEAR);
    int needed = sample.seedsToDecide(bounds("at least 0.89")).getAsInt();
    // t(n − 1) · 0.0131 / √n < 0.01 first at n = 10: 2.262 · 0.0131 / 3.162 = 0.0094
    assertEquals(10, needed);
    assertTrue(sample.seedsToDecide(bounds("at least 0.9")).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "false, HOLDS HOLDS, HOLDS",
    "false, HOLDS UNDECIDED, UNDECIDED",
    "false, HOLDS FAILS, FAILS",
    "false, UNDECIDED FAILS, FAILS",
    "false, ONE_RUN, ONE_RUN",
    "true, HOLDS FAILS, HOLDS",
    "true, UNDECIDED FAILS, UNDECIDED",
    "true, FAILS FAILS, FAILS"
  })
  void a_claim_follows_from_all_of_its_primaries_or_from_any(
      boolean any, String primaries, Decision is) {
    assertEquals(
        is, Decision.of(Arrays.stream(primaries.split(" ")).map(Decision::valueOf).toList(), any));
  }

  @Test
  void a_yes_or_no_and_nothing_at_all_are_refused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Rule.of("always").decide(sample("1 1 1 1 1", Scale.LINEAR)));
    assertThrows(IllegalArgumentException.class, () -> Decision.of(List.of(), true));
    assertThrows(IllegalArgumentException.class, () -> sample("0.5", Scale.SEEDS));
    assertThrows(IllegalArgumentException.class, () -> sample("1.5", Scale.CORRELATION));
  }
}
