"""Ask the provider about every argument of a type, all at once, and attribute what it says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from reviewgen.terraform.schema.types import BlockSchema, Type
from reviewgen.terraform.validate.measured.facts import ANYWHERE, Rows
from reviewgen.terraform.validate.schemas.body import as_block

from .forms import form, nested_type
from .probes import pool
from .provider import UNKNOWN, Provider, Said

Observed = list[tuple[Any, tuple[Said, ...]]]
"""Each probe of an argument with what the provider said of it."""

_MANY = 600
# A step into a set, as the newer framework writes it: the whole element.
_ELEMENT = re.compile(r"\[Value\(\{.*?\}\)\]", re.DOTALL)
_COMBINATIONS = {
    *("Conflicting configuration arguments", "Invalid combination of arguments", "Missing required argument"),
    *("Invalid Attribute Combination", "Missing Attribute Configuration"),
}


def survey(
    provider: Provider, kind: str, name: str, schema: BlockSchema, rows: Rows, lists: tuple[tuple[str, ...], ...]
) -> dict[str, Observed]:
    """Return what the provider says of each argument's probes, by schema path.

    Arguments that exclude each other, and arguments of one name, never stand in one configuration: the provider does not look at the value of an
    argument in conflict, and its messages often name no more than the last step (their path may even be that of a neighbour).
    """
    kinds = dict(arguments(schema))
    wanted = asked(schema)
    pools = {path: values for path, t in kinds.items() if path in wanted and (values := pool(t, rows.get(path, ()), lists))}
    observed: dict[str, Observed] = defaultdict(list)
    for chosen in _shares(pools, rows, set(_sets(schema)) if _is_newer(rows) else set()):
        for turn in range(max(len(pools[path]) for path in chosen)):
            values = {path: pools[path][turn] for path in chosen if turn < len(pools[path])}
            said = provider.validate(kind, name, form(schema, _chooser(values, rows), fill=_allowed(rows, lists)))
            for path, messages in attributed(said, values).items():
                observed[path].append((values[path], tuple(messages)))
    return observed


def arguments(schema: BlockSchema, path: str = "") -> Iterator[tuple[str, Type]]:
    """Yield the schema paths of what can be set, with their types."""
    for name, attribute in schema.attributes.items():
        if attribute.read_only:
            continue
        if nested_type(attribute.type):
            yield from arguments(as_block(attribute.type), f"{path}{name}.")
        else:
            yield path + name, attribute.type
    for name, nested in schema.blocks.items():
        yield from arguments(nested.block, f"{path}{name}.")


def asked(schema: BlockSchema) -> set[str]:
    """Return the arguments to ask about: all, but in the few types with very many of them (QuickSight, WAF, where one body of the provider's
    code stands in many places) the first of those with the same name in a block of the same name.
    """
    paths = [path for path, _ in arguments(schema)]
    if len(paths) <= _MANY:
        return set(paths)
    first: dict[str, str] = {}
    for path in paths:
        first.setdefault(anywhere(schema, path), path)
    return set(first.values())


def anywhere(schema: BlockSchema, path: str) -> str:
    """Return the path under which the rows of an argument stand in the table (see ``facts.ANYWHERE``)."""
    last = path.split(".")[-2:]
    return ANYWHERE + ".".join(last) if len(last) == 2 and sum(1 for _ in arguments(schema)) > _MANY else path


def _is_newer(rows: Rows) -> bool:
    """Whether the rows known of a type are in the words of the newer framework."""
    return any(row[0].startswith("fw_") for found in rows.values() for row in found)


def _sets(schema: BlockSchema, path: str = "") -> Iterator[str]:
    """Yield the schema paths of nested blocks whose elements are a set, with a dot behind them."""
    for name, nested in schema.blocks.items():
        if nested.nesting == "set":
            yield f"{path}{name}."
        yield from _sets(nested.block, f"{path}{name}.")


def _shares(pools: Mapping[str, Any], rows: Rows, alone: set[str]) -> Iterator[list[str]]:
    """Yield sets of arguments that may stand together and that differ in their last names.

    Of an element of a set the newer framework tells one mistake: two arguments of a body in ``alone`` never stand together.
    """
    left = list(pools)
    while left:
        share: list[str] = []
        names: set[str] = set()
        steps: set[str] = set()
        for path in left:
            last = path.rpartition(".")[2]
            body = path.removesuffix(last)
            if body in alone and body.rstrip(".") in steps:
                continue
            if last not in names and not any(_excluded(step, steps, rows) for step in _steps(path)):
                share.append(path)
                names.add(last)
                steps.update(_steps(path))
        yield share
        left = [path for path in left if path not in share]


def _steps(path: str) -> list[str]:
    parts = path.split(".")
    return [".".join(parts[: i + 1]) for i in range(len(parts))]


def _excluded(step: str, others: set[str], rows: Rows) -> bool:
    body = step[: len(step) - len(step.rpartition(".")[2])]
    name = step[len(body) :]
    return step not in others and any(body + other in others for other in rivals(name, rows.get(body, ())))


def rivals(name: str, rows: tuple[Any, ...]) -> set[str]:
    """Return the arguments of a body that must not be set beside one."""
    found: set[str] = set()
    for row in rows:
        if row[0] in ("conflict", "fw_conflict") and name in row[1:3]:
            found.update(row[1:3])
        elif row[0] in ("one", "fw_xor", "fw_at_most_one", "fw_exactly_one"):
            names = row[-1]
            if name in names:
                found.update(names)
    return found - {name}


def _chooser(values: Mapping[str, Any], rows: Rows) -> Any:
    there = {step for path in values for step in _steps(path)}

    def choose(path: str, kind: Type) -> Any:
        if kind.kind == "block":
            return True if path.rstrip(".") in there else None
        if path in values:
            return values[path]
        body = path[: len(path) - len(path.rpartition(".")[2])]
        needed = {n for row in rows.get(body, ()) if row[0] == "together" and body + row[1] in there for n in row[2]}
        return UNKNOWN if path[len(body) :] in needed else None

    return choose


def _allowed(rows: Rows, lists: tuple[tuple[str, ...], ...]) -> Any:
    """Return what fills an argument with a value that the rows known of it allow: of a wrong one the provider would speak as well."""

    def fill(path: str, kind: Type) -> Any:
        named = (row for row in rows.get(path, ()) if row[0] in ("enum", "fw_enum", "fw_one_of") and kind.kind == "string")
        return next((lists[row[2]][0] for row in named), None)

    return fill


def attributed(said: list[Said], values: Mapping[str, Any]) -> dict[str, list[Said]]:
    """Return the messages about values by the argument they are about; an argument of which nothing is said has an empty list.

    The name in the message decides, for the path that the older SDK gives may be a neighbour's; an argument hidden by a conflict is left out.
    """
    found: dict[str, list[Said]] = {path: [] for path in values}
    hidden: set[str] = set()
    for message in said:
        place = ".".join(str(step) for step in message.path if isinstance(step, str))
        if message.summary in _COMBINATIONS and message.severity == "error":
            hidden.update(path for path in values if path == place or path.startswith(f"{place}."))
            continue
        target = _target(message, place, values)
        if target is not None:
            found[target].append(message)
    return {path: messages for path, messages in found.items() if path not in hidden}


def _target(message: Said, place: str, values: Mapping[str, Any]) -> str | None:
    if place and not any(path.partition(".")[0] == place.partition(".")[0] for path in values):
        # An element of a set speaks for itself: its path begins with the argument's own name.
        ending = [path for path in values if path.endswith(f".{place}")]
        return ending[0] if len(ending) == 1 else None
    values = {path: value for path, value in values.items() if path.partition(".")[0] == place.partition(".")[0]}
    words = set(re.findall(r"[a-z][a-z0-9_]*", _without_values(f"{message.summary} {message.detail}", values)))
    named = [path for path in values if path.rpartition(".")[2] in words]
    if place in values and (place in named or not named):
        return place
    inside = [path for path in named if path.rpartition(".")[0].startswith(place.rpartition(".")[0])]
    return inside[0] if len(inside) == 1 else named[0] if len(named) == 1 else None


def _without_values(text: str, values: Mapping[str, Any]) -> str:
    """Return a message without the probes, whose words are nobody's names, and without the elements of sets that stand in paths."""
    text = _ELEMENT.sub("[]", text)
    probes = {str(v[0] if isinstance(v, list) else v) for v in values.values()}
    for probe in sorted(probes, key=lambda p: (-len(p), p)):
        if len(probe) > 2:
            text = text.replace(probe, " ")
    return text
