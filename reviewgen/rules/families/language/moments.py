"""RG640: texts with a moment in them that the provider refuses, which it only gets to see when it is to create the resource."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from reviewgen.hcl import children, evaluate
from reviewgen.hcl.evaluate import text as as_text
from reviewgen.model.hcl import Attribute, Call, Conditional, Expression, Literal, Template, Traversal, Tuple
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import once
from reviewgen.terraform.instances import copies
from reviewgen.terraform.validate.measured.facts import Facts, Row, shipped
from reviewgen.terraform.validate.measured.predicates import KINDS, Place, messages

from ...base import Hit, Rule
from ...places import code

_PROVIDER = "hashicorp/aws"
_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
# The moment of the run, and when it is known (tried with Terraform 1.11): `timestamp()` at apply, where the provider checks the value before it
# asks AWS for anything.
_MOMENTS = {"timestamp": Stage.APPLY, "plantimestamp": Stage.PLAN}
_CALL = re.compile(r"\b(?:plan)?timestamp\s*\(")
# What is refused of each of these is refused whenever it is run; what is refused of plain letters in their place is not refused for the moment.
_SPECIMENS = ("2026-01-02T03:04:05Z", "2027-11-23T14:15:16Z")
_PLAIN = "a"
# What may stand where a part of a text is not known.
_FILLINGS = ("a", "b1")
_UNKNOWN = "<unknown>"
# Lists of words grow with the versions of the provider; characters and lengths that it admits do not change.
_GROWING = frozenset(["enum", "fw_enum", "fw_one_of"])
_DEEPEST = 12
# The sequences of `formatdate` in the words of Python's `strftime`; the moment is one of UTC.
_SEQUENCES = {
    "YYYY": "%Y", "YY": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "DD": "%d", "EEEE": "%A", "EEE": "%a", "hh": "%H", "HH": "%I",
    "AA": "%p", "mm": "%M", "ss": "%S", "Z": "Z", "ZZZ": "UTC", "ZZZZ": "+0000", "ZZZZZ": "+00:00",
    "M": "%-m", "D": "%-d", "h": "%-H", "H": "%-I", "m": "%-M", "s": "%-S",
}  # fmt: skip
_PIECE = re.compile(r"'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the provider says of a text with a moment in it: the resource, the argument, what the text is like, and the message."""

    resource: Declaration
    argument: str
    text: str
    function: str
    stage: Stage
    message: str


@once
def refusals(graph: Graph) -> tuple[Refusal, ...]:
    """Return all texts of a tree that the provider refuses because of the moment that stands in them."""
    if not any(_CALL.search(file.text) for file in graph.files.values()):
        return ()
    facts = shipped()[_PROVIDER]
    return tuple(
        found
        for resource in graph.of_kind("resource")
        if facts.rows("resource", resource.type) and any(True for _ in copies(graph, resource))
        for attribute in resource.block.attributes.values()
        if (found := _refusal(graph, facts, resource, attribute)) is not None
    )


def _refusal(graph: Graph, facts: Facts, resource: Declaration, attribute: Attribute) -> Refusal | None:
    rows = [row for row in facts.of("resource", resource.type, attribute.name) if row[0] in KINDS and not _grows(row)]
    function = _moment(graph, attribute.expr, resource.module) if rows else ""
    if not function:
        return None
    place = Place(attribute.name, attribute.name)

    def said(moment: str, filling: str) -> tuple[str, list[str]]:
        value = as_text(evaluate(_filled(graph, attribute.expr, resource.module, moment, filling)))
        told = (
            [" ".join(filter(None, found)) for row in rows for found in messages(row, value, place, facts.lists)]
            if isinstance(value, str)
            else []
        )
        return value if isinstance(value, str) else "", [message.replace(value, "\0") for message in told if value]

    refused = [said(moment, filling) for moment in _SPECIMENS for filling in _FILLINGS]
    plain = [message for filling in _FILLINGS for message in said(_PLAIN, filling)[1]]
    shown = said(_SPECIMENS[0], _UNKNOWN)[0]
    lasting = (m for m in refused[0][1] if m not in plain and all(m in told for _, told in refused))
    message = next(lasting, None)
    return None if message is None else Refusal(resource, attribute.name, shown, function, _MOMENTS[function], message.replace("\0", shown))


def _grows(row: Row) -> bool:
    return row[0] in _GROWING or (row[0] == "any" and any(_grows(tuple(part)) for alternative in row[1:] for part in alternative))


def _moment(graph: Graph, expr: Expression, module: str, depth: int = _DEEPEST) -> str:
    """Return the function that gives a moment to an expression, directly or through what it names; empty when none does."""
    if depth == 0:
        return ""
    if isinstance(expr, Call) and expr.name in _MOMENTS:
        return expr.name
    if isinstance(expr, Traversal):
        behind = _behind(graph, expr, module)
        return _moment(graph, *behind, depth - 1) if behind else ""
    found = [name for part in children(expr) if (name := _moment(graph, part, module, depth - 1))]
    return "timestamp" if "timestamp" in found else found[0] if found else ""


