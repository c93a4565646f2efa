"""Which column of a dataset holds what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reviewgen.errors import InputError
from reviewgen.records import dataclass

# What a column is called where nobody says it, the surest name first: ``model`` may also be the name of the model that answered.
_USUAL = {
    "prompt": ("prompt",),
    "model": ("model_response", "model"),
    "ideal": ("ideal_response", "ideal"),
    "id": ("id", "sample_id"),
}
_NEEDED = ("model", "ideal")
_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one dataset; None where it has no such column."""

    model: str
    ideal: str
    prompt: str | None = None
    id: str | None = None


def parse(given: Sequence[str]) -> dict[str, str]:
    """Return columns by what they hold, from ``prompt=question`` and its like.

    Raises:
        InputError: One is not of that form, or something is named twice.
    """
    found: dict[str, str] = {}
    for text in given:
        name, mark, column = text.partition("=")
        if name not in _USUAL or not mark or not column:
            raise InputError(f"--column {text!r} names no column", hint=f"write NAME=COLUMN, where NAME is one of {', '.join(_USUAL)}")
        if name in found:
            raise InputError(f"two columns for {name!r}: {found[name]!r} and {column!r}", hint="give one of them")
        found[name] = column
    return found


def chosen(given: Mapping[str, str], there: Sequence[str], path: str) -> Columns:
    """Return which columns of a dataset hold what.

    Args:
        given: Columns that the user named.
        there: All columns of the dataset.
        path: What messages call it.

    Raises:
        InputError: One that was named is not there, or there is none for MODEL or IDEAL.
    """
    found = {name: given.get(name) or _usual(name, there) for name in _USUAL}
    for name, column in found.items():
        if column is None and name not in _NEEDED:
            continue
        if column is None or column not in there:
            what = f"no column {column!r}" if column else f"no column for {name!r}"
            shown = ", ".join(map(repr, there[:_MOST_SHOWN])) + (", ..." if len(there) > _MOST_SHOWN else "")
            raise InputError(f"{what} in the dataset; it has {shown or 'none'}", path=path, hint=f"give --column {name}=COLUMN")
    assert found["model"] is not None and found["ideal"] is not None, "both are needed"
    return Columns(found["model"], found["ideal"], found["prompt"], found["id"])


def _usual(name: str, there: Sequence[str]) -> str | None:
    plain: dict[str, str] = {}
    for column in there:
        plain.setdefault(column.lower().removesuffix(".md"), column)
    return next((plain[usual] for usual in _USUAL[name] if usual in plain), None)
