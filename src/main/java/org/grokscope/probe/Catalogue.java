package org.grokscope.probe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.grokscope.fourier.Spectrum;
import org.grokscope.probe.LogitFit.Centring;
import org.grokscope.probe.Metric.Inputs;
import org.grokscope.probe.Metric.Requirement;
import org.grokscope.series.Reading;

/** Every {@link Metric}, in the order in which they are listed. */
final class Catalogue {
  private static final String PAPER = "Nanda et al. 2023";
  private static final String CODE = "code of Nanda et al. 2023";
  private static final String DEMO = "TransformerLens, Grokking_Demo";
  private static final String COMMON = "common practice";
  private static final String OWN = "Grokscope";

  private static final Set<Requirement> ANY = Set.of();
  private static final Set<Requirement> CIRCLE = Set.of(Requirement.CIRCLE);
  private static final Set<Requirement> MLP = Set.of(Requirement.NEURONS);
  private static final Set<Requirement> NEURONS = Set.of(Requirement.CIRCLE, Requirement.NEURONS);
  private static final Set<Requirement> WAVES_OF_ATTENTION =
      Set.of(Requirement.CIRCLE, Requirement.ATTENTION);
  private static final Set<Requirement> ATTENTION = Set.of(Requirement.ATTENTION);

  static final Map<String, Metric> BY_NAME = new Catalogue().metrics;

  private final Map<String, Metric> metrics = new LinkedHashMap<>();

  private interface Plain {
    List<Reading> read(String name, AllPairs all);
  }

  private interface Keyed {
    List<Reading> read(String name, AllPairs all, KeyFrequencies keys);
  }

  private interface KeyedNumber {
    double read(AllPairs all, KeyFrequencies keys);
  }

  private Catalogue() {
    lossesAndNorms();
    spectra();
    neurons();
    restricted();
    excluded();
    fits();
    outputMap();
    attention();
    margins();
    ablations();
  }

  private void lossesAndNorms() {
    plain(
        "loss",
        "mean over the part of −log softmax(L)[y], p classes",
        COMMON,
        ANY,
        LossAndAccuracy::loss);
    plain(
        "accuracy",
        "share of the part whose largest of p logits is y's",
        COMMON,
        ANY,
        LossAndAccuracy::accuracy);
    plain(
        "squared_norm",
        "Σ of squares of every entry, per tensor and total",
        PAPER,
        ANY,
        WeightNorm::readings);
  }

  private void spectra() {
    plain(
        "embedding_norm",
        "length over d_model of each row of F·W_E[:p]",
        PAPER,
        CIRCLE,
        (name, all) -> lengths(name, all.onCircle().embeddingSpectrum()));
    plain(
        "embedding_gini",
        "of those p lengths, ascending: Σ(2i−n−1)x_i / (n Σx)",
        PAPER,
        CIRCLE,
        (name, all) -> one(name, all.onCircle().embeddingSpectrum().gini()));
    plain(
        "wl_gini",
        "the same of the lengths over the neurons of the columns of W_L Fᵀ",
        PAPER,
        NEURONS,
        (name, all) -> one(name, NeuronLogitMap.of(all).spectrum().gini()));
    for (KeyRule rule : KeyRule.values()) {
      add(
          new Metric(
              "key_frequency." + rule.label(),
              "a row a frequency, value E_k = |u_kᵀL|² + |v_kᵀL|²; chosen: " + rule.criterion(),
              rule.source(),
              Inputs.NOTHING,
              rule.needsNeurons() ? NEURONS : CIRCLE,
              false,
              (all, keys, controls) -> chosen(all, rule)));
    }
  }

  private void neurons() {
    plain(
        "neuron_fraction_85",
        "share of all neurons with max_k f_k > .85, f_k = energy of F A Fᵀ in {1, cos_k, sin_k}² /"
            + " total, A = N − mean",
        PAPER + ", section 4.2",
        NEURONS,
        (name, all) -> one(name, all.neuronFrequencies().share(NeuronFrequencies.EXPLAINED)));
    plain(
        "neuron_fraction.quantile",
        "quantiles of max_k f_k over all neurons, key in percent, linear between sorted values",
        OWN,
        NEURONS,
        Catalogue::quantiles);
    plain(
        "neuron_on",
        "share of all questions with N > 0, mean over the single neurons (max_k f_k > .85) and over"
            + " the mixed (other live) ones",
        OWN,
        NEURONS,
        (name, all) -> MixedNeurons.of(all).on(name));
    plain(
        "neuron_removed.mixed",
        "loss of L − (N_G − mean N_G) W_L,G for G = all mixed neurons",
        OWN,
        NEURONS,
        (name, all) -> MixedNeurons.of(all).removed(name));
    plain(
        "neuron_removed.single",
        "the same for ten groups G of as many single neurons, from number ⌊i·s/10⌋ on of s",
        OWN,
        NEURONS,
        (name, all) -> MixedNeurons.of(all).singleRemoved(name));
    for (ProductShare.Where where : ProductShare.Where.values()) {
      String of =
          switch (where) {
            case ATTENTION -> "the residual stream between attention and MLP";
            case MLP_PRE -> "the neurons before the ReLU";
            case MLP_POST -> "the neurons after the ReLU";
          };
      number(
          "product_share." + where.name().toLowerCase(Locale.ROOT),
          "share of the centred energy in {cos, sin}w_k a × {cos, sin}w_k b, k in K, of " + of,
          OWN,
          NEURONS,
          (all, keys) -> ProductShare.of(all, keys, where));
    }
  }

