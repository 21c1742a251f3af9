package org.grokscope.endurance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A small disk in memory, which can be made larger and read-only; only root can have one. */
public final class Disk implements Closeable {
  private final Path path;

  private Disk(Path path) {
    this.path = path;
  }

  /** An empty one; where there can be none, the test is skipped. */
  public static Disk of(int kilobytes, Path path) throws IOException {
    Files.createDirectory(path);
    boolean mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", path.toString());
    assumeTrue(mounted, "a disk of its own needs Linux and root");
    return new Disk(path);
  }

  public Path path() {
    return path;
  }

  /** Gives it room. */
  public void grow(int kilobytes) throws IOException {
    remount("size=" + kilobytes + "k");
  }

  /** Lets nobody write, not even root. */
  public void protect() throws IOException {
    remount("ro");
  }

  /** Lets everybody write again. */
  public void release() throws IOException {
    remount("rw");
  }

  private void remount(String options) throws IOException {
    if (!run("mount", "-o", "remount," + options, path.toString())) {
      throw new IOException("the disk at " + path + " cannot be remounted with " + options);
    }
  }

  private static boolean run(String... command) {
    List<String> words = new ArrayList<>(Arrays.asList(command));
    try {
      return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // no such program
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!run("umount", path.toString()) && !run("umount", "-l", path.toString())) {
      throw new IOException("the disk at " + path + " cannot be taken away");
    }
  }
}
