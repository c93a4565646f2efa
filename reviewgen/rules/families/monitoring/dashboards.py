"""RG82x: dashboards that CloudWatch refuses or that stay empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reviewgen.hcl import children, text_of, walk
from reviewgen.model.hcl import Call, Conditional, Expression, For, Literal, Object, Template, Tuple
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ... import tables
from ...base import Hit, Rule
from ...places import code, listed

_BODY = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"
# What the last, optional object of a metric may hold.
_RENDERING = frozenset(["accountId", "color", "expression", "id", "label", "period", "region", "stat", "visible", "yAxis"])


# Functions that make one list of several; ``flatten`` takes the metrics apart as well.
_JOINING = ("concat", "flatten")


def _graphs(expr: Expression) -> Iterator[tuple[Tuple, ...]]:
    """Yield the arrays of each ``metrics`` list anywhere in a body; of a list, in order, and of a loop the one that it makes."""
    for value in _lists(expr):
        yield tuple(_arrays(value))


def _lists(expr: Expression) -> Iterator[Expression]:
    """Yield what is given as ``metrics`` anywhere in a body, in order."""
    for part in walk(expr):
        if isinstance(part, Object):
            yield from (value for key, value in part.items if isinstance(key, Literal) and key.value == "metrics")


def _arrays(value: Expression) -> Iterator[Tuple]:
    """Yield the arrays of the metrics in a list of them, in order: those behind loops and behind what joins lists, too."""
    if isinstance(value, For):
        yield from _arrays(Tuple(value.start, value.end, (value.value,))) if value.key is None else ()
    elif isinstance(value, Call):
        yield from (m for part in value.args if value.name in _JOINING for m in _arrays(part))
    elif isinstance(value, Tuple):
        for item in value.items:
            if isinstance(item, For) or (isinstance(item, Tuple) and any(isinstance(part, Tuple) for part in item.items)):
                yield from _arrays(item)
            elif isinstance(item, Tuple):
                yield item


def _metrics(expr: Expression) -> Iterator[Tuple]:
    for metrics in _graphs(expr):
        yield from metrics


def _spelled(metrics: tuple[Tuple, ...]) -> Iterator[tuple[Tuple, list[str | None]]]:
    """Yield metrics with their words written out: ``.`` stands for the word of the metric before, ``...`` for several; what is computed is None."""
    before: list[str | None] = []
    for metric in metrics:
        words = [str(i.value) if isinstance(i, Literal) else None for i in metric.items if not isinstance(i, Object)]
        if not words:  # an expression, which is no metric to repeat
            continue
        if "..." in words:
            at = words.index("...")
            words[at : at + 1] = before[at : len(before) - (len(words) - at - 1)]
        before = [before[n] if word == "." and n < len(before) else word for n, word in enumerate(words)]
        yield metric, before


def _is_written_out(expr: Expression) -> bool:
    """Whether a body is nothing but values, objects and lists: then its metrics can be counted."""
    return not isinstance(expr, For | Call | Conditional) and all(map(_is_written_out, children(expr)))


def _bodies(graph: Graph) -> Iterator[tuple[Declaration, Expression]]:
    for dashboard in graph.of_type("aws_cloudwatch_dashboard"):
        body = dashboard.block.value("dashboard_body")
        if isinstance(body, Call) and body.name == "jsonencode" and len(body.args) == 1:
            yield dashboard, body.args[0]


def objects_as_dimensions(graph: Graph) -> Iterator[Hit]:
    """An object where the name and value of a dimension belong."""
    for dashboard, body in _bodies(graph):
        every = list(_metrics(body))
        wrong = [m for m in every if _has_wrong_object(m)]
        if wrong:
            sure = len(wrong) == sum(bool(_names_in_objects(m)) for m in every)
            some = f"{'' if sure else 'At least '}{len(wrong)} of the {len(every)} metrics" if _is_written_out(body) else "Metrics"
            verb = "gives its" if some.startswith(("1 of", "At least 1 of")) else "give their"
            yield Hit(
                dashboard.address,
                f"{some} in {code(dashboard.address)} {verb} dimensions as an object; "
                "a metric is a flat list of namespace, name and pairs of dimension and value, with at most one object of rendering options at its end.",
                f"no metric of {code(dashboard.address)} gives its dimensions as an object",
                attribute="dashboard_body",
                names=_namespaces(body),
                further=" ".join(filter(None, (_written_flat(wrong[0]), _joined(body)))),
            )


def _namespaces(body: Expression) -> tuple[str, ...]:
    """Return by what the lines are known on which the metrics stand that give their dimensions as an object: their namespaces, up to what is computed."""
    found: dict[str, None] = {}
    for metrics in _graphs(body):
        space = ""
        for metric in metrics:
            first = metric.items[0] if metric.items else None
            first = first.parts[0] if isinstance(first, Template) else first
            space = str(first.value) if isinstance(first, Literal) and first.value not in (".", "...") else space
            if space and _has_wrong_object(metric):
                found[space] = None
    return tuple(found)


def _joined(body: Expression) -> str:
    """Say how lists of metrics become one, where they are given to ``flatten``, which leaves no list in a list."""
    if not any(map(_takes_apart, _lists(body))):
        return ""
    return "`flatten` takes the list of each metric apart as well: `concat(...)` with `...` behind a loop joins lists and leaves the metrics whole."


def _takes_apart(value: Expression) -> bool:
    """Whether a list of metrics, or one that is joined to it, goes through ``flatten``."""
    if not isinstance(value, Call) or value.name not in _JOINING:
        return False
    return (value.name == "flatten" and any(True for _ in _arrays(value))) or any(map(_takes_apart, value.args))


def _written_flat(metric: Tuple) -> str:
    """Show how a metric with its first dimension begins as one list, in the names that the tree has for them; empty where these are computed."""
    options = [i for i in metric.items if isinstance(i, Object)]
    held = [value for options_ in options for key, value in options_.items if isinstance(key, Literal) and key.value == "dimensions"]
    named = [key for found in (*held, *options) if isinstance(found, Object) for key, _ in found.items if isinstance(key, Literal)]
    begin = [i for i in metric.items[:2] if isinstance(i, Literal | Template)]
    begin += [name for name in named if str(name.value)[:1].isupper()][:1]
    if len(begin) < 3 or (isinstance(begin[0], Literal) and begin[0].value == ".") or not isinstance(metric.items[2], Object):
        return ""
    shown = ", ".join(map(text_of, begin))
    return f"Then the first of them begins {code(f'[{shown},')}, and the value follows."


def _has_wrong_object(metric: Tuple) -> bool:
    """Whether an object of a metric holds what is no rendering option and named as dimensions are: ``{ QueueName = ... }``."""
    return len(metric.items) > 1 and any(name == "dimensions" or name[:1].isupper() for name in _names_in_objects(metric))


def _names_in_objects(metric: Tuple) -> set[str]:
    """Return the names in a metric's objects that are no rendering options."""
    objects = [i for i in metric.items if isinstance(i, Object)]
    return {str(k.value) for options in objects for k, _ in options.items if isinstance(k, Literal)} - _RENDERING


