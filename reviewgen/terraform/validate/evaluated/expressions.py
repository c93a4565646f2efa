"""What goes wrong when Terraform evaluates the expressions of a configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from reviewgen.model.diagnostic import CalledFunction, Diagnostic

from .. import places
from ..configuration import Configuration
from ..diagnostics import snippet_around
from ..evaluation import Problem, Value, secret
from . import repetition
from .sites import REPETITION, Site, Sites

_EXPOSED = (
    "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, Terraform requires that any root module "
    "output containing sensitive data be explicitly marked as sensitive, to confirm your intent.\n\nIf you do intend to export this data, "
    "annotate the output value as sensitive by adding the following argument:\n    sensitive = true"
)
Shown = tuple[tuple[str, str], ...]


def check(configuration: Configuration, sites: Sites) -> Iterator[Diagnostic]:
    """Yield what is wrong with the expressions of all modules that the root reaches."""
    for call in configuration.calls:
        scope = sites.scope(call)
        for site in sites.reached(call):
            for bound in site.bindings:
                value, problems = scope.evaluate(site.expr, site.file, bound)
                if problems or site.name in REPETITION:
                    yield from _said(configuration, site, value, problems, partial(scope.shown, site.expr, site.file, bound))
                if call.parent is None and _exposes(site, value):
                    span = site.top.start, site.top.header_end
                    yield configuration.error("Output refers to sensitive values", _EXPOSED, site.file, span, site.top)


def _exposes(site: Site, value: Value) -> bool:
    """Whether an output of the root module shows what is sensitive without saying so."""
    return site.top.type == "output" and site.name == "value" and "sensitive" not in site.top.attributes and secret(value)


def _said(
    configuration: Configuration, site: Site, value: Value, problems: tuple[Problem, ...], shown: Callable[[], Shown]
) -> Iterator[Diagnostic]:
    for problem in problems:
        said = configuration.error(problem.summary, problem.detail, site.file, problem.span, site.top)
        if problem.around is not None:
            said = replace(said, snippet=snippet_around(site.file, problem.around, said))
        yield _with(said, problem.values, problem.called)
    own = site.top.attributes.get(site.name)
    if problems or site.name not in REPETITION or (own is None and site.name != "for_each"):
        return
    repeats = own is not None and own.expr is site.expr
    span = places.written_span(site.expr, site.file.data)
    for words in repetition.wrong(site.name, value) if repeats else repetition.wrong_in_dynamic(value):
        yield _with(configuration.error(*words, site.file, span, site.top), shown(), None)


def _with(said: Diagnostic, values: Shown, called: CalledFunction | None) -> Diagnostic:
    """Return a diagnostic that shows values below its code."""
    if said.snippet is None or not (values or called):
        return said
    return replace(said, snippet=replace(said.snippet, values=values, called=called))
