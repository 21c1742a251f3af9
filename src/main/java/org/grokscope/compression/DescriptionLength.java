package org.grokscope.compression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.Part;
import org.grokscope.series.Probe;

/**
 * How small a checkpoint can be made, one economy at a time, while it still gives a share of the
 * right answers. Columns {@code economy[part]}, such as {@code rank[train]}; NaN where the
 * checkpoint itself does not reach that share.
 *
 * @param accuracy share of right answers to keep, above 0 and at most 1
 * @param part on which questions, train or test
 * @param economies each in its own column
 */
public record DescriptionLength(double accuracy, Part part, List<Economy> economies)
    implements Probe {

  /**
   * @throws IllegalArgumentException if the accuracy is out of range, the part is all questions, or
   *     there is no economy
   */
  public DescriptionLength {
    economies = List.copyOf(economies);
    if (!(accuracy > 0 && accuracy <= 1) || part == Part.ALL || economies.isEmpty()) {
      throw new IllegalArgumentException(
          "description length: got accuracy "
              + accuracy
              + ", part "
              + part.label()
              + " and the economies "
              + economies
              + ", expected an accuracy above 0 and at most 1, train or test, and at least one"
              + " economy");
    }
  }

  /** These economies, or all of them if none is named. */
  public static DescriptionLength at(double accuracy, Part part, Economy... economies) {
    return new DescriptionLength(
        accuracy, part, List.of(economies.length == 0 ? Economy.values() : economies));
  }

  @Override
  public Map<String, Double> measure(Checkpoint checkpoint) {
    Map<String, Double> sizes = new LinkedHashMap<>();
    try (Answers answers = Answers.of(checkpoint, part)) {
      boolean knows = answers.accuracy(checkpoint.parameters()) >= accuracy;
      for (Economy economy : economies) {
        String column = economy.name().toLowerCase(Locale.ROOT);
        sizes.put(
            column + "[" + part.label() + "]",
            knows ? economy.size(checkpoint, answers, accuracy) : Double.NaN);
      }
    }
    return sizes;
  }

  @Override
  public Optional<String> identity() {
    return Optional.of("description length 1: " + this);
  }
}
