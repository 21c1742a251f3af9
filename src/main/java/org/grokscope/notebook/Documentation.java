package org.grokscope.notebook;

/**
 * What the library's own comments say of a type or a method; a cell that ends with one shows it.
 * {@link Notebook#docs(String)} gives one.
 */
public final class Documentation {
  private final String html;

  Documentation(String html) {
    this.html = html;
  }

  MimeBundle bundle() {
    return MimeBundle.html(
        "<div style=\"max-width:48em;line-height:1.5\">" + html + "</div>", text());
  }

  /** The same as plain text. */
  @Override
  public String toString() {
    return text();
  }

  private String text() {
    return html.replaceAll("\\s*<(p|br|pre|h4|table|ul|dl)[^>]*>\\s*", "\n\n")
        .replaceAll("\\s*<(tr|li|dt|dd|caption)[^>]*>\\s*", "\n")
        .replaceAll("</(td|th)>\\s*", "  ")
        .replaceAll("<[^>]+>", "")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
        .replaceAll("\n{3,}", "\n\n")
        .strip();
  }
}
