package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the entry script says on machines where something is missing. */
class EntryScriptIT {
  private static final String NO_BROWSER = "no Chromium found, going on without static pictures: ";

  @TempDir Path folder;
  private Machine machine;

  @BeforeEach
  void a_bare_machine() throws Exception {
    machine = Machine.bare(folder);
  }

  /** The one line of an error. */
  private static String line(CommandResult result) {
    List<String> lines = result.err().lines().toList();
    assertEquals(1, lines.size(), result::everything);
    assertEquals("", result.out(), result::everything);
    return lines.get(0);
  }

  private void says(int exit, String message, String... arguments) throws Exception {
    CommandResult result = machine.grokscope(arguments);
    assertEquals(exit, result.exit(), result::everything);
    assertTrue(line(result).startsWith("grokscope: " + message), result::everything);
  }

  @Nested
  class Help {
    static final List<String> COMMANDS =
        List.of(
            "publish",
            "run",
            "lab",
            "strip",
            "train",
            "sweep",
            "probe",
            "evidence",
            "convert",
            "bench",
            "info",
            "image");

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void of_each_command_needs_nothing(String command) throws Exception {
      for (String option : List.of("--help", "-h")) {
        CommandResult result = machine.grokscope(command, option);
        assertEquals(0, result.exit(), result::everything);
        assertEquals("", result.err());
        assertEquals(
            "Usage: environment/grokscope " + command,
            result.out().lines().findFirst().orElse("").replaceAll(" [^a-z].*", ""));
      }
    }

    @Test
    void names_every_command() throws Exception {
      CommandResult result = machine.grokscope("--help");
      assertEquals(0, result.exit(), result::everything);
      for (String command : COMMANDS) {
        assertTrue(result.out().contains("\n  " + command + " "), result::everything);
      }
    }

