package org.grokscope.sweep;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.grokscope.checkpoint.Provenance;

/** One call of {@link Sweep#run}: what is done, what is still to do. */
final class SweepSession {
  private final SweepGrid grid;
  private final List<RunPlan> plans;
  private final SweepFolder folder;
  private final SweepListener listener;
  private final Map<Integer, RunResult> results = new TreeMap<>();
  private final long startNanos = System.nanoTime();
  private double costEnded;
  private double costLeft;

  SweepSession(SweepGrid grid, List<RunPlan> plans, SweepFolder folder, SweepListener listener) {
    this.grid = grid;
    this.plans = plans;
    this.folder = folder;
    this.listener = listener;
  }

  SweepResults run(Engine engine) {
    List<RunOrder> orders = folder.orders(plans);
    orders.forEach(
        order -> folder.resultOf(order).ifPresent(result -> results.put(order.number(), result)));
    List<RunOrder> toDo =
        orders.stream().filter(order -> !results.containsKey(order.number())).toList();
    costLeft = toDo.stream().mapToDouble(order -> plans.get(order.number()).cost()).sum();
    if (!toDo.isEmpty() || !folder.hasProvenance()) {
      folder.writeProvenance(provenance(engine));
    }
    folder.writeResults(results());
    listener.started(progress());
    if (!toDo.isEmpty()) {
      try {
        engine.execute(toDo, this::ended);
      } catch (InterruptedException e) {
        throw new SweepInterruptedException(done(), plans.size());
      }
    }
    return results();
  }

  private void ended(RunResult result) {
    RunPlan plan = plans.get(result.number());
    results.put(result.number(), result);
    costEnded += plan.cost();
    costLeft -= plan.cost();
    folder.writeResults(results());
    listener.ended(progress(), grid.label(plan), result);
  }

  private SweepResults results() {
    return new SweepResults(folder.path(), grid.varied(), plans, List.copyOf(results.values()));
  }

  private int done() {
    return (int) results.values().stream().filter(RunResult::isDone).count();
  }

  private SweepListener.Progress progress() {
    double seconds = (System.nanoTime() - startNanos) * 1e-9;
    double left = results.size() == plans.size() ? 0 : seconds * costLeft / costEnded;
    return new SweepListener.Progress(
        plans.size(), done(), results.size() - done(), seconds, costEnded > 0 ? left : Double.NaN);
  }

  private String provenance(Engine engine) {
    return Provenance.now(
            Map.of(
                "sweep", grid.json(),
                "runs", plans.size(),
                "engine", engine.description()))
        .toJson();
  }
}
