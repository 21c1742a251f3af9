package org.grokscope.sweep;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One call of {@link Sweep#run}: what is done, what is still to do, of all runs or of a shard. */
final class SweepSession {
  private final SweepGrid grid;
  private final List<RunPlan> plans;
  private final Shard shard;
  private final List<Integer> runs;
  private final SweepFolder folder;
  private final SweepListener listener;
  private final Map<Integer, RunResult> results = new TreeMap<>();
  private final long startNanos = System.nanoTime();
  private double costEnded;
  private double costLeft;

  /**
   * A session.
   *
   * @param shard what is computed, or null for all runs
   * @param runs the numbers of those runs
   */
  SweepSession(
      SweepGrid grid,
      List<RunPlan> plans,
      Shard shard,
      List<Integer> runs,
      SweepFolder folder,
      SweepListener listener) {
    this.grid = grid;
    this.plans = plans;
    this.shard = shard;
    this.runs = runs;
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * Computes what is not done.
   *
   * @param provenance of this session
   */
  SweepResults run(Engine engine, String provenance) {
    List<RunOrder> all = folder.orders(plans);
    List<RunOrder> orders = runs.stream().map(all::get).toList();
    orders.forEach(
        order -> folder.resultOf(order).ifPresent(result -> results.put(order.number(), result)));
    List<RunOrder> toDo =
        orders.stream().filter(order -> !results.containsKey(order.number())).toList();
    costLeft = toDo.stream().mapToDouble(order -> plans.get(order.number()).cost()).sum();
    if (!toDo.isEmpty() || !folder.hasProvenance()) {
      folder.writeProvenance(provenance);
    }
    folder.writeResults(results());
    listener.started(progress());
    if (!toDo.isEmpty()) {
      try {
        engine.execute(toDo, this::ended);
      } catch (InterruptedException e) {
        throw new SweepInterruptedException(done(), runs.size());
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
    return new SweepResults(folder, grid.varied(), plans, List.copyOf(results.values()), shard);
  }

  private int done() {
    return (int) results.values().stream().filter(RunResult::isDone).count();
  }

  private SweepListener.Progress progress() {
    double seconds = (System.nanoTime() - startNanos) * 1e-9;
    double left = results.size() == runs.size() ? 0 : seconds * costLeft / costEnded;
    return new SweepListener.Progress(
        runs.size(), done(), results.size() - done(), seconds, costEnded > 0 ? left : Double.NaN);
  }
}