  private void restricted() {
    for (RestrictedLoss.Projection projection : RestrictedLoss.Projection.values()) {
      String formula =
          switch (projection) {
            case LOGITS -> "loss of P_K L + m (all: the published trig_loss)";
            case BLOCK2X2 -> "loss of m + the projection of L on {cos_k, sin_k}² (\"20 terms\")";
            case BLOCK3X3 -> "loss of m + the projection of L on {1, cos_k, sin_k}² but 1·1";
            case MLP -> "loss of r = (P_K N + mean N) W_L, then r += m − mean r";
          };
      boolean demo = projection == RestrictedLoss.Projection.MLP;
      keyed(
          projection.metric(),
          formula,
          demo ? DEMO : projection == RestrictedLoss.Projection.LOGITS ? CODE : PAPER,
          demo ? NEURONS : CIRCLE,
          (name, all, keys) -> RestrictedLoss.readings(all, keys, projection));
    }
  }

  private void excluded() {
    for (ExcludedLoss.Projection projection : ExcludedLoss.Projection.values()) {
      String formula =
          switch (projection) {
            case SINGLE -> "loss of L − P_{k} L for each key k";
            case LOGITS -> "loss of L − P_K L";
            case BLOCK2X2 -> "loss of L − its projection on {cos_k, sin_k}²";
            case BLOCK3X3 -> "loss of L − its projection on {1, cos_k, sin_k}² but 1·1";
            case MLP -> "loss of ((N − P_K N) W_out + mid) W_U, b_out left out";
            case MLP_BIAS -> "loss of ((N − P_K N) W_out + b_out + mid) W_U";
            case COSINE -> "loss of L − Σ_K α_k cos w_k(a+b−c)";
          };
      boolean ofNeurons =
          projection == ExcludedLoss.Projection.MLP
              || projection == ExcludedLoss.Projection.MLP_BIAS;
      keyed(
          projection.metric(),
          formula,
          ofNeurons ? DEMO : projection == ExcludedLoss.Projection.SINGLE ? CODE : PAPER,
          ofNeurons ? NEURONS : CIRCLE,
          (name, all, keys) -> ExcludedLoss.readings(all, keys, projection));
    }
  }

  private void fits() {
    keyed(
        "fit.alpha",
        "α_k = 2/p³ Σ_abc L cos w_k(a+b−c)",
        PAPER,
        CIRCLE,
        (name, all, keys) -> alphas(name, LogitFit.of(all.onCircle(), keys)));
    for (Centring centring : Centring.values()) {
      String total =
          switch (centring) {
            case RAW -> "L";
            case GLOBAL -> "L − mean L";
            case PER_CLASS -> "L − m_c";
            case PER_INPUT -> "L − mean_c L";
            case DOUBLE -> "L − m_c − mean_c L + mean L";
          };
      number(
          "fit.fve." + centring.name().toLowerCase(Locale.ROOT),
          "(p³/2) Σα² / Σ of squares of " + total,
          PAPER,
          CIRCLE,
          (all, keys) -> LogitFit.of(all.onCircle(), keys).explained(centring));
    }
    number(
        "fit.fve.waves",
        "1 − Σ(R − mean_c R)² / Σ(L − mean_c L)², R = L − P_K L − m: explained by any waves of the"
            + " sum at the keys and a constant for each answer",
        OWN,
        CIRCLE,
        (all, keys) -> LogitFit.explainedByWaves(all.onCircle(), keys));
    keyed(
        "fit.loss",
        "loss of the logits Σ_K α_k cos w_k(a+b−c)",
        PAPER,
        CIRCLE,
        (name, all, keys) -> LogitFit.of(all.onCircle(), keys).losses(name));
  }

  private void outputMap() {
    plain(
        "wl_rank_2pct",
        "smallest r with √(Σ_{i>r} s_i²) / √(Σ s_i²) < .02, s the singular values of W_L",
        PAPER,
        MLP,
        (name, all) -> one(name, NeuronLogitMap.rank(all.wLValues(), all.p())));
    number(
        "wl_residual",
        "‖W_L − its projection on the output waves cos_k, sin_k of K‖ / ‖W_L‖",
        PAPER,
        NEURONS,
        (all, keys) -> NeuronLogitMap.of(all).residual(keys));
    keyed(
        "wl_wave_size",
        "the two singular values of the columns cos_k, sin_k of W_L Fᵀ over ‖W_L‖, for each key k",
        OWN,
        NEURONS,
        (name, all, keys) -> NeuronLogitMap.of(all).sizes(name, keys));
    keyed(
        "wl_direction_fve",
        "N projected on column cos_k (sin_k) of W_L Fᵀ: centred share explained by cos w_k(a+b)"
            + " (sin)",
        PAPER,
        NEURONS,
        (name, all, keys) -> NeuronLogitMap.of(all).directionsExplained(name, keys));
  }

