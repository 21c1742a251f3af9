package org.grokscope.task;

/**
 * Who sees whom in the documents of a batch, as lists: position t of document i sees the positions
 * {@code keys[starts[i·T + t]] … keys[starts[i·T + t + 1] − 1]} of the same document, ascending,
 * itself among them. {@link Batch#visible} makes it.
 *
 * @param starts [B·T + 1]
 * @param keys positions in a document
 */
public record VisibleKeys(int[] starts, int[] keys) {}
