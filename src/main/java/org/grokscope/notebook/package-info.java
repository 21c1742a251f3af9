/**
 * The notebook: what makes tables, figures and trainings show themselves in a cell.
 *
 * <p>Start at {@link org.grokscope.notebook.Notebook}. The only room that knows a kernel; JJava and
 * the original IJava are both spoken to by reflection, because their classes differ by package
 * prefix only. The cells of any folder import what {@code imports.jshell} lists. May import every
 * room below it.
 */
package org.grokscope.notebook;
