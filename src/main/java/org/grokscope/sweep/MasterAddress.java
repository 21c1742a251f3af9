package org.grokscope.sweep;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** The address of a Spark master, tried before Spark tries it for a minute. */
final class MasterAddress {
  private static final int MILLIS_TO_ANSWER = 5_000;
  private static final int LAST_PORT = 65_535;

  private MasterAddress() {}

  /**
   * Checks that one of the masters accepts connections.
   *
   * @param master {@code spark://host:port,host:port…}
   * @throws IllegalStateException if none does; the message says why
   */
  static void requireAnswer(String master) {
    String why = "";
    for (String address : master.substring("spark://".length()).split(",")) {
      int colon = address.lastIndexOf(':');
      String host = address.substring(0, colon);
      int port = Integer.parseInt(address.substring(colon + 1));
      why = port > LAST_PORT ? "there is no port " + port : refusal(host, port);
      if (why.isEmpty()) {
        return;
      }
    }
    throw new IllegalStateException(
        "engine: no Spark master answers at "
            + master
            + " ("
            + why
            + "); start one there, or give the address that its page shows");
  }

  private static String refusal(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      return "there is no host " + host;
    }
    try (Socket socket = new Socket()) {
      socket.connect(address, MILLIS_TO_ANSWER);
      return "";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
