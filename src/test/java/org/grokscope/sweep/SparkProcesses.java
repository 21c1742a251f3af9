package org.grokscope.sweep;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone Spark cluster on the loopback address: Spark's own Master and Worker, each in its
 * own process, from the jars that the build put together.
 */
final class SparkProcesses implements AutoCloseable {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path HOME = TARGET.resolve("spark-home");
  private static final int SECONDS_TO_START = 60;

  private final Path folder;
  private final int port;
  private final Process master;
  private final List<Process> workers = new ArrayList<>();

  private SparkProcesses(Path folder, int port, Process master) {
    this.folder = folder;
    this.port = port;
    this.master = master;
  }

  /** A master without workers, listening. */
  static SparkProcesses start(Path folder) throws Exception {
    // a Spark as it is installed on a cluster: with the few jars that our library brings as well
    Path jars = Files.createDirectories(HOME.resolve("jars"));
    link(TARGET.resolve("spark"), jars, ".*");
    link(TARGET.resolve("lib"), jars, "(commons-|slf4j-|jackson-[a-z]).*");
    int port = freePort();
    Process master =
        java(
            folder,
            "master",
            "org.apache.spark.deploy.master.Master",
            List.of("--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0"));
    SparkProcesses cluster = new SparkProcesses(folder, port, master);
    try {
      cluster.awaitPort();
      return cluster;
    } catch (Exception | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  private static void link(Path from, Path to, String names) throws IOException {
    try (Stream<Path> jars = Files.list(from)) {
      for (Path jar : jars.filter(jar -> jar.getFileName().toString().matches(names)).toList()) {
        Path link = to.resolve(jar.getFileName());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, jar);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitPort() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (!master.isAlive() || System.nanoTime() > end) {
          throw new AssertionError("no master: " + log("master"), e);
        }
        Thread.sleep(100);
      }
    }
  }

  /** Adds a worker of one core, with at most this share of memory. */
  Process worker(String memory) throws IOException {
    String name = "worker-" + workers.size();
    Process worker =
        java(
            folder,
            name,
            "org.apache.spark.deploy.worker.Worker",
            List.of(
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                "--cores",
                "1",
                "--memory",
                memory,
                "--work-dir",
                folder.resolve(name).toString(),
                address()));
    workers.add(worker);
    return worker;
  }

  /** A worker, in the order in which they were added. */
  Process worker(int number) {
    return workers.get(number);
  }

  String address() {
    return "spark://127.0.0.1:" + port;
  }

  /**
   * Runs the command line on this cluster, as the entry script does.
   *
   * @param log name of the file that gets what it says
   */
  Process sweep(String log, Path file, Path out, String engine) throws IOException {
    List<String> command = new ArrayList<>(List.of(javaProgram(), "-Xmx512m"));
    command.addAll(opens());
    command.add("-Dspark.executor.memory=512m");
    command.add("-cp");
    command.add(
        String.join(
            File.pathSeparator,
            TARGET.resolve("grokscope.jar").toString(),
            TARGET.resolve("lib") + "/*",
            TARGET.resolve("spark") + "/*"));
    command.addAll(
        List.of(
            "org.grokscope.command.Grokscope",
            "sweep",
            file.toString(),
            "--engine",
            engine,
            "--out",
            out.toString()));
    return process(folder, log, command);
  }

  private static Process java(Path folder, String log, String main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(javaProgram(), "-Xmx256m"));
    command.addAll(opens());
    command.addAll(List.of("-cp", HOME.resolve("jars") + "/*", main));
    command.addAll(arguments);
    return process(folder, log, command);
  }

  private static Process process(Path folder, String log, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME", HOME.toString(),
                "SPARK_LOCAL_IP", "127.0.0.1",
                "SPARK_SCALA_VERSION", "2.13"));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(log + ".log").toFile())
        .start();
  }

  private static String javaProgram() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The options that the entry script gives, read off it. */
  static List<String> opens() throws IOException {
    List<String> options = new ArrayList<>();
    for (String name : quoted("spark_opens")) {
      options.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
    }
    if (Runtime.version().feature() >= 24) {
      options.addAll(quoted("newer_java"));
    }
    return options;
  }

  /** The words that a variable of the entry script is set to. */
  private static List<String> quoted(String variable) throws IOException {
    Matcher words =
        Pattern.compile(variable + "='([^']+)'")
            .matcher(Files.readString(Path.of("environment/grokscope")));
    if (!words.find()) {
      throw new AssertionError("the entry script has no " + variable);
    }
    return List.of(words.group(1).split("\\s+"));
  }

  String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  @Override
  public void close() {
    List<Process> all = new ArrayList<>(workers);
    all.add(master);
    for (Process process : all) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    for (Process process : all) {
      process.onExit().join();
    }
  }
}
