package org.grokscope.checkpoint;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes a file so that a reader finds the old content or the new one, never a part of either,
 * whenever the process or the machine dies.
 *
 * <p>The content goes to a hidden temporary file {@code .NAME.….tmp} in the same folder, is forced
 * to the disk, and takes the name by an atomic rename; then the folder is forced to the disk where
 * the system offers that. A thread that is being interrupted can write: it stays interrupted, and
 * the file is whole.
 *
 * <p>A process that dies while it writes leaves its temporary file behind. Whoever next writes the
 * file of that name removes it: a temporary file is locked for as long as its writer lives, and one
 * that can be locked has none.
 */
public final class AtomicFile {
  private static final int UUID_LENGTH = 36;

  /**
   * Temporary files of this process. Asked before another's is opened: on POSIX systems, closing a
   * second channel of a file gives up the lock that the first one has.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

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
    Temporary temporary = createTemporary(target, absolute);
    removeLeftovers(absolute); // before the file has its name: there may be no other writing of it
    try (temporary) {
      OutputStream buffered = new BufferedOutputStream(temporary.out(), 1 << 16);
      content.writeTo(buffered);
      buffered.flush();
      temporary.out().getFD().sync();
      Files.move(temporary.path(), absolute, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      remove(temporary.path(), e);
      throw failure(
          target,
          reason(e) + "; nothing was changed: check the free space and try again or elsewhere",
          e);
    } catch (RuntimeException | Error e) {
      remove(temporary.path(), e);
      throw e;
    } finally {
      OWN.remove(temporary.path());
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

  /** A temporary file, open, and locked where the system offers that. */
  private record Temporary(Path path, FileOutputStream out) implements Closeable {
    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private static Temporary createTemporary(Path target, Path absolute) {
    while (true) {
      Path path = absolute.resolveSibling(temporaryStart(absolute) + UUID.randomUUID() + ".tmp");
      OWN.add(path);
      try {
        Files.createFile(path); // not createTempFile, whose files only their owner may read
        FileOutputStream out = new FileOutputStream(path.toFile());
        // whoever found it before it was locked has taken it for a leftover: then another one
        if (lock(out.getChannel()) && Files.exists(path)) {
          return new Temporary(path, out);
        }
        out.close();
        Files.deleteIfExists(path);
        OWN.remove(path);
      } catch (IOException e) {
        OWN.remove(path);
        remove(path, e);
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
  }

  private static String temporaryStart(Path absolute) {
    return "." + absolute.getFileName() + ".";
  }

  /** Whether nobody else holds the file; true as well where the system has no locks. */
  private static boolean lock(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return true;
    }
  }

  /** Removes what writers of this file have left that died; a failure to do so harms nobody. */
  private static void removeLeftovers(Path absolute) {
    String start = temporaryStart(absolute);
    int length = start.length() + UUID_LENGTH + ".tmp".length();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            absolute.getParent(),
            file -> {
              String name = file.getFileName().toString();
              return name.length() == length && name.startsWith(start) && name.endsWith(".tmp");
            })) {
      for (Path file : files) {
        if (!OWN.contains(file)) {
          removeUnlessHeld(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // stays for the next one
    }
  }

  private static void removeUnlessHeld(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.tryLock() != null) {
        Files.deleteIfExists(file);
      }
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
