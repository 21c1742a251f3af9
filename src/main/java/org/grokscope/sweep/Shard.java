package org.grokscope.sweep;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A part of a sweep that one process computes: {@code 2/3} is the second of three. Shards are
 * counted from 1, as the tasks of a job array are.
 *
 * <p>The runs are dealt out like cards, one to each shard in turn: the dearest first, and equally
 * dear ones by their hash. So shards differ by one run at the most, and none of them gets all runs
 * of one weight decay, as it would if they were dealt in the order of the table. The same sweep is
 * always divided in the same way.
 *
 * @param number from 1
 * @param of how many there are
 */
public record Shard(int number, int of) {
  private static final String FOLDER = "shards";
  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,6})/(\\d{1,6})");
  private static final Pattern NAME = Pattern.compile("(\\d{1,6})-of-(\\d{1,6})");

  /**
   * @throws IllegalArgumentException unless the number is from 1 to the count
   */
  public Shard {
    if (number < 1 || number > of) {
      throw new IllegalArgumentException(
          "shard: got %d/%d, expected I/N with I from 1 to N, such as 2/3%s"
              .formatted(
                  number,
                  of,
                  number == 0 && of > 0 ? "; number the job array 1-%d".formatted(of) : ""));
    }
  }

  /**
   * Reads {@code 2/3}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Shard parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      throw new IllegalArgumentException(
          "shard: got '%s', expected I/N with I from 1 to N, such as 2/3".formatted(text));
    }
    return new Shard(Integer.parseInt(written.group(1)), Integer.parseInt(written.group(2)));
  }

  /** Where the shards of a sweep have their folders. */
  static Path folders(Path sweep) {
    return sweep.resolve(FOLDER);
  }

  /** The folder of this shard in that of its sweep. */
  Path folder(Path sweep) {
    return folders(sweep).resolve(number + "-of-" + of);
  }

  /** The shard that has a folder; empty if the folder is none of a shard. */
  static Optional<Shard> of(Path folder) {
    Matcher name = NAME.matcher(folder.getFileName().toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(name.group(1));
    int count = Integer.parseInt(name.group(2));
    return number < 1 || number > count ? Optional.empty() : Optional.of(new Shard(number, count));
  }

  /** Which runs of a sweep it has: their numbers, from 0, ascending. */
  List<Integer> runs(List<RunPlan> plans) {
    List<Integer> dealt =
        IntStream.range(0, plans.size())
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer run) -> -plans.get(run).cost())
                    .thenComparing(run -> plans.get(run).hash()))
            .toList();
    return IntStream.range(0, dealt.size())
        .filter(turn -> turn % of == number - 1)
        .mapToObj(dealt::get)
        .sorted()
        .toList();
  }

  /** Such as {@code 2/3}. */
  @Override
  public String toString() {
    return number + "/" + of;
  }
}
