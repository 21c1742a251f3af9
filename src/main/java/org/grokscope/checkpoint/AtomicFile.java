package org.grokscope.checkpoint;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file so that a reader finds the old content or the new one, never a part of either,
 * whenever the process or the machine dies.
 *
 * <p>The content goes to a hidden temporary file {@code .NAME.….tmp} in the same folder, is forced
 * to the disk, and takes the name by an atomic rename; then the folder is forced to the disk where
 * the system offers that. A thread that is being interrupted can write: it stays interrupted, and
 * the file is whole.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** What is to stand in the file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything; need not flush or close.
     *
     * @throws IOException if the stream refuses
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, replacing one of the same name; creates the folders above it that are missing.
   *
   * @param target the file
   * @param content what is to stand in it; if it throws, the old file stays and no temporary one is
   *     left
   * @throws UncheckedIOException if the folder cannot be created or written, or the disk refuses;
   *     the message says which and what to do
   */
  public static void write(Path target, Content content) {
    Path absolute = target.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    if (folder == null || Files.isDirectory(absolute)) {
      throw failure(
          target, "a folder stands there; choose another name", new IOException("is a folder"));
    }
    createFolder(target, folder);
    Path temporary = createTemporary(target, absolute);
    try {
      try (FileOutputStream file = new FileOutputStream(temporary.toFile())) {
        OutputStream buffered = new BufferedOutputStream(file, 1 << 16);
        content.writeTo(buffered);
        buffered.flush();
        file.getFD().sync();
      }
      Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      remove(temporary, e);
      throw failure(
          target,
          reason(e) + "; nothing was changed: check the free space and try again or elsewhere",
          e);
    } catch (RuntimeException | Error e) {
      remove(temporary, e);
      throw e;
    }
    forceFolder(folder);
  }

  /**
   * Writes a text file in UTF-8, as {@link #write} does.
   *
   * @throws UncheckedIOException as {@link #write} does
   */
  public static void writeText(Path target, String text) {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void createFolder(Path target, Path folder) {
    for (Path above = folder; above != null; above = above.getParent()) {
      if (Files.isDirectory(above)) {
        break;
      }
      if (Files.exists(above)) {
        throw failure(
            target,
            "a file stands at " + above + ", where a folder is needed; move it or choose another",
            new IOException("not a folder"));
      }
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw failure(
          target,
          "the folder "
              + folder
              + " cannot be created ("
              + reason(e)
              + "); choose a folder that you may write to",
          e);
    }
  }

  /** Not Files.createTempFile, whose files only their owner may read. */
  private static Path createTemporary(Path target, Path absolute) {
    Path temporary =
        absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      return Files.createFile(temporary);
    } catch (IOException e) {
      throw failure(
          target,
          "the folder "
              + absolute.getParent()
              + " cannot be written ("
              + reason(e)
              + "); choose a folder that you may write to",
          e);
    }
  }

  private static void remove(Path temporary, Throwable why) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** Makes the rename itself durable; a channel closes under an interrupted thread, so hide it. */
  private static void forceFolder(Path folder) {
    boolean interrupted = Thread.interrupted();
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // not every system opens folders; the file itself is on the disk
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "the system lets nothing be created there";
    }
    if (e instanceof FileSystemException fromSystem && fromSystem.getReason() != null) {
      return fromSystem.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static UncheckedIOException failure(Path target, String what, IOException cause) {
    return new UncheckedIOException("write " + target + ": " + what, cause);
  }
}
