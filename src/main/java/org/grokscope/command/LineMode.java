package org.grokscope.command;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.grokscope.task.LineBreaking;

/** The line-breaking tasks that the command line knows by name. */
enum LineMode {
  GIVEN("given", LineBreaking::given),
  INFERRED("inferred", LineBreaking::inferred),
  BOX("box", LineBreaking::box),
  BOX_HEADER("box-header", LineBreaking::boxHeader),
  VARIED_BOX("varied-box", LineBreaking::variedBox),
  HEADER_ONLY("header-only", LineBreaking::headerOnly),
  PLAIN_NEWLINE("plain-newline", LineBreaking::plainNewline);

  private final String name;
  private final Supplier<LineBreaking> task;

  LineMode(String name, Supplier<LineBreaking> task) {
    this.name = name;
    this.task = task;
  }

  /**
   * The task of this name.
   *
   * @param name such as {@code box-header}, or null if none was given
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  static LineBreaking named(String name) {
    for (LineMode mode : values()) {
      if (mode.name.equals(name)) {
        return mode.task.get();
      }
    }
    throw new IllegalArgumentException(
        "mode: got "
            + (name == null ? "none" : "'" + name + "'")
            + ", expected one of "
            + Arrays.stream(values()).map(mode -> mode.name).collect(Collectors.joining(", ")));
  }
}
