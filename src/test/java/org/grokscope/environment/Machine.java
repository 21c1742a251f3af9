package org.grokscope.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A pretended machine for the entry script: a checkout with a copy of the script, and a PATH that
 * has a few tools of every system and whatever programs a test puts there.
 */
final class Machine {
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "sh",
          "env",
          "cat",
          "chmod",
          "cmp",
          "cp",
          "dirname",
          "find",
          "grep",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "touch");

  private final Path checkout;
  private final Path programs;
  private final Map<String, String> variables = new HashMap<>();

  private Machine(Path checkout, Path programs) {
    this.checkout = checkout;
    this.programs = programs;
  }

  /** A Linux without Java, Maven, Python, a browser or a package manager. */
  static Machine bare(Path folder) throws IOException {
    Path checkout = folder.resolve("checkout");
    Machine machine = new Machine(checkout, Files.createDirectories(folder.resolve("bin")));
    Files.createDirectories(checkout.resolve("src/main"));
    Files.createDirectories(checkout.resolve("environment"));
    Files.createDirectories(checkout.resolve("notebooks"));
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    for (String file :
        List.of(
            "grokscope",
            "Dockerfile",
            "requirements.txt",
            "requirements-publish.txt",
            "requirements-bench.txt")) {
      Files.copy(
          VirtualEnvironment.PROJECT.resolve("environment").resolve(file),
          checkout.resolve("environment").resolve(file));
    }
    for (String tool : TOOLS) {
      machine.with(tool, "exec '" + real(tool) + "' \"$@\"");
    }
    return machine.with("uname", "echo Linux").with("id", "echo 1000");
  }

  private static Path real(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + tool + " on the PATH"));
  }

  /** Adds a program: lines of shell. */
  Machine with(String program, String shell) throws IOException {
    write(programs.resolve(program), shell);
    return this;
  }

  Machine withVariable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  /** Adds a Java that tells its version, and prints its arguments when asked for anything else. */
  Machine withJava(String version) throws IOException {
    return withJavaButNoCompiler(version).withCompiler();
  }

  Machine withJavaButNoCompiler(String version) throws IOException {
    Path home = Files.createDirectories(checkout.resolveSibling("jdk/bin")).getParent();
    String shell =
        """
        case "$1" in
          -XshowSettings*)
            echo "    java.home = %s" >&2
            echo 'openjdk version "%s" 2024-01-01' >&2 ;;
          *) echo "java was given: $*" ;;
        esac"""
            .formatted(home, version);
    write(home.resolve("bin/java"), shell);
    return with("java", "exec '" + home + "/bin/java' \"$@\"");
  }

  private Machine withCompiler() throws IOException {
    write(checkout.resolveSibling("jdk/bin/javac"), "exit 0");
    return this;
  }

  /** Adds a library that is newer than its sources. */
  Machine withLibrary() throws IOException {
    Files.createDirectories(checkout.resolve("target/lib"));
    Files.writeString(checkout.resolve("target/grokscope.jar"), "");
    return this;
  }

  /**
   * Adds a Python that makes virtual environments with a kernel, in which pip says what it is asked
   * for.
   */
  Machine withPython(String version) throws IOException {
    return with(
        "python3",
        """
        case "$*" in
          '-c import sys'*) echo %s ;;
          '-m venv'*)
            for folder; do :; done
            mkdir -p "$folder/bin" "$folder/share/jupyter/kernels/java"
            echo '{}' >"$folder/share/jupyter/kernels/java/kernel.json"
            printf '#!/bin/sh\\ncase "$1" in -c) ;; *) echo "python was given: $*" ;; esac\\n' \
              >"$folder/bin/python"
            chmod +x "$folder/bin/python" ;;
        esac"""
            .formatted(version));
  }

  private static void write(Path program, String shell) throws IOException {
    Files.writeString(program, "#!/bin/sh\n" + shell + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs the checkout's entry script with this machine's programs and variables alone. */
  CommandResult grokscope(String... arguments) throws IOException, InterruptedException {
    Path script = checkout.resolve("environment/grokscope");
    ProcessBuilder builder = new ProcessBuilder(script.toString());
    builder.command().addAll(List.of(arguments));
    builder.directory(checkout.toFile());
    builder.environment().clear();
    builder.environment().put("HOME", checkout.resolveSibling("home").toString());
    builder.environment().put("PATH", programs.toString());
    builder.environment().putAll(variables);
    return CommandResult.of(builder, Duration.ofSeconds(60));
  }
}
