package org.grokscope.evidence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.grokscope.claim.Claim;
import org.grokscope.claim.ClaimRuling;
import org.grokscope.claim.Criterion;
import org.grokscope.claim.Decision;
import org.grokscope.claim.EvidenceFolder;
import org.grokscope.claim.FirstRound;
import org.grokscope.claim.Ledger;
import org.grokscope.claim.RoundTwo;
import org.grokscope.claim.Rule;
import org.grokscope.claim.Ruling;
import org.grokscope.claim.Verdict;

/**
 * The verdicts of both rounds as tables, made from the other evidence and from what the notebooks
 * recorded.
 */
final class Verdicts {
  private static final String NO_RULING = "";
  private static final String WAITS = "not measured yet";
  private static final String PUBLISHED = "published-weights";
  private static final String QUANTITIES =
      "claim,quantity,role,metric,rule,measured,seeds,decision,expected,came_true,null,"
          + "null_share,null_draws,p,holm,registered,evidence_began,registration,published\n";

  private Verdicts() {}

  static Stream<EvidenceFile> files() {
    return Stream.of(
        new DerivedFile(
            "verdicts.csv",
            "What became of every claim: the verdict of round one, and of round two apart what the"
                + " essay or paper says and what we predicted",
            "claim,statement,round_one,round_two,predictions,registration,seeds,needs\n",
            Verdicts::claims),
        new DerivedFile(
            "verdicts-round-two.csv",
            "Every quantity of round two with its rule, its interval, its null and its dates",
            QUANTITIES,
            evidence -> quantities(RoundTwo.shipped(), evidence)),
        new DerivedFile(
            "verdicts-experiments.csv",
            "The same of the experiments that came after it; what waits for its evidence is not"
                + " measured yet",
            QUANTITIES,
            evidence -> quantities(RoundTwo.experiments(), evidence)),
        new DerivedFile(
            "verdicts-published.csv",
            "What the models that Nanda et al. (2023) published do by the rules of round two, beside"
                + " ours; one run each, so told and not judged",
            "claim,quantity,rule,ours,decision,model,theirs,within\n",
            Verdicts::published));
  }

  /** A line a claim, in the order of the ledger. */
  static List<String> claims(Path evidence) {
    Map<String, Verdict> first = FirstRound.verdicts(evidence.toAbsolutePath().getParent());
    Map<String, ClaimRuling> second =
        RoundTwo.byClaim(RoundTwo.shipped().judge(EvidenceFolder.of(evidence.toString()))).stream()
            .collect(Collectors.toMap(ClaimRuling::claim, ruling -> ruling));
    List<String> lines = new ArrayList<>();
    for (Claim claim : Ledger.open(false).claims()) {
      Optional<ClaimRuling> ruling = Optional.ofNullable(second.get(claim.id()));
      lines.add(
          line(
              claim.id(),
              claim.statement(),
              Optional.ofNullable(first.get(claim.id())).map(Verdict::text).orElse(NO_RULING),
              ruling.map(r -> r.decision().textOfClaim()).orElse(NO_RULING),
              ruling.map(ClaimRuling::predictions).orElse(NO_RULING),
              ruling.map(r -> registration(r.registered())).orElse(NO_RULING),
              ruling.map(r -> "" + r.seeds()).orElse(NO_RULING),
              ruling.map(ClaimRuling::needs).orElse(NO_RULING)));
    }
    return lines;
  }

  /** A line a quantity, in the order of the file. */
  static List<String> quantities(RoundTwo round, Path evidence) {
    Map<Criterion, Ruling> rulings =
        round.judge(EvidenceFolder.of(evidence.toString())).stream()
            .collect(Collectors.toMap(Ruling::criterion, ruling -> ruling));
    return round.criteria().stream()
        .map(of -> quantity(of, Optional.ofNullable(rulings.get(of))))
        .toList();
  }

  private static String quantity(Criterion of, Optional<Ruling> ruling) {
    return line(
        of.claim(),
        of.name(),
        of.primary() ? "primary" : "context",
        of.metric(),
        of.rule().tolerance(),
        ruling.map(Ruling::measured).orElse(""),
        ruling.map(r -> "" + r.measurement().seeds()).orElse(""),
        ruling.map(r -> r.decision().text()).orElse(WAITS),
        of.expected() == Decision.REPORTED ? "" : of.expected().text(),
        ruling.flatMap(Ruling::cameTrue).map(came -> came ? "yes" : "no").orElse(""),
        of.nullInWords(),
        ruling.map(r -> number(r.nullShare())).orElse(""),
        ruling.map(r -> "" + r.nullValues().length).orElse(""),
        ruling.map(r -> number(r.p())).orElse(""),
        ruling.map(Verdicts::holm).orElse(""),
        of.registered().toString(),
        ruling.flatMap(Ruling::evidenceBegan).map(Object::toString).orElse(""),
        ruling.map(r -> registration(r.registered())).orElse(""),
        of.publishedWithSource());
  }

  /** Of what is decided, whether the correction leaves it standing. */
  private static String holm(Ruling ruling) {
    boolean decided = ruling.decision() == Decision.HOLDS || ruling.decision() == Decision.FAILS;
    return !decided ? "" : ruling.survivesHolm() ? "stands" : "falls";
  }

  /** A line for each quantity of the end of training and each published model. */
  static List<String> published(Path evidence) {
    EvidenceFolder folder = EvidenceFolder.of(evidence.toString());
    List<String> lines = new ArrayList<>();
    for (Ruling ruling : RoundTwo.shipped().judge(folder)) {
      Criterion of = ruling.criterion();
      if (of.rule() instanceof Rule.Bounds bounds && of.binding().isAt("last")) {
        for (String model : folder.file(PUBLISHED).experiments()) {
          double theirs = of.binding().of(PUBLISHED, model).values(folder)[0];
          lines.add(
              line(
                  of.claim(),
                  of.name(),
                  bounds.tolerance(),
                  ruling.measured(),
                  ruling.decision().text(),
                  model,
                  String.format(Locale.ROOT, "%.4g", theirs),
                  bounds.allows(theirs) ? "yes" : "no"));
        }
      }
    }
    return lines;
  }

  private static String registration(boolean registered) {
    return registered ? "registered" : "exploratory";
  }

  private static String number(OptionalDouble value) {
    return value.isEmpty() ? "" : String.format(Locale.ROOT, "%.3g", value.getAsDouble());
  }

  private static String line(String... cells) {
    return Stream.of(cells).map(ReadingsCsv::quoted).collect(Collectors.joining(",")) + "\n";
  }
}
