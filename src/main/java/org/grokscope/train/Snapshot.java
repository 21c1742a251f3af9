package org.grokscope.train;

import java.util.function.Consumer;
import org.grokscope.checkpoint.CheckpointStore;

/**
 * What a run's folder keeps of a training, so that it can go on after a stop.
 *
 * @param provenance how it came to be, as JSON
 * @param history what history.csv holds
 * @param state what it needs to go on from here
 * @param checkpoint keeps the weights as they are now
 */
record Snapshot(
    String provenance, String history, ResumeState state, Consumer<CheckpointStore> checkpoint) {}
