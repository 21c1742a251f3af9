package org.grokscope.line;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.grokscope.model.LayerShape;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.model.Site;
import org.grokscope.task.LineFact;
import org.grokscope.task.LinedBatch;

/**
 * A model that reads texts in lines, looked at where it counts: what is alike for {@link
 * LineSubject} and {@link ProseSubject}. The count is looked for at the residual stream after the
 * last MLP before the decision; where the stream goes through a norm or noise there, behind the
 * norm, without the noise.
 *
 * @param <B> the texts
 */
abstract class LinedSubject<B extends LinedBatch> {
  /** Rows that a mean needs. */
  static final int LEAST = 12;

  private static final int FIRST_COUNT = 2; // 0 and 1 are begun lines

  private final ReferenceTransformer reader;
  private final LineNetwork network;
  private final B batch;
  private final int last;
  private final Map<String, LineActivations> atDecisions = new HashMap<>();
  private FactManifold count; // null until asked for

  LinedSubject(ReferenceTransformer reader, B batch) {
    this.reader = Objects.requireNonNull(reader, "reader");
    this.network = LineNetwork.of(reader);
    this.batch = batch;
    this.last = reader.config().shape().layers().size() - 1;
  }

  final ReferenceTransformer reader() {
    return reader;
  }

  final LineNetwork network() {
    return network;
  }

  final B batch() {
    return batch;
  }

  /** The last layer, which compares. */
  final int last() {
    return last;
  }

  final LayerShape layer(int n) {
    return reader.config().shape().layers().get(n);
  }

  /** Where the count is looked for. */
  public final String site() {
    return through().present()
        ? "blocks." + last + ".hook_resid_pre"
        : "blocks." + (last - 1) + ".hook_resid_post";
  }

  /** What the stream goes through there. */
  final Site through() {
    return layer(last - 1).site();
  }

  /** What queries and keys of the last layer are made of. */
  final String keysAndQueries() {
    return "blocks." + last + ".ln1.hook_normalized";
  }

  /** The activations of a hook at some positions. */
  final LineActivations read(String hook, int[] positions) {
    return network.read(batch, hook, positions);
  }

  /** The activations of a hook where lines may end. */
  final LineActivations atDecisions(String hook) {
    return atDecisions.computeIfAbsent(hook, unread -> read(unread, batch.decisions()));
  }

  /** Means by count at decisions, begun lines left out. */
  final FactManifold means(String hook, Confounds confounds) {
    return means(atDecisions(hook), confounds);
  }

  static FactManifold means(LineActivations activations, Confounds confounds) {
    return FactManifold.of(activations, LineFact.COUNT, confounds, LEAST)
        .between(FIRST_COUNT, Integer.MAX_VALUE);
  }

  /** The curve of the count, without additive effects of words. */
  public final FactManifold count() {
    if (count == null) {
      count = means(site(), Confounds.TOKENS_REMOVED);
    }
    return count;
  }

  /** A head of the last layer between two curves. */
  final QkTwist twist(int head, FactManifold queries, FactManifold keys) {
    Head plain = Head.of(reader.parameters(), last, head);
    boolean normed = layer(last).bounds().normed();
    return QkTwist.of(normed ? plain.normalised() : plain, queries.manifold(), keys.manifold());
  }
}
