package org.grokscope.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
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

  static final String EPOCHS = "epochs_done";
  static final String MEMORISED = "train_99_epoch";
  static final String UNDERSTOOD = "test_99_epoch";

  private static final JsonMapper JSON = new JsonMapper();

  /** Of a run that came to its end. */
  static RunResult done(RunOrder order, Run run) {
    History.Row last = run.history().last();
    boolean asks = last.columns().containsAll(History.COLUMNS); // known and unknown questions
    Milestones milestones = asks ? run.milestones() : null;
    return new RunResult(
        order.number(),
        order.run(),
        Optional.empty(),
        Optional.of(last),
        asks ? milestones.memorised() : OptionalLong.empty(),
        asks ? milestones.understood() : OptionalLong.empty());
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
  String json(RunPlan plan) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("run", run);
    node.put("plan", plan.json());
    error.ifPresent(why -> node.put("error", why));
    memorised.ifPresent(epoch -> node.put(MEMORISED, epoch));
    understood.ifPresent(epoch -> node.put(UNDERSTOOD, epoch));
    last.ifPresent(
        row -> {
          node.put(EPOCHS, row.epoch());
          row.columns().stream().skip(1).forEach(name -> node.put(name, row.value(name)));
        });
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
      boolean ofThisPlan = order.plan().json().equals(node.path("plan").asText(""));
      boolean failed = node.path("error").isTextual();
      boolean done = node.path(EPOCHS).isIntegralNumber() && !node.has("error");
      if (!ofThisPlan || !(failed || done)) {
        return Optional.empty();
      }
      return Optional.of(
          new RunResult(
              order.number(),
              order.run(),
              Optional.ofNullable(node.get("error")).map(JsonNode::textValue),
              done ? Optional.of(row(node)) : Optional.empty(),
              epoch(node.path(MEMORISED)),
              epoch(node.path(UNDERSTOOD))));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The epochs, and what stands after them. */
  private static History.Row row(JsonNode node) {
    List<String> columns = new ArrayList<>();
    node.fieldNames().forEachRemaining(columns::add);
    columns.subList(0, columns.indexOf(EPOCHS)).clear();
    List<Double> values = // NaN is written as a text
        columns.stream().skip(1).map(name -> node.get(name).asDouble(Double.NaN)).toList();
    columns.set(0, "epoch");
    return new History.Row(columns, node.get(EPOCHS).longValue(), values);
  }

  private static OptionalLong epoch(JsonNode node) {
    return node.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(node.longValue());
  }
}
