"""Our data classes against the standard library's: whoever uses one cannot tell them apart."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from reviewgen import records


def _point(dataclass: Callable[..., Any], **arguments: bool) -> Any:
    @dataclass(**arguments)
    class Point:
        """A class with every kind of field that we use."""

        x: int
        note: str = dataclasses.field(default="", compare=False)
        more: tuple[str, ...] = ()
        found: list[int] = dataclasses.field(default_factory=list)

    return Point


MANNERS = [{}, {"frozen": True}, {"slots": True}, {"frozen": True, "slots": True}, {"frozen": True, "slots": True, "eq": False}]


def _told(class_: Any) -> list[object]:
    """Return what one can see of a class's objects."""
    a, b, c = class_(1, "a", found=[]), class_(x=1, note="b"), class_(2, "", ("y",), [3])
    told: list[object] = [repr(a), repr(c), a == b, a != b, a == c, a == 1, class_.__match_args__, dataclasses.asdict(c)]
    told += [b.found is class_(1).found, dataclasses.replace(a, x=5).x, [f.name for f in dataclasses.fields(c)], copy.copy(c).more]
    for change in (lambda: setattr(a, "x", 9), lambda: delattr(a, "more"), lambda: hash(c), lambda: class_(), lambda: class_(1, z=2)):
        try:
            change()
            told.append(True)
        except Exception as error:
            told.append(type(error))
    return [*told, hasattr(c, "__dict__")]


@pytest.mark.parametrize("arguments", MANNERS, ids=str)
def test_they_are_what_the_standard_library_makes(arguments: dict[str, bool]) -> None:
    assert _told(_point(records.dataclass, **arguments)) == _told(_point(dataclasses.dataclass, **arguments))


@records.dataclass(frozen=True, slots=True)
class _Slotted:
    """Pickled by name."""

    x: int
    y: tuple[int, ...] = ()


@records.dataclass(frozen=True)
class _Plain(_Slotted):
    """One that inherits, and has a dictionary."""

    z: str = ""

    def __repr__(self) -> str:
        return "own"


@pytest.mark.parametrize("value", [_Slotted(1, (2,)), _Plain(1, (2,), "z")], ids=["slots", "dictionary"])
def test_frozen_ones_go_to_worker_processes_and_back(value: Any) -> None:
    again = pickle.loads(pickle.dumps(value))
    assert again == value and hash(again) == hash(value) and type(again) is type(value)


def test_own_methods_stay_and_classes_differ() -> None:
    assert repr(_Plain(1)) == "own"
    assert _Plain(1) != _Slotted(1)
    assert len({_Slotted(1), _Slotted(1), _Slotted(2)}) == 2
