"""The table ``words.toml``: claims and nouns as compiled patterns."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from reviewgen import resources
from reviewgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """What people call a capability; the table explains the patterns. ``types`` is None where no type of its own provides it."""

    name: str
    words: re.Pattern[str]
    types: re.Pattern[str] | None
    code: re.Pattern[str]
    setting: re.Pattern[str] | None
    alone: bool
    declared: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@dataclass(frozen=True)
class Words:
    """The table's patterns; the table explains each."""

    nouns: tuple[Noun, ...]
    missing: re.Pattern[str]
    missing_behind: re.Pattern[str]
    missing_within: re.Pattern[str]
    has_behind: re.Pattern[str]
    in_place: re.Pattern[str]
    added: re.Pattern[str]
    removed: re.Pattern[str]
    filler: re.Pattern[str]
    joint: re.Pattern[str]
    limits: re.Pattern[str]
    denied: re.Pattern[str]
    has: re.Pattern[str]
    article: re.Pattern[str]
    behind: re.Pattern[str]
    unsupported: re.Pattern[str]
    circular: re.Pattern[str]
    corrected: re.Pattern[str]
    open: re.Pattern[str]

    def named(self, phrase: str) -> tuple[Noun, ...]:
        """Return the nouns of a phrase that consists of nothing else; empty when it says more or less than that."""
        found = []
        for part in self.joint.split(phrase.strip(" .:;,()*")):
            bare = " ".join(self.filler.sub(" ", part).split())
            noun = next((noun for noun in self.nouns if noun.words.fullmatch(bare)), None)
            if noun is None:
                return ()
            found.append(noun)
        return tuple(found)

    def among(self, phrase: str) -> tuple[Noun, ...]:
        """Return those elements of a list that are a noun and nothing more."""
        return tuple(noun for part in self.joint.split(phrase.strip(" .:;()*")) for noun in self.named(part))

    def listed(self, phrase: str) -> tuple[Noun, ...]:
        """Return the nouns that are elements of a list of things without any qualification: ``an EMR cluster, rules and scripts``."""
        plain = phrase.strip(" .:;()*")
        if re.search(r" (?:for|in|with|on|to|from|between|across|that|which) ", plain, re.I):
            return ()
        return self.among(plain)

    def leading(self, phrase: str) -> Noun | None:
        """Return the noun that a phrase begins with, whatever more it says about it: ``VPC flow logs with a role``."""
        at = match.end() if (match := self.article.match(phrase)) else 0
        ends = [(found.end(), noun) for noun in self.nouns if (found := noun.words.match(phrase, at))]
        whole = [(end, noun) for end, noun in ends if self.behind.match(re.sub(self.filler, "", phrase[end:]).strip())]
        longest = max((end for end, _ in ends), default=0)
        return next((noun for end, noun in whole if end == longest), None)


@cache
def words() -> Words:
    """Return the table.

    Raises:
        DataError: It is not valid.
    """
    return resources.built(resources.shipped("audit/words.toml"), "words", _compiled)


def _compiled(table: dict[str, Any]) -> Words:
    claims = table["claims"]
    start = rf"(?:{claims['subject']})?"
    return Words(
        resources.each(table, "noun", _noun),
        re.compile(rf"{start}{claims['missing']}(.+)", re.I),
        re.compile(rf"(.+?){claims['missing_behind']}", re.I),
        re.compile(rf"{claims['missing_within']}(.+)", re.I),
        re.compile(rf"(.+?){claims['has_behind']}", re.I),
        re.compile(claims["in_place"], re.I),
        re.compile(rf"{claims['added']}(.+)", re.I),
        re.compile(rf"{claims['removed']}(.+)", re.I),
        re.compile(rf"(?<![\w-])(?:{'|'.join(claims['filler'])})(?![\w-])", re.I),
        re.compile(claims["joint"], re.I),
        re.compile(claims["limits"], re.I),
        re.compile(claims["denied"], re.I),
        re.compile(rf"{start}{claims['has']}(.+)", re.I),
        re.compile(rf"(?:{claims['article']}\s+)*", re.I),
        re.compile(rf"\s*(?:$|{claims['behind']})", re.I),
        re.compile(claims["unsupported"], re.I),
        re.compile(claims["circular"], re.I),
        re.compile(claims["corrected"], re.I),
        re.compile(claims["open"], re.I),
    )


def _noun(row: dict[str, Any]) -> Noun:
    types = re.compile(rf"(?:{row['types']})\Z") if row["types"] else None
    setting = re.compile(rf"(?:{row['setting']})\Z") if "setting" in row else None
    declared = re.compile(rf"(?:{row['declared']})\Z") if "declared" in row else None
    unless = re.compile(row["unless"], re.I) if "unless" in row else None
    return Noun(row["name"], re.compile(row["words"], re.I), types, re.compile(row["code"], re.I), setting, row["alone"], declared, unless)
