package org.grokscope.notebook;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import org.grokscope.notebook.LibrarySources.Declared;

/** Finds a type or its methods by name in the library's sources, and tells what they say. */
final class DocumentationSearch {
  private static final int NEAR_NAMES = 5;

  private DocumentationSearch() {}

  /**
   * Of a type, such as {@code Trainer} or {@code History.Row}, or of what a type has, such as
   * {@code Trainer.train}; with or without the package.
   */
  static Documentation of(String name) {
    Optional<Declared> type = type(name);
    if (type.isPresent()) {
      return ofType(type.get());
    }
    int dot = name.lastIndexOf('.');
    Optional<Declared> around = dot < 0 ? Optional.empty() : type(name.substring(0, dot));
    if (around.isEmpty()) {
      throw unknown(name, typeNames());
    }
    return ofMember(around.get(), name.substring(dot + 1));
  }

  private static Optional<Declared> type(String name) {
    for (String outermost : LibrarySources.texts().keySet()) {
      String simple = outermost.substring(outermost.lastIndexOf('.') + 1);
      String room = outermost.substring(0, outermost.length() - simple.length());
      String inner = name.startsWith(room) ? name.substring(room.length()) : name;
      if (inner.equals(simple) || inner.startsWith(simple + ".")) {
        Declared found = LibrarySources.types(outermost).get(room + inner);
        if (found != null) {
          return Optional.of(found);
        }
      }
    }
    return Optional.empty();
  }

  private static Documentation ofType(Declared type) {
    StringBuilder html = new StringBuilder("<pre>").append(Html.escape(heading(type)));
    html.append("</pre>").append(comment(type, type.tree()).map(CommentText::whole).orElse(""));
    Map<String, String> members = new LinkedHashMap<>();
    for (Tree member : type.tree().getMembers()) {
      if (isShown(type, member)) {
        String said = comment(type, member).map(CommentText::first).orElse("");
        members.put(signature(member), said);
      }
    }
    if (!members.isEmpty()) {
      html.append("<ul>");
      members.forEach(
          (signature, said) ->
              html.append("<li><code>")
                  .append(Html.escape(signature))
                  .append("</code> ")
                  .append(said)
                  .append("</li>"));
      html.append("</ul>");
    }
    return new Documentation(html.toString());
  }

  private static Documentation ofMember(Declared type, String name) {
    Map<String, StringBuilder> found = new TreeMap<>();
    for (Tree member : type.tree().getMembers()) {
      if (isShown(type, member)) {
        StringBuilder html = found.computeIfAbsent(name(member), any -> new StringBuilder());
        html.append("<pre>").append(Html.escape(signature(member))).append("</pre>");
        comment(type, member).ifPresent(comment -> html.append(CommentText.whole(comment)));
      }
    }
    if (!found.containsKey(name)) {
      String simple = type.name().replaceFirst("^[a-z.]+\\.", "") + ".";
      throw unknown(simple + name, found.keySet().stream().map(member -> simple + member).toList());
    }
    return new Documentation(found.get(name).toString());
  }

  /** Whether others may use it: methods, constants and types, not constructors of records. */
  private static boolean isShown(Declared type, Tree member) {
    if (member instanceof MethodTree method && method.getReturnType() == null) {
      return false;
    }
    boolean isConstant = isEnumConstant(type.tree(), member);
    boolean inInterface = type.tree().getKind() == Tree.Kind.INTERFACE;
    ModifiersTree modifiers =
        member instanceof MethodTree method
            ? method.getModifiers()
            : member instanceof VariableTree field
                ? field.getModifiers()
                : member instanceof ClassTree inner ? inner.getModifiers() : null;
    return modifiers != null
        && (isConstant
            || modifiers.getFlags().contains(Modifier.PUBLIC)
            || (inInterface && !modifiers.getFlags().contains(Modifier.PRIVATE)));
  }

  private static boolean isEnumConstant(ClassTree type, Tree member) {
    return type.getKind() == Tree.Kind.ENUM
        && member instanceof VariableTree field
        && field.getType().toString().equals(type.getSimpleName().toString())
        && field.getModifiers().getFlags().contains(Modifier.STATIC);
  }

  private static Optional<DocCommentTree> comment(Declared type, Tree tree) {
    TreePath path = TreePath.getPath(type.unit(), tree);
    return Optional.ofNullable(type.comments().getDocCommentTree(path));
  }

  private static String heading(Declared type) {
    String kind = type.tree().getKind().toString().toLowerCase(Locale.ROOT);
    String parameters = "";
    if (type.tree().getKind() == Tree.Kind.RECORD) {
      parameters =
          type.tree().getMembers().stream()
              .filter(VariableTree.class::isInstance)
              .map(VariableTree.class::cast)
              .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
              .map(field -> field.getType() + " " + field.getName())
              .collect(Collectors.joining(", ", "(", ")"));
    }
    return kind + " " + type.name() + parameters;
  }

  private static String signature(Tree member) {
    if (member instanceof MethodTree method) {
      String isStatic = method.getModifiers().getFlags().contains(Modifier.STATIC) ? "static " : "";
      return isStatic
          + method.getReturnType()
          + " "
          + method.getName()
          + method.getParameters().stream()
              .map(parameter -> parameter.getType() + " " + parameter.getName())
              .collect(Collectors.joining(", ", "(", ")"));
    }
    return member instanceof ClassTree inner
        ? inner.getKind().toString().toLowerCase(Locale.ROOT) + " " + inner.getSimpleName()
        : ((VariableTree) member).getType() + " " + name(member);
  }

  private static String name(Tree member) {
    return member instanceof MethodTree method
        ? method.getName().toString()
        : member instanceof ClassTree inner
            ? inner.getSimpleName().toString()
            : ((VariableTree) member).getName().toString();
  }

  private static List<String> typeNames() {
    return LibrarySources.texts().keySet().stream()
        .map(name -> name.substring(name.lastIndexOf('.') + 1))
        .toList();
  }

  private static IllegalArgumentException unknown(String name, List<String> there) {
    String near =
        there.stream()
            .sorted(Comparator.comparingInt(other -> distance(name, other)))
            .limit(NEAR_NAMES)
            .collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        "docs: got "
            + name
            + ", expected a type of the library or Type.method; near it are "
            + near);
  }

  /** How many letters have to be added, left out or changed (Levenshtein), case set aside. */
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
