package org.grokscope.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.grokscope.geometry.Manifold;
import org.grokscope.geometry.TuningCurves;
import org.grokscope.geometry.TuningCurves.Peak;
import org.grokscope.model.ModelConfig;
import org.grokscope.model.ModelShape;
import org.grokscope.model.Parameters;
import org.grokscope.model.ReferenceTransformer;
import org.grokscope.series.Reading;
import org.grokscope.task.MarkCounting;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class MarkPictureTest {
  private static final MarkCounting TASK = MarkCounting.underline().between(8, 24).withLength(32);

  private static Map<String, Double> byColumn(List<Reading> readings) {
    return readings.stream().collect(Collectors.toMap(Reading::column, Reading::value));
  }

  /** A helix of three turns in five dimensions, 60 counts, its height as long as its axis says. */
  private static Manifold helix(double phase, double height) {
    double[][] points = new double[60][];
    for (int i = 0; i < 60; i++) {
      double angle = 2 * Math.PI * 3 * i / 59 + phase;
      points[i] = new double[] {Math.cos(angle), Math.sin(angle), height * (i / 59.0 - 0.5), 0, 0};
    }
    return Manifold.of(Nd4j.createFromArray(points), IntStream.rangeClosed(1, 60).toArray());
  }

  @Test
  void a_helix_is_held_by_an_angle_and_an_axis_in_their_shares() {
    Map<String, Double> waves = byColumn(MarkPicture.waves(helix(0, 2)));
    assertEquals(1, waves.get("wave.held[1 wave + axis]"), 1e-3);
    assertEquals(0.75, waves.get("wave.phase"), 0.04); // variances 1 and 4/12
    assertEquals(0.25, waves.get("wave.axis"), 0.04);
    assertTrue(waves.get("wave.gain") > 0.4, "no spline of six turns three times: " + waves);
    assertEquals(3, waves.get("wave.turns[fine]"), 0.1);
  }

  @Test
  void two_helices_half_a_turn_apart_are_a_double_one_and_one_twice_is_not() {
    Map<String, Double> two = byColumn(MarkPicture.strands(helix(0, 2), helix(Math.PI, 2)));
    assertEquals(1, two.get("strands.double"));
    assertEquals(2, two.get("strands[both]"));
    assertEquals(1, two.get("strands[count]"));
    Map<String, Double> one = byColumn(MarkPicture.strands(helix(0, 2), helix(0, 2)));
    assertEquals(0, one.get("strands.double"));
    assertEquals(1, one.get("strands[both]"));
    assertEquals(1, one.get("strands.cosine"), 1e-9);
  }

  /** Triangles whose width is a part of their place, or does not depend on it. */
  private static TuningCurves triangles(boolean growing) {
    int[] labels = IntStream.rangeClosed(1, 100).toArray();
    int fields = 30;
    double[][] means = new double[100][fields];
    for (int f = 0; f < fields; f++) {
      int centre = 20 + f;
      double reach = growing ? centre / 3.0 : 5 + f * 7 % 11;
      for (int i = 0; i < 100; i++) {
        means[i][f] = Math.max(0, 1 - Math.abs(labels[i] - centre) / reach);
      }
    }
    return TuningCurves.of(Nd4j.createFromArray(means), labels);
  }

  @Test
  void fields_that_are_a_part_of_their_place_widen_and_others_do_not() {
    Map<String, Double> growing = byColumn(MarkPicture.fields(triangles(true)));
    assertEquals(30, growing.get("place.fields"));
    assertEquals(1, growing.get("place.widening"), 0.01);
    assertEquals(1, growing.get("place.widens"));
    Map<String, Double> alike = byColumn(MarkPicture.fields(triangles(false)));
    assertEquals(0, alike.get("place.widens"));
    assertTrue(alike.get("place.widening") < 0.4, alike::toString);
  }

  @Test
  void widths_are_dealt_to_places_where_they_fit() {
    int[] labels = IntStream.rangeClosed(1, 60).toArray();
    List<Peak> fields = new ArrayList<>();
    for (int place : new int[] {5, 20, 30, 40}) {
      fields.add(new Peak(place, place, 1, place == 30 ? 40 : 8));
    }
    for (int draw = 0; draw < 20; draw++) {
      List<Peak> dealt = MarkPicture.dealtAnew(fields, labels, new Random(draw));
      assertEquals(40, dealt.get(2).width());
      assertTrue(dealt.get(2).label() >= 21 && dealt.get(2).label() <= 40, "" + dealt.get(2));
      assertTrue(List.of(5, 20, 30, 40).contains(dealt.get(0).label()));
    }
  }

  private static ReferenceTransformer untrained() {
    ModelConfig config = ModelConfig.of(ModelShape.marks(TASK, 0.4).withDModel(32), TASK, 0);
    return ReferenceTransformer.of(config, Parameters.initial(config, 4));
  }

  @Test
  void an_untrained_model_is_moved_nowhere_and_its_numbers_are_there() {
    try (ReferenceTransformer reader = untrained()) {
      MarkSubject model = MarkSubject.of(TASK, reader, 120);
      Map<String, Double> ends = byColumn(MarkPicture.ends(model));
      assertEquals(5, ends.size());
      assertTrue(ends.values().stream().allMatch(share -> share <= 0.05), ends::toString);
      assertTrue(byColumn(MarkPicture.endsAtRandom(model, new Random(1))).get("end.moved") <= 0.05);
      double fields = byColumn(MarkPicture.fields(model)).get("place.fields");
      assertTrue(fields >= 0 && fields <= 128, "of 128 or fewer neurons: " + fields);
    }
  }

  @Test
  void ends_refuses_texts_that_are_too_short_to_be_moved() {
    try (ReferenceTransformer reader = untrained()) {
      MarkSubject model = MarkSubject.of(TASK, reader, 15);
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> MarkSteering.ends(model, 1, Move.SWAP, Subspace.whole(32)))
              .getMessage();
      assertTrue(message.contains("read more texts"), message);
    }
  }
}