    @Test
    void is_given_where_no_command_is() throws Exception {
      CommandResult result = machine.grokscope();
      assertEquals(2, result.exit(), result::everything);
      assertTrue(result.err().startsWith("Usage: environment/grokscope COMMAND"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fly                | unknown command fly; there are publish, run, lab, strip, translate, train, sweep, probe, evidence, convert, bench, info and image",
        "publish --fast     | publish: unknown option --fast; environment/grokscope publish --help",
        "publish --site     | publish: --site needs a folder",
        "publish --notebooks no | publish: no folder no with notebooks",
        "run --fast         | run: unknown option --fast; environment/grokscope run --help",
        "run two            | run: two is no notebook's number",
        "run --site         | run: --site needs a folder",
        "run --quick --save | run: --quick results are not for keeping",
        "run --notebooks no | run: no folder no with notebooks",
        "run 2 -p p        | run: -p needs a name and a value",
        "run -p p=3         | run: -p is for one notebook; give its number",
        "strip              | strip: no folder for the copies; give it as in `strip --out class`",
        "strip two --out x  | strip: two is no notebook's number",
        "strip --fast       | strip: unknown option --fast; environment/grokscope strip --help",
        "strip --out        | strip: --out needs a folder",
        "strip --lang       | strip: --lang needs the code of a language",
        "translate          | translate: no language; give its code as in `translate zh`",
        "lab --lang         | lab: --lang needs the code of a language",
        "setup --fast       | setup: unknown option --fast",
        "image --tag        | image: --tag needs a name, as in `image --tag grokscope`",
        "image --serve --debootstrap | image: --serve runs what was built, with no options but --tag",
        "image --serve --squash      | image: --serve runs what was built, with no options but --tag",
      })
  void a_misuse_ends_with_2_and_one_line(String arguments, String message) throws Exception {
    says(2, message, arguments.split(" "));
  }

  @Nested
  class Java {
    @ParameterizedTest
    @ValueSource(
        strings = {"run", "lab", "train", "sweep", "probe", "evidence", "convert", "bench", "info"})
    void missing(String command) throws Exception {
      says(1, "no java found, JDK 17 or newer needed: ", command);
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_402, 8", "11.0.22, 11", "16.0.2, 16"})
    void too_old(String version, String major) throws Exception {
      machine.withJava(version);
      CommandResult result = machine.grokscope("run");
      assertEquals(1, result.exit(), result::everything);
      String line = line(result);
      assertTrue(line.startsWith("grokscope: Java " + major + " found"), line);
      assertTrue(line.contains("17 or newer needed"), line);
    }

    @Test
    void without_its_compiler() throws Exception {
      machine.withJavaButNoCompiler("17.0.15");
      CommandResult result = machine.grokscope("run");
      assertEquals(1, result.exit(), result::everything);
      assertTrue(line(result).contains("without its compiler javac, a whole JDK 17 or newer"));
    }

    /** Newer ones warn otherwise, of what a reader can do nothing about. */
    @ParameterizedTest
    @CsvSource({"17.0.15, false", "21.0.4, false", "24.0.1, true", "25, true"})
    void newer_gets_options_that_keep_it_quiet(String version, boolean newer) throws Exception {
      machine.withJava(version).withLibrary();
      CommandResult result = machine.grokscope("info");
      assertEquals(0, result.exit(), result::everything);
      for (String option :
          List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")) {
        assertEquals(newer, result.out().contains(option), result::everything);
      }
    }

    @Test
    void home_that_is_none() throws Exception {
      machine.withJava("17.0.15").withVariable("JAVA_HOME", "/nowhere");
      says(1, "JAVA_HOME is /nowhere, where there is no bin/java", "run");
    }

    @Test
    void is_named_as_this_debian_has_it() throws Exception {
      machine.with("apt-get", "exit 1");
      says(1, "no java found, JDK 17 or newer needed: apt install default-jdk-headless, or", "run");
      machine.with("apt-cache", "case $2 in *-17-*) echo '  Candidate: 17.0.15' ;; esac");
      says(1, "no java found, JDK 17 or newer needed: apt install openjdk-17-jdk-head", "run");
      machine.with("apt-cache", "echo '  Candidate: 21.0.13'");
      says(1, "no java found, JDK 17 or newer needed: apt install openjdk-21-jdk-head", "run");
    }

    @Test
    void silent_about_its_version() throws Exception {
      machine.with("java", "exit 1");
      CommandResult result = machine.grokscope("run");
      assertEquals(1, result.exit(), result::everything);
      assertTrue(line(result).contains("does not say its version"), result::everything);
    }
  }

  @Nested
  class Library {
    @BeforeEach
    void java_is_there() throws Exception {
      machine.withJava("17.0.15");
    }

    @Test
    void cannot_be_built_without_maven() throws Exception {
      says(1, "no mvn found, Maven 3.8 or newer needed to build the library: ", "train");
    }

    @Test
    void that_does_not_build_is_told_apart() throws Exception {
      machine.with("mvn", "exit 1");
      CommandResult result = machine.grokscope("train");
      assertEquals(1, result.exit(), result::everything);
      assertTrue(result.err().startsWith("grokscope: the library could not be built"));
    }

    @Test
    void gets_the_arguments_as_they_are() throws Exception {
      CommandResult result = machine.withLibrary().grokscope("train", "--p", "31", "--out", "a b");
      assertEquals(0, result.exit(), result::everything);
      assertTrue(
          result.out().endsWith(" org.grokscope.command.Grokscope train --p 31 --out a b\n"),
          result::everything);
    }
  }

  @Nested
  class Python {
    @BeforeEach
    void java_is_there() throws Exception {
      machine.withJava("17.0.15");
    }

    @Test
    void missing() throws Exception {
      says(1, "no python3 found, Python 3.10 or newer needed: ", "run");
    }

    @Test
    void too_old() throws Exception {
      machine.with("python3", "echo 3.9");
      says(1, "Python 3.9 found, 3.10 or newer needed: ", "run");
    }

    @Test
    void without_venv_on_debian() throws Exception {
      machine
          .with("apt-get", "exit 1")
          .with("python3", "case \"$2\" in *venv*) exit 1 ;; *) echo 3.11 ;; esac");
      says(1, "Python 3.11 found without its venv module: apt install python3-venv", "run");
    }

    @Test
    void installs_once_and_again_only_when_it_is_gone() throws Exception {
      machine.withPython("3.12").with("chromium", "echo 150");
      CommandResult first = machine.grokscope("setup", "--no-build");
      assertEquals(0, first.exit(), first::everything);
      assertTrue(first.out().contains("installing Python packages into environment/.venv (once)"));
      assertTrue(first.out().contains("python was given: -m pip install"), first::everything);
      CommandResult second = machine.grokscope("setup", "--no-build");
      assertEquals(new CommandResult(0, "", ""), second);
    }
  }

  @Nested
  class Chromium {
    @BeforeEach
    void all_else_is_there() throws Exception {
      machine.withJava("17.0.15").withPython("3.12").withLibrary();
    }

    private String run() throws Exception {
      CommandResult result = machine.grokscope("run");
      assertEquals(0, result.exit(), result::everything);
      assertEquals("", result.err());
      assertTrue(result.out().contains("/execute.py --notebooks "), result::everything);
      assertTrue(result.out().contains("/publish.py --notebooks "), result::everything);
      return result.out();
    }

    @Test
    void missing_is_said_and_the_run_goes_on() throws Exception {
      assertTrue(run().contains(NO_BROWSER + "install Chrome or Chromium"));
    }

    @Test
    void missing_fails_where_CI_is_true() throws Exception {
      machine.withVariable("CI", "true");
      CommandResult result = machine.grokscope("run");
      assertEquals(1, result.exit(), result::everything);
      assertTrue(
          result.err().startsWith("grokscope: no Chromium found, and CI needs one: install"),
          result::everything);
      assertFalse(result.out().contains("execute.py"), result::everything);
    }

    @Test
    void that_is_a_stub_without_a_snap_counts_as_missing() throws Exception {
      machine.with("chromium-browser", "echo install the snap >&2; exit 1");
      assertTrue(run().contains(NO_BROWSER));
    }

    @Test
    void found_is_not_spoken_of() throws Exception {
      machine.with("google-chrome", "echo Chrome 150");
      assertFalse(run().contains("Chromium"));
    }

    @Test
    void given_but_no_program() throws Exception {
      machine.withVariable("GROKSCOPE_CHROMIUM", "/nowhere");
      CommandResult result = machine.grokscope("run");
      assertEquals(1, result.exit(), result::everything);
      assertTrue(
          result.err().startsWith("grokscope: GROKSCOPE_CHROMIUM is /nowhere, which is no program"),
          result::everything);
    }

    @Test
    void is_left_to_the_person_where_apt_needs_sudo() throws Exception {
      machine.with("apt-cache", "echo '  Candidate: 150.0-1'").with("apt-get", "exit 1");
      assertTrue(run().contains(NO_BROWSER + "sudo apt install chromium\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "setup"})
    void is_installed_where_root_may(String command) throws Exception {
      Path browser = folder.resolve("bin/chromium");
      machine
          .with("id", "echo 0")
          .with("apt-cache", "echo '  Candidate: 150.0-1'")
          .with(
              "apt-get",
              "printf '#!/bin/sh\\necho 150\\n' >'%s'; chmod +x '%s'".formatted(browser, browser));
      CommandResult result = machine.grokscope(command);
      assertEquals(0, result.exit(), result::everything);
      assertEquals("grokscope: installing Chromium for static pictures\n", result.err());
      assertFalse(result.out().contains("no Chromium"), result::everything);
    }

    @Test
    void is_not_installed_as_a_stub_for_a_snap() throws Exception {
      machine
          .with("id", "echo 0")
          .with("apt-cache", "echo '  Candidate: 2:1snap1-0ubuntu2'")
          .with("apt-get", "echo must not be called; exit 1");
      String said = run();
      assertTrue(said.contains(NO_BROWSER), said);
      assertFalse(said.contains("must not be called"), said);
    }
  }

  @Nested
  class Image {
    private static final String HAS_NOTHING = "case $1 in inspect) exit 1 ;; esac; ";

    /** A buildah that says what it is asked for, after some lines of shell. */
    private void buildah(String first) throws Exception {
      machine.with(
          "buildah",
          first
              + "case $1 in from) echo working-1 ;; mount) echo "
              + folder.resolve("base")
              + " ;; esac\n"
              + "echo \"$BUILDAH_ISOLATION $STORAGE_DRIVER: $*\" >>"
              + folder.resolve("asked"));
    }

    private List<String> asked() throws Exception {
      return Files.readAllLines(folder.resolve("asked"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "image --serve", "image --debootstrap"})
    void needs_buildah(String arguments) throws Exception {
      says(1, "no buildah found, which builds images without a daemon: ", arguments.split(" "));
    }

    @Test
    void hands_unknown_options_on() throws Exception {
      buildah("");
      CommandResult result =
          machine.grokscope("image", "--tag", "mine", "--volume", "/a b:/c:ro", "--squash");
      assertEquals(0, result.exit(), result::everything);
      String here = folder.resolve("checkout").toRealPath().toString();
      assertEquals(
          List.of(
              "chroot vfs: build --tag mine --file "
                  + (here + "/environment/Dockerfile --ignorefile ")
                  + (here + "/environment/Dockerfile.dockerignore ")
                  + ("--volume /a b:/c:ro --squash " + here)),
          asked());
      assertTrue(result.out().contains("built the image mine"), result::everything);
    }

    @Test
    void leaves_buildah_what_the_environment_says() throws Exception {
      buildah("");
      machine.withVariable("BUILDAH_ISOLATION", "oci").withVariable("STORAGE_DRIVER", "overlay");
      assertEquals(0, machine.grokscope("image").exit());
      assertTrue(
          asked().get(0).startsWith("oci overlay: build --tag grokscope "), asked()::toString);
    }

    @Test
    void that_is_not_built_cannot_be_served() throws Exception {
      buildah(HAS_NOTHING);
      says(
          1,
          "there is no image mine; `environment/grokscope image` builds it",
          ("image --serve --tag mine").split(" "));
    }

    @Test
    void is_served_by_its_own_command_in_a_container_that_is_gone_afterwards() throws Exception {
      buildah(
          "case $1 in inspect) printf 'python3\\n-m\\nhttp.server\\n' ;; run) exit 3 ;; esac\n");
      CommandResult result = machine.grokscope("image", "--serve");
      assertEquals(3, result.exit(), result::everything);
      assertEquals("chroot vfs: rm working-1", asked().get(asked().size() - 1));
    }

    @Test
    void on_a_base_of_packages_needs_root_and_debootstrap() throws Exception {
      buildah(HAS_NOTHING);
      says(1, "image: --debootstrap needs root", "image", "--debootstrap");
      machine.with("id", "echo 0");
      says(1, "no debootstrap found, which makes a Debian from its", "image", "--debootstrap");
      assertFalse(Files.exists(folder.resolve("asked")), "nothing is begun");
    }

    @Test
    void on_a_base_of_packages_that_fails_leaves_no_container() throws Exception {
      buildah(HAS_NOTHING);
      machine.with("id", "echo 0").with("debootstrap", "echo E: no such release >&2; exit 1");
      CommandResult result = machine.grokscope("image", "--debootstrap");
      assertEquals(1, result.exit(), result::everything);
      assertTrue(result.err().contains("could not make a Debian "), result::everything);
      assertEquals("chroot vfs: rm working-1", asked().get(asked().size() - 1));
    }

    @Test
    void on_a_base_of_packages_has_the_name_and_the_release_that_the_Dockerfile_names()
        throws Exception {
      buildah(HAS_NOTHING);
      Path base = folder.resolve("base");
      machine
          .with("id", "echo 0")
          .with(
              "debootstrap",
              """
              mkdir -p "$3/etc/apt" "$3/etc/dpkg/dpkg.cfg.d"
              echo "deb here://packages/debian $2 main" >"$3/etc/apt/sources.list"
              """);
      CommandResult result = machine.grokscope("image", "--debootstrap");
      assertEquals(0, result.exit(), result::everything);
      String name =
          Files.readAllLines(folder.resolve("checkout/environment/Dockerfile")).stream()
              .filter(line -> line.startsWith("FROM "))
              .map(line -> line.substring(5))
              .findFirst()
              .orElseThrow();
      String release = name.replaceFirst("^debian:(\\w+)-slim$", "$1");
      assertEquals(
          """
          deb here://packages/debian RELEASE main
          deb here://packages/debian RELEASE-updates main
          deb here://packages/debian-security RELEASE-security main
          """
              .replace("RELEASE", release),
          Files.readString(base.resolve("etc/apt/sources.list")));
      assertTrue(asked().contains("chroot vfs: commit --quiet working-1 " + name));
      String last = asked().get(asked().size() - 1);
      assertTrue(last.startsWith("chroot vfs: build --pull=never --tag grokscope "), last);
    }
  }

  @Test
  void publish_needs_python_alone_and_installs_little() throws Exception {
    machine.withPython("3.12");
    CommandResult result = machine.grokscope("publish");
    assertEquals(0, result.exit(), result::everything);
    assertTrue(result.out().contains("/requirements-publish.txt\n"), result::everything);
    assertTrue(result.out().contains("/publish.py --notebooks "), result::everything);
    CommandResult again = machine.grokscope("publish");
    assertFalse(again.out().contains("pip install"), again::everything);
    CommandResult run = machine.withJava("17.0.15").withLibrary().grokscope("run");
    assertEquals(0, run.exit(), run::everything);
    String[] order = {"/publish.py ", "/requirements.txt\n", "/execute.py "};
    for (int i = 0; i < order.length; i++) {
      int at = run.out().indexOf(order[i]);
      assertTrue(at >= (i == 0 ? 0 : run.out().indexOf(order[i - 1])), run::everything);
    }
    assertFalse(machine.grokscope("run").out().contains("/publish.py "), "published twice");
  }

  @Test
  void the_verdicts_are_written_only_when_the_projects_own_notebooks_are_saved() throws Exception {
    machine.withJava("17.0.15").withPython("3.12").withLibrary();
    CommandResult saved = machine.grokscope("run", "--save");
    assertEquals(0, saved.exit(), saved::everything);
    assertTrue(saved.out().contains("/execute.py --notebooks "), saved::everything);
    assertTrue(saved.out().contains("--verdicts "), saved::everything);
    assertTrue(saved.out().contains("checkout/notebooks/verdicts.md "), saved::everything);
    assertFalse(machine.grokscope("run").out().contains("--verdicts"));
    CommandResult others =
        machine.grokscope("run", "--save", "--notebooks", folder.resolve("bin").toString());
    assertEquals(0, others.exit(), others::everything);
    assertFalse(others.out().contains("--verdicts"), others::everything);
  }

  @Test
  void a_core_type_that_is_forced_upon_openblas_is_left_out_and_said() throws Exception {
    machine.withJava("17.0.15").withLibrary().withVariable("OPENBLAS_CORETYPE", "Haswell");
    CommandResult result = machine.grokscope("info");
    assertEquals(0, result.exit(), result::everything);
    assertTrue(
        result.out().startsWith("grokscope: OPENBLAS_CORETYPE was set to Haswell; left out"));
  }
}
