package org.grokscope.probe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.ParameterLayout;
import org.grokscope.model.Parameters;
import org.grokscope.task.RandomStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How far training moved each parameter W of a model to W': the relative change ‖W' − W‖ / ‖W‖
 * (norms of Frobenius, NaN where W is 0), and its share of the whole change, ‖W' − W‖² / Σ ‖W' −
 * W‖².
 *
 * @param relative by parameter, and of all together under {@code total}
 * @param share by parameter
 */
public record WeightChange(Map<String, Double> relative, Map<String, Double> share) {

  public WeightChange {
    relative = Collections.unmodifiableMap(new LinkedHashMap<>(relative));
    share = Collections.unmodifiableMap(new LinkedHashMap<>(share));
  }

  /**
   * The change from one checkpoint to another of the same layout.
   *
   * @throws IllegalArgumentException if the layouts differ, or nothing has changed
   */
  public static WeightChange between(Checkpoint before, Checkpoint after) {
    Parameters from = before.parameters();
    Parameters to = after.parameters();
    if (!from.layout().equals(to.layout())) {
      throw new IllegalArgumentException(
          "weight change: got the layouts "
              + from.layout().slots()
              + " and "
              + to.layout().slots()
              + ", expected the same; compare checkpoints of one model");
    }
    Map<String, Double> relative = new LinkedHashMap<>();
    Map<String, Double> moved = new LinkedHashMap<>();
    double length = 0;
    for (ParameterLayout.Slot slot : from.layout().slots()) {
      double norm = 0;
      double change = 0;
      int end = slot.offset() + slot.length();
      for (int i = slot.offset(); i < end; i++) {
        double was = from.values()[i];
        norm += was * was;
        change += (to.values()[i] - was) * (to.values()[i] - was);
      }
      moved.put(slot.name(), change);
      relative.put(slot.name(), norm == 0 ? Double.NaN : Math.sqrt(change / norm));
      length += norm;
    }
    double all = moved.values().stream().mapToDouble(Double::doubleValue).sum();
    if (all == 0) {
      throw new IllegalArgumentException(
          "weight change: got the same weights twice, expected two checkpoints that differ");
    }
    relative.put("total", Math.sqrt(all / length));
    Map<String, Double> share = new LinkedHashMap<>();
    moved.forEach((name, change) -> share.put(name, change / all));
    return new WeightChange(relative, share);
  }

  /**
   * The control: weights as far from {@code before} as these, each parameter by itself, but in a
   * random direction (normal entries).
   *
   * @param before the checkpoint that the change was measured from
   * @param seed of the directions
   */
  public Parameters atRandom(Checkpoint before, long seed) {
    Parameters changed = before.parameters();
    RandomStream random = RandomStream.of(seed, "random change");
    float[] values = changed.values();
    for (ParameterLayout.Slot slot : changed.layout().slots()) {
      double[] step = new double[slot.length()];
      double norm = 0;
      double squared = 0;
      for (int i = 0; i < step.length; i++) {
        step[i] = random.nextGaussian();
        squared += step[i] * step[i];
        double was = values[slot.offset() + i];
        norm += was * was;
      }
      double scale = norm == 0 ? 0 : relative.get(slot.name()) * Math.sqrt(norm / squared);
      for (int i = 0; i < step.length; i++) {
        values[slot.offset() + i] += (float) (scale * step[i]);
      }
    }
    return changed;
  }

  /** Columns parameter, relative change and share; a row a parameter. */
  public Table table() {
    StringColumn names = StringColumn.create("parameter");
    DoubleColumn relatives = DoubleColumn.create("relative change");
    DoubleColumn shares = DoubleColumn.create("share of the change");
    share.forEach(
        (name, value) -> {
          names.append(name);
          relatives.append(relative.get(name));
          shares.append(value);
        });
    return Table.create("weight change", names, relatives, shares);
  }
}
