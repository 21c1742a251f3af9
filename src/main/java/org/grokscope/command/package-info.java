/**
 * The command line behind {@code environment/grokscope}: train, probe, convert, bench, info.
 *
 * <p>The only room that prints and the only one that ends the process. May import every other.
 */
package org.grokscope.command;
