package org.grokscope.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.grokscope.checkpoint.AtomicFile;

/**
 * A folder in the hands of one process, with a sign that says of which.
 *
 * <p>The system's lock decides, and goes with its process, however that dies. The sign is for
 * people, and for shared file systems whose locks do not reach from machine to machine: its holder
 * writes it anew every ten seconds, so a sign of another machine that changes means that the folder
 * is taken, and one that stays as it is was left by a process that died.
 */
final class SignedHold implements AutoCloseable {
  private static final String SIGN = ".holder.json";
  private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(10);

  /** Two signs could be late, not three. */
  private static final Duration SILENCE = Duration.ofSeconds(25);

  private static final JsonMapper JSON = new JsonMapper();

  private final Path sign;
  private final RunHold hold;
  private final String since = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "sweep-sign");
            thread.setDaemon(true);
            return thread;
          });
  private long signs;

  private SignedHold(Path sign, RunHold hold) {
    this.sign = sign;
    this.hold = hold;
  }

  /**
   * Takes hold of a folder, or gives null if another process or thread has it. Waits half a minute
   * where a process of another machine has left its sign.
   *
   * @throws IOException if it cannot be written
   * @throws UncheckedIOException if the sign cannot be written
   */
  static SignedHold tryTake(Path folder) throws IOException {
    return tryTake(folder, SILENCE, BETWEEN_SIGNS);
  }

  /** The same with other times. */
  static SignedHold tryTake(Path folder, Duration silence, Duration betweenSigns)
      throws IOException {
    RunHold hold = RunHold.tryTake(folder);
    if (hold == null) {
      return null;
    }
    SignedHold signed = null;
    try {
      if (isSilent(folder, silence)) {
        signed = new SignedHold(folder.resolve(SIGN), hold);
        signed.start(betweenSigns);
      }
      return signed;
    } catch (RuntimeException e) {
      signed = null;
      throw e;
    } finally {
      if (signed == null) {
        hold.close();
      }
    }
  }

  private void start(Duration betweenSigns) {
    sign();
    long nanos = betweenSigns.toNanos();
    clock.scheduleWithFixedDelay(this::signAgain, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void sign() {
    String text =
        JSON.createObjectNode()
            .put("host", host())
            .put("process", ProcessHandle.current().pid())
            .put("since", since)
            .put("signs", signs++)
            .toString();
    AtomicFile.writeText(sign, text + "\n");
  }

  private void signAgain() {
    try {
      sign();
    } catch (UncheckedIOException e) {
      // a full disk; whoever writes results says so
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /**
   * Whether no process of another machine gives a sign of life in a folder. Asked by who has the
   * lock, so that no process of this machine does.
   *
   * @param silence how long a sign has to stay as it is
   */
  static boolean isSilent(Path folder, Duration silence) {
    String before = read(folder);
    if (before.isEmpty() || tree(before).path("host").asText().equals(host())) {
      return true;
    }
    long start = System.nanoTime();
    try {
      while (System.nanoTime() - start < silence.toNanos()) {
        TimeUnit.MILLISECONDS.sleep(Math.min(500, 1 + silence.toMillis() / 10));
        String now = read(folder);
        if (now.isEmpty()) {
          return true; // it has just ended
        }
        if (!now.equals(before)) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The same for as long as a sign may be late. */
  static boolean isSilent(Path folder) {
    return isSilent(folder, SILENCE);
  }

  /** Whether there is a sign, of whoever has the folder or of one that died. */
  static boolean isSigned(Path folder) {
    return !read(folder).isEmpty();
  }

  /** Takes down a sign that nobody stands behind. */
  static void takeDown(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(SIGN));
  }

  /**
   * Who holds a folder, such as {@code process 4711 on node7, since 2026-11-24T10:00:00Z}; {@code
   * another process} if there is no sign.
   */
  static String holder(Path folder) {
    JsonNode sign = tree(read(folder));
    return sign.has("process")
        ? "process %s on %s, since %s"
            .formatted(
                sign.path("process").asText(),
                sign.path("host").asText(),
                sign.path("since").asText())
        : "another process";
  }

  private static String read(Path folder) {
    try {
      return Files.readString(folder.resolve(SIGN));
    } catch (IOException e) {
      return "";
    }
  }

  private static JsonNode tree(String sign) {
    try {
      return JSON.readTree(sign);
    } catch (IOException e) {
      return JSON.createObjectNode();
    }
  }

  @Override
  public void close() throws IOException {
    boolean interrupted = Thread.interrupted();
    clock.shutdown();
    try {
      clock.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    try {
      Files.deleteIfExists(sign);
    } finally {
      hold.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
