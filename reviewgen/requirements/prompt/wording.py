"""The table ``wording.toml``: how PROMPTs ask, forbid, hedge and mention, as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from reviewgen import resources
from reviewgen.records import dataclass

_TABLE = "wording.toml"


@dataclass(frozen=True)
class Watch:
    """What the lines of a list ask for that only name what is to be looked at.

    Attributes:
        announced: Words at the end of the line above such a list.
        services: The services whose own parts these lines ask for all the same: an alarm, a topic for it.
        figures: Whether the figures of these lines are those of what looks.
    """

    announced: re.Pattern[str]
    services: frozenset[str]
    figures: bool


@dataclass(frozen=True)
class Wording:
    """The table's patterns; the table explains each.

    ``begins``, ``modal``, ``forbids`` and ``sections`` are for text as it stands, all others for normalised text.
    """

    begins: re.Pattern[str]
    modal: re.Pattern[str]
    forbids: re.Pattern[str]
    hedged: re.Pattern[str]
    negated: re.Pattern[str]
    switched_off: re.Pattern[str]
    lead: re.Pattern[str]
    breaks: re.Pattern[str]
    modified: re.Pattern[str]
    quantified: re.Pattern[str]
    others: re.Pattern[str]
    oversight: frozenset[str]
    filler: frozenset[str]
    plain: frozenset[str]
    nature: frozenset[str]
    manner: re.Pattern[str]
    services: re.Pattern[str]
    sections: Mapping[str, re.Pattern[str]]
    watched: tuple[Watch, ...]


@cache
def wording() -> Wording:
    """Return the table; DataError when it is not valid."""
    return resources.built(resources.shipped(f"requirements/prompt/{_TABLE}"), "wording", _compile)


def _compile(table: Mapping[str, Any]) -> Wording:
    asks, forbids, mention = table["asks"], table["forbids"], table["mention"]
    start = r"^\W*(?:please )?"
    return Wording(
        begins=re.compile(rf"^\W*(?:then |also |finally,? |next,? |additionally,? |first,? |please )?{_words(asks['verbs'])}\b", re.I),
        modal=re.compile(rf"\b{_words(asks['modal'])}\b", re.I),
        forbids=re.compile(
            rf"{start}{_words(forbids['begins'])}\b(?! {_words(forbids['unless'])}\b)|\b{_words(forbids['contains'])}\b", re.I
        ),
        hedged=re.compile(rf"\b{_words(table['hedged']['words'])}\b|{_words(table['hedged']['anywhere'])}"),
        negated=re.compile(rf"\b{_words(table['negated']['before'])}\b"),
        switched_off=re.compile(rf"(?:\S+ ){{0,3}}?{_words(table['negated']['behind'])}\b"),
        lead=re.compile(rf".*\b{_words(mention['leads'])}\b"),
        breaks=re.compile(rf"\b{_words(mention['breaks'])}\b|\("),
        modified=re.compile(rf"\s{_words(mention['modified'])}(?!\w)"),
        quantified=re.compile(rf"\b{_words(mention['quantified'])} (?:\w+ )?$"),
        others=re.compile(rf"\b{_words(mention['others'])}\b"),
        oversight=frozenset(mention["oversight"]),
        filler=frozenset(mention["filler"]),
        plain=frozenset(mention["plain"]),
        nature=frozenset(word.removesuffix("s") for word in mention["nature"]),
        services=re.compile(rf"\b{_words(mention['services'])}\b"),
        manner=re.compile(rf"\b{_words(mention['manner'])}\b"),
        sections={kind: re.compile(_words(words), re.I) for kind, words in table["sections"].items()},
        watched=tuple(
            Watch(re.compile(rf"\b{_words(kind['announced'])}$"), frozenset(kind["services"]), kind["figures"]) for kind in table["watched"]
        ),
    )


def _words(words: Iterable[str]) -> str:
    return "(?:" + "|".join(words) + ")"
