"""A suffix that PROMPT wants in the names of all resources, against the names that a tree gives."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reviewgen.model.finding import Finding
from reviewgen.model.prose import listed
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Category, Impact, Recommendation, Severity, Stage
from reviewgen.records import dataclass
from reviewgen.terraform.naming import carries, named

from ..prompt.wording import wording
from ..prompt.words import normal
from ..tree.conditions import Evidence
from .judgement import Judgement

RULE = "names-without-suffix"
_SUBJECT = "names"
_MOST_PLACES = 6
_ENVIRONMENT = re.compile(r"\benv(?:ironment)?[_ -]?suffix\b", re.I)
_RANDOM = re.compile(r"\brandom (?:string )?suffix(?:es)?\b", re.I)
_NAMES = re.compile(r"\bnam(?:e|es|ed|ing)\b", re.I)
_ALL = re.compile(r"\b(?:all|every|each|must|should|convention|pattern|consistently)\b", re.I)
# Names of one kind of things are no names of all.
_SOME = re.compile(
    r"\b(?:bucket|table|function|role|queue|topic|cluster|database|instance|stack|project|variable|workspace|file|domain|secret|key|alias)s?"
    r" (?:and \w+ )?nam(?:es?|ing)\b|\bexcept\b|\bonly\b",
    re.I,
)
_OTHERS = ("env", "stage", "workspace", "suffix", "random")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The suffix that all names must carry; ``random``: one that Terraform generates."""

    requirement: Requirement
    random: bool

    @property
    def words(self) -> str:
        """How documents say it."""
        return "random suffix" if self.random else "environment suffix"


def wanted(rows: Iterable[Requirement]) -> Wanted | None:
    """Return the suffix that PROMPT certainly wants in the names of all resources; None when there is none, or it wants one in some."""
    speaking = [row for row in rows if _ENVIRONMENT.search(row.text) or _RANDOM.search(row.text)]
    if any(row.forbids for row in speaking):
        return None
    for row in speaking:
        text = row.text
        if not row.binding or not _NAMES.search(text) or not _ALL.search(text) or _SOME.search(text):
            continue
        if not wording().hedged.search(normal(text)):
            return Wanted(row, not _ENVIRONMENT.search(text))
    return None


def judge(asked: Wanted, evidence: Evidence) -> Judgement:
    """Return a tree's answer: met when every name carries the suffix, unmet or partial when names certainly do not."""
    graph = evidence.graph
    verdicts: dict[str, bool | None] = {}
    for declaration, argument, expr in named(graph):
        if evidence.exists(declaration):
            has = carries(graph, expr, declaration.module, _is_random if asked.random else _is_suffix)
            other = has is False and not asked.random and carries(graph, expr, declaration.module, _is_other) is not False
            verdicts[f"{declaration.address}.{argument}"] = None if other else has
    having = [place for place, has in verdicts.items() if has]
    lacking = [place for place, has in verdicts.items() if has is False]
    addresses = tuple(dict.fromkeys(place.rpartition(".")[0] for place in having or lacking))
    if not verdicts or not evidence.certain or (not lacking and None in verdicts.values()):
        return Judgement(asked.requirement, _SUBJECT, Verdict.UNKNOWN)
    if not lacking:
        return Judgement(asked.requirement, _SUBJECT, Verdict.MET, addresses)
    verdict = Verdict.UNMET if len(lacking) == len(verdicts) else Verdict.PARTIAL
    return Judgement(asked.requirement, _SUBJECT, verdict, addresses, _finding(asked, lacking, len(verdicts)))


def _is_suffix(word: str) -> bool:
    return "suffix" in word


def _is_random(word: str) -> bool:
    return word.startswith("random_") or "suffix" in word


def _is_other(word: str) -> bool:
    return any(other in word for other in _OTHERS)


def _finding(asked: Wanted, lacking: list[str], total: int) -> Finding:
    address, _, argument = lacking[0].rpartition(".")
    lack, are = ("lacks", "is") if len(lacking) == 1 else ("lack", "are")
    seen = f"{total} names that were looked at"
    count = f"None of {seen} carries" if len(lacking) == total else f"{len(lacking)} of {seen} {lack}"
    places = [place.rpartition(".")[0] for place in lacking]
    return Finding(
        rule=RULE,
        title=f"{count} the {asked.words} that PROMPT wants in all",
        category=Category.WARNING,
        severity=Severity.MEDIUM,
        address=address,
        problem=f"PROMPT wants a suffix in the names of all resources; {len(lacking)} of {seen} {are} made without it: {listed(places)}.",
        check=f"the name of `{address}` carries the {asked.words}",
        attribute=argument,
        fix_class="B",
        related=tuple(lacking[1:_MOST_PLACES]),
        stage=Stage.APPLY,
        present=(f"{total - len(lacking)} of {total} names with it",) if len(lacking) < total else (),
        absent=(f"the {asked.words} in {len(lacking)} of {total} names",),
        impact=(Impact("Deployment", "A second deployment of the stack in the account may meet names that are taken."),),
        lesson="A suffix that all names share belongs into one local value from which every name is made.",
        recommendation=Recommendation(f"Append the {asked.words} to {listed(places)}."),
        signals=("prompt",),
        requirement=asked.requirement,
    )
