"""What PROMPT asks, and how the two trees answer it."""

from __future__ import annotations

from enum import StrEnum

from reviewgen.records import dataclass


class Verdict(StrEnum):
    """Whether a tree meets a requirement."""

    MET = "met"
    PARTIAL = "partial"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that PROMPT asks.

    Attributes:
        id: Stable within a PROMPT: ``R7``, ``R7.2`` for PROMPT's own numbers, ``C3`` ... for unnumbered ones.
        number: PROMPT's own number, or None; also where an earlier list has the same one.
        text: Verbatim words of PROMPT on one or more consecutive lines, list marks and emphasis of the line's ends taken off.
        line: 1-based line of PROMPT.
        section: The heading that it stands under, without marks; empty when there is none.
        forbids: True for a prohibition.
        parent: Id of the requirement that it details; empty when there is none.
        binding: False where PROMPT only gives background, extras or the form of the answer: it can be quoted, but its absence proves nothing.
    """

    id: str
    number: str | None
    text: str
    line: int
    section: str = ""
    forbids: bool = False
    parent: str = ""
    binding: bool = True


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two requirements that exclude each other: no tree can meet both, and which one counts is not ours to decide.

    Attributes:
        subject: Id of what they are about.
        first: The one that stands first in PROMPT.
        second: The other one.
        text: What each asks for, as a sentence without its end.
        undecided: Judgements that fall away: capabilities, and subjects of particular ones.
    """

    subject: str
    first: Requirement
    second: Requirement
    text: str
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the two trees answer one requirement.

    Attributes:
        requirement: What PROMPT asks.
        model: MODEL's verdict.
        ideal: IDEAL's verdict.
        model_addresses: Addresses of MODEL that answer it.
        ideal_addresses: Addresses of IDEAL that answer it.
        capability: By what it was judged; empty: by nothing.
        issues: Numbers of the issues that it led to.
        model_gaps: Where an unmet requirement would be answered in MODEL: what lacks it, with the argument where one would do.
        ideal_gaps: The same in IDEAL.
        whole: False when the requirement's words say much more than what was judged: that all of it is met cannot be told.
        figures: Numbers and negations in the requirement's words that the capability does not answer; -1 for a judgement that compares one.
        each: The requirement's words ask for the capability several times: that one thing has it does not mean that each has.
        aside: The requirement names the capability only to say what something else is for, or how it is: "a web ACL for the distribution".
        alone: The requirement says no more than what was looked for: what was found may stand beside it.
    """

    requirement: Requirement
    model: Verdict
    ideal: Verdict
    model_addresses: tuple[str, ...] = ()
    ideal_addresses: tuple[str, ...] = ()
    capability: str = ""
    issues: tuple[str, ...] = ()
    model_gaps: tuple[str, ...] = ()
    ideal_gaps: tuple[str, ...] = ()
    whole: bool = True
    figures: int = 0
    each: bool = False
    aside: bool = False
    alone: bool = False
