package org.grokscope.train;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.task.LineBreaking;
import org.grokscope.task.Prose;
import org.grokscope.task.Task;

/**
 * What a name of a mode of lines stands for, in commands and sweeps.
 *
 * @param task what is trained on
 * @param usual how it usually is
 */
public record LineMode(Task task, TrainingConfig usual) {
  /** The mode of prose, which needs a corpus. */
  public static final String PROSE = "prose";

  /** The names there are: those of {@link LineBreaking#named}, and prose. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(LineBreaking.modes());
    names.add(PROSE);
    return names;
  }

  /**
   * A name that there is.
   *
   * @throws IllegalArgumentException if there is none such; the message lists them
   */
  public static String require(String name) {
    if (name == null || !names().contains(name)) {
      throw new IllegalArgumentException(
          "mode: got "
              + (name == null ? "none" : "'" + name + "'")
              + ", expected one of "
              + String.join(", ", names()));
    }
    return name;
  }

  /**
   * The mode of a name; prose is that of {@link Prose#english()}.
   *
   * @throws IllegalArgumentException if there is none of this name
   * @throws IllegalStateException if prose is asked for and the build has not fetched its corpus
   */
  public static LineMode named(String name) {
    if (require(name).equals(PROSE)) {
      return of(Prose.english());
    }
    LineBreaking lines = LineBreaking.named(name);
    return new LineMode(lines, TrainingConfig.lines(lines));
  }

  /** Prose of any corpus, learnt without noise. */
  public static LineMode of(Prose prose) {
    return new LineMode(prose, TrainingConfig.prose(0));
  }
}
