"""How prose names code: in backticks, and long lists of it with a count."""

from __future__ import annotations

from collections.abc import Sequence


def code(text: str) -> str:
    """Return a name as the prose of a document marks it."""
    return f"`{text}`"


def listed(names: Sequence[str], most: int = 4) -> str:
    """Return names as a phrase: ``a``, ``b`` and 3 more."""
    shown = [code(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return series(shown)


def items(parts: Sequence[str], most: int) -> tuple[str, ...]:
    """Return the parts of a list on lines of its own: of many the first, and how many more there are."""
    return tuple(parts) if len(parts) <= most else (*parts[:most], f"{len(parts) - most} more")


def series(parts: Sequence[str]) -> str:
    """Return words as a phrase: a, b and c."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def of_each(ours: str, theirs: str) -> str:
    """Return what is wrong in MODEL and what in IDEAL as one text, where it is not the same."""
    return f"MODEL: {ours} IDEAL: {theirs}"


def tells_of_each(text: str) -> bool:
    """Whether a text is one of ``of_each``."""
    return text.startswith("MODEL: ") and " IDEAL: " in text


_DOUBT, _END = " What IDEAL adds for it has ", "."


def with_doubt(text: str, own: str) -> str:
    """Say at the end of what is wrong in MODEL what is wrong with IDEAL's repair: ``a blocker of its own: #5``."""
    return f"{text}{_DOUBT}{own}{_END}"


def doubt(text: str) -> str:
    """Return what is wrong with IDEAL's repair, of a text that ``with_doubt`` wrote; empty for any other."""
    _, found, own = text.rpartition(_DOUBT)
    return own.removesuffix(_END) if found else ""
