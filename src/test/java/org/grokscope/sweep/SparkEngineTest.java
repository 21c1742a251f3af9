package org.grokscope.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkEngineTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "local",
        "local[]",
        "local[0]",
        "spark://",
        "spark://host",
        "spark:/h:1",
        "yarn",
        "spark://host:port",
        "spark://a:1,b",
        "http://host:7077"
      })
  void a_master_that_is_none_is_refused(String master) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Engine.spark(master));
    assertEquals(
        "engine: got the Spark master '"
            + master
            + "', expected local[*], local[N] or spark://host:port",
        e.getMessage());
  }

  @Test
  void masters_by_commas_are_a_cluster_whose_cores_are_its_own_matter() {
    SparkEngine engine = Engine.spark("spark://host-1:7077,10.0.0.2:7078");
    assertTrue(engine.isCluster());
    assertEquals(0, engine.runsAtATime());
    assertEquals("spark, standalone cluster, threads each: 1", engine.description());
  }

  @Test
  void cores_here_are_shared_by_the_threads_of_the_runs() {
    SparkEngine engine = Engine.spark("local[6]");
    assertFalse(engine.isCluster());
    assertEquals(6, engine.runsAtATime());
    assertEquals(2, engine.threads(3).runsAtATime());
    assertEquals(
        Runtime.getRuntime().availableProcessors(), Engine.spark("local[*]").runsAtATime());
    assertThrows(IllegalArgumentException.class, () -> engine.threads(0));
    assertThrows(IllegalArgumentException.class, () -> Engine.local().threads(0));
    assertThrows(IllegalArgumentException.class, () -> Engine.local().runsAtATime(0));
  }

  @Test
  void a_master_that_does_not_answer_is_said_at_once() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      MasterAddress.requireAnswer("spark://127.0.0.1:" + port); // does answer
    }
    String gone = "spark://127.0.0.1:" + port;
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> MasterAddress.requireAnswer(gone));
    assertTrue(
        e.getMessage().startsWith("engine: no Spark master answers at " + gone + " (Connection"),
        e.getMessage());
    e =
        assertThrows(
            IllegalStateException.class,
            () -> MasterAddress.requireAnswer("spark://127.0.0.1:99999"));
    assertTrue(e.getMessage().contains("there is no port 99999"), e.getMessage());
    e =
        assertThrows(
            IllegalStateException.class,
            () -> MasterAddress.requireAnswer("spark://no-such-host.invalid:7077"));
    assertTrue(e.getMessage().contains("there is no host no-such-host.invalid"), e.getMessage());
  }
}
