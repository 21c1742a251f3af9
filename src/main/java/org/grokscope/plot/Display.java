package org.grokscope.plot;

/**
 * Where {@link Chart#show()} shows a figure. The notebook room installs one when a notebook starts;
 * anything else that can show Plotly's JSON may do the same.
 */
@FunctionalInterface
public interface Display {

  /** Shows one figure now. */
  void show(Figure figure);

  /** Makes this the place where figures are shown from now on. */
  default void install() {
    InstalledDisplay.set(this);
  }
}
