package org.grokscope.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.series.Reading;
import org.grokscope.task.Corpus;
import org.grokscope.task.LineFact;
import org.grokscope.task.LineWidths;
import org.grokscope.task.Prose;
import org.grokscope.task.ProseBatch;
import org.grokscope.task.ProseReader;
import org.grokscope.train.Run;
import org.grokscope.train.Trainer;
import org.grokscope.train.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProseMeasuresTest {
  private static final Prose TASK =
      Prose.of(Corpus.of("own", text()))
          .withSubwords(300)
          .withWidths(LineWidths.inferred(20, 40, 25, 33))
          .withLength(120);

  @TempDir Path folder;

  private static String text() {
    String[] words = {"the", "miller", "sells", "nothing", "of", "certainly", "a", "neighbour"};
    Random random = new Random(5);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      text.append(words[random.nextInt(words.length)]).append(i % 9 == 8 ? ".\n" : " ");
    }
    return text.toString();
  }

  private static Map<String, Double> byColumn(List<Reading> readings) {
    Map<String, Double> values = new HashMap<>();
    readings.forEach(reading -> values.put(reading.column(), reading.value()));
    return values;
  }

  /** A model before training, on some texts. */
  private static void untrained(double noise, int texts, Consumer<ProseSubject> look) {
    ModelConfig config = ModelConfig.of(ModelShape.prose(noise).withDModel(24), TASK, 0);
    try (ReferenceTransformer reader =
        ReferenceTransformer.of(config, Parameters.initial(config, 4))) {
      look.accept(ProseSubject.of(TASK, reader, texts));
    }
  }

  @Test
  void an_untrained_model_is_worse_than_a_reader_and_has_every_number() {
    untrained(
        0.4,
        60,
        model -> {
          Map<String, Double> right = byColumn(ProseMeasures.accuracies(model));
          assertEquals(
              ProseReader.of(TASK).accuracy(model.answered()), right.get("reader_accuracy"));
          assertEquals(
              right.get("reader_accuracy") - right.get("break_accuracy"),
              right.get("below_reader"));
          assertTrue(right.get("below_reader") > 0, right::toString);
          assertTrue(
              right.get("near_edge_below_reader") > right.get("below_reader"), right::toString);
          assertTrue(right.containsKey("noisy_near_edge_accuracy"));
          assertTrue(right.containsKey("unseen_below_reader"));

          Map<String, Double> curves = byColumn(ProseMeasures.curves(model, 5));
          assertTrue(curves.get("count.values") >= 8 && curves.get("length.values") >= 8);
          assertTrue(curves.containsKey("count.beyond_nulls"));

          Map<String, Double> heads = byColumn(ProseMeasures.heads(model));
          assertTrue(heads.get("cosine_before") >= heads.get("head.cosine_before[2]"));
          assertEquals(heads.get("boundary_heads"), Math.rint(heads.get("boundary_heads")));

          Map<String, Double> left = byColumn(ProseMeasures.ablation(model));
          assertEquals(left.get("ablate.near_edge[nothing]"), right.get("near_edge_accuracy"));
          assertTrue(
              byColumn(ProseMeasures.ablationAtRandom(model, 1)).containsKey("ablate_share"));

          Map<String, Double> dictionary = byColumn(ProseMeasures.dictionary(model));
          assertTrue(dictionary.get("dictionary.explained") > 0.2, dictionary::toString);
          assertTrue(
              dictionary.get("dictionary.count_r2[best feature]")
                  >= dictionary.get("dictionary.count_r2[next]"));
          assertTrue(dictionary.get("place.fields") >= 0);
        });
  }

  /** The texts are read in parts, and it does not show. */
  @Test
  void activations_are_those_of_the_text_whatever_else_is_read() {
    untrained(
        0,
        30,
        model -> {
          int[] all = model.batch().decisions();
          int[] some = {all[all.length - 1], all[0], all[all.length / 2]}; // not in their order
          LineActivations read = model.read(model.site(), some);
          assertEquals(24, read.values().size(1));
          for (int i = 0; i < some.length; i++) {
            int text = some[i] / TASK.length();
            ProseBatch alone = model.batch().part(text, text + 1);
            LineActivations expected =
                model.network().read(alone, model.site(), new int[] {some[i] % TASK.length()});
            double apart =
                expected.values().sub(read.values().getRow(i, true)).norm2Number().doubleValue();
            assertEquals(0, apart, 1e-4);
          }
          assertEquals(model.batch().facts(LineFact.COUNT, some)[0], read.facts(LineFact.COUNT)[0]);
        });
  }

  @Test
  void too_few_texts_are_refused() {
    assertEquals(
        "prose subject: got 3 texts, expected at least 4; try 400",
        assertThrows(IllegalArgumentException.class, () -> ProseSubject.of(TASK, null, 3))
            .getMessage());
  }

  @Test
  void a_kept_run_of_another_corpus_is_opened_with_it() {
    TrainingConfig config =
        TrainingConfig.prose(0.4)
            .withShape(ModelShape.prose(0.4).withDModel(24))
            .withBatchSize(2)
            .withEpochs(1);
    Run run = Trainer.of(config).threads(1).in(folder).train(TASK);
    assertEquals(run.last().config(), Run.open(folder, TASK).last().config());
    String refused = assertThrows(RuntimeException.class, () -> Run.open(folder)).getMessage();
    assertTrue(
        refused.contains("Run.open(folder, Prose.of(Corpus.of(Path.of(\"novel.txt\"))))")
            || refused.contains("run `mvn package`"),
        refused);
  }
}
