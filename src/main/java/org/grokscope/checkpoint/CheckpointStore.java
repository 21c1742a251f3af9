package org.grokscope.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of checkpoints of one run, {@code step-000100.npz} for epoch 100. Other files in it,
 * leftover temporary ones too, are passed over.
 *
 * <p>Checkpoints that were trained elsewhere may be called {@code step-000100.safetensors}; of two
 * of one epoch the {@code .npz} is read. What is written here is {@code .npz}.
 */
public final class CheckpointStore {
  private static final Pattern NAME = Pattern.compile("step-(\\d{6,18})\\.(?:npz|safetensors)");

  private final Path directory;

  private CheckpointStore(Path directory) {
    this.directory = directory;
  }

  /**
   * The checkpoints in a folder, which need not exist yet: the first {@link #save} creates it.
   *
   * @throws CheckpointException if a file stands there
   */
  public static CheckpointStore in(Path directory) {
    Objects.requireNonNull(directory, "directory");
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new CheckpointException(
          "checkpoints in "
              + directory
              + ": a file stands there, expected a folder; choose another");
    }
    return new CheckpointStore(directory);
  }

  /** The folder. */
  public Path directory() {
    return directory;
  }

  /** Where the checkpoint of an epoch is, or would be written. */
  public Path path(long epoch) {
    Path written = path(epoch, ".npz");
    Path other = path(epoch, SafeTensors.ENDING);
    return !Files.exists(written) && Files.exists(other) ? other : written;
  }

  private Path path(long epoch, String ending) {
    if (epoch < 0) {
      throw new IllegalArgumentException(
          "checkpoint: got epoch " + epoch + ", expected the updates done, 0 or more");
    }
    return directory.resolve(String.format(Locale.ROOT, "step-%06d%s", epoch, ending));
  }

  /**
   * Writes a checkpoint atomically, replacing one of the same epoch.
   *
   * @return where it is
   * @throws IllegalArgumentException if the checkpoint does not know its epoch
   * @throws java.io.UncheckedIOException if the folder cannot be written
   */
  public Path save(Checkpoint checkpoint) {
    OptionalLong epoch = checkpoint.epoch();
    Path path =
        path(
            epoch.orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "save in "
                            + directory
                            + ": got a checkpoint without an epoch, expected one with; save it"
                            + " under a name of your own by Checkpoint.save")),
            ".npz");
    checkpoint.save(path);
    return path;
  }

  /**
   * The epochs of all checkpoints, ascending; empty if there is no folder yet.
   *
   * @throws CheckpointException if the folder cannot be read
   */
  public List<Long> epochs() {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(CheckpointStore::epochOf)
          .flatMapToLong(OptionalLong::stream)
          .filter(epoch -> Files.isRegularFile(path(epoch))) // not step-0000100
          .sorted()
          .distinct()
          .boxed()
          .toList();
    } catch (IOException e) {
      throw new CheckpointException(
          "checkpoints in " + directory + ": the folder cannot be read (" + e.getMessage() + ")",
          e);
    }
  }

  /**
   * The checkpoint of an epoch.
   *
   * @throws CheckpointException if there is none, or its file is not as it should be
   */
  public Checkpoint load(long epoch) {
    Path path = path(epoch);
    if (!Files.exists(path)) {
      throw new CheckpointException(
          "load epoch "
              + epoch
              + ": there is no "
              + path
              + ", expected one of the epochs "
              + summary(epochs())
              + "; epochs() lists them all");
    }
    Checkpoint checkpoint = Checkpoint.load(path);
    OptionalLong inside = checkpoint.epoch();
    if (inside.isPresent() && inside.getAsLong() != epoch) {
      throw new CheckpointException(
          "checkpoint "
              + path
              + ": array epoch: got "
              + inside.getAsLong()
              + ", expected "
              + epoch
              + " as the file's name says; give the file its old name");
    }
    return inside.isPresent() ? checkpoint : checkpoint.withEpoch(epoch);
  }

  /**
   * The checkpoint of the largest epoch.
   *
   * @throws CheckpointException if there is none, or its file is not as it should be
   */
  public Checkpoint last() {
    List<Long> epochs = epochs();
    if (epochs.isEmpty()) {
      throw new CheckpointException(
          "checkpoints in "
              + directory
              + ": there are none, expected files such as step-000100.npz; train first");
    }
    return load(epochs.get(epochs.size() - 1));
  }

  @Override
  public String toString() {
    return "checkpoints in " + directory;
  }

  private static OptionalLong epochOf(Path file) {
    Matcher matcher = NAME.matcher(file.getFileName().toString());
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  /** The epochs for a message, the middle of a long list left out. */
  public static String summary(List<Long> epochs) {
    int size = epochs.size();
    return size <= 6
        ? epochs.toString()
        : "[" + epochs.get(0) + ", " + epochs.get(1) + ", …, " + epochs.get(size - 1) + "]";
  }
}
