"""Runs of a notebook with other parameters, by papermill's convention.

A notebook names its parameters in one cell tagged `parameters`, by plain assignments such as
`int p = 113;` or `var seed = 1;`. In a run with parameters a cell tagged `injected-parameters`
right after it assigns other values to the same names. What is assigned has to be of the kind that
the notebook declares, by its type or by its value.
"""

import json
import re

from nbformat import v4

TAG = "parameters"
INJECTED = "injected-parameters"
KINDS = {
    "int": "a whole number", "long": "a whole number", "double": "a number",
    "boolean": "true or false", "String": "a text",
}
WHOLE = re.compile(r"[+-]?\d(?:[\d_]*\d)?")
DECIMAL = re.compile(r"[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?")
ASSIGNMENT = re.compile(r"(?:final\s+)?([A-Za-z][\w.]*)\s+([A-Za-z_]\w*)\s*=\s*(.+)", re.DOTALL)
COMMENT_OR_TEXT = re.compile(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
STATEMENT = re.compile(r'(?:"(?:\\.|[^"\\\n])*"|[^;"])+')


class ParameterError(Exception):
    """Parameters that a notebook does not take."""


def inject(notebook, name, given):
    """Puts the values of given, texts `name=value`, into the notebook; returns them by name."""
    index = only_cell(notebook, name)
    kinds = declared(notebook.cells[index].source)
    values, lines = {}, []
    for text in given:
        parameter, value = parts(text)
        if parameter in values:
            raise ParameterError(f"{parameter} is given twice; give it once")
        if parameter not in kinds:
            there = ", ".join(kinds) or "none"
            raise ParameterError(f"{name} has no parameter {parameter}; there are {there}")
        values[parameter], java = typed(parameter, kinds[parameter], value)
        lines.append(f"{parameter} = {java};")
    notebook.cells = [cell for cell in notebook.cells if INJECTED not in tags(cell)]
    cell = v4.new_code_cell("\n".join(lines), metadata={"tags": [INJECTED]})
    notebook.cells.insert(only_cell(notebook, name) + 1, cell)
    return values


def only_cell(notebook, name):
    """Where the cell with the parameters stands."""
    found = [index for index, cell in enumerate(notebook.cells)
             if cell.cell_type == "code" and TAG in tags(cell)]
    if not found:
        raise ParameterError(f"{name} takes no parameters: none of its cells has the tag '{TAG}'")
    if len(found) > 1:
        numbers = " and ".join(str(index + 1) for index in found)
        raise ParameterError(f"{name} has the tag '{TAG}' at its cells {numbers}; leave it at one")
    return found[0]


def tags(cell):
    return cell.metadata.get("tags", [])


def parts(text):
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ParameterError(f"got -p {text}, expected name=value, as in -p p=59")
    return name.strip(), value


def declared(source):
    """The kinds of the parameters that a cell declares, by name, in its order."""
    plain = COMMENT_OR_TEXT.sub(lambda match: match[1] or " ", source)
    kinds = {}
    for statement in STATEMENT.findall(plain):
        found = ASSIGNMENT.fullmatch(statement.strip())
        if found:
            written, name, value = found.groups()
            kinds[name] = kind_of(value) if written == "var" else written
    return kinds


def kind_of(value):
    """The type that Java gives to `var name = value`, or None where that is more than a literal."""
    if WHOLE.fullmatch(value):
        return "int"
    if value[-1] in "lL" and WHOLE.fullmatch(value[:-1]):
        return "long"
    if DECIMAL.fullmatch(value.rstrip("dD")):
        return "double"
    if value in ("true", "false"):
        return "boolean"
    return "String" if re.fullmatch(r'"(?:\\.|[^"\\])*"', value) else None


def typed(name, kind, value):
    """The value as JSON stores it and as Java writes it."""
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise ParameterError(f"{name} is declared as {kind or 'more than a plain value'}, which "
                             f"cannot be given from outside; possible are {known}")
    digits = value.replace("_", "")
    if kind in ("int", "long") and WHOLE.fullmatch(value):
        number, limit = int(digits), 2 ** (31 if kind == "int" else 63)
        if -limit <= number < limit:
            return number, f"{number}L" if kind == "long" else str(number)
        raise ParameterError(f"{name} is of type {kind}, for which {value} is too large")
    if kind == "double" and DECIMAL.fullmatch(value) and abs(float(digits)) != float("inf"):
        return float(digits), repr(float(digits))
    if kind == "boolean" and value in ("true", "false"):
        return value == "true", value
    if kind == "String":
        return value, json.dumps(value)
    raise ParameterError(f"{name} is {KINDS[kind]} ({kind}), got {value or 'nothing'}")