def _behind(graph: Graph, traversal: Traversal, module: str) -> tuple[Expression, str] | None:
    """Return what a local value, or an input of a module that is called once, is given."""
    target = graph.resolve(traversal, module) if len(traversal.steps) == 1 else None
    if target is None or target.kind not in ("local", "variable"):
        return None
    given = list(graph.behind(target, traversal))
    return given[0] if len(given) == 1 and (target.kind == "local" or len(graph.callers(target.module)) == 1) else None


def _filled(graph: Graph, expr: Expression, module: str, moment: str, filling: str, depth: int = _DEEPEST) -> Expression:
    """Return an expression with a moment in place of the calls that give it, and with a filling where a part is not known."""

    def inner(part: Expression, home: str = module) -> Expression:
        return _filled(graph, part, home, moment, filling, depth - 1)

    value = graph.constant(expr, module)
    if value is None or isinstance(value, str | int | float):
        return Literal(expr.start, expr.end, value)
    if depth == 0:
        return Literal(expr.start, expr.end, filling)
    if isinstance(expr, Call):
        if expr.name in _MOMENTS:
            return Literal(expr.start, expr.end, moment)
        args = tuple(map(inner, expr.args))
        return _dated(args, expr) if expr.name in ("formatdate", "timeadd") else replace(expr, args=args)
    if isinstance(expr, Template):
        return replace(expr, parts=tuple(map(inner, expr.parts)))
    if isinstance(expr, Tuple):
        return replace(expr, items=tuple(map(inner, expr.items)))
    if isinstance(expr, Conditional):
        condition = graph.constant(expr.condition, module)
        if isinstance(condition, bool):
            return inner(expr.yes if condition else expr.no)
    behind = _behind(graph, expr, module) if isinstance(expr, Traversal) else None
    return inner(*behind) if behind else Literal(expr.start, expr.end, filling)


def _dated(args: tuple[Expression, ...], call: Call) -> Expression:
    """Return the text that ``formatdate`` makes of a moment, or a moment that another one stands for."""
    words = [arg.value for arg in args if isinstance(arg, Literal) and isinstance(arg.value, str)]
    if len(words) != 2 or len(args) != 2:
        return call
    moment = words[0] if call.name == "timeadd" else words[1]
    if call.name == "timeadd" or moment not in _SPECIMENS:
        return Literal(call.start, call.end, moment)
    formatted = _formatted(words[0], datetime.fromisoformat(moment))
    return call if formatted is None else Literal(call.start, call.end, formatted)


def _formatted(form: str, moment: datetime) -> str | None:
    """Return a moment as ``formatdate`` writes it; None where Terraform knows no such form."""
    pieces = list(_PIECE.finditer(form))
    if "".join(match[0] for match in pieces) != form:
        return None
    texts = []
    for match in pieces:
        piece = match[0]
        if piece.startswith("'"):
            texts.append(piece[1:-1].replace("''", "'"))
        elif match[1] is None:
            texts.append(piece)
        elif piece == "aa":
            texts.append(moment.strftime("%p").lower())
        elif piece in _SEQUENCES:
            texts.append(moment.strftime(_SEQUENCES[piece]))
        else:
            return None
    return "".join(texts)


def moments_refused(graph: Graph) -> Iterator[Hit]:
    """A name or another text with the moment of the run in it, which has characters that the provider does not take there."""
    for found in refusals(graph):
        resource = code(found.resource.address)
        sees = "knows the moment when it applies" if found.stage is Stage.APPLY else "plans with the moment"
        yield Hit(
            found.resource.address,
            f"`{found.argument}` of {resource} is made of `{found.function}()` and is a text like {code(found.text)}: the provider refuses that "
            f"as soon as Terraform {sees}, before it asks AWS for anything.",
            f"the provider refuses no `{found.argument}` of {resource}",
            attribute=found.argument,
            stage=found.stage,
            message=found.message,
            source=_DOCS + found.resource.type.removeprefix("aws_"),
        )


RULES = (
    Rule(
        "RG640",
        "moment-refused",
        "Text made of the moment of the run that the provider refuses",
        Category.BLOCKER,
        Severity.CRITICAL,
        moments_refused,
        "https://developer.hashicorp.com/terraform/language/functions/timestamp",
        stage=Stage.APPLY,
        impact=(("Deployment", "The resource is not created, and neither is anything that depends on it."),),
        lesson="`timestamp()` gives a text like `2026-01-02T03:04:05Z`: few names take all of its characters, and nothing checks them before the apply.",
        advice="Take a fixed name, or a suffix of `random_id` that stays in state.",
    ),
)
