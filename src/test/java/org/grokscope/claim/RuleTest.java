package org.grokscope.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {
  private static Measurement seeds(String values) {
    List<Double> numbers = Arrays.stream(values.split(" ")).map(Double::valueOf).toList();
    return new Measurement(numbers, Scale.LINEAR);
  }

  @ParameterizedTest
  @CsvSource({
    "at least 0.8, 0.8, SUPPORTED",
    "at least 0.8, 0.79, REFUTED",
    "at most 10, 10, SUPPORTED",
    "at most 10, 10.01, REFUTED",
    "above 4.585, 4.585, REFUTED",
    "above 4.585, 4.586, SUPPORTED",
    "below 1, 1, REFUTED",
    "below 1, 0.99, SUPPORTED",
    "below -1, -2, SUPPORTED",
    "between 3 and 6, 3, SUPPORTED",
    "between 3 and 6, 6, SUPPORTED",
    "between 3 and 6, 2.9, REFUTED",
    "between 3 and 6, 6.1, REFUTED",
    "equals 1, 1, SUPPORTED",
    "equals 1, 1.1, REFUTED",
    "at least 1e-3, 0.002, SUPPORTED",
    "reported, 7, REPORTED"
  })
  void one_seed_is_judged_by_its_value(String rule, String value, Verdict verdict) {
    assertEquals(verdict, Rule.of(rule).judge(seeds(value)));
  }

  @ParameterizedTest
  @CsvSource({
    // mean 0.9, half width 4.303·0.01/√3 = 0.025
    "at least 0.8, 0.89 0.90 0.91, SUPPORTED",
    "at least 0.88, 0.89 0.90 0.91, PARTLY",
    "at least 0.91, 0.89 0.90 0.91, REFUTED",
    "at most 0.92, 0.89 0.90 0.91, PARTLY",
    "between 0.85 and 0.95, 0.89 0.90 0.91, SUPPORTED",
    "between 0.89 and 0.95, 0.89 0.90 0.91, PARTLY",
    "equals 1, 1 1 1, SUPPORTED",
    "equals 1, 0.9 1 1.1, PARTLY",
    "equals 1, 1 1 1.2, REFUTED"
  })
  void several_seeds_are_judged_by_their_mean_and_their_whole_interval(
      String rule, String values, Verdict verdict) {
    assertEquals(verdict, Rule.of(rule).judge(seeds(values)));
  }

  @ParameterizedTest
  @CsvSource({
    "always, 1 1 1, SUPPORTED, in 3 of 3 seeds",
    "always, 1 0 1, REFUTED, in 2 of 3 seeds",
    "never, 0 0, SUPPORTED, in 0 of 2 seeds",
    "never, 0 1, REFUTED, in 1 of 2 seeds",
    "always, 1, SUPPORTED, in 1 of 1 seed"
  })
  void a_yes_or_no_has_to_be_so_in_every_seed(
      String rule, String values, Verdict verdict, String words) {
    assertEquals(verdict, Rule.of(rule).judge(seeds(values)));
    assertEquals(words, Rule.of(rule).describe(seeds(values)));
  }

  @Test
  void the_rounding_of_a_mean_does_not_refute() {
    assertEquals(Verdict.SUPPORTED, Rule.of("at most 0.3").judge(seeds("0.30000000000000004")));
    assertEquals(Verdict.REFUTED, Rule.of("at most 0.3").judge(seeds("0.30000000001")));
  }

  @Test
  void what_is_not_testable_takes_no_measurement_and_a_yes_or_no_no_other_number() {
    String untestable = refusal(() -> Rule.of("not testable here").judge(seeds("1")));
    assertTrue(untestable.contains("expected no measurement"), untestable);
    String half = refusal(() -> Rule.of("always").judge(seeds("0.5")));
    assertTrue(half.contains("expected 1 where it is true"), half);
  }

  @ParameterizedTest
  @CsvSource({
    "at least 0.80, ≥ 0.8",
    "at most 12000, '≤ 12,000'",
    "above 9.472, > 9.472",
    "below 1, < 1",
    "between 3 and 6, 3 to 6",
    "equals 1, = 1",
    "always, in every seed",
    "never, in no seed",
    "reported, reported",
    "not testable here, not testable here"
  })
  void a_rule_keeps_its_text_and_has_a_short_form(String text, String tolerance) {
    assertEquals(text, Rule.of(text).toString());
    assertEquals(tolerance, Rule.of(text).tolerance());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "≥ 3", "at least", "at least x", "between 6 and 3", "sometimes"})
  void other_texts_are_refused_with_the_forms_there_are(String text) {
    String message = refusal(() -> Rule.of(text));
    assertTrue(message.startsWith("rule: got '" + text + "', expected 'at least X'"), message);
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