def without_dimensions(graph: Graph) -> Iterator[Hit]:
    """A metric without the dimensions by which alone it is published."""
    rows = tables.rows("metric_dimensions")
    for dashboard, body in _bodies(graph):
        found: dict[str, str] = {}
        for metric, words in (pair for metrics in _graphs(body) for pair in _spelled(metrics)):
            if len(words) < 2 or words[0] is None or words[1] is None or any(w and w.startswith(".") for w in words):
                continue
            row = next((r for r in rows if r["namespace"] == words[0] and (not r.get("metrics") or words[1] in r["metrics"])), None)
            named = words[2::2]
            if row is not None and None not in named and not _has_wrong_object(metric):
                missing = [code(d) for d in row.get("needs", ()) if d not in named]
                if (one := row.get("needs_one", ())) and not set(one) & set(named):
                    missing.append(" or ".join(map(code, one)))
                if missing:
                    found.setdefault(f"{words[0]} {words[1]}", missing[0])
        if found:
            whose, them = ("its", "it") if len(found) == 1 else ("their", "them")
            yield Hit(
                dashboard.address,
                f"{code(dashboard.address)} shows {listed(list(found), 3)} without a dimension that all {whose} data has "
                f"({_needed(found)}): nothing is drawn for {them}.",
                f"{code(dashboard.address)} shows {listed(list(found), 3)} with the dimensions that all {whose} data has, or not at all",
                attribute="dashboard_body",
            )


def _needed(found: Mapping[str, str]) -> str:
    """Say which dimension the metrics of each namespace lack; each metric for itself where they lack several."""
    lacking: dict[str, set[str]] = {}
    for metric, dimension in found.items():
        lacking.setdefault(metric.split(" ")[0], set()).add(dimension)
    several = {space for space, dimensions in lacking.items() if len(dimensions) > 1}
    said = {metric if (space := metric.split(" ")[0]) in several else space: dimension for metric, dimension in found.items()}
    return ", ".join(f"{dimension} for {code(whose)}" for whose, dimension in said.items())


RULES = (
    Rule(
        "RG821",
        "dashboard-dimension-object",
        "Dashboard metrics give dimensions as objects",
        Category.BLOCKER,
        Severity.HIGH,
        objects_as_dimensions,
        _BODY,
        stage=Stage.APPLY,
        message="InvalidParameterInput: The dashboard body is invalid",
        impact=(("Deployment", "The dashboard is refused."),),
        lesson="In a dashboard's body a metric is a flat list; an object can only stand at its end and holds options of the drawing.",
        advice="Give name and value of each dimension as two items of the list, behind namespace and name of the metric.",
    ),
    Rule(
        "RG822",
        "dashboard-without-dimensions",
        "Dashboard metrics without their dimensions",
        Category.WARNING,
        Severity.HIGH,
        without_dimensions,
        _BODY,
        stage=Stage.RUNTIME,
        impact=(("Operations", "The lines that these entries are to draw are missing from the dashboard."),),
        lesson="A metric is its name and its exact dimensions; without them there is nothing to draw.",
        advice="Add the pairs of dimension and value to each metric.",
    ),
)
