package org.grokscope.evidence;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a run adds to the evidence.
 *
 * @param summary a line for the console
 * @param rows CSV, without the header
 * @param provenance how the run came to be
 */
public record MeasuredRun(String summary, String rows, JsonNode provenance) {}
