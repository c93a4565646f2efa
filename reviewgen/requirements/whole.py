"""Whether what was judged is all that a line of PROMPT says: more than that is a demand at which nobody looked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from reviewgen.records import dataclass

from .prompt.wording import wording
from .prompt.words import normal
from .tables.capability import Capability

Span = tuple[int, int]

# What a capability does not compare: numbers, in words too, sizes of machines, and what must not be.
_FIGURE = re.compile(
    r"\b(?:no|not|never|without|don't)\b|"
    r"(?<![\w.:/-])\d[\d,.]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve)\b"
    r"|\b(?:db\.|cache\.)?[a-z]\d[a-z]{0,3}\.(?:nano|micro|small|medium|large|\d*xlarge)\b"
)
# Numbers that belong to a name: Route 53, AES-256, us-east-1.
_NAMES = re.compile(r"(?:\broute|\baes|\bsha|(?:north|south|east|west|central)) ?$")
# A name with a part to fill in is a manner of naming: "`vpc-${var.suffix}`"; an action of a policy is a right of somebody: "s3:GetObject"; a
# file's or directory's name says where something stands, an arrow who calls whom.
_FORM = re.compile(r"\$\{|\{[\w-]+\}|<[\w-]+>|\b[a-z0-9-]+:[A-Z]\w+|[\w-]\.\w{2,4}`|\b[\w-]+\.tf\b|\w/[`*\s]|\bmodules/|\u2192|[-=]>")
# The line above a list says what the list is about; what it demands stands in the list.
_HEAD = re.compile(r":[*_`\s]*$")
# That one thing has a property does not mean that each has.
_EACH = re.compile(r"\b(?:all|both|each|every|per)\b")
_WORD = re.compile(r"[a-z0-9][\w.%-]+")
# What a part of the stack is for is no demand of its own, if it is told in so few words: "a table for metadata".
_PURPOSE = re.compile(r"\W*for (?P<words>(?:[\w-]+,? ){0,4}[\w-]+)\W*")
_PLACE = re.compile(r"\b(?:across|at|between|by|from|in|on|per|through|to|via|which|with|within)\b")
_MOST_LEFT = 3
_STEM = 6
_SHORTEST = 3
# A list about logs of all kinds, and words that tell no log group from another.
_OF_LOGS = re.compile(r"\b(?:cloudwatch|logging|monitoring|observability)\b")
_NO_OWNERS = frozenset(["aws", "amazon", "log", "group"])
# Of types of resources: words that are no names of things.
_NO_NAMES = frozenset(["aws", "data", "any", "default", "main"])


def quantified(text: str) -> bool:
    """Whether a normalised text asks for something several times."""
    return bool(_EACH.search(text))


def is_form(text: str) -> bool:
    """Whether a line, as it stands in PROMPT, is about names, rights, files or ways, or only leads a list."""
    return bool(_FORM.search(text) or _HEAD.search(text))


def pieces(match: re.Match[str]) -> tuple[Span, ...]:
    """Return the parts of a match that a phrase names, without the words in its gaps."""
    start, found = match.start(), []
    for first, end in match.regs[1:]:
        if end > first >= start:
            found.append((start, first))
            start = end
    return (*found, (start, match.end()))


@dataclass(frozen=True)
class Judged:
    """A normalised text with the capabilities that it names.

    Attributes:
        text: The text.
        named: The capabilities.
        spans: Where it names them.
    """

    text: str
    named: tuple[Capability, ...]
    spans: tuple[Span, ...]

    @cached_property
    def own(self) -> frozenset[str]:
        """The words by which the capabilities and what has them are called."""
        return frozenset(word for capability in self.named for word in _own_words(capability))

    @cached_property
    def figures(self) -> int:
        """How many numbers and negations nobody compares."""
        return sum(not _NAMES.search(self.text, 0, figure.start()) for figure in _FIGURE.finditer(self.text))

    @cached_property
    def each(self) -> bool:
        """Whether words beside the names ask for something several times."""
        return any(not self._named(word) for word in _EACH.finditer(self.text))

    @property
    def whole(self) -> bool:
        """Whether the text says nothing but what its capabilities are.

        What may stand beside their names are words that add nothing, names of the things that have them, and behind a part of the stack what it
        is for.
        """
        if self._has_other_manner:
            return False
        further = list(self._further())
        purpose = self._told_purpose()
        if purpose is None:
            return not further
        return len(further) <= _MOST_LEFT and all(word.start() >= purpose.start("words") for word in further)

    @property
    def alone(self) -> bool:
        """Whether the text says no more than what one capability is: no figure, no manner, no other word."""
        return len(self.named) == 1 and not (self.figures or self.each or self._has_other_manner or any(self._further()))

    @property
    def purpose(self) -> frozenset[str]:
        """The words, in the singular, that say what a part of the stack is for; empty where it is what such a part is always for."""
        told = self._told_purpose()
        further = self._further() if told is not None else ()
        words = frozenset(_singular(word[0]) for word in further if told is not None and word.start() >= told.start("words"))
        return frozenset() if words <= wording().nature else words - wording().nature

    @property
    def has_purpose(self) -> bool:
        """Whether the text says what a part of the stack is for, be it what such a part is always for."""
        return self._told_purpose() is not None

    def _told_purpose(self) -> re.Match[str] | None:
        """Return where the text ends in what the parts that it names are for; None where it says more than that."""
        end = max((end for _, end in self.spans), default=0)
        purpose = _PURPOSE.fullmatch(self.text, end) if all(capability.core for capability in self.named) else None
        if purpose is None or _PLACE.search(purpose["words"]) or wording().services.search(purpose["words"]):
            return None
        return purpose

    def _further(self) -> Iterator[re.Match[str]]:
        """Yield the words of further demands; numbers are counted on their own."""
        for word in _WORD.finditer(self.text):
            adds = word[0].rstrip(".") not in wording().filler and _singular(word[0]) not in wording().plain
            if adds and not self._named(word) and _singular(word[0]) not in self.own and not _FIGURE.match(word[0]):
                yield word

    @cached_property
    def _has_other_manner(self) -> bool:
        """Whether the text is about a manner that no capability has in its name."""
        manners = (at[0][:_STEM] for at in wording().manner.finditer(self.text))
        return any(not any(word.startswith(manner) for word in self.own) for manner in manners)

    def _named(self, match: re.Match[str]) -> bool:
        return any(start <= match.start() < end for start, end in self.spans)


def owner(title: str) -> frozenset[str]:
    """Return the words, in the singular, of a title that names a service whose list it leads: what the list asks for is that service's own."""
    if not wording().services.search(title) or _OF_LOGS.search(title):
        return frozenset()
    words = (word for word in map(_singular, _WORD.findall(title)) if word not in wording().filler)
    return frozenset(words) - _NO_OWNERS


def serves(purpose: frozenset[str], called: Iterable[str]) -> bool:
    """Whether the name of something that answers has a word of what the part is for: a topic `report_ready` for notices of reports."""
    names = [part for name in called for part in re.split(r"[./_-]", name.lower()) if len(part) >= _SHORTEST]
    return any(word[:_STEM].startswith(name[:_STEM]) or name.startswith(word[:_STEM]) for word in purpose for name in names)


def _singular(word: str) -> str:
    return word.rstrip(".").removesuffix("s")


@lru_cache(maxsize=512)
def _own_words(capability: Capability) -> frozenset[str]:
    """Return the words by which a capability and the resources that have it are called, in the singular."""
    types = [t.type for c in (*capability.met, *capability.given) for t in c.terms]
    names = {part for type_ in types for part in re.split(r"[_.]", type_)} - _NO_NAMES
    return frozenset(map(_singular, (*_WORD.findall(normal(capability.title)), *names)))
