"""``terraform`` blocks: required versions and providers, backends, experiments."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import UNKNOWN, evaluate
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute, Expression, Invalid, Literal, Object, Traversal
from reviewgen.model.hcl import Tuple as ListExpression

from . import constraints, names, static
from .frame import Frame

_OBJECT = "Invalid required_providers object"
_LANGUAGE = "TF2021"


def terraform(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with the arguments of a ``terraform`` block."""
    version = frame.block.attributes.get("required_version")
    if version is not None:
        yield from constraints.wrong_constraint(frame, version)
        yield from constraints.unmet(frame, version)
    experiments = frame.block.attributes.get("experiments")
    if experiments is not None:
        detail = (
            "Experimental features are intended only for gathering early feedback on new language designs, and so are available only in "
            "alpha releases of Terraform."
        )
        yield frame.at_name(experiments, "Module uses experimental features", detail)
    language = frame.block.attributes.get("language")
    if language is not None and isinstance(language.expr, Literal):
        detail = (
            f"The language argument expects a bare language edition keyword. Terraform {constraints.VERSION} supports only language edition "
            f"{_LANGUAGE}, which is the default."
        )
        yield frame.at(language, language.expr, "Invalid language edition", detail)


def misplaced_required_providers(frame: Frame) -> Iterator[Diagnostic]:
    """Yield the error for a ``required_providers`` block at the top."""
    detail = 'A "required_providers" block must be nested inside a "terraform" block.'
    yield frame.at_header("Invalid required_providers block", detail)


def no_blocks(frame: Frame) -> Iterator[Diagnostic]:
    """Yield an error for each block in a body that takes arguments only."""
    for block in frame.block.blocks:
        yield frame.inside(block).at_type(f'Unexpected "{block.type}" block', "Blocks are not allowed here.")


def required_providers(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with a ``required_providers`` block."""
    yield from no_blocks(frame)
    for attribute in frame.block.attributes.values():
        yield from _requirement(frame, attribute)


def _requirement(frame: Frame, attribute: Attribute) -> Iterator[Diagnostic]:
    expr = attribute.expr
    problem = names.provider_problem(attribute.name)
    if problem:
        yield frame.at(attribute, expr, "Invalid provider local name", problem)
    elif isinstance(expr, Object):
        for key, value in expr.items:
            yield from _entry(frame, attribute, key, value)
    elif not isinstance(expr, Invalid):
        text = evaluate(expr) if not any(static.objections(expr)) else None
        if text is None or isinstance(text, list | dict):
            yield frame.at(attribute, expr, _OBJECT, "required_providers entries must be strings or objects.")
        elif text is not UNKNOWN and not constraints.valid(str(text)):
            yield frame.at(attribute, expr, constraints.SUMMARY, constraints.SYNTAX)


def _entry(frame: Frame, attribute: Attribute, key: Expression, value: Expression) -> Iterator[Diagnostic]:
    refused = list(static.refusals(frame, attribute, key))
    yield from refused
    name = evaluate(key)
    if refused or name is UNKNOWN or isinstance(value, Invalid):
        return
    if name == "version":
        yield from _version(frame, attribute, value)
    elif name == "source":
        yield from _source(frame, attribute, value)
    elif name == "configuration_aliases":
        yield from _aliases(frame, attribute, value)
    else:
        detail = (
            'required_providers objects can only contain "version", "source" and "configuration_aliases" attributes. '
            'To configure a provider, use a "provider" block.'
        )
        yield frame.at(attribute, key, _OBJECT, detail)


def _version(frame: Frame, attribute: Attribute, expr: Expression) -> Iterator[Diagnostic]:
    value = None if any(static.objections(expr)) else evaluate(expr)
    if value is not UNKNOWN and not isinstance(value, str):
        yield frame.at(attribute, expr, constraints.SUMMARY, "Version must be specified as a string.")
    elif isinstance(value, str) and not constraints.valid(value):
        yield frame.at(attribute, expr, constraints.SUMMARY, constraints.SYNTAX)


def _source(frame: Frame, attribute: Attribute, expr: Expression) -> Iterator[Diagnostic]:
    value = None if any(static.objections(expr)) else evaluate(expr)
    if value is not UNKNOWN and not isinstance(value, str):
        yield frame.at(attribute, expr, "Invalid source", "Source must be specified as a string.")
    elif isinstance(value, str):
        words = _wrong_source(value)
        if words:
            yield frame.at(attribute, expr, *words)


def _wrong_source(source: str) -> tuple[str, str] | None:
    parts = source.split("/")
    if not 1 <= len(parts) <= 3 or not all(parts):
        return "Invalid provider source string", 'The "source" attribute must be in the format "[hostname/][namespace/]name"'
    name = parts[-1]
    why = names.provider_part_problem(name)
    if why:
        return "Invalid provider type", f'Invalid provider type "{name}" in source "{source}": {why}"'
    prefix = "terraform-provider-"
    if name.startswith(prefix):
        right = "/".join([*parts[:-1], name.removeprefix(prefix)])
        return (
            "Invalid provider type",
            f'Provider source "{source}" has a type with the prefix "{prefix}", which isn\'t valid. Although that prefix is often used in the '
            "names of version control repositories for Terraform providers, provider source strings should not include it.\n\n"
            f'Did you mean "{right}"?',
        )
    return None


def _aliases(frame: Frame, attribute: Attribute, expr: Expression) -> Iterator[Diagnostic]:
    if not isinstance(expr, ListExpression):
        yield frame.at_start(attribute, expr, "Invalid expression", "A static list expression is required.")
        return
    for item in expr.items:
        if not static.is_reference(item):
            yield from static.single_reference(frame, attribute, item)
        elif isinstance(item, Traversal) and item.root != attribute.name:
            detail = f'Configuration aliases must be prefixed with the provider name. Expected "{attribute.name}", but found "{item.root}".'
            yield frame.at_span(attribute, (expr.start, expr.end), "Invalid configuration_aliases value", detail)
