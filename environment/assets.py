"""What the pages share that is other people's: which files a site gets, and their licences."""

import re
from pathlib import Path

import plotly

WEB = Path(__file__).resolve().parent / "web"
WHOLE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
CARTESIAN = WEB / "plotly.js-cartesian-dist-min" / "plotly-cartesian.min.js"
CARTESIAN_TRACES = {  # what the smaller bundle draws; a trace without a type is a scatter
    "bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour", "image",
    "pie", "scatter", "scatterternary", "violin",
}
SEARCH = WEB / "minisearch" / "dist" / "umd" / "index.js"
BUNDLES = {WHOLE.name, CARTESIAN.name}
LICENCES = {  # the whole plotly.js is of the same licence as its part
    "plotly.js": CARTESIAN.parent / "LICENSE",
    "KaTeX": WEB / "katex" / "LICENSE",
    "MiniSearch": WEB / "minisearch" / "LICENSE.txt",
    "TeaVM, its runtime and class library, in the engine of live.html": WEB / "live" / "LICENSE",
}
FONTS = ("The fonts KaTeX_* are under the SIL Open Font License 1.1 (https://openfontlicense.org); "
         "each file names its authors.")


def bundle_for(figures):
    """The name of the smallest bundle that draws all figures; none for a page without any."""
    if not figures:
        return ""
    traces = [trace for figure in figures for trace in figure.get("data", [])
              + [moved for frame in figure.get("frames") or [] for moved in frame.get("data", [])]]
    types = {trace.get("type", "scatter") for trace in traces}
    return CARTESIAN.name if types <= CARTESIAN_TRACES else WHOLE.name


def files(bundles):
    """The bundles that are needed, the search library, and all licences, by name."""
    if version(WHOLE) != version(CARTESIAN):
        raise ValueError(f"{CARTESIAN} is of version {version(CARTESIAN)} and Python's plotly has "
                         f"{version(WHOLE)}; raise the one in {WEB / 'package.json'} and run "
                         f"{WEB / 'update'}")
    contents = {bundle.name: bundle.read_bytes() for bundle in (WHOLE, CARTESIAN)
                if bundle.name in bundles}
    contents["minisearch.js"] = SEARCH.read_bytes()
    texts = [f"{name}\n\n{path.read_text('utf-8').strip()}\n" for name, path in LICENCES.items()]
    contents["licences.txt"] = "\n\n".join([*texts, FONTS + "\n"]).encode()
    return contents


def version(bundle):
    with open(bundle, encoding="utf-8") as lines:
        return re.search(r"plotly\.js .*v(\S+)", lines.read(200))[1]
