package org.grokscope.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VisibleKeysTest {

  @ParameterizedTest
  @EnumSource
  void the_lists_are_the_mask(View view) {
    for (LineBreaking task :
        List.of(LineBreaking.given(), LineBreaking.boxHeader(), LineBreaking.inferred())) {
      LineBatch batch = task.corpus().fresh(2, 3);
      VisibleKeys visible = batch.visible(view);
      for (int i = 0; i < batch.size(); i++) {
        for (int t = 0; t < batch.length(); t++) {
          int document = i;
          int from = t;
          int position = i * batch.length() + t;
          int[] keys =
              Arrays.copyOfRange(
                  visible.keys(), visible.starts()[position], visible.starts()[position + 1]);
          int[] seen =
              IntStream.range(0, batch.length())
                  .filter(to -> batch.sees(view, document, from, to))
                  .toArray();
          assertEquals(Arrays.toString(seen), Arrays.toString(keys), task + ", position " + t);
        }
      }
    }
  }
}
