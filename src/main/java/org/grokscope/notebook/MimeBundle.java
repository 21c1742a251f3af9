package org.grokscope.notebook;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.grokscope.plot.Figure;

/**
 * One output in all the forms that a notebook may choose from.
 *
 * @param data content by MIME type; JSON types hold maps and lists, all others text
 */
record MimeBundle(Map<String, Object> data) {
  static final String PLOTLY = "application/vnd.plotly.v1+json";
  static final String HTML = "text/html";
  static final String TEXT = "text/plain";

  MimeBundle {
    if (!data.containsKey(TEXT)) {
      throw new IllegalArgumentException(
          "output: got " + data.keySet() + ", expected " + TEXT + " among them");
    }
    data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }

  static MimeBundle html(String html, String text) {
    return new MimeBundle(Map.of(HTML, html, TEXT, text));
  }

  /** Without HTML: hosts that prefer it and strip its scripts would show a blank. */
  static MimeBundle figure(Figure figure) {
    return new MimeBundle(Map.of(PLOTLY, figure.toMap(), TEXT, figure.toString()));
  }
}
