package org.grokscope.evidence;

import java.util.Map;
import java.util.stream.IntStream;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.model.Parameters;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.UnembeddingMask;
import org.grokscope.probe.UnembeddingMask.Thinness;
import org.grokscope.series.Reading;
import org.grokscope.task.RandomStream;

/**
 * How thin a mask of the last matrix alone can be: ranks of W_U that rename the answers of the
 * trainings of circuit-fresh, for every turn by s, for random names, and the same of models that
 * were never trained.
 */
final class MaskRanks {
  private static final String AT = "turned";
  private static final double MOVED = 0.99;
  private static final int DRAWS = 5; // of random names, and of s of an untrained model

  private MaskRanks() {}

  static EvidenceFile file() {
    return new Measurements(
        "mask-ranks.csv",
        "How few ranks of W_U alone give the answers of a + b mod 113 other names, for every turn"
            + " and for random names",
        "the trainings of circuit-fresh, and about 5 minutes of measuring on one core",
        EvidenceRows.HEADER,
        Map.of("moved", MOVED, "draws", DRAWS),
        CircuitEvidence.freshRuns()
            .map(
                wanted ->
                    Measurements.Piece.of(
                        wanted,
                        runs -> {
                          Checkpoint last = runs.train(wanted).last();
                          return new MeasuredRun(
                              "mask ranks of " + wanted,
                              measured(last, wanted.config().seed()),
                              MeasuredRun.provenanceOf(last));
                        }))
            .toList(),
        false);
  }

  /** The rows of one model. */
  static String measured(Checkpoint last, long seed) {
    long epoch = last.epoch().orElseThrow();
    int keys = KeyFrequencies.of(last, KeyRule.ENERGY).frequencies().size();
    int p = last.p();
    UnembeddingMask mask = UnembeddingMask.of(last);
    EvidenceRows rows = new EvidenceRows("c+s", seed);
    Thinness[] turns = new Thinness[p - 1];
    for (int s = 1; s < p; s++) {
      turns[s - 1] = mask.renamed(turn(p, s), MOVED);
      rows.add(AT, epoch, new Reading("moved.rank_1", "", "" + s, turns[s - 1].one()));
      rows.add(AT, epoch, new Reading("rank_99", "", "" + s, turns[s - 1].rank()));
    }
    all(rows, epoch, keys, turns);
    Thinness[] drawn = new Thinness[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      int[] names = turn(p, 0);
      RandomStream.of(DRAWS * seed + i, "names").shuffle(names);
      drawn[i] = mask.renamed(names, MOVED);
    }
    EvidenceRows random = new EvidenceRows("random names", seed);
    all(random, epoch, keys, drawn);
    return rows.toString() + random + untrained(last, seed, keys);
  }

  /** c + s for each c. */
  private static int[] turn(int p, int s) {
    return IntStream.range(0, p).map(c -> (c + s) % p).toArray();
  }

  private static void all(EvidenceRows rows, long epoch, int keys, Thinness... masks) {
    double best = 0;
    double ranks = 0;
    double change = 0;
    for (Thinness mask : masks) {
      best = Math.max(best, mask.one());
      ranks += mask.rank() / (double) masks.length;
      change += mask.change() / masks.length;
    }
    rows.add(AT, epoch, "moved.rank_1_best", "", best);
    rows.add(AT, epoch, "rank_99", "", ranks);
    rows.add(AT, epoch, "rank_99_over_keys", "", ranks / (2 * keys));
    rows.add(AT, epoch, "keys", "", keys);
    rows.add(AT, epoch, "change", "", change);
  }

  /** The same model before its training, as if it had the keys of after. */
  private static String untrained(Checkpoint last, long seed, int keys) {
    UnembeddingMask mask =
        UnembeddingMask.of(last.withParameters(Parameters.initial(last.config(), seed)));
    RandomStream random = RandomStream.of(seed, "turns");
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < DRAWS; i++) {
      int s = 1 + random.nextInt(last.p() - 1);
      EvidenceRows of = new EvidenceRows("untrained c+s", DRAWS * seed + i);
      all(of, 0, keys, mask.renamed(turn(last.p(), s), MOVED));
      rows.append(of);
    }
    return rows.toString();
  }
}
