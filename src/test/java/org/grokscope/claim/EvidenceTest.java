package org.grokscope.claim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class EvidenceTest {
  private static final String HEADER = "experiment,seed,at,epoch,metric,part,key,value\n";
  private static final String ROWS =
      HEADER
          + "a+b mod 113,0,last,40000,loss,test,,1.5E-7\n"
          + "a+b mod 113,0,last,40000,attention_fve,,0,0.9\n"
          + "a+b mod 113,0,last,40000,attention_fve,,1,0.7\n"
          + "a+b mod 113,1,last,40000,loss,test,,2.5E-7\n"
          + "a+b mod 113,1,last,40000,attention_fve,,0,0.8\n"
          + "a+b mod 113,0,grok,5000,loss,test,,0.01\n"
          + "a-b mod 113,0,last,20000,loss,test,,3.0E-7\n";

  @TempDir private Path folder;

  private Evidence evidence() throws IOException {
    return Evidence.read(file(ROWS).toString());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("circuit.csv"), text);
  }

  @Test
  void gives_one_number_a_seed_in_the_order_of_the_file() throws IOException {
    Evidence last = evidence().of("a+b mod 113").at("last");
    assertArrayEquals(new double[] {1.5e-7, 2.5e-7}, last.values("loss[test]"));
    assertArrayEquals(new double[] {2.5e-7}, last.seed(1).values("loss[test]"));
  }

  @Test
  void reduces_readings_that_differ_in_their_key() throws IOException {
    Evidence last = evidence().of("a+b mod 113").at("last");
    assertArrayEquals(new double[] {0.7, 0.8}, last.smallest("attention_fve"));
    assertArrayEquals(new double[] {0.9, 0.8}, last.largest("attention_fve"));
    assertArrayEquals(new double[] {0.8, 0.8}, last.mean("attention_fve"), 1e-15);
    assertArrayEquals(new double[] {2, 1}, last.count("attention_fve"));
  }

  @Test
  void keys_are_shared_only_if_every_run_has_the_same() throws IOException {
    Evidence last = evidence().of("a+b mod 113").at("last");
    assertArrayEquals(new double[] {0, 0}, last.shared("attention_fve"));
    assertArrayEquals(new double[] {1, 1}, last.shared("loss"));
    assertMessage(() -> last.seed(0).shared("loss"), "one run", "at least two");
  }

  @Test
  void a_table_has_one_row_a_run_and_leaves_empty_what_is_not_there() throws IOException {
    Table table = evidence().table("loss[test]", "attention_fve[1]");
    assertEquals(4, table.rowCount());
    assertEquals(
        List.of("experiment", "seed", "at", "epoch", "loss[test]", "attention_fve[1]"),
        table.columnNames());
    assertEquals(0.7, table.doubleColumn("attention_fve[1]").get(0));
    assertTrue(table.doubleColumn("attention_fve[1]").isMissing(1));
    assertEquals(List.of("a+b mod 113", "a-b mod 113"), evidence().experiments());
  }

  @Test
  void what_is_not_there_is_named_with_what_is() throws IOException {
    Evidence evidence = evidence();
    assertMessage(() -> evidence.of("a/b"), "'a/b'", "a+b mod 113", "a-b mod 113");
    assertMessage(() -> evidence.at("8000"), "'8000'", "last", "grok");
    assertMessage(() -> evidence.seed(9), "'9'", "[0, 1]");
    assertMessage(() -> evidence.at("last").values("gini"), "no gini", "a+b mod 113");
    assertMessage(() -> evidence.of("a+b mod 113").smallest("loss[train]"), "no loss[train]");
  }

  @Test
  void a_file_that_is_none_or_of_another_kind_is_refused() throws IOException {
    assertThrows(
        UncheckedIOException.class, () -> Evidence.read(folder.resolve("absent.csv").toString()));
    String other = file("a,b\n1,2\n").toString();
    assertMessage(() -> Evidence.read(other), "a,b", "experiment,seed,at");
    String text = file(HEADER + "a+b mod 5,0,last,1,loss,test,,much\n").toString();
    assertMessage(() -> Evidence.read(text), "'much'", "a number");
    String cut = file(HEADER + "a+b mod 5,0,last,1,lo").toString();
    assertMessage(() -> Evidence.read(cut), "no such CSV", "expected as many cells each");
    String seed = file(HEADER + "a+b mod 5,zero,last,1,loss,test,,1\n").toString();
    assertMessage(() -> Evidence.read(seed), "no such CSV", "seed and epoch whole numbers");
    String wide = file(HEADER + "x".repeat(9_000) + ",0,last,1,loss,test,,1\n").toString();
    assertMessage(() -> Evidence.read(wide), "no such CSV", "make the file again");
  }

  @Test
  void a_reading_that_stands_there_twice_is_refused() throws IOException {
    String twice = file(ROWS + "a-b mod 113,0,last,20000,loss,test,,4.0E-7\n").toString();
    assertMessage(() -> Evidence.read(twice), "loss[test]", "a-b mod 113", "twice");
  }

  @Test
  void results_of_a_sweep_are_read_a_run_a_row() throws IOException {
    Evidence sweep =
        Evidence.read(
            file("run,weight_decay,seed,state,epochs_done,error\n7,1.0,0,done,40,\n8,0.1,0,done,50,\n")
                .toString());
    assertArrayEquals(new double[] {50}, sweep.where("weight_decay=0.10").values("epochs_done"));
    Table table = sweep.table("epochs_done");
    assertEquals(List.of("run", "weight_decay", "seed", "epochs_done"), table.columnNames());
    assertEquals(List.of("7", "8"), table.stringColumn("run").asList());
    assertMessage(() -> sweep.of("a+b"), "'a+b'", "a column of the file");
  }

  @Test
  void two_samples_are_taken_together_seed_by_seed() {
    double[] after = {6, 8};
    assertArrayEquals(
        new double[] {3, 2}, Evidence.each(after, new double[] {2, 4}, (x, y) -> x / y));
    assertMessage(
        () -> Evidence.each(after, new double[] {2}, (x, y) -> x / y),
        "2 and 1 values",
        "same seeds");
  }

  private static void assertMessage(Executable call, String... parts) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
