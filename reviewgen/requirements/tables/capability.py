"""The vocabulary (``vocabulary/*.toml``): what PROMPTs ask of AWS stacks, by which words, and what a tree that has it declares."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from reviewgen.model.review import Category, Severity
from reviewgen.records import dataclass

from ..prompt.phrases import Phrase, compile_phrase
from ..prompt.words import normal
from ..tree.conditions import Condition, compile_condition
from .entries import Entries, Row, checked, table

_REQUIRED = ("id", "title", "service", "ask", "met", "check", "impact")
_KNOWN = frozenset(
    [*_REQUIRED, "category", "severity", "fix_class", "maybe", "given", "source", "core", "coarse", "narrows", "waived", "rules", "wrong"]
)


@dataclass(frozen=True, slots=True, eq=False)
class Capability:
    """Something that a PROMPT can ask of a stack; each is one object, of the vocabulary.

    Attributes:
        id: Stable name, such as ``route53-failover``.
        title: Noun phrase that fits behind "Missing": ``Route 53 failover routing``.
        service: AWS service, or ``Terraform``.
        phrases: Words that ask for it (``phrases.py``).
        met: Conditions of which one suffices (``conditions.py``).
        maybe: Conditions under which absence is not certain: another way to the same end.
        given: Conditions of which one must hold for the question to make sense; empty: always.
        category: How bad its absence is.
        severity: Rank of its absence.
        fix_class: Class of the learning-value rubric when a correction adds it.
        check: Sentence that is true of a tree that has it.
        impact: (aspect, sentence): what its absence means in general.
        source: Documentation.
        core: Whether it is a part that the stack consists of, and not a property of such a part.
        coarse: What answers it is a sign or one instance of something wider: a line that asks for it is never met as a whole.
        narrows: Ids of more general capabilities: a line that asks for this one asks for nothing more by naming them.
        waived: Words anywhere in PROMPT by which it is somebody else's task.
        rules: Ids of rules whose findings say of a tree that it lacks this.
        wrong: Ids of rules that find a mistake in what answers it: it does not come into being so, or nothing comes of it.
    """

    id: str
    title: str
    service: str
    phrases: tuple[Phrase, ...]
    met: tuple[Condition, ...]
    maybe: tuple[Condition, ...]
    given: tuple[Condition, ...]
    category: Category
    severity: Severity
    fix_class: str
    check: str
    impact: tuple[tuple[str, str], ...]
    source: str = ""
    core: bool = False
    coarse: bool = False
    narrows: tuple[str, ...] = ()
    waived: tuple[Phrase, ...] = ()
    rules: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """The resource and data source types that answer it, in the table's order."""
        named = (t.type for c in self.met for t in c.terms)
        return tuple(dict.fromkeys(t for t in named if "*" not in t and t != "any"))

    @property
    def is_sign(self) -> bool:
        """Whether what answers it is only a sign of it: one instance of something wider, or a text anywhere in the tree."""
        return self.coarse or any(t.type == "any" for c in self.met for t in c.terms)

    def mentioned(self, words: str) -> bool:
        """Whether a text names it, whatever it says about it."""
        text = normal(words)
        return any(phrase.find(text, text) for phrase in self.phrases)


@cache
def capabilities() -> Entries[Capability]:
    """Return the whole vocabulary."""
    return vocabulary(table("vocabulary").glob("*.toml"))


def capability(id_: str) -> Capability | None:
    """Return one capability."""
    return capabilities().get(id_)


def vocabulary(tables: Iterable[Path]) -> Entries[Capability]:
    """Return the capabilities of some tables, in the order of the tables' names."""
    return Entries(sorted(tables), "capability", _capability)


def _capability(row: Row) -> Capability:
    checked(row, _REQUIRED, _KNOWN)
    category = Category(row.get("category", "critical"))
    usual = {Category.BLOCKER: "CRITICAL", Category.CRITICAL: "HIGH", Category.WARNING: "MEDIUM"}[category]
    return Capability(
        id=row["id"],
        title=row["title"],
        service=row["service"],
        phrases=tuple(compile_phrase(p) for p in row["ask"]),
        met=_conditions(row, "met"),
        maybe=_conditions(row, "maybe"),
        given=_conditions(row, "given"),
        category=category,
        severity=Severity(row.get("severity", usual)),
        fix_class=row.get("fix_class", "A" if category is not Category.WARNING else "B"),
        check=row["check"],
        impact=tuple(row["impact"].items()),
        source=row.get("source", ""),
        core=row.get("core", False),
        coarse=row.get("coarse", False),
        narrows=tuple(row.get("narrows", ())),
        waived=tuple(compile_phrase(p) for p in row.get("waived", ())),
        rules=tuple(row.get("rules", ())),
        wrong=tuple(row.get("wrong", ())),
    )


def _conditions(row: Row, key: str) -> tuple[Condition, ...]:
    return tuple(compile_condition(text) for text in row.get(key, []))
