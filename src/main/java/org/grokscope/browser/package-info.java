/**
 * The library in a reader's browser: what the page {@code live.html} calls, compiled with the rooms
 * below to WebAssembly and to JavaScript by {@code mvn -Plive process-classes}. No second
 * implementation: tasks, the fast path of the model in plain Java, and the training are those of
 * every notebook.
 *
 * <p>Start at {@link org.grokscope.browser.Live}. May import {@code train} and the rooms below it,
 * and of these only what compiles there: no ND4J, no file, no thread, no regular expression, no
 * {@code String.format}.
 */
package org.grokscope.browser;
