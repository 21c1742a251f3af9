package org.grokscope.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a run came to be: what computed it, on what kind of machine, when, and what its caller adds.
 * It names no host, no user and no folder.
 *
 * @param grokscope version of this library, or {@code development} outside its jar
 * @param javaVersion such as {@code 17.0.15}
 * @param javaVendor who built that Java
 * @param osName such as {@code Linux}
 * @param osArch such as {@code amd64}
 * @param processors processors that the virtual machine may use
 * @param started when the run began
 * @param details what the caller adds: config, split, seed, model …, each something that Jackson
 *     can write; {@code model} with {@code activation} and {@code causal} is what a {@link
 *     Checkpoint} reads back
 */
public record Provenance(
    String grokscope,
    String javaVersion,
    String javaVendor,
    String osName,
    String osArch,
    int processors,
    Instant started,
    Map<String, Object> details) {

  private static final Set<String> OWN_KEYS =
      Set.of("grokscope", "java", "os", "processors", "started");

  public static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  public Provenance {
    Objects.requireNonNull(grokscope, "grokscope");
    Objects.requireNonNull(started, "started");
    details = Collections.unmodifiableMap(new TreeMap<>(details));
    for (String key : details.keySet()) {
      if (OWN_KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "provenance: got the detail '"
                + key
                + "', which is recorded already; give it another name");
      }
    }
  }

  /** The provenance of a run that begins now on this machine. */
  public static Provenance now(Map<String, Object> details) {
    return startedAt(Instant.now().truncatedTo(ChronoUnit.SECONDS), details);
  }

  /** The provenance of a run that began at the given moment on this machine. */
  public static Provenance startedAt(Instant started, Map<String, Object> details) {
    String version = Provenance.class.getPackage().getImplementationVersion();
    return new Provenance(
        version == null ? "development" : version,
        System.getProperty("java.version"),
        System.getProperty("java.vendor"),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        started,
        details);
  }

  /**
   * As indented JSON: grokscope, java, os, processors, started (ISO 8601, UTC), then the details by
   * name. Equal values give equal text.
   *
   * @throws IllegalArgumentException if a detail cannot be written as JSON
   */
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("grokscope", grokscope);
    root.putObject("java").put("version", javaVersion).put("vendor", javaVendor);
    root.putObject("os").put("name", osName).put("arch", osArch);
    root.put("processors", processors);
    root.put("started", started.toString());
    details.forEach((name, value) -> root.set(name, JSON.valueToTree(value)));
    return write(root);
  }

  /** Indented by two blanks, with \n on every system. */
  static String write(ObjectNode tree) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    try {
      return JSON.writer(printer).writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "provenance: cannot be written as JSON (" + e.getOriginalMessage() + ")", e);
    }
  }
}
