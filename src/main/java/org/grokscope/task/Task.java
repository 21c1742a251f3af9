package org.grokscope.task;

import java.util.Map;

/**
 * What a model is to learn: a vocabulary, sequences of one length, what is trained on and what is
 * tested on.
 *
 * <p>A {@linkplain OperationTable table} of questions becomes a task by being {@linkplain Split
 * divided}; a stream, such as {@link LineBreaking}, makes fresh sequences for ever.
 */
public interface Task {
  /** What it is, in words for titles, such as {@code a+b mod 113}. */
  String title();

  /** Number of tokens that a model has to read. */
  int vocabulary();

  /** Tokens of a sequence, T. */
  int length();

  /** Number of answers. */
  int outputs();

  /** Whether every position is asked, or the last one of each sequence alone. */
  boolean asksEverywhere();

  /**
   * Everything that decides its sequences, as numbers, texts, lists and maps: equal settings
   * promise equal sequences, and name a kept run.
   */
  Map<String, Object> settings();

  /** What one training is fed with and examined on. */
  Course course();
}
