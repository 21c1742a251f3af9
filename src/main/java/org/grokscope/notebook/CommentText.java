package org.grokscope.notebook;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.SeeTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.doctree.ValueTree;
import java.util.List;

/** A documentation comment as HTML: its body as it is written, its tags spelt out. */
final class CommentText {
  private CommentText() {}

  /** All of a comment. */
  static String whole(DocCommentTree comment) {
    StringBuilder html =
        new StringBuilder("<p>").append(html(comment.getFullBody())).append("</p>");
    if (!comment.getBlockTags().isEmpty()) {
      html.append("<dl style=\"margin-left:1em\">");
      comment.getBlockTags().forEach(tag -> html.append(tag(tag)));
      html.append("</dl>");
    }
    return html.toString();
  }

  /** The sentence with which a comment begins; the dot of "et al." ends none. */
  static String first(DocCommentTree comment) {
    String first = html(comment.getFirstSentence());
    return first.endsWith("et al.") ? html(comment.getFullBody()) : first;
  }

  private static String tag(DocTree tag) {
    if (tag instanceof ParamTree param) {
      String name = param.getName().toString();
      return entry(code(param.isTypeParameter() ? "<" + name + ">" : name), param.getDescription());
    }
    if (tag instanceof ReturnTree gives) {
      return entry("gives", gives.getDescription());
    }
    if (tag instanceof ThrowsTree fails) {
      return entry(
          "fails with " + code(fails.getExceptionName().toString()), fails.getDescription());
    }
    return tag instanceof SeeTree see ? entry("see", see.getReference()) : "";
  }

  private static String entry(String what, List<? extends DocTree> words) {
    return "<dt>" + what + ": " + html(words) + "</dt>";
  }

  private static String html(List<? extends DocTree> words) {
    StringBuilder html = new StringBuilder();
    boolean asWritten = false; // between <pre> and </pre>
    for (DocTree word : words) {
      if (word instanceof StartElementTree start && start.getName().contentEquals("pre")) {
        asWritten = true;
      } else if (word instanceof EndElementTree end && end.getName().contentEquals("pre")) {
        asWritten = false;
      }
      String text = html(word);
      html.append(asWritten ? text : text.replaceAll("\\s+", " "));
    }
    return html.toString();
  }

  private static String html(DocTree word) {
    if (word instanceof LiteralTree literal) {
      String text = literal.getBody().getBody();
      return literal.getKind() == DocTree.Kind.CODE ? code(text) : Html.escape(text);
    }
    if (word instanceof LinkTree link) {
      String label = html(link.getLabel());
      String target = link.getReference().getSignature().replaceFirst("^#", "").replace('#', '.');
      return label.isEmpty() ? code(target) : label;
    }
    if (word instanceof ValueTree value) {
      return value.getReference() == null
          ? ""
          : code(value.getReference().getSignature().replace("#", ""));
    }
    if (word instanceof TextTree text) {
      return text.getBody();
    }
    return word.toString(); // tags and entities of HTML stand as they are written
  }

  private static String code(String text) {
    return "<code>" + Html.escape(text) + "</code>";
  }
}
