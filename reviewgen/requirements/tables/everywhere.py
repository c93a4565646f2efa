"""The table ``everywhere.toml``: what PROMPTs ask of each of several things, and how a tree says it of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from reviewgen.records import dataclass

from ..prompt.phrases import Phrase, compile_phrase
from ..tree.conditions import Term, compile_condition
from .capability import Capability, capabilities
from .entries import Entries, Row, checked, table

_TABLE = "everywhere.toml"
_REQUIRED = ("capability", "what", "nouns", "plural", "subjects")
_KNOWN = frozenset([*_REQUIRED, "except", "own", "by", "perhaps", "all", "implied", "beside", "rule"])
_QUANTIFIED = "(all|each|every|both) [of] [the|our|my|your|these|those|new|existing]"


@dataclass(frozen=True, slots=True)
class Companion:
    """A resource that says something about another one: what it must be, and the argument that names the other."""

    term: Term
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Everywhere:
    """A capability that each of several things can have or lack; ``everywhere.toml`` explains the attributes."""

    capability: Capability
    what: str
    phrases: tuple[Phrase, ...]
    plural: str
    subjects: tuple[Term, ...]
    none: tuple[Term, ...]
    own: tuple[Term, ...]
    by: tuple[Companion, ...]
    perhaps: tuple[Companion, ...]
    all: tuple[Term, ...]
    implied: bool
    beside: bool
    rule: str

    def argument(self, type_: str) -> tuple[str, ...]:
        """Return the argument by which a thing of a type has it itself; empty when another resource gives it."""
        return () if self.beside else next((t.tests[0].path for t in self.own if t.type == type_ and t.tests), ())


@cache
def everywhere() -> Entries[Everywhere]:
    """Return the table by the ids of the capabilities."""
    return Entries([table(_TABLE)], "everywhere", _entry, id="capability")


def _entry(row: Row) -> Everywhere:
    checked(row, _REQUIRED, _KNOWN)
    return Everywhere(
        capability=capabilities()[row["capability"]],
        what=row["what"],
        phrases=tuple(compile_phrase(f"{_QUANTIFIED} {noun}") for noun in row["nouns"]),
        plural=row["plural"],
        subjects=_terms(row["subjects"]),
        none=_terms(row.get("except", ())),
        own=_terms(row.get("own", ())),
        by=tuple(map(_companion, row.get("by", ()))),
        perhaps=tuple(map(_companion, row.get("perhaps", ()))),
        all=_terms(row.get("all", ())),
        implied=row.get("implied", False),
        beside=row.get("beside", False),
        rule=row.get("rule", ""),
    )


def _terms(texts: Sequence[str]) -> tuple[Term, ...]:
    return tuple(term for text in texts for term in compile_condition(text).terms)


def _companion(text: str) -> Companion:
    condition, _, argument = text.rpartition(" ")
    (term,) = compile_condition(condition).terms
    return Companion(term, tuple(argument.split(".")))
