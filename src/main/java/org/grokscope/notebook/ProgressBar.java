package org.grokscope.notebook;

import java.util.List;
import java.util.Locale;
import org.grokscope.plot.HouseStyle;

/**
 * A bar and some lines below it, the first of them bold, in HTML without scripts and in plain text.
 *
 * @param label what goes on, for those who do not see the bar
 * @param share how much is done, 0 to 1
 * @param stopped whether it ended before all was done, which colours the bar
 * @param lines what there is to say, not escaped
 */
record ProgressBar(String label, double share, boolean stopped, List<String> lines) {

  ProgressBar {
    lines = List.copyOf(lines);
  }

  MimeBundle bundle() {
    return MimeBundle.html(html(), String.join("\n", lines));
  }

  private String html() {
    StringBuilder html = new StringBuilder("<div style=\"max-width:48em;line-height:1.5\">");
    html.append(
        String.format(
            Locale.ROOT,
            "<div role=\"progressbar\" aria-label=\"%s\" aria-valuemin=\"0\""
                + " aria-valuemax=\"100\" aria-valuenow=\"%.0f\" style=\"height:8px;"
                + "border-radius:4px;overflow:hidden;background:rgba(128,128,128,.25)\">"
                + "<div style=\"height:8px;width:%.1f%%;background:%s\"></div></div>",
            Html.escape(label),
            100 * share,
            100 * share,
            stopped ? HouseStyle.TEST : HouseStyle.TRAIN));
    for (int i = 0; i < lines.size(); i++) {
      html.append(i == 0 ? "<div><b>" : "<div>")
          .append(Html.escape(lines.get(i)))
          .append(i == 0 ? "</b></div>" : "</div>");
    }
    return html.append("</div>").toString();
  }

  /** A whole number with its thousands set apart. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A time in the units that suit its length. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return (whole == 0 && seconds > 0 ? "under 1" : whole) + " s";
    }
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
