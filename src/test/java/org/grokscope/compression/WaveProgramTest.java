package org.grokscope.compression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.grokscope.checkpoint.Checkpoint;
import org.grokscope.probe.KeyFrequencies;
import org.grokscope.probe.KeyRule;
import org.grokscope.probe.LogitFit;
import org.junit.jupiter.api.Test;

class WaveProgramTest {
  @Test
  void one_wave_answers_everything() {
    WaveProgram program = new WaveProgram(7, List.of(2), List.of(1.0), 0);
    for (int a = 0; a < 7; a++) {
      for (int b = 0; b < 7; b++) {
        assertEquals((a + b) % 7, program.answer(a, b));
      }
    }
    assertEquals(49, program.right());
    assertEquals(1 + Math.log(3) / Math.log(2) + 32, program.bits(), 1e-9);
  }

  @Test
  void its_loss_is_that_of_its_scores() {
    WaveProgram program = new WaveProgram(5, List.of(1, 2), List.of(2.0, 3.0), 4);
    double sum = 0;
    for (int d = 0; d < 5; d++) {
      double w = 2 * Math.PI * d / 5;
      sum += Math.exp(2 * Math.cos(w) + 3 * Math.cos(2 * w));
    }
    assertEquals(-Math.log(Math.exp(5) / sum), program.loss(), 1e-12);
    assertEquals(3 + 0 + 32 + 8, program.bits(), 1e-9);
  }

  @Test
  void rounds_a_trained_models_amplitudes_as_coarsely_as_its_loss_allows() {
    Checkpoint model = Checkpoint.load(Path.of("notebooks/evidence/seed-1-step-040000.npz"));
    LogitFit fit = LogitFit.of(model, KeyFrequencies.of(model, KeyRule.ENERGY));
    double loss = 2 * WaveProgram.of(fit, 24).loss();
    WaveProgram program = WaveProgram.coarsest(fit, loss);
    assertTrue(program.loss() <= loss);
    assertTrue(
        program.bitsEach() == 0 || WaveProgram.of(fit, program.bitsEach() - 1).loss() > loss);
    assertEquals(113 * 113, program.right());
    for (int i = 0; i < program.keys().size(); i++) {
      double alpha = fit.alpha(program.keys().get(i));
      assertEquals(alpha, WaveProgram.of(fit, 24).amplitudes().get(i), 1e-5 * alpha);
    }
    assertThrows(IllegalArgumentException.class, () -> WaveProgram.coarsest(fit, 0));
    assertThrows(IllegalArgumentException.class, () -> WaveProgram.of(fit, 25));
  }

  @Test
  void refuses_keys_without_amplitudes() {
    assertThrows(
        IllegalArgumentException.class, () -> new WaveProgram(7, List.of(1, 2), List.of(1.0), 0));
    assertThrows(IllegalArgumentException.class, () -> new WaveProgram(7, List.of(), List.of(), 0));
  }
}
