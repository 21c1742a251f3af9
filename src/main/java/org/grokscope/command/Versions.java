package org.grokscope.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions that this build was made with. */
final class Versions implements IVersionProvider {
  private final Properties properties = new Properties();

  Versions() {
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The version of a library, by its name in versions.properties. */
  String of(String library) {
    String version = properties.getProperty(library);
    if (version == null) {
      throw new IllegalArgumentException("versions: there is none for '" + library + "'");
    }
    return version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"grokscope " + of("grokscope")};
  }
}
