package org.grokscope.compression;

/** Predicts a digit from those before it, and learns from each as it comes. */
public interface SequenceModel {
  /** How many different digits there are. */
  int DIGITS = 10;

  /** The probabilities of the next digit, [10], all positive, of sum 1. */
  double[] predict();

  /** Shows the digit that came; called once after each {@link #predict()}. */
  void learn(int digit);
}
