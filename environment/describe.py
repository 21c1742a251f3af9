"""Says in words what a figure shows, for readers who do not see it.

A figure of the library carries its own words in layout.meta.description, the same that stand in
the notebook as plain text. Only an output without them, such as one that was stored before figures
carried any, is told from its data: the title, each panel's axes with their ranges, and each trace,
a line by its first, last, lowest and highest point, bars and points by their extremes, a heat map
by its size and range.
"""

import html
import math
import re

MOST_TRACES = 12  # of one figure; those beyond are counted


def describe(figure):
    """The text for a figure, Plotly's data and layout as a dictionary."""
    layout = figure.get("layout", {})
    meta = layout.get("meta")
    if isinstance(meta, dict) and meta.get("description"):
        return words(meta["description"])
    traces = [trace for trace in figure.get("data", []) if shows(trace)]
    sentences = [words(layout.get("title")) or "A figure"]
    panels = panels_of(traces)
    if len(panels) > 1:
        sentences.append(f"{len(panels)} panels")
    told = set()
    for names, members in panels.items():
        axes = axes_of(names, members, layout)
        sentences += [] if axes in told else list(axes)
        told.add(axes)
    sentences += [trace_in_words(trace, rank, layout)
                  for rank, trace in enumerate(traces[:MOST_TRACES], 1)]
    if len(traces) > MOST_TRACES:
        sentences.append(f"And {len(traces) - MOST_TRACES} more of this kind")
    for slider in layout.get("sliders", []):
        steps = [words(step.get("label")) for step in slider.get("steps", [])]
        prefix = words(slider.get("currentvalue", {}).get("prefix")).rstrip(": ")
        sentences.append(f"A slider of {len(steps)} positions, {prefix} {steps[0]} to {steps[-1]}")
    return ". ".join(sentence.strip().rstrip(".") for sentence in sentences) + "."


def words(text):
    """A title, a name or a label without its mark-up."""
    if isinstance(text, dict):
        text = text.get("text")
    text = re.sub(r"<br\s*/?>|</?su[bp]>", " ", str(text or ""))
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def number(value):
    """Four digits, thousands apart, and powers of ten where those would be many zeros."""
    if not is_number(value):
        return words(value)
    if value != 0 and not 1e-3 <= abs(value) < 1e7:
        return f"{value:.2e}"
    return f"{value:,.0f}" if abs(value) >= 1e4 or value == int(value) else f"{value:,.4g}"


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def values(trace, axis):
    """The numbers or categories of a trace along an axis, as long as the trace."""
    given = trace.get(axis)
    if isinstance(given, list):
        return given
    other = trace.get("y" if axis == "x" else "x")
    length = len(other) if isinstance(other, list) else 0
    start, step = trace.get(f"{axis}0", 0), trace.get(f"d{axis}", 1)
    return [start + step * position for position in range(length)]


def cells(trace):
    return [value for row in trace.get("z", []) for value in row if is_number(value)]


def shows(trace):
    """Not the entries that only stand in the legend, which have no point of their own."""
    if trace.get("type") == "heatmap":
        return bool(trace.get("z"))
    return any(value is not None for value in values(trace, "y"))


# ---------------------------------------------------------------- axes


def panels_of(traces):
    """The traces by the axes they are drawn on."""
    panels = {}
    for trace in traces:
        if trace.get("type") == "scatter3d":
            names = (trace.get("scene", "scene"),)
        else:
            names = (trace.get("xaxis", "x"), trace.get("yaxis", "y"))
        panels.setdefault(names, []).append(trace)
    return panels


def axes_of(names, traces, layout):
    """One sentence for each axis of a panel."""
    if len(names) == 1:
        scene = layout.get(names[0], {})
        return tuple(axis_in_words(f"Axis {letter}", letter, scene.get(f"{letter}axis", {}), traces)
                     for letter in "xyz")
    return tuple(
        axis_in_words(kind, name[0], layout.get(name[0] + "axis" + name[1:], {}), traces)
        for kind, name in zip(("Horizontal axis", "Vertical axis"), names))


def axis_in_words(kind, letter, axis, traces):
    parts = [words(axis.get("title")) or "no title"]
    if axis.get("type") == "log" and "log scale" not in parts[0]:
        parts.append("log scale")
    low, high = range_of(letter, axis, traces)
    if low is not None:
        parts.append(f"{number(low)} to {number(high)}")
    return f"{kind}: {', '.join(parts)}"


def range_of(letter, axis, traces):
    """What the axis is set to, else what its data reach over."""
    given = axis.get("range")
    if given and all(is_number(end) for end in given):
        return [10 ** end for end in given] if axis.get("type") == "log" else given
    seen = [value for trace in traces for value in along(trace, letter) if value is not None]
    numbers = [value for value in seen if is_number(value)]
    if numbers and len(numbers) == len(seen):
        return min(numbers), max(numbers)
    return (seen[0], seen[-1]) if seen else (None, None)


def along(trace, letter):
    if trace.get("type") == "heatmap" and not isinstance(trace.get(letter), list):
        rows = trace.get("z", [])
        return range(len(rows) if letter == "y" else max(map(len, rows)))
    return values(trace, letter)


# ---------------------------------------------------------------- traces


def trace_in_words(trace, rank, layout):
    kind = trace.get("type", "scatter")
    if kind == "heatmap":
        return heat_map_in_words(trace, layout)
    drawn = "bars" if kind == "bar" else "line" if "lines" in trace.get("mode", "lines") else "points"
    name = words(trace.get("name")) or f"{drawn} {rank}"
    if kind == "scatter3d":
        count = sum(value is not None for value in trace["z"])
        return f"{name}: {'a curve through ' if drawn == 'line' else ''}{count} points in space"
    across = trace.get("orientation") == "h"
    places, heights = values(trace, "y" if across else "x"), values(trace, "x" if across else "y")
    points = [(place, height) for place, height in zip(places, heights) if is_number(height)]
    if not points:
        return f"{name}: {len(heights)} {drawn}"
    lowest, highest = min(points, key=lambda point: point[1]), max(points, key=lambda point: point[1])
    extremes = f"lowest {at(lowest)}, highest {at(highest)}"
    if drawn == "line":
        return f"{name}: a line from {at(points[0])} to {at(points[-1])}; {extremes}"
    if len(points) == 1:
        return f"{name}: {at(points[0])}"
    return f"{name}: {len(points)} {drawn}; {extremes}"


def at(point):
    return f"{number(point[1])} at {number(point[0])}"


def heat_map_in_words(trace, layout):
    rows = trace["z"]
    name = words(trace.get("name")) or panel_title(trace, layout)
    text = f"{name}: a heat map" if name else "A heat map"
    text += f" of {len(rows)} by {max(map(len, rows))} cells"
    numbers = cells(trace)
    return f"{text}, from {number(min(numbers))} to {number(max(numbers))}" if numbers else text


def panel_title(trace, layout):
    """The annotation that stands at a panel's own axes."""
    here = f"{trace.get('xaxis', 'x')} domain"
    return "; ".join(words(note) for note in layout.get("annotations", []) if note.get("xref") == here)
