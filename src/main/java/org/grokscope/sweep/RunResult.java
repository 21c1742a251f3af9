package org.grokscope.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalLong;
import org.grokscope.train.History;
import org.grokscope.train.Milestones;
import org.grokscope.train.Run;

/**
 * How a run ended.
 *
 * @param number of the run in its sweep, from 0
 * @param run name of its folder
 * @param error why it failed, or empty if it is done
 * @param last the last row of its history, or empty if it failed
 * @param memorised first evaluation with 99 % of the train questions right
 * @param understood first evaluation with 99 % of the test questions right: the grok
 */
public record RunResult(
    int number,
    String run,
    Optional<String> error,
    Optional<History.Row> last,
    OptionalLong memorised,
    OptionalLong understood) {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper JSON = new JsonMapper();

  /** Of a run that came to its end. */
  static RunResult done(RunOrder order, Run run) {
    Milestones milestones = run.milestones();
    return new RunResult(
        order.number(),
        order.run(),
        Optional.empty(),
        Optional.of(run.history().last()),
        milestones.memorised(),
        milestones.understood());
  }

  /** Of a run that could not. */
  static RunResult failed(RunOrder order, String why) {
    return new RunResult(
        order.number(),
        order.run(),
        Optional.of(why.strip().replaceAll("\\s+", " ")),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** Whether it came to its end. */
  public boolean isDone() {
    return error.isEmpty();
  }

  /** {@code done} or {@code failed}. */
  public String state() {
    return isDone() ? "done" : "failed";
  }

  /** As one line of JSON, from which {@link #parse} has the same numbers, bit for bit. */
  String json(String plan) {
    ObjectNode node = NODES.objectNode().put("run", run).put("plan", plan);
    error.ifPresent(why -> node.put("error", why));
    memorised.ifPresent(epoch -> node.put("train_99_epoch", epoch));
    understood.ifPresent(epoch -> node.put("test_99_epoch", epoch));
    last.ifPresent(
        row ->
            node.put("epochs_done", row.epoch())
                .put("train_loss", row.trainLoss())
                .put("test_loss", row.testLoss())
                .put("train_accuracy", row.trainAccuracy())
                .put("test_accuracy", row.testAccuracy())
                .put("squared_norm", row.squaredNorm())
                .put("seconds", row.seconds()));
    return node.toString();
  }

  /**
   * What {@link #json} wrote, or empty if it is of another plan or no such text.
   *
   * @param order whose result it is to be
   */
  static Optional<RunResult> parse(String json, RunOrder order) {
    try {
      JsonNode node = JSON.readTree(json);
      boolean ofThisPlan = order.plan().equals(node.path("plan").asText(""));
      boolean failed = node.path("error").isTextual();
      boolean done = node.path("epochs_done").isIntegralNumber() && !node.has("error");
      if (!ofThisPlan || !(failed || done)) {
        return Optional.empty();
      }
      return Optional.of(
          new RunResult(
              order.number(),
              order.run(),
              Optional.ofNullable(node.get("error")).map(JsonNode::textValue),
              Optional.of(node).filter(read -> read.has("epochs_done")).map(RunResult::row),
              epoch(node.path("train_99_epoch")),
              epoch(node.path("test_99_epoch"))));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static History.Row row(JsonNode node) {
    return History.Row.of(
        node.path("epochs_done").longValue(),
        node.path("train_loss").doubleValue(),
        node.path("test_loss").doubleValue(),
        node.path("train_accuracy").doubleValue(),
        node.path("test_accuracy").doubleValue(),
        node.path("squared_norm").doubleValue(),
        node.path("seconds").doubleValue());
  }

  private static OptionalLong epoch(JsonNode node) {
    return node.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(node.longValue());
  }
}
