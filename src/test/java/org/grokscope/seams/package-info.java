/**
 * What a researcher adds without touching the library: each test here defines a task, an optimiser
 * or a loss in its own file, through public types alone, and trains, stops, goes on, opens and
 * probes with it.
 */
package org.grokscope.seams;
