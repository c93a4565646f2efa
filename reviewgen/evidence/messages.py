"""What errors of real runs mean: the table ``messages.toml``."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from reviewgen import resources
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.records import dataclass

_KINDS = ("account", "emulator", "")
_PLACES = ("emulator", "aws", "")
_KEYS = frozenset(["pattern", "rule", "title", "is", "on"])
# How AWS's answers name what is wrong (AWS SDK for Go).
_CODE = re.compile(r"(?:RequestID: [^,]*, (?:HostID: [^,]*, )?)(?:api error )?([A-Z][\w.]+)(?::|$)|api error ([A-Z][\w.]+)")


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of error (head of ``messages.toml``).

    Attributes:
        pattern: What tells it.
        kind: ``account`` or ``emulator`` for what says nothing about the tree; empty for a defect.
        on: Where the entry counts: ``emulator``, ``aws``, or empty for both.
        rule: Id of the rule that knows the defect.
        title: What is wrong.
    """

    pattern: re.Pattern[str]
    kind: str = ""
    on: str = ""
    rule: str = ""
    title: str = ""


def known(diagnostic: Diagnostic, *, emulated: bool) -> Message | None:
    """Return the kind of an error; None for one that the table does not know."""
    text = f"{diagnostic.summary}\n{diagnostic.detail}"
    here = "emulator" if emulated else "aws"
    return next((m for m in messages() if m.on in ("", here) and m.pattern.search(text)), None)


def code(diagnostic: Diagnostic) -> str:
    """Return the code by which AWS names an error: ``NoSuchEntity``; empty where there is none."""
    found = _CODE.search(f"{diagnostic.summary} {diagnostic.detail}")
    return (found[1] or found[2]) if found else ""


@cache
def messages() -> tuple[Message, ...]:
    """Return the table.

    Raises:
        DataError: It has an entry that is not one.
    """
    return resources.built(resources.shipped("evidence/messages.toml"), "messages", _built)


def _built(data: dict[str, Any]) -> tuple[Message, ...]:
    return tuple(_message(row) for row in data["message"])


def _message(row: dict[str, Any]) -> Message:
    kind, on = row.get("is", ""), row.get("on", "")
    if unknown := sorted(set(row) - _KEYS):
        raise ValueError(f"unknown keys {unknown}")
    if kind not in _KINDS or on not in _PLACES:
        raise ValueError(f"is = {kind!r} or on = {on!r} is none of the words that are known")
    if not kind and not (row.get("rule") and row.get("title")):
        raise ValueError(f"the message {row['pattern']!r} has no rule and title")
    return Message(re.compile(row["pattern"]), kind, on, row.get("rule", ""), row.get("title", ""))
