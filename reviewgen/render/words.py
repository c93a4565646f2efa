"""Small words that counts need: singular and plural, lists, numbers, sums. Prose in, prose out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reviewgen.model import prose

SHOWN = 8
"""How many names a list shows before it says how many more there are."""


def count(number: int, noun: str, plural: str = "") -> str:
    """Return ``1 issue``, ``2 issues``, ``no issues``."""
    return f"{number or 'no'} {noun if number == 1 else plural or noun + 's'}"


def tick(text: str) -> str:
    """Return a name of an input as code within prose; a backtick of its own cannot stand in a pair of them."""
    return "`" + text.replace("`", "'") + "`"


def series(items: Sequence[str], shown: int = SHOWN) -> str:
    """Return ``a``, ``a and b``, ``a, b and 3 more``."""
    parts = list(items) if len(items) <= shown + 1 else [*items[:shown], f"{len(items) - shown} more"]
    return prose.series(parts)


def ticks(names: Iterable[str], shown: int = SHOWN) -> str:
    """Return names as a series of code."""
    return series([tick(name) for name in names], shown)


def yes(value: bool) -> str:
    """Return ``yes`` or ``no``, the result of an assertion."""
    return "yes" if value else "no"


def number(value: float) -> str:
    """Return ``8``, ``7.5``, ``-2``."""
    return str(int(value)) if value == int(value) else f"{value:g}"


def points(value: float) -> str:
    """Return ``-1 point``, ``+2 points``, ``0 points``."""
    return f"{value:+g} point{'' if abs(value) == 1 else 's'}" if value else "0 points"


def total(base: float, steps: Iterable[float], result: float) -> str:
    """Return ``8 - 2 - 1 = 5``, with the clamping to 0..10 said where it happened and no equation that does not hold."""
    values = list(steps)
    terms = number(base) + "".join(f" {'-' if value < 0 else '+'} {number(abs(value))}" for value in values)
    exact = base + sum(values)
    if exact == result:
        return f"{terms} = {number(result)}" if values else number(result)
    if min(10, max(0, exact)) == result:
        return f"{terms} = {number(exact)}, limited to {number(result)}"
    return f"{terms}; result {number(result)}"


def lines(first: int, last: int) -> str:
    """Return ``line 3``, ``lines 3 to 7``, or nothing where the place is not known."""
    if first < 1:
        return ""
    return f"line {first}" if last <= first else f"lines {first} to {last}"


def delta(added: int, removed: int) -> str:
    """Return ``+2/-1 lines``, ``+1 line``, or nothing."""
    counts = "/".join(filter(None, [f"+{added}" if added else "", f"-{removed}" if removed else ""]))
    return counts and f"{counts} {'line' if added + removed == 1 else 'lines'}"
