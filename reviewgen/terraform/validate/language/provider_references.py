"""References to provider configurations: ``provider = aws.dr`` and the pairs of a module's ``providers``."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attr, Attribute, Expression, Invalid, Literal, Object, Template, Traversal
from reviewgen.records import dataclass

from .. import places
from . import names, static
from .frame import Frame

_SUMMARY = "Invalid provider configuration reference"


@dataclass(frozen=True, slots=True)
class Reference:
    """A provider configuration by local name and alias; the alias is empty for the default one."""

    name: str
    alias: str = ""

    @property
    def text(self) -> str:
        """As code writes it."""
        return f"{self.name}.{self.alias}" if self.alias else self.name


def read(expr: Expression | None) -> Reference | None:
    """Return the provider configuration that an expression names, None when it names none."""
    words: list[str] = []
    if isinstance(expr, Traversal) and all(isinstance(step, Attr) for step in expr.steps):
        words = [expr.root, *(step.name for step in expr.steps if isinstance(step, Attr))]
    elif isinstance(expr, Literal) and (expr.value is None or isinstance(expr.value, bool)):
        words = [_bare(expr)]
    elif isinstance(expr, Literal) and isinstance(expr.value, str):
        words = expr.value.split(".")
    if not 0 < len(words) <= 2 or not all(map(places.NAME.fullmatch, words)) or names.provider_problem(words[0]):
        return None
    return Reference(*words)


def _bare(expr: Literal) -> str:
    return {None: "null", True: "true"}.get(expr.value, "false")  # type: ignore[arg-type]  # only called for these values


def check(frame: Frame, name: str) -> Iterator[Diagnostic]:
    """Yield what is wrong with an argument that names a provider configuration."""
    attribute = frame.block.attributes.get(name)
    if attribute is not None:
        yield from _reference(frame, attribute, attribute.expr, name)


def check_passed(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with the pairs of ``providers``."""
    attribute = frame.block.attributes.get("providers")
    if attribute is None or isinstance(attribute.expr, Invalid):
        return
    if not isinstance(attribute.expr, Object):
        yield frame.at_start(attribute, attribute.expr, "Invalid expression", "A static map expression is required.")
        return
    seen: dict[Reference, tuple[int, int]] = {}
    for key, value in attribute.expr.items:
        wrong = [*_reference(frame, attribute, key, "providers"), *_reference(frame, attribute, value, "providers")]
        yield from wrong
        inner = read(key)
        if inner is None or any(d.severity == "error" for d in wrong):
            continue
        if inner in seen:
            file = frame.file(attribute)
            place = frame.configuration.written(file, *seen[inner])
            detail = (
                f"A provider configuration was already passed to {inner.text} at {place}. "
                "Each child provider configuration can be assigned only once."
            )
            yield frame.at_start(attribute, value, "Duplicate provider address", detail)
        seen.setdefault(inner, (key.start, value.end))


def _reference(frame: Frame, attribute: Attribute, expr: Expression, argument: str) -> Iterator[Diagnostic]:
    if isinstance(expr, Invalid):
        return
    requires = f"The {argument} argument requires a provider type name, optionally followed by a period and then a configuration alias."
    data = frame.file(attribute).data
    if isinstance(expr, Literal) and isinstance(expr.value, str) and data[expr.start : expr.start + 1] == b'"':
        yield static.quoted(frame, attribute, expr, "reference")
        yield from _quoted(frame, attribute, expr, requires)
    elif isinstance(expr, Template) and not expr.heredoc:
        yield frame.at(attribute, expr, _SUMMARY, "A provider configuration reference must not be given in quotes.")
    elif isinstance(expr, Literal) and isinstance(expr.value, str) and data[expr.start : expr.start + 1] != b"<":
        yield from _local_name(frame, attribute, expr.value, (expr.start, expr.end))
    elif static.is_keyword(expr) or (isinstance(expr, Literal) and isinstance(expr.value, str)) or isinstance(expr, Template):
        return
    elif not _plain(expr, data):
        yield frame.at_span(attribute, places.written_span(expr, data), _SUMMARY, requires)
    else:
        assert isinstance(expr, Traversal)
        yield from _traversal(frame, attribute, expr, requires)


def _plain(expr: Expression, data: bytes) -> bool:
    """Whether an expression is written as a reference: neither computed, nor in parentheses, nor in a template."""
    return static.is_reference(expr) and places.written_span(expr, data) == (expr.start, expr.end)


def _traversal(frame: Frame, attribute: Attribute, expr: Traversal, requires: str) -> Iterator[Diagnostic]:
    if len(expr.steps) > 1:
        yield frame.at(attribute, expr, _SUMMARY, requires)
        return
    yield from _local_name(frame, attribute, expr.root, places.root_of(expr))
    if expr.steps and not isinstance(expr.steps[0], Attr):
        span = places.step_spans(expr, frame.file(attribute).data)[0]
        detail = "Provider name must either stand alone or be followed by a period and then a configuration alias."
        yield frame.at_span(attribute, span, _SUMMARY, detail)


def _quoted(frame: Frame, attribute: Attribute, expr: Literal, requires: str) -> Iterator[Diagnostic]:
    wrong = list(static.quoted_reference(frame, attribute, expr))
    yield from wrong
    words = str(expr.value).split(".")
    if len(words) > 2 or not places.NAME.match(words[0]):
        yield frame.at(attribute, expr, _SUMMARY, requires)
    elif not wrong:
        start = expr.start + 1
        yield from _local_name(frame, attribute, words[0], (start, start + len(words[0].encode())))


def _local_name(frame: Frame, attribute: Attribute, name: str, span: places.Span) -> Iterator[Diagnostic]:
    problem = names.provider_problem(name)
    if problem:
        yield frame.at_span(attribute, span, "Invalid provider local name", problem)