  private void attention() {
    plain(
        "attention_fve",
        "per head, attention to a (b): centred share explained by 1, cos, sin w_k a, cos, sin w_k b"
            + " for the best k",
        PAPER,
        WAVES_OF_ATTENTION,
        AttentionWaves::explained);
    plain(
        "attention_to_equals",
        "per head, mean weight on '='",
        OWN,
        ATTENTION,
        AttentionWaves::toEquals);
  }

  private void margins() {
    plain(
        "margin.min",
        "smallest L[r,y] − max_{c≠y} L[r,c] over all questions",
        OWN,
        ANY,
        (name, all) -> one(name, Margins.of(all).smallest()));
    plain(
        "margin.mean",
        "mean of L[r,y] − max_{c≠y} L[r,c] over all questions",
        OWN,
        ANY,
        (name, all) -> one(name, Margins.of(all).mean()));
    number(
        "margin.ideal",
        "Σα_k − max_{d≠0} Σα_k cos w_k d: the margin of the fitted logits",
        OWN,
        CIRCLE,
        (all, keys) -> LogitFit.of(all.onCircle(), keys).idealMargin());
    keyed(
        "wave.right",
        "mean over all questions of (P_{k} L)[r,y], for each key k",
        OWN,
        CIRCLE,
        Interference::right);
    keyed(
        "wave.wrong",
        "mean over all questions and c ≠ y of (P_{k} L)[r,c], for each key k",
        OWN,
        CIRCLE,
        Interference::wrong);
  }

  private void ablations() {
    keyed("key.kept", "accuracy of P_K L + m", COMMON, CIRCLE, Controls::kept);
    keyed("key.removed", "accuracy of L − P_K L", COMMON, CIRCLE, Controls::removed);
    beside("control.kept", "accuracy of P_R L + m for each random set R", Controls::kept);
    beside("control.removed", "accuracy of L − P_R L for each random set R", Controls::removed);
  }

  private void plain(
      String name, String formula, String source, Set<Requirement> requirements, Plain plain) {
    add(
        new Metric(
            name,
            formula,
            source,
            Inputs.NOTHING,
            requirements,
            true,
            (all, keys, controls) -> plain.read(name, all)));
  }

  private void keyed(
      String name, String formula, String source, Set<Requirement> requirements, Keyed keyed) {
    add(
        new Metric(
            name,
            formula,
            source,
            Inputs.KEYS,
            requirements,
            true,
            (all, keys, controls) -> keyed.read(name, all, keys)));
  }

  private void number(
      String name,
      String formula,
      String source,
      Set<Requirement> requirements,
      KeyedNumber number) {
    keyed(
        name,
        formula,
        source,
        requirements,
        (metric, all, keys) -> one(metric, number.read(all, keys)));
  }

  /** A measure of each random set. */
  private void beside(String name, String formula, Keyed ofSet) {
    add(
        new Metric(
            name,
            formula,
            OWN,
            Inputs.CONTROLS,
            CIRCLE,
            true,
            (all, keys, controls) ->
                controls.sets().stream()
                    .flatMap(set -> ofSet.read(name, all, set).stream())
                    .toList()));
  }

  private void add(Metric metric) {
    metrics.put(metric.name(), metric);
  }

  private static List<Reading> one(String name, double value) {
    return List.of(new Reading(name, "", "", value));
  }

  private static List<Reading> lengths(String name, Spectrum spectrum) {
    List<String> rows = spectrum.names();
    List<Reading> readings = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      readings.add(new Reading(name, "", rows.get(row), spectrum.norms().get(row)));
    }
    return readings;
  }

  private static List<Reading> chosen(AllPairs all, KeyRule rule) {
    double[] energies = SumWaves.ofLogits(all.onCircle()).energies();
    return rule.choose(all).stream()
        .map(k -> new Reading("key_frequency." + rule.label(), "", "" + k, energies[k]))
        .toList();
  }

  private static List<Reading> quantiles(String name, AllPairs all) {
    return Stream.of(10, 25, 50, 75, 90)
        .map(
            percent ->
                new Reading(
                    name, "", "" + percent, all.neuronFrequencies().quantile(percent / 100.0)))
        .toList();
  }

  private static List<Reading> alphas(String name, LogitFit fit) {
    return fit.keys().frequencies().stream()
        .map(k -> new Reading(name, "", "" + k, fit.alpha(k)))
        .toList();
  }
}
