"""Checks of several arguments together, each a row of the table of facts.

A row stands at the path of the body whose arguments it names (the empty path is the resource itself): ``(kind, arguments ...)``.

==================  ==================================================================================================================
``conflict``        name, other: the older SDK's ConflictsWith; said of ``name``
``one``             name, names: ExactlyOneOf; said of ``name``
``at_least_one``    name, names: AtLeastOneOf
``together``        name, names: RequiredWith; said of ``name`` when it is set
``fw_xor``          severity, names: one and only one of these; a warning with a word about the future, or an error
``fw_at_most_one``  severity, names
``fw_exactly_one``  names: the framework's ExactlyOneOf
``fw_at_least_one`` names: the framework's AtLeastOneOf
``fw_conflict``     name, other: the framework's ConflictsWith; said of ``name``
==================  ==================================================================================================================

An argument counts as set, not set, or unknown; what is unknown settles nothing, as with the provider itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

from reviewgen.records import dataclass

from .facts import Row

_FUTURE = "\n\nThis will be an error in a future version of the provider"


class Presence(Enum):
    """Whether an argument or nested block is there."""

    SET = "set"
    UNSET = "unset"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a combination breaks; ``name`` is the argument that it is said of, empty for the body."""

    name: str
    severity: str
    summary: str
    detail: str


State = Callable[[str], Presence]
Naming = Callable[[str], str]


def complaints(row: Row, state: State, dotted: Naming, bracketed: Naming) -> Iterator[Complaint]:
    """Yield what is wrong with a combination.

    Args:
        row: The check.
        state: Tells whether an argument of the body is set.
        dotted: Gives the older SDK's name of an argument of the body (``rule.0.status``).
        bracketed: Gives the newer framework's (``rule[0].status``).
    """
    kind = row[0]
    check = _SDK.get(kind)
    if check is not None:
        text = check(row[1], row[2], state, dotted)
        if text:
            yield Complaint(row[1], "error", _SUMMARIES[kind], text)
    else:
        yield from _FRAMEWORK[kind](row, state, bracketed)


def names(row: Row) -> frozenset[str]:
    """Return every argument of the body that a check is about."""
    found = row[2:] if row[0] in ("fw_xor", "fw_at_most_one") else row[1:]
    return frozenset(name for part in found for name in ([part] if isinstance(part, str) else part))


def _split(names: list[str], state: State) -> tuple[list[str], bool]:
    """Return the names that are set, and whether any is unknown."""
    found: Mapping[str, Presence] = {name: state(name) for name in names}
    return [n for n in names if found[n] is Presence.SET], any(p is Presence.UNKNOWN for p in found.values())


def _listed(names: list[str], dotted: Naming) -> str:
    return ",".join(dotted(name) for name in names)


def _conflict(name: str, other: str, state: State, dotted: Naming) -> str:
    if state(name) is Presence.SET and state(other) is Presence.SET:
        return f'"{dotted(name)}": conflicts with {dotted(other)}'
    return ""


def _one(name: str, names: list[str], state: State, dotted: Naming) -> str:
    there, unknown = _split(names, state)
    if len(there) > 1:
        return f'"{dotted(name)}": only one of `{_listed(names, dotted)}` can be specified, but `{_listed(there, dotted)}` were specified.'
    if not there and not unknown:
        return f'"{dotted(name)}": one of `{_listed(names, dotted)}` must be specified'
    return ""


def _at_least_one(name: str, names: list[str], state: State, dotted: Naming) -> str:
    there, unknown = _split(names, state)
    return "" if there or unknown else f'"{dotted(name)}": one of `{_listed(names, dotted)}` must be specified'


def _together(name: str, names: list[str], state: State, dotted: Naming) -> str:
    there, unknown = _split(names, state)
    if state(name) is not Presence.SET or unknown or len(there) == len(names):
        return ""
    return f'"{dotted(name)}": all of `{_listed(names, dotted)}` must be specified'


_SDK: dict[str, Callable[[str, Any, State, Naming], str]] = {
    "conflict": _conflict,
    "one": _one,
    "at_least_one": _at_least_one,
    "together": _together,
}
_SUMMARIES = {
    "conflict": "Conflicting configuration arguments",
    "one": "Invalid combination of arguments",
    "at_least_one": "Missing required argument",
    "together": "Missing required argument",
}


def _fw_xor(row: Row, state: State, name_of: Naming) -> Iterator[Complaint]:
    there, unknown = _split(row[2], state)
    if unknown or len(there) == 1:
        return
    count = f"{len(there)} attributes" if there else "No attribute"
    listed = _listed(row[2], name_of)
    text = f"{count} specified when one (and only one) of [{listed}] is required"
    yield Complaint("", row[1], "Invalid Attribute Combination", text + (_FUTURE if row[1] == "warning" else ""))


def _fw_at_most_one(row: Row, state: State, name_of: Naming) -> Iterator[Complaint]:
    there, _ = _split(row[2], state)
    if len(there) > 1:
        text = f"{len(there)} attributes specified when at most one of [{_listed(row[2], name_of)}] may be set"
        yield Complaint("", row[1], "Invalid Attribute Combination", text + (_FUTURE if row[1] == "warning" else ""))


def _fw_exactly_one(row: Row, state: State, name_of: Naming) -> Iterator[Complaint]:
    there, unknown = _split(row[1], state)
    if len(there) != 1 and not (unknown and not there):
        summary = "Invalid Attribute Combination" if there else "Missing Attribute Configuration"
        yield Complaint("", "error", summary, f"Exactly one of these attributes must be configured: [{_listed(row[1], name_of)}]")


def _fw_at_least_one(row: Row, state: State, name_of: Naming) -> Iterator[Complaint]:
    there, unknown = _split(row[1], state)
    if not there and not unknown:
        text = f"At least one of these attributes must be configured: [{_listed(row[1], name_of)}]"
        yield Complaint("", "error", "Missing Attribute Configuration", text)


def _fw_conflict(row: Row, state: State, name_of: Naming) -> Iterator[Complaint]:
    if state(row[1]) is Presence.SET and state(row[2]) is Presence.SET:
        text = f'Attribute "{name_of(row[2])}" cannot be specified when "{name_of(row[1])}" is specified'
        yield Complaint(row[1], "error", "Invalid Attribute Combination", text)


_FRAMEWORK: dict[str, Callable[[Row, State, Naming], Iterator[Complaint]]] = {
    "fw_xor": _fw_xor,
    "fw_at_most_one": _fw_at_most_one,
    "fw_exactly_one": _fw_exactly_one,
    "fw_at_least_one": _fw_at_least_one,
    "fw_conflict": _fw_conflict,
}

KINDS = frozenset({*_SDK, *_FRAMEWORK})
"""Every kind of row that this module checks."""
