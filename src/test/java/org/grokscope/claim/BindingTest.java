package org.grokscope.claim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindingTest {
  private static final String READINGS =
      "experiment,seed,at,epoch,metric,part,key,value\n"
          + "sum,0,last,400,loss,test,,0.5\n"
          + "sum,1,last,400,loss,test,,0.25\n"
          + "sum,0,grok,100,loss,test,,2\n"
          + "sum,1,grok,200,loss,test,,4\n"
          + "sum,0,last,400,key,,3,1\n"
          + "sum,0,last,400,key,,7,5\n"
          + "sum,1,last,400,key,,3,2\n"
          + "other,0,last,400,loss,test,,1\n";
  private static final String RESULTS =
      "run,weight_decay,random_label_seed,seed,state,epochs_done,test_99_epoch,error\n"
          + "11,1.0,,0,done,500,300,\n"
          + "12,1.0,,1,done,900,,\n"
          + "13,0.0,7,0,done,900,,\n"
          + "14,0.0,7,1,done,900,,\n";

  @TempDir private Path folder;

  @BeforeEach
  void write_two_files() throws IOException {
    Files.writeString(folder.resolve("circuit.csv"), READINGS);
    Files.writeString(folder.resolve("decay.csv"), RESULTS);
  }

  private EvidenceFolder evidence() {
    return EvidenceFolder.of(folder.toString());
  }

  private double[] values(String... cells) {
    return Binding.of(List.of(cells)).values(evidence());
  }

  @Nested
  class Reading {
    @Test
    void one_number_a_run_by_every_reducer() {
      assertArrayEquals(
          new double[] {0.5, 0.25}, values("circuit", "sum", "last", "loss[test]", "value", ""));
      assertArrayEquals(
          new double[] {1, 2}, values("circuit", "sum", "last", "key", "smallest", ""));
      assertArrayEquals(
          new double[] {5, 2}, values("circuit", "sum", "last", "key", "largest", ""));
      assertArrayEquals(new double[] {3, 2}, values("circuit", "sum", "last", "key", "mean", ""));
      assertArrayEquals(new double[] {2, 1}, values("circuit", "sum", "last", "key", "count", "x"));
      assertArrayEquals(new double[] {0, 0}, values("circuit", "sum", "last", "key", "shared", ""));
    }

    @Test
    void a_ratio_of_two_moments_of_two_readings_and_of_two_reducers() {
      assertArrayEquals(
          new double[] {0.25, 0.0625},
          values("circuit", "sum", "last | grok", "loss[test]", "value", "x / y"));
      assertArrayEquals(
          new double[] {0.5 - 2, 0.25 - 1},
          values("circuit", "sum", "last", "loss[test] | key", "value | count", "x - y"));
      assertArrayEquals(
          new double[] {300},
          values("circuit", "sum; seed=0", "last", "epoch", "value", "x - 100"));
    }

    @Test
    void runs_of_a_sweep_by_conditions() {
      assertArrayEquals(
          new double[] {1, 0},
          values("decay", "weight_decay=1", "", "test_99_epoch", "reached", ""));
      assertArrayEquals(
          new double[] {300, 900},
          values("decay", "random_label_seed=", "", "test_99_epoch or epochs_done", "value", ""));
      assertArrayEquals(
          new double[] {900, 900},
          values("decay", "random_label_seed=*", "", "epochs_done", "value", ""));
      assertArrayEquals(
          new double[] {3},
          values(
              "decay | circuit",
              "weight_decay=1; seed=0 | sum; seed=0",
              " | grok",
              "test_99_epoch | epoch",
              "value",
              "x / y"));
    }

    @Test
    void two_bindings_with_the_same_cells_are_equal() {
      List<String> cells = List.of("circuit", "sum", "last | grok", "loss[test]", "value", "x / y");
      assertEquals(Binding.of(cells), Binding.of(cells));
      assertEquals(
          "circuit; sum; last; loss[test]; value | circuit; sum; grok; loss[test]; value; x / y",
          Binding.of(cells).toString());
    }
  }

  @Nested
  class Refusals {
    @Test
    void cells_that_say_nothing() {
      assertMessage(() -> values("", "sum", "last", "loss[test]", "value", ""), "the file ''");
      assertMessage(() -> values("../x", "", "", "loss", "value", ""), "the name of a file");
      assertMessage(() -> values("circuit", "sum", "last", "", "value", ""), "the reading ''");
      assertMessage(
          () -> values("circuit", "sum", "last", "loss", "median", ""),
          "'median'",
          "[value, small");
      assertMessage(
          () -> values("circuit", "", "", "loss or key", "mean", ""), "'mean'", "expected 'value'");
    }

    @Test
    void a_formula_of_another_number_of_numbers() {
      assertMessage(
          () -> values("circuit", "sum", "last", "loss[test]", "value", "x / y"), "one number");
      assertMessage(
          () -> values("circuit", "sum", "last | grok", "loss[test]", "value", ""), "two numbers");
    }

    @Test
    void samples_of_other_seeds() {
      assertMessage(
          () -> values("circuit", "sum | other", "last", "loss[test]", "value", "x / y"),
          "[0, 1] for x and [0] for y");
    }

    @Test
    void readings_and_conditions_that_are_not_there() {
      assertMessage(
          () -> values("decay", "weight_decay=1", "", "test_98_epoch", "reached", ""),
          "no test_98_epoch of any run");
      assertMessage(
          () -> values("decay", "", "", "test_98_epoch or epochs_done", "value", ""),
          "no test_98_epoch of any run");
      assertMessage(
          () -> values("decay", "decay=1", "", "epochs_done", "value", ""),
          "the decay '1'",
          "a column of the file",
          "weight_decay");
      assertMessage(
          () -> values("decay", "weight_decay=2", "", "epochs_done", "value", ""), "[1.0, 0.0]");
      assertMessage(
          () -> values("decay", "", "", "test_99_epoch", "value", ""),
          "no test_99_epoch of {run=12");
    }

    private void assertMessage(Executable call, String... parts) {
      String message = assertThrows(IllegalArgumentException.class, call).getMessage();
      for (String part : parts) {
        assertTrue(message.contains(part), message);
      }
    }
  }

  @Nested
  class Formulas {
    @ParameterizedTest
    @CsvSource({
      "x, 6",
      "x / y, 1.5",
      "x - y, 2",
      "y - x, -2",
      "abs(y - x), 2",
      "x - y - 1, 1",
      "x / y / 3, 0.5",
      "x / (2 * y), 0.75",
      "3.5 * x / y, 5.25",
      "x + y * 2, 14",
      "(x + y) * 2, 20",
      "abs(x - 2000) / 2, 997",
      "x > y, 1",
      "x < y, 0",
      "x >= y + 2, 1",
      "x <= y + 1, 0",
      "(x <= 2 * y) * (y <= 4), 1",
      "(x <= 2 * y) * (y <= 3), 0"
    })
    void are_computed_from_left_to_right_products_first(String text, double expected) {
      assertEquals(expected, new Formula(text).applyAsDouble(6, 4));
    }

    @Test
    void round_as_java_does() {
      double x = 1490;
      double y = 1787;
      assertEquals(3 * (x / y), new Formula("3 * (x / y)").applyAsDouble(x, y));
      assertEquals(3.6 * x / y, new Formula("3.6 * x / y").applyAsDouble(x, y));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "1",
          "y",
          "x /",
          "x y",
          "(x",
          "x)",
          "x // y",
          "z",
          "x + 2a",
          "abs x",
          "-x",
          "x <",
          "< x",
          "x < y < 3"
        })
    void that_are_none_are_refused(String text) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> new Formula(text)).getMessage();
      assertTrue(message.startsWith("formula: got '" + text + "'"), message);
    }
  }
}
