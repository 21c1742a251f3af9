package org.grokscope.task;

/**
 * The best that any reader can do on the break decisions of some documents, and what the ideal one
 * did.
 *
 * @param decisions how many positions ask for a break
 * @param everywhere expected share that the ideal reader decides rightly; nobody expects more
 * @param nearEdge expected share that the same reader decides rightly near the edge. A reader who
 *     breaks more readily may do better there, and then does worse elsewhere
 * @param accuracy share that the ideal reader did decide rightly
 * @param nearEdgeAccuracy the same near the edge
 */
public record BreakCeiling(
    int decisions, double everywhere, double nearEdge, double accuracy, double nearEdgeAccuracy) {}
