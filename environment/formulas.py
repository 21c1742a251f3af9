"""Typesets formulas by KaTeX while the pages are made, so that a reader's browser runs nothing.

A formula becomes letters in KaTeX's own fonts for the eye, hidden from screen readers, and MathML
for those. Of KaTeX's style sheet and fonts a site gets what its pages use.
"""

import functools
import html
import re

import quickjs
from bs4 import BeautifulSoup

from assets import WEB

KATEX = WEB / "katex" / "dist"
STYLE = "formulas.css"
# what it gives is an object, since that is how the engine hands over long texts
TYPESET = """
function typeset(latex, isBlock) {
  return { markup: katex.renderToString(latex,
    { displayMode: isBlock, output: "htmlAndMathml", throwOnError: true, strict: "ignore" }) };
}
"""
BEGIN, END = "<!--formula-->", "<!--/formula-->"
INLINE = re.compile(f"{BEGIN}(.*?){END}([.,;:!?)]*)", re.DOTALL)
SHORT = 30  # letters of LaTeX
FUNCTION_APPLICATION = "\u2061"


@functools.cache
def typesetter():
    return quickjs.Function("typeset", (KATEX / "katex.min.js").read_text("utf-8") + TYPESET)


@functools.cache  # a page is told in several languages
def formula(latex, display):
    """The markup of a formula; one that cannot be read stands as it was written."""
    latex = latex.strip()
    try:
        markup = typesetter()(latex, display == "block", run_gc=False)["markup"]
    except quickjs.JSException as error:
        reason = str(error).splitlines()[0]
        print(f"grokscope: publish: the formula {latex!r} stays as written: {reason}")
        return f"<code>{html.escape(latex)}</code>"
    if display == "block":
        # a long one scrolls by itself, and a keyboard has to reach it
        return f'<div class="formula" tabindex="0" role="group" aria-label="formula">{markup}</div>'
    return f"{BEGIN}{markup}{END}"


def keep_together(markup):
    """Breaks no line in a short formula, nor before the stop or comma after any."""
    def kept(match):
        latex = re.search(r"<annotation[^>]*>(.*?)</annotation>", match[1], re.DOTALL)[1]
        if match[2] or len(latex) <= SHORT:
            return f'<span class="kept">{match[1]}{match[2]}</span>'
        return match[1]

    return INLINE.sub(kept, markup)


def spoken(markup):
    """The text of some markup, with each formula in it once."""
    soup = BeautifulSoup(str(markup), "html.parser")
    for twin in soup.select(".katex-html, annotation"):
        twin.decompose()
    return " ".join(soup.get_text().replace(FUNCTION_APPLICATION, " ").split())


def plain(markup):
    """Markup in which simple formulas are italic letters, which need no fonts of their own.

    Any other formula becomes MathML alone, which a browser draws in the fonts that it has.
    """
    soup = BeautifulSoup(str(markup), "html.parser")
    for drawn in soup.select(".katex"):
        said = drawn.find("math")
        for latex in said.select("annotation"):
            latex.decompose()
        line = letters(said)
        drawn.replace_with(BeautifulSoup(line, "html.parser") if line else said)
    return str(soup)


def letters(said):
    """A line of variables, numbers and simple operators; nothing where there is more than that."""
    line = ""
    for part in said.find_all(True):
        text = html.escape(part.get_text())
        if part.name == "mo":
            if not re.fullmatch(r"[-+=−·]|\w+", text):
                return ""
            line += f" {text} "
        elif part.find_parent("mo") or part.name in ("semantics", "mrow") or not text.strip():
            continue  # the letters of a name such as mod, or a box around what follows
        elif part.name == "mi" and len(text) == 1:
            line += f"<i>{text}</i>"
        elif part.name == "mn":
            line += text
        else:
            return ""
    return " ".join(line.split())


def style(pages):
    """KaTeX's rules for the classes that the pages use, with the fonts that these name, by file."""
    used = {name for page in pages for names in re.findall(r'class="([^"]*)"', page)
            for name in names.split()}
    if "katex" not in used:
        return {}
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", (KATEX / "katex-swap.min.css").read_text("utf-8"))
    kept = []
    for selectors, body in rules:
        selectors = [selector for selector in selectors.split(",")
                     if used.issuperset(re.findall(r"\.([A-Za-z][\w-]*)", selector))]
        if selectors and selectors != ["@font-face"]:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    families = set(re.findall(r"KaTeX_\w+", "".join(kept)))
    fonts, files = [], {}
    for selectors, body in rules:
        file = re.search(r"fonts/((KaTeX_\w+)-\w+\.woff2)", body) if selectors == "@font-face" else None
        if file and file[2] in families:
            source = re.sub(r"src:[^;]*", f'src:url({file[1]}) format("woff2")', body)
            fonts.append(f"@font-face{{{source}}}")
            files[file[1]] = (KATEX / "fonts" / file[1]).read_bytes()
    return {**files, STYLE: ("\n".join(fonts + kept) + "\n").encode()}
